"""Reshaping and transposing: the same entries in another shape or order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Integer, Mod, Symbol, floor
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define, strides
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import (
    Size,
    floor_of,
    is_at_least,
    is_integer,
    is_symbolic,
    is_whole,
    not_above,
    number_of,
    plain,
    positive_integer,
)
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import axis_of, grid, quotient
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When

STAYED = "No entry moved, so each error signal is passed on unchanged."
"""What is said of error signals where a layer has nothing to do."""


@dataclass(frozen=True)
class Reshape(Layer):
    """The entries of a sample in another shape, in row-major order: the last index runs fastest.

        y[i, j] = x[m]  with  m = J i + j          from length I J to I x J
        y[m] = x[floor(m / J), m mod J]            and back

    Shapes: x any, y the given ``shape``, with as many entries. One length may be -1: it follows
    from the others.

    Attributes:
        shape: The shape of the output, of one sample.
    """

    shape: tuple[Size, ...]

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "keeps_shape",
            "{x} has this shape already: it stays as it is.",
            "The entries of {x} are read row by row and arranged in another shape; no number "
            "changes.",
        ),
        backward=When(
            "keeps_shape",
            STAYED,
            "Nothing was computed, so the error signal only returns to the shape of {x}.",
        ),
    )
    prefix: ClassVar[str] = "reshape"

    def keeps_shape(self, shape: Shape) -> bool:
        """Tell whether the input has the given shape."""
        return self.output_shape(shape) == shape

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape, with the length that follows from the others."""
        lengths: Any = self.shape if isinstance(self.shape, tuple | list) else (self.shape,)
        free = [axis for axis, n in enumerate(lengths) if not is_symbolic(n) and n == -1]
        known = [positive_integer(n, f"shape[{a}]") for a, n in enumerate(lengths) if a not in free]
        rest = quotient(number_of(shape), number_of(known))
        if len(free) > 1 or rest is None or (not free and rest != 1):
            raise SymcnnError(
                f"an input of shape {shape} has {number_of(shape)} entries, which do not fill "
                f"the shape {tuple(lengths)}: give lengths with that product, or one of them as -1"
            )
        return tuple(rest if axis in free else n for axis, n in enumerate(lengths))

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads every entry of y."""
        if (common := common_axes(x, y)) is not None:
            return (define(y[common.second], x[common.first], over=common.over),)
        return (define(y[y.indices], x[tuple(_positions(y, x.shape))]),)


def _positions(y: Tensor, shape: Shape) -> Sequence[Expr]:
    """Return the indices of an entry of y in another shape: quotients and remainders."""
    pairs = zip(y.indices, y.shape, strides(y.shape), strict=True)
    position = sum((index * step for index, n, step in pairs if n != 1), Integer(0))
    found = []
    for length in reversed(shape[1:]):
        found.append(Mod(position, length) if length != 1 else Integer(0))
        position = floor(position / length) if length != 1 else position
    return [position, *reversed(found)]


@dataclass(frozen=True)
class Transpose(Layer):
    """The axes of a sample in another order: y[c, i, j] = x[i, j, c] for the order (2, 0, 1).

    Shapes: axis n of y is axis ``permutation[n]`` of x; the first axis of a sample is 0.

    Attributes:
        permutation: The axes of x in the order of those of y; by default reversed.
    """

    permutation: tuple[int, ...] | None = None

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "keeps_order",
            "The axes of {x} stay in their order: no entry moves.",
            "The axes of {x} are put in another order; no number changes.",
        ),
        backward=When(
            "keeps_order",
            STAYED,
            "Nothing was computed, so the error signal only returns to the places of {x}.",
        ),
    )
    prefix: ClassVar[str] = "transpose"

    def keeps_order(self, shape: Shape) -> bool:
        """Tell whether each axis stays where it is."""
        return self._order(len(shape)) == (*range(len(shape)),)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the lengths in the new order."""
        return tuple(shape[axis] for axis in self._order(len(shape)))

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads every entry of y."""
        order = self._order(len(x.shape))
        return (define(y[tuple(x.indices[axis] for axis in order)], x[x.indices]),)

    def _order(self, axes: int) -> tuple[int, ...]:
        if self.permutation is None:
            return tuple(reversed(range(axes)))
        order: Any = self.permutation
        given = tuple(order) if isinstance(order, tuple | list) else (order,)
        if not all(is_whole(n, 0) for n in given) or sorted(given) != [*range(axes)]:
            raise SymcnnError(
                f"permutation = {order!r} is invalid for an input with {axes} axes: give the "
                f"numbers from 0 to {axes - 1} in some order"
            )
        return given


@dataclass(frozen=True)
class Common:
    """The indices of one entry in two tensors.

    Attributes:
        first: Those in the first tensor.
        second: Those in the second.
        over: The ranges of the common axes.
    """

    first: tuple[Expr, ...]
    second: tuple[Expr, ...]
    over: dict[Symbol, Size]


def common_axes(first: Tensor, second: Tensor) -> Common | None:
    """Return the indices of an entry in two tensors with the same entries in row-major order.

        (6, 4) and (2, 12)  are unions of axes of  2, 3 and 4:  x[3 a + b, c]  is  y[a, 4 b + c]

    None if a common axis would begin in the middle of another one, as of (2, 3) and (3, 2).
    """
    if (parts := _parts(first.shape, second.shape)) is None:
        return None
    lengths, *unions = parts
    letters = _letters(len(lengths), (first, second), unions)
    made = [tuple(_index(union, letters, lengths) for union in of) for of in unions]
    return Common(made[0], made[1], dict(zip(letters, lengths, strict=True)))


_Unions = list[list[int]]


def _parts(first: Shape, second: Shape) -> tuple[Shape, _Unions, _Unions] | None:
    """Return the lengths of the common axes, the last first, and which each axis consists of."""
    lengths: list[Size] = []
    unions: list[_Unions] = [[[] for _ in first], [[] for _ in second]]
    ends, left = [len(first) - 1, len(second) - 1], [[*first], [*second]]
    while True:
        for side in (0, 1):
            while ends[side] >= 0 and left[side][ends[side]] == 1:
                ends[side] -= 1
        if min(ends) < 0:
            return (tuple(lengths), unions[0], unions[1]) if max(ends) < 0 else None
        sizes = [left[side][ends[side]] for side in (0, 1)]
        shared = next((n for n in sizes if all(quotient(s, n) is not None for s in sizes)), None)
        if shared is None:
            return None
        for side in (0, 1):
            unions[side][ends[side]].append(len(lengths))
            rest = quotient(sizes[side], shared)
            assert rest is not None, "it divides both"
            left[side][ends[side]] = rest
        lengths.append(shared)


def _letters(
    count: int, tensors: Sequence[Tensor], unions: Sequence[_Unions]
) -> tuple[Symbol, ...]:
    """Return an index for every common axis: that of a tensor's axis where it is all of it."""
    found: dict[int, Symbol] = {}
    for tensor, of in zip(tensors, unions, strict=True):
        for letter, union in zip(tensor.indices, of, strict=True):
            if len(union) == 1 and letter not in found.values():
                found.setdefault(union[0], letter)
    spare = spare_letters({symbol.name for symbol in found.values()})
    return tuple(found[n] if n in found else index(next(spare)) for n in range(count))


