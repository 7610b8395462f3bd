"""Mistakes with axes: two of them are exchanged, one is reversed, or an array is only reshaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, combinations, permutations

from sympy import Add, Expr, Indexed, Integer, Symbol

from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Work,
    composed,
    each,
    factors,
    guarded,
)
from symcnn.classroom.marking.mistakes.windows import placed
from symcnn.equations import Equation, accesses, affine, entry_at
from symcnn.equations.formulas import is_copy
from symcnn.equations.sizes import Size

_MOST_AXES = 4
"""Of how many long axes all orders are tried."""

_PLAIN = (1, 1, 0)
"""A stride, a dilation and a padding that change nothing."""

_CALLED = ("stride", "dilation", "padding")
_SEVERAL = ((0, 1, 2), (0, 1))
_SOME_NUMBERS = (*_SEVERAL, (0,), (1,), (2,))
"""Of stride, dilation and padding, those that are exchanged, or taken from another axis."""


def _long(read: Indexed) -> list[int]:
    return [axis for axis, size in enumerate(read.shape) if size > 1]


def _exchanged(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Exchange the indices of two axes; what then lies outside is left out."""
    for read in (*factors(work, equation), equation.target):
        for one, other in combinations(_long(read), 2):
            indices = list(read.indices)
            indices[one], indices[other] = indices[other], indices[one]
            yield guarded(equation, read, indices)


