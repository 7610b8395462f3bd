"""Where tensors lie in memory, and where the terms of an equation go.

A batched tensor lies with its samples last, and its last axis, the channels of an image,
before its last but one: (n, h, w, c) is kept as (h, c, w, n). Then the samples and a row
of the image are one long run, and the windows of a row are one matrix. Other tensors lie
as they are, and one that is a copy of another's entries lies where these do.

The weights of a dense layer may be most of what a network holds. Their copy, and that of their
gradient, would double it: long arguments and gradients are passed as they are. Views of such
arrays are made in every call, which costs some microseconds, less than the copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Dummy, Indexed, IndexedBase, Symbol

from symcnn.equations import Equation, Tensor, affine, is_maximum, is_one_to_one, strides
from symcnn.equations.access import Access
from symcnn.equations.notation import Shape
from symcnn.programs.backends.numpy.arrays import Array, Grid, Hint, Operand, Positions
from symcnn.programs.backends.numpy.statements import Apply, Copy, Statement
from symcnn.programs.backends.numpy.strided import Strided
from symcnn.programs.plans.plan import Plan

Reach = tuple[tuple[int, int], ...]
"""How far an access leaves its tensor, before and behind each axis."""


@dataclass(frozen=True)
class Layout:
    """Where a tensor lies.

    Attributes:
        array: Its array.
        shape: The tensor's own shape.
        steps: How many entries the next one is away, along each axis of the tensor.
    """

    array: Array
    shape: Shape
    steps: tuple[int, ...]

    @property
    def in_memory(self) -> list[int]:
        """The axes, the one that moves farthest first; the place of one of length 1 is free."""
        return sorted(range(len(self.shape)), key=lambda axis: -self.steps[axis])

    @property
    def natural(self) -> Grid:
        """The tensor with its own axes in their order."""
        return self.middle(self.shape, range(len(self.shape)), hint=(self.array, "_natural"))

    def middle(
        self, shape: Shape, order: Sequence[int], before: Sequence[int] = (), hint: Hint = ()
    ) -> Grid:
        """Return the entries of a smaller tensor inside of this one, its axes in an order."""
        start = sum(b * step for b, step in zip(before, self.steps, strict=False))
        own = {axis: Symbol(f"axis {axis}") for axis in order}
        sizes = {loop: shape[axis] for axis, loop in own.items()}
        steps = {loop: self.steps[axis] for axis, loop in own.items()}
        access = Strided(self.array, start, sizes, steps)
        return access.over(tuple(own.values()), *(hint or (self.array, "_middle")))


Layouts = Mapping[IndexedBase, Layout]


def layout_of(tensor: Tensor, hint: str = "") -> Layout:
    """Return a place of its own for a tensor."""
    order = _order(tensor)
    shape = tuple(tensor.shape[axis] for axis in order)
    axes = tuple(tensor.axes[axis] for axis in order)
    return _ordered(Array((hint or tensor.label,), shape, axes), tensor.shape, order)


def place_of_copy(layouts: Layouts, equations: Sequence[Equation]) -> Layout | None:
    """Return where a tensor lies that is a copy of entries, which is where these do."""
    if len(equations) != 1 or not isinstance(equations[0].value, Indexed):
        return None
    (equation,) = equations
    if is_maximum(equation) or not is_one_to_one(equation):
        return None
    access = strided(layouts[equation.value.base], equation.value, equation.sizes)
    steps = tuple(access.steps.get(index, 0) for index in equation.target.indices)
    shape = tuple(int(size) for size in equation.target.shape)
    return Layout(access.array, shape, steps) if access.start == 0 else None


def strided(
    layout: Layout, read: Indexed, sizes: Mapping[Symbol, int], before: Sequence[int] | None = None
) -> Strided:
    """Return an access to a layout whose tensor begins ``before`` entries in."""
    access = Access.of(read, sizes)
    moves = [*zip(access.forms, layout.steps, before or [0] * len(access.forms), strict=True)]
    start = sum((form.constant + ahead) * step for form, step, ahead in moves)
    steps = {
        loop: sum(form.coefficient(loop) * step for form, step, _ in moves) for loop in access.loops
    }
    return Strided(layout.array, start, access.sizes, steps)


def reading(
    layouts: Layouts, read: Indexed, sizes: Mapping[Symbol, int], fill: str = "0"
) -> Strided:
    """Return an access as it lies in memory; outside its tensor it reads ``fill``."""
    layout, reach = layouts[read.base], Access.of(read, sizes).padding
    if any(map(any, reach)):
        layout = _padded(layout, reach, fill)
    return strided(layout, read, sizes, [low for low, _ in reach])


def _enlarged(layout: Layout, reach: Reach, word: str) -> Layout:
    """Return a larger layout with the axes in the same order."""
    shape = tuple(n + sum(r) for n, r in zip(layout.shape, reach, strict=True))
    order = layout.in_memory
    array = Array((layout.array, f"_{word}"), tuple(shape[axis] for axis in order))
    return _ordered(array, shape, order)


def _padded(layout: Layout, reach: Reach, fill: str) -> Layout:
    """Return a copy of a tensor in the middle of an array whose border stays as it is."""
    large = _enlarged(layout, reach, "padded")
    key = ("padded", layout.array, layout.steps, reach, fill)
    array = replace(large.array, fill=fill, key=key)
    place = replace(large, array=array).middle(
        layout.shape, large.in_memory, [low for low, _ in reach]
    )
    copy = place, layout.middle(layout.shape, large.in_memory)
    return replace(large, array=replace(array, copy=copy))


def _ordered(array: Array, shape: Shape, order: Sequence[int]) -> Layout:
    """Return the layout of a tensor whose axes lie in an order."""
    steps = dict(zip(order, strides(tuple(shape[axis] for axis in order)), strict=True))
    return Layout(array, shape, tuple(steps[axis] for axis in range(len(shape))))


def _order(tensor: Tensor) -> tuple[int, ...]:
    """Return the axes of a tensor in the order in which they lie in memory."""
    axes = list(range(len(tensor.shape)))
    if not tensor.batched:
        return tuple(axes)
    samples, *own = axes
    if len(own) > 1:
        own[-2:] = own[:-3:-1]
    return (*own, samples)


@dataclass(frozen=True)
class Target:
    """Where the terms of an equation go.

    Attributes:
        layout: The target's layout.
        access: The entries that the terms go to, over the equation's loops.
        reach: How far these lie outside of it, before and behind each axis.
    """

    layout: Layout
    access: Strided
    reach: Reach

    @classmethod
    def of(cls, layouts: Layouts, equation: Equation) -> Target:
        """Return where the terms of an equation go."""
        layout = layouts[equation.target.base]
        reach = Access.of(equation.target, equation.sizes).padding
        return cls(layout, strided(layout, equation.target, equation.sizes), reach)

    @property
    def fits(self) -> bool:
        """Whether no term falls outside of the target."""
        return not any(map(any, self.reach))

    @property
    def has_one_term_each(self) -> bool:
        """Whether no entry of the target has more than one term."""
        return self.fits and self.access.is_injective

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the target has exactly one term."""
        return self.has_one_term_each and self.access.size == self.layout.array.size

    def enlarged(self, equation: Equation) -> Target:
        """Return a larger target that all terms fit into."""
        layout = _enlarged(self.layout, self.reach, "enlarged")
        before = tuple(low for low, _ in self.reach)
        access = strided(layout, equation.target, equation.sizes, before)
        return replace(self, layout=layout, access=access)

    def crop(self, large: Target, function: str | None) -> Statement:
        """Take the middle of a larger target."""
        shape, order = self.layout.shape, large.layout.in_memory
        middle = large.layout.middle(shape, order, [low for low, _ in self.reach])
        return bring(middle, self.layout.middle(shape, order), function)