def _index(union: Sequence[int], letters: Sequence[Symbol], lengths: Shape) -> Expr:
    """Return the index of an axis that consists of others, given from the last on."""
    made, step = Integer(0), Integer(1)
    for part in union:
        made += step * letters[part]
        step *= lengths[part]
    return made.expand()


# Slicing: some entries of an axis.


@dataclass(frozen=True)
class Slice(Layer):
    """Some entries of an axis, at equal distances: y[i, ...] = x[start + step i, ...].

    Shapes: y has the shape of x, with ceil((stop - start) / step) entries along the axis.

    As in Python, a negative start or stop counts from the end of the axis, and a negative step
    runs backwards; both must lie on the axis.

    Attributes:
        axis: The axis, from 0 on; a negative one counts from the last.
        start: The first entry; by default the first of the axis, or the last for a negative step.
        stop: The entry behind the last one; by default all are taken.
        step: The distance of two entries; not 0.
    """

    axis: int
    start: Size | None = None
    stop: Size | None = None
    step: Size = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "takes_all",
            When(
                "step",
                "All entries of {x} are picked: no entry moves.",
                "The entries of {x} are put in the opposite order along an axis; no number "
                "changes.",
                value=1,
            ),
            (
                When("picks_one", "Along one axis, a single entry of {x} is picked;"),
                When("picks_every_second", "Along one axis, every second entry of {x} is picked;"),
                When("picks_others", "Some entries of {x} are picked;"),
                "no number changes.",
            ),
        ),
        backward=When(
            "takes_all",
            When(
                "step",
                STAYED,
                "Nothing was computed, so the error signal only returns to the places of {x}.",
                value=1,
            ),
            "An entry that was picked keeps its error signal; one that was left out receives 0.",
        ),
    )
    prefix: ClassVar[str] = "slice"

    def takes_all(self, shape: Shape) -> bool:
        """Tell whether no entry is left out: there is one step, forwards or backwards."""
        return self.step in (1, -1) and self.output_shape(shape) == shape

    def picks_one(self, shape: Shape) -> bool:
        """Tell whether a single entry of the axis is taken."""
        return self.output_shape(shape)[axis_of(shape, self.axis)] == 1

    def picks_every_second(self, shape: Shape) -> bool:
        """Tell whether entries are taken and left out in turn, along all of the axis."""
        axis = axis_of(shape, self.axis)
        half = shape[axis] // 2
        return self.step in (2, -2) and self.output_shape(shape)[axis] >= half > 1

    def picks_others(self, shape: Shape) -> bool:
        """Tell whether it is neither one entry nor every second one."""
        return not (self.picks_one(shape) or self.picks_every_second(shape))

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape with the number of entries that are taken."""
        axis = axis_of(shape, self.axis)
        _, count, _ = self._range(shape[axis])
        return (*shape[:axis], count, *shape[axis + 1 :])

    def supposed(self, shapes: Sequence[Shape]) -> tuple[Relational, ...]:
        """Return that the range ends within the axis."""
        length = shapes[0][axis_of(shapes[0], self.axis)]
        first, last = _fits(self.start, length, length - 1), _fits(self.stop, length, length)
        return (*first, *last) if _falls(self.step) else last or first

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads every entry of y."""
        axis, indices = axis_of(x.shape, self.axis), [*y.indices]
        first, count, step = self._range(x.shape[axis])
        over = {y.indices[axis]: count}
        indices[axis] = first + step * indices[axis]
        return (define(y[y.indices], x[tuple(indices)], over=over),)

    def _range(self, length: Size) -> tuple[Size, Size, Size]:
        if not (is_symbolic(self.step) or (is_integer(self.step) and self.step)):
            raise SymcnnError(f"step = {self.step!r} is invalid: give an integer other than 0")
        falls = _falls(self.step)
        ends = (length - 1, Integer(-1)) if falls else (0, length)
        first = ends[0] if self.start is None else _counted(self.start, length, length - 1, "start")
        stop = ends[1] if self.stop is None else _counted(self.stop, length, length, "stop")
        across = first - stop if falls else stop - first
        distance = -self.step if falls else self.step
        if is_at_least(-across, 0):
            raise SymcnnError(
                f"start = {self.start}, stop = {self.stop} and step = {self.step} leave nothing of "
                f"an axis of {length} entries: give a range that contains one"
            )
        return plain(first), plain(floor_of(plain(across - 1), distance) + 1), self.step


