r"""The geometry of a sliding window along one axis.

    positions  = floor((size + before + after - dilation*(kernel - 1) - 1) / stride) + 1
    entry read = stride*i + dilation*u - before      at output position i, offset u

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning"
(2016), relationship 6, extended by dilation (relationship 15).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from itertools import chain
from typing import Any, TypeAlias

from sympy import Expr, Symbol
from sympy import Max as Largest
from sympy import Min as Least

from symcnn.equations.notation import Shape
from symcnn.equations.sizes import (
    Length,
    Size,
    ceiling_of,
    deserves_letter,
    expanded,
    floor_of,
    is_at_least,
    is_symbolic,
    is_whole,
)
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import per_axis

Pair: TypeAlias = Size | tuple[Size, ...]
Padding: TypeAlias = Size | str | tuple[Size | tuple[Size, Size], ...]


_Along = tuple[Size, Size, Size, Size]
"""Along one axis: its length, the kernel, the stride and the dilation."""


@dataclass(frozen=True)
class Window:
    """A window of ``kernel`` entries that slides over an axis of ``size`` entries.

    Attributes:
        size: The length of the axis.
        kernel: The number of entries in the window.
        stride: The step from one position to the next.
        before: The padding before the axis.
        after: The padding behind it, with what was added.
        dilation: The distance of neighbouring entries.
        added: By how much the last window extends beyond the padding that was asked for.
        count: The number of positions, where it is known otherwise than by the padding.
    """

    size: Size
    kernel: Size
    stride: Size = 1
    before: Size = 0
    after: Size = 0
    dilation: Size = 1
    added: Size = 0
    count: Size | None = None

    @property
    def extent(self) -> Size:
        """The entries that the window spans: dilation*(kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def is_single(self) -> bool:
        """Whether every entry of the axis is a window by itself."""
        padding = (self.before, self.after)
        return (self.kernel, self.stride, *padding) == (1, 1, 0, 0)

    @property
    def padded(self) -> Size:
        """The axis' length with its padding."""
        return self.size + self.before + self.after

    @property
    def positions(self) -> Size:
        """The number of positions of the window: the output's length."""
        if self.count is not None:
            return self.count
        return floor_of(self.padded - self.extent, self.stride) + 1

    @property
    def overlaps(self) -> bool:
        """Whether two positions read an entry in common."""
        near = range(1, min(self.positions, self.extent))
        apart = (n for n in near if n * self.stride % self.dilation == 0)
        shared = [(n, n * self.stride // self.dilation) for n in apart]
        return any(
            0 <= self.entry(position, offset) < self.size
            for n, first in shared
            for position in range(self.positions - n)
            for offset in range(first, self.kernel)
        )

    def entry(self, position: Expr, offset: Expr) -> Expr:
        """Return the index of the entry that the window reads."""
        return self.stride * position + self.dilation * offset - self.before

    def rounded_up(self) -> Window:
        """Return the window with one more position, if a remainder of the axis is left for it.

        It exists if it begins inside of the axis or before it:

            positions = min(ceil((padded - extent) / stride) + 1, ceil((size + before) / stride))
        """
        if any(map(is_symbolic, astuple(self))):
            return self._rounded_up_for_letters()
        steps = -((self.extent - self.padded) // self.stride)
        if steps * self.stride >= self.size + self.before:
            steps -= 1
        added = max(steps * self.stride + self.extent - self.padded, 0)
        return replace(self, after=self.after + added, added=added)

    def _rounded_up_for_letters(self) -> Window:
        """Return the window with its number of positions: only numbers tell what is added."""
        count = ceiling_of(self.padded - self.extent, self.stride) + 1
        if not is_at_least(self.extent - self.after - self.stride, 0):
            count = Least(count, ceiling_of(self.size + self.before, self.stride))
        added = _at_least_0((count - 1) * self.stride + self.extent - self.padded)
        return replace(self, after=self.after + added, added=added, count=count)

    def misses_input(self) -> int | None:
        """Return the first position at which the window sees padding alone; None for letters."""
        if any(map(is_symbolic, astuple(self))):
            return None
        return next((p for p in self._candidates() if not self._reads_input(p)), None)

    def _candidates(self) -> Iterator[int]:
        """Run over the positions at which a window can miss the input, in order.

        It can end before the input, which is worst at position 0; step over it, where
        the dilation is larger than the input; or begin behind it.
        """
        before = range(-(-self.before // self.stride) if self.dilation > self.size else 1)
        behind = -(-(self.before + self.size) // self.stride)
        yield from (p for p in chain(before, (behind,)) if p < self.positions)

    def _reads_input(self, position: int) -> bool:
        start = self.stride * position - self.before
        first = max(0, -(start // self.dilation))
        return first < self.kernel and start + self.dilation * first < self.size


def windows(
    sizes: Shape, padding: Padding, ceil_mode: bool = False, **settings: Pair
) -> tuple[Window, ...]:
    """Return the window of every axis.

    Args:
        sizes: The input's length along each axis.
        padding: n for all, one entry an axis (n or (before, after)), "valid" (none) or
            "same" (output length ceil(size / stride), the odd entry behind).
        ceil_mode: Whether the number of positions is rounded up.
        settings: The window's length, its step and the distance of its entries, one number
            an axis or one for all, by what the layer calls them.

    Raises:
        SymcnnError: If the window does not fit into the padded input, or a number is wrong.
    """
    made = tuple(
        Window(size, k, s, *_pads(padding, axis, len(sizes), (size, k, s, d)), dilation=d)
        for axis, (size, k, s, d) in enumerate(_by_axis(sizes, settings))
    )
    if padding == "same":
        made = tuple(map(_with_all_positions, made))
    if ceil_mode:
        made = tuple(window.rounded_up() for window in made)
    for axis, window in enumerate(made):
        if is_at_least(window.extent - window.padded, 1):
            raise SymcnnError(
                f"the window spans {window.extent} entries along axis {axis}, but the padded "
                f"input has only {window.padded}: use a smaller kernel or more padding"
            )
    return made


def transposed_windows(
    sizes: Shape, padding: Padding, further: Pair = 0, **settings: Pair
) -> tuple[Window, ...]:
    """Return for every axis the window over the *output* that has ``sizes`` positions.

        output length = (size - 1)*stride - before - after + span + further

    or size*stride + further with the padding "same".

    Args:
        sizes: The input's length along each axis.
        padding: What is cropped, in the ways of ``windows``.
        further: How many entries the output has behind these, less than the stride.
        settings: Kernel size, stride and dilation, as for ``windows``.

    Raises:
        SymcnnError: If the padding leaves nothing of the output, or a number is wrong.
    """
    more = per_axis(further, len(sizes), "output_padding", 0)
    made = tuple(
        _transposed(along, n, padding, axis, len(sizes))
        for axis, (along, n) in enumerate(zip(_by_axis(sizes, settings), more, strict=True))
    )
    for axis, window in enumerate(made):
        if is_at_least(-window.size, 0):
            raise SymcnnError(
                f"padding = {padding!r} leaves {window.size} output entries along axis "
                f"{axis}: use less padding or a larger kernel"
            )
    return made


def _by_axis(sizes: Shape, settings: Mapping[str, Pair]) -> Iterator[Shape]:
    """Run over the axes: the input's length there, and every setting."""
    checked = (per_axis(value, len(sizes), name) for name, value in settings.items())
    return zip(sizes, *checked, strict=True)


def _transposed(along: Shape, further: Size, padding: Any, axis: int, axes: int) -> Window:
    size, k, s, d = along
    if is_at_least(further - s, 0):
        raise SymcnnError(
            f"output_padding = {further} is not less than the stride {s} of axis {axis}: give "
            "less, or pad the output"
        )
    before, after = _pads(padding, axis, axes, (size * s, k, s, d))
    covered = (size - 1) * s + d * (k - 1) + 1
    length = size * s if padding == "same" else covered - before - after
    return Window(length + further, k, s, before, after - further, d, count=size)


def entries(
    windows: Iterable[Window], positions: Iterable[Expr], offsets: Iterable[Expr]
) -> tuple[Expr, ...]:
    """Return along every axis the index of the entry that a window reads."""
    return tuple(w.entry(i, u) for w, i, u in zip(windows, positions, offsets, strict=True))


def ranges(
    windows: Iterable[Window], positions: Iterable[Symbol], offsets: Iterable[Symbol]
) -> dict[Symbol, Size]:
    """Return how far positions and offsets run: i < positions, u < kernel."""
    triples = list(zip(windows, positions, offsets, strict=True))
    return {i: w.positions for w, i, _ in triples} | {u: w.kernel for w, _, u in triples}


def _pads(padding: Any, axis: int, axes: int, window: _Along) -> tuple[Size, Size]:
    """Return what is added before and behind along one axis, in whatever way it was given."""
    if isinstance(padding, str):
        return _named_pads(padding, *window)
    own = padding[axis] if isinstance(padding, tuple | list) and len(padding) == axes else padding
    pair = tuple(own) if isinstance(own, tuple | list) else (own, own)
    if len(pair) == 2 and all(is_whole(n, 0) for n in pair):
        return pair
    raise SymcnnError(
        f'padding = {padding!r} is invalid: give n, one n or [before, after] per axis, "valid" '
        'or "same"'
    )


def _named_pads(
    name: str, size: Size, kernel: Size, stride: Size, dilation: Size
) -> tuple[Size, Size]:
    """Return the padding that leaves ceil(size / stride) positions, or none at all."""
    if name == "valid":
        return 0, 0
    if name != "same":
        raise SymcnnError(f'padding = {name!r} is unknown: choose "valid" or "same"')
    if stride == 1:
        return _halves(dilation * (kernel - 1))
    last = (ceiling_of(size, stride) - 1) * stride + dilation * (kernel - 1) + 1 - size
    return _halves(_at_least_0(last))


def _halves(total: Size) -> tuple[Size, Size]:
    """Return what is added before and behind; a half that is rounded has a letter."""
    half = floor_of(total, 2)
    before = Length("P", half, least=0) if deserves_letter(half) else half
    return before, total - before


def _with_all_positions(window: Window) -> Window:
    """Return a window with the padding "same", whose positions letters do not show."""
    if not any(map(is_symbolic, (window.size, window.stride))) or window.stride == 1:
        return window
    return replace(window, count=ceiling_of(window.size, window.stride))


def _at_least_0(number: Size) -> Size:
    """Return a size, or 0 where it is negative."""
    number = expanded(number)
    if is_at_least(number, 0):
        return number
    return 0 if is_at_least(-number, 0) else Largest(0, number)