def bring(share: Operand, place: Operand, function: str | None) -> Statement:
    """Copy a share to its place, or combine it with what is there."""
    return Copy(place, share) if function is None else Apply(function, (place, share), place)


def positions(layout: Layout, read: Indexed, equation: Equation) -> Positions:
    """Return the entries that an access reads, for every term that the guards let through."""
    access = strided(layout, read, equation.sizes)
    sizes = equation.sizes or {Dummy(): 1}  # one term is a row too
    forms = [(affine(guard.expression), guard.size) for guard in equation.guards]
    guards = tuple((f.constant, tuple(map(f.coefficient, sizes)), size) for f, size in forms)
    steps = tuple(access.steps.get(loop, 0) for loop in sizes)
    hint = (layout.array, "_positions")
    return Positions(tuple(sizes.values()), guards, access.start, steps, hint)


PASSED_ENTRIES = 100_000
"""An array of fewer entries is copied."""


@dataclass(frozen=True)
class Passing:
    """The arrays that are others in every call.

    Attributes:
        given: The tensors that lie where the argument does, and their arrays.
        made: The gradients that are returned as they are, and their arrays.
    """

    given: Mapping[Tensor, Array]
    made: Mapping[Tensor, Array]

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All of them."""
        return (*self.given.values(), *self.made.values())


def passing(plan: Plan, layouts: Layouts) -> Passing:
    """Return which arrays of a plan need no copy."""
    returned = [layouts[tensor.base] for tensor in plan.results]
    parts = {layout.array for layout in returned if not _is_whole(layout)}
    given = _passed(plan.given, layouts, parts)
    others = {layouts[tensor.base].array for tensor in plan.given}
    shared = {array for array, n in Counter(each.array for each in returned).items() if n > 1}
    return Passing(given, _passed(plan.gradients.values(), layouts, parts | others | shared))


def _passed(
    tensors: Iterable[Tensor], layouts: Layouts, excluded: set[Array]
) -> dict[Tensor, Array]:
    """Return the tensors that are long arrays of their own, in the order of their axes."""
    found = {tensor: layouts[tensor.base] for tensor in tensors}
    return {
        tensor: layout.array
        for tensor, layout in found.items()
        if _is_whole(layout) and layout.array.size >= PASSED_ENTRIES
        if layout.array not in excluded
    }


def _is_whole(layout: Layout) -> bool:
    """Tell whether a tensor is its array, in the order of its axes."""
    return layout.natural == layout.array.all and not layout.array.truth