def _fits(end: Size | None, length: Size, most: Size) -> tuple[Relational, ...]:
    """Return that an end of the range lies on the axis."""
    if end is None:
        return ()
    is_from_last = is_integer(end) and end < 0
    return not_above(-end, length) if is_from_last else not_above(end, most)


def _falls(step: Size) -> bool:
    return not is_symbolic(step) and step < 0


def _counted(value: Any, length: Size, most: Size, name: str) -> Size:
    """Return an end of the range, counted from the first entry."""
    if is_symbolic(value):
        return value
    if not is_integer(value) or is_at_least(-value - length, 1) or is_at_least(value - most, 1):
        raise SymcnnError(
            f"{name} = {value!r} is invalid for an axis of {length} entries: give an integer from "
            f"{-length} to {most}, or leave it out"
        )
    return value if value >= 0 else length + value


# Shuffles: channels become positions, or are interleaved.


@dataclass(frozen=True)
class PixelShuffle(Layer):
    """Every k^2 channels become k x k positions of one channel.

        y[k i + u, k j + v, c] = x[i, j, k^2 c + k u + v]

    Shapes: x (height, width, channels), y (k height, k width, channels / k^2).

    Attributes:
        factor: The factor k.

    Source: Shi et al. (2016).
    """

    factor: Size

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "factor",
            "With factor 1 no entry moves.",
            "Channels become places: the entries that {block} channels have at a position fill "
            "a square with {factor} entries on each side. No number changes.",
            value=1,
        ),
        backward=When(
            "factor",
            STAYED,
            "Nothing was computed, so the error signal only returns to the places of {x}.",
            value=1,
        ),
    )
    source: ClassVar[str] = sources.PIXEL_SHUFFLE
    departs: ClassVar[str] = "There the channels of the input are in another order."
    prefix: ClassVar[str] = "pixel_shuffle"
    axes: ClassVar[str] = "ijc"

    @property
    def block(self) -> Size:
        """The number of channels that become one."""
        return positive_integer(self.factor, "factor") ** 2

    def output_shape(self, shape: Shape) -> Shape:
        """Return the enlarged height and width, and the channels that are left."""
        k = positive_integer(self.factor, "factor")
        height, width = grid(shape, 2)
        if (channels := quotient(shape[-1], k**2)) is None:
            raise SymcnnError(
                f"factor = {k} makes one channel of {k**2}, which does not divide {shape[-1]} "
                "channels: choose another factor or number of channels"
            )
        return height * k, width * k, channels

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that moves every entry."""
        k, (i, j, c), u, v = self.factor, y.indices, index("u"), index("v")
        over = {i: x.shape[0], j: x.shape[1], u: k, v: k, c: y.shape[2]}
        return (define(y[k * i + u, k * j + v, c], x[i, j, k**2 * c + k * u + v], over=over),)


@dataclass(frozen=True)
class ChannelShuffle(Layer):
    """The channels of G groups in turn: one of each group, then the next of each.

        y[..., G m + g] = x[..., M g + m],    M = channels / G

    Shapes: x and y have the same shape.

    Attributes:
        groups: The number of groups G.

    Source: Zhang et al. (2018).
    """

    groups: Size

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "keeps_order",
            When(
                "groups",
                "There is one group alone, so the channels of {x} keep their order.",
                "Each group is a single channel, so the channels of {x} keep their order.",
                value=1,
            ),
            "The channels of {x} are dealt like cards: one of each of the {groups} groups in "
            "turn. No number changes.",
        ),
        backward=When(
            "keeps_order",
            STAYED,
            "Nothing was computed, so the error signal only returns to the places of {x}.",
        ),
    )
    source: ClassVar[str] = sources.CHANNEL_SHUFFLE
    prefix: ClassVar[str] = "channel_shuffle"

    def keeps_order(self, shape: Shape) -> bool:
        """Tell whether there is one group alone, or one channel in each."""
        return self.groups in (1, shape[-1])

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        self._members(shape)
        return shape

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that moves every channel."""
        *place, _ = y.indices
        g, m, members = index("g"), index("m"), self._members(x.shape)
        source, target = (*place, members * g + m), (*place, self.groups * m + g)
        return (define(y[target], x[source], over={g: self.groups, m: members}),)

    def _members(self, shape: Shape) -> Size:
        groups = positive_integer(self.groups, "groups")
        if (members := quotient(shape[-1], groups)) is None:
            raise SymcnnError(f"groups = {groups} must divide the number of channels ({shape[-1]})")
        return members