def _reshaped(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Read the entries in the order of other axes, as an array that is reshaped, not transposed.

    That a result is rearranged as a whole is seen without equations.
    """
    for read in factors(work, equation):
        for place in _in_other_orders(read):
            other = read.base[(*(0,) * (len(read.shape) - 1), place)]
            yield replace(equation, value=equation.value.xreplace({read: other}))


def _in_other_orders(read: Indexed) -> Iterator[Expr]:
    long = _long(read)
    for order in permutations(long) if 1 < len(long) <= _MOST_AXES else ():
        if list(order) != long:
            shape = tuple(read.shape[axis] for axis in order)
            yield entry_at(tuple(read.indices[axis] for axis in order), shape)


def _reversed(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Read one axis backwards, or two of them."""
    for read in factors(work, equation):
        long = _long(read)
        for axes in (*combinations(long, 1), *combinations(long, 2)):
            indices = list(read.indices)
            for axis in axes:
                indices[axis] = Integer(int(read.shape[axis]) - 1) - indices[axis]
            yield guarded(equation, read, indices)


def _settings_exchanged(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Exchange strides, dilations or padding of two axes: s i + d u - p with those of the other."""
    for one, other in combinations(windows(work, equation, source), 2):
        for which in _SOME_NUMBERS:
            pair = {one.index: one.like(other, which), other.index: other.like(one, which)}
            if any(index != new for index, new in pair.items()):
                yield placed(work, {**_all(equation), **pair}, equation)


def _of_one_axis(
    which: tuple[int, ...], work: Work, equation: Equation, source: Equation
) -> Iterable[Equation]:
    """Use some settings of one axis along all others, or along one of them."""
    found = windows(work, equation, source)
    for one in found:
        others = {w.index: w.like(one, which) for w in found if w.like(one, which) != w.index}
        for some in (others, *({i: e} for i, e in others.items())) if others else ():
            yield placed(work, {**_all(equation), **some}, equation)


def _stride_for_dilation(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Exchange stride and dilation: d i + s u - p."""
    turned = {w.index: w.turned() for w in windows(work, equation, source)}
    if any(old != new for old, new in turned.items()):
        yield placed(work, {**_all(equation), **turned}, equation)


def _settings_ignored(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Ignore stride, dilation or padding along one axis."""
    found = windows(work, equation, source)
    for window in found if len(found) > 1 else ():
        for which, plain in enumerate(_PLAIN):
            numbers = [*window.numbers]
            numbers[which] = plain
            other = window.made(*numbers)
            if other != window.index:
                yield placed(work, {**_all(equation), window.index: other}, equation)


def _groups_interleaved(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Count blocks within channels where channels are counted within blocks: c G + g."""
    made = dict[Expr, Expr]()
    for index, _ in composed(equation):
        numbers = affine(index).coefficients
        if len(numbers) == 2 and not index.free_symbols & _positions(work, source):
            one, block = sorted(numbers, key=lambda symbol: int(numbers[symbol]))
            made[index] = block + int(equation.sizes[block]) * one
    for some in (made, *({i: e} for i, e in made.items())) if made else ():
        yield placed(work, {**_all(equation), **some}, equation)


@dataclass(frozen=True)
class Window:
    """The index of a window along one axis, s i + d u - p."""

    index: Expr
    position: Symbol
    tap: Symbol

    @property
    def numbers(self) -> tuple[Size, Size, Size]:
        """Stride, dilation, and what is added."""
        form = affine(self.index)
        return form.coefficient(self.position), form.coefficient(self.tap), form.constant

    @property
    def begin(self) -> Expr:
        """Where the window begins, if its entries are adjacent."""
        return self.index - self.tap

    def made(self, stride: Size, dilation: Size, constant: Size) -> Expr:
        """Return an index with other numbers."""
        return Add(stride * self.position, dilation * self.tap, constant)

    def like(self, other: Window, which: tuple[int, ...]) -> Expr:
        """Return the index with some numbers of another axis."""
        pairs = enumerate(zip(self.numbers, other.numbers, strict=True))
        return self.made(*(theirs if place in which else own for place, (own, theirs) in pairs))

    def turned(self) -> Expr:
        """Return the index with stride and dilation exchanged."""
        stride, dilation, constant = self.numbers
        return self.made(dilation, stride, constant)


def windows(work: Work, equation: Equation, source: Equation) -> list[Window]:
    """Return the windows that slide: in their indices, a position meets a tap."""
    positions, found = _positions(work, source), list[Window]()
    for index, _ in [] if is_copy(source) else composed(equation):
        here = [symbol for symbol in affine(index).coefficients if symbol in positions]
        taps = [symbol for symbol in affine(index).coefficients if symbol not in positions]
        if len(here) == len(taps) == 1:
            found.append(Window(index, *here, *taps))
    return found


def _positions(work: Work, source: Equation) -> set[Expr]:
    """Return the bare indices of the output, or of an input: those of a parameter are taps."""
    reads = [r for r in accesses(source.value) if not work.is_parameter(r)]
    return {index for read in (source.target, *reads) for index in read.indices if index.is_Symbol}


def _all(equation: Equation) -> dict[Expr, Expr]:
    return {index: index for index, _ in composed(equation)}


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "stride and dilation exchanged",
        "Stride and dilation were exchanged: the window moves by the stride, and its entries are "
        "as far apart as the dilation says.",
        each(_stride_for_dilation),
    )
    for which, called in enumerate(_CALLED):
        yield Mistake(
            f"{called} of one axis used for both",
            f"The {called} of one axis was used along the other, too, as with {called}[0] in place "
            f"of {called}[1].",
            each(partial(_of_one_axis, (which,))),
        )
    yield Mistake(
        "settings of one axis used for both",
        "Stride and dilation of one axis, or its padding too, were used along the other.",
        each(lambda *all_of_it: chain(*(_of_one_axis(w, *all_of_it) for w in _SEVERAL))),
    )
    yield Mistake(
        "settings of two axes exchanged",
        "The strides, the dilations or the paddings of two axes were exchanged, as when height and "
        "width are.",
        each(_settings_exchanged),
    )
    yield Mistake(
        "setting ignored along one axis",
        "The stride, the dilation or the padding was ignored along one axis.",
        each(_settings_ignored),
    )
    yield Mistake(
        "groups interleaved",
        "The channels of a group were taken G apart. They are adjacent.",
        each(_groups_interleaved),
    )
    yield Mistake(
        "axes exchanged",
        "Two axes of an array were exchanged, such as height and width.",
        each(_exchanged),
    )
    yield Mistake(
        "axis reversed",
        "One axis of an array was read backwards, as when it is flipped or rotated about the "
        "wrong axes.",
        each(_reversed),
    )
    yield Mistake(
        "reshaped instead of transposed",
        "An array was reshaped where its axes should be transposed: its entries are in the order "
        "of other axes.",
        each(_reshaped),
    )
