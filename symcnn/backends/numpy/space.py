"""The arrays and views of a program, and the statements under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

from sympy import Indexed, IndexedBase, Symbol

from symcnn.backends.numpy.layout import Room, in_memory, order_of, outside, strided
from symcnn.backends.numpy.statements import (
    Allocate,
    Copy,
    Positions,
    Setup,
    Statement,
    View,
    Views,
)
from symcnn.backends.numpy.strided import Strided, dense
from symcnn.backends.python.names import Names, identifier
from symcnn.equations import Equation, Tensor, affine, is_maximum, is_one_to_one
from symcnn.notation import Shape

_BLANK = {"0": "0", "-inf": "-np.inf"}


class Space:
    """Arrays, views and statements; every array and view gets a name once."""

    def __init__(self, names: Names) -> None:
        """Start with nothing but a source of names."""
        self.setup: list[Setup] = []
        self.rooms: dict[IndexedBase, Room] = {}
        self._names, self._statements = names, list[Statement]()
        self._shapes: dict[str, Shape] = {}
        self._views: dict[object, str] = {}
        self._padded: dict[object, Room] = {}
        self._scratch: dict[object, str] = {}

    def fresh(self, hint: str) -> str:
        """Return a name that is not in use."""
        return self._names.fresh(hint)

    def do(self, statement: Statement) -> None:
        """Add a statement."""
        self._statements.append(statement)

    def taken(self) -> tuple[Statement, ...]:
        """Return the statements since the last call."""
        taken, self._statements = tuple(self._statements), []
        return taken

    def array(
        self,
        hint: str,
        shape: Shape,
        axes: tuple[str, ...] = (),
        fill: str = "",
        *,
        truth: bool = False,
    ) -> str:
        """Make an array; return its name."""
        name = self.fresh(hint)
        self.setup.append(Allocate(name, shape, axes, fill, truth))
        self._shapes[name] = shape
        return name

    def keep(self, tensor: Tensor, hint: str = "") -> Room:
        """Make room for a tensor."""
        order = order_of(tensor)
        axes = tuple(tensor.axes[axis] for axis in order)
        shape = tuple(tensor.shape[axis] for axis in order)
        steps = tuple(prod(shape[order.index(a) + 1 :]) for a in range(len(shape)))
        room = Room(self.array(hint or tensor.label, shape, axes), tensor.shape, steps)
        self.rooms[tensor.base] = room
        return room

    def alias(self, tensor: Tensor, equation: Equation) -> str:
        """Let a tensor that is a copy of entries lie where these do; return that array's name.

        The name is empty if the equation is no such copy.
        """
        plain = is_one_to_one(equation) and not is_maximum(equation)
        if not plain or not isinstance(equation.value, Indexed):
            return ""
        access = strided(self.rooms[equation.value.base], equation.value, equation.sizes)
        if access.start != 0:
            return ""
        steps = tuple(access.steps.get(index, 0) for index in equation.target.indices)
        self.rooms[tensor.base] = Room(access.array, tensor.shape, steps)
        return access.array

    def read(self, read: Indexed, sizes: Mapping[Symbol, int], fill: str = "0") -> Strided:
        """Return an access as it lies in memory; outside its tensor it reads ``fill``."""
        room, reach = self.rooms[read.base], outside(read, sizes)
        if any(map(any, reach)):
            room = self._padded_room(room, reach, fill)
        before = tuple(low for low, _ in reach)
        return strided(room, read, sizes, before)

    def dense(
        self, hint: str, order: Sequence[Symbol], sizes: Mapping[Symbol, int], truth: bool = False
    ) -> Strided:
        """Make an array over loops."""
        shape = tuple(sizes[loop] for loop in order)
        axes = tuple(loop.name for loop in order)
        return dense(self.array(hint, shape, axes, truth=truth), order, sizes)

    def view(self, hint: str, access: Strided, groups: Iterable[Sequence[Symbol]]) -> str:
        """Return the name of a view with one axis for each group of loops."""
        shape, steps = access.grid(groups)
        return self._view(hint, access, shape, steps)

    def over(self, hint: str, access: Strided, order: Sequence[Symbol]) -> str:
        """Return the name of a view with one axis for each loop."""
        return self.view(hint, access, [[loop] for loop in order])

    def _view(self, hint: str, access: Strided, shape: Shape, steps: tuple[int, ...]) -> str:
        whole = self._shapes[access.array]
        low, high = access.bounds
        assert 0 <= low <= high < prod(whole), f"{access} leaves its array"
        if access.start == 0 and shape == whole and steps == _steps(shape):
            return access.array
        key = (access.array, access.start, shape, steps)
        if key not in self._views:
            name = self._views[key] = self.fresh(hint)
            self.setup.append(View(name, access.array, whole, access.start, shape, steps))
        return self._views[key]

    def views(
        self, hint: str, access: Strided, moving: Sequence[Symbol], order: Sequence[Symbol]
    ) -> str:
        """Return the name of a list of views, one for each position of the moving loops."""
        loops = tuple(
            (identifier(loop.name), access.sizes[loop], access.steps[loop]) for loop in moving
        )
        shape, steps = access.grid([loop] for loop in order)
        name = self.fresh(hint)
        self.setup.append(Views(name, access.array, access.start, loops, shape, steps))
        return name

    def flat(self, array: str) -> str:
        """Return the name of the view of an array with one axis."""
        loop, size = Symbol("entry"), prod(self._shapes[array])
        return self.over(f"{array}_flat", dense(array, [loop], {loop: size}), [loop])

    def like(self, room: Room, word: str) -> str:
        """Make an array of the form of a room's."""
        return self.array(f"{room.array}_{word}", self._shapes[room.array])

    def positions(self, equation: Equation, access: Strided) -> str:
        """Return the name of the entries of an access that the guards let through."""
        forms = [(affine(guard.expression), guard.size) for guard in equation.guards]
        guards = tuple(
            (form.constant, tuple(map(form.coefficient, equation.sizes)), size)
            for form, size in forms
        )
        steps = tuple(access.steps.get(loop, 0) for loop in equation.sizes)
        name = self.fresh(f"{access.array}_positions")
        sizes = tuple(equation.sizes.values())
        self.setup.append(Positions(name, sizes, guards, access.start, steps))
        return name

    def ones(self, size: int) -> IndexedBase:
        """Return a vector of ones; around it there are zeros."""
        base = IndexedBase(Symbol(f"inside {size}", real=True), shape=(size,))
        if base not in self.rooms:
            self.rooms[base] = Room(self.array("inside", (size,), fill="1"), (size,), (1,))
        return base

    def natural(self, base: IndexedBase) -> str:
        """Return the name of the view of a tensor with its own axes in their order."""
        room = self.rooms[base]
        own = {axis: Symbol(f"axis {axis}") for axis in range(len(room.shape))}
        sizes = {own[axis]: size for axis, size in enumerate(room.shape)}
        steps = {own[axis]: step for axis, step in enumerate(room.steps)}
        access = Strided(room.array, 0, sizes, steps)
        return self.over(f"{room.array}_natural", access, tuple(own.values()))

    def _padded_room(self, room: Room, reach: tuple[tuple[int, int], ...], fill: str) -> Room:
        key = (room.array, reach, fill)
        if key not in self._padded:
            self._padded[key] = self._bordered(room, reach, fill)
        return self._padded[key]

    def _bordered(self, room: Room, reach: tuple[tuple[int, int], ...], fill: str) -> Room:
        """Copy a tensor into the middle of a larger array, whose border stays as it is."""
        large = self.with_border(room, reach, f"{room.array}_padded", _BLANK[fill])
        self.do(Copy(self.middle(large, room, large, reach), self.middle(room, room, large)))
        return large

    def with_border(
        self, room: Room, reach: tuple[tuple[int, int], ...], hint: str, fill: str
    ) -> Room:
        """Make a larger room with the axes in the same order."""
        grown = tuple(n + sum(r) for n, r in zip(room.shape, reach, strict=True))
        order = in_memory(room)
        shape = tuple(grown[axis] for axis in order)
        steps = tuple(prod(shape[order.index(a) + 1 :]) for a in range(len(shape)))
        return Room(self.array(hint, shape, fill=fill), grown, steps)

    def middle(
        self, room: Room, small: Room, like: Room, reach: tuple[tuple[int, int], ...] = ()
    ) -> str:
        """Return the view of the entries of a small room inside of a room, ``like``'s order."""
        before = [low for low, _ in reach] or [0] * len(room.shape)
        start = sum(b * step for b, step in zip(before, room.steps, strict=True))
        own = {axis: Symbol(f"axis {axis}") for axis in in_memory(like)}
        sizes = {loop: small.shape[axis] for axis, loop in own.items()}
        access = Strided(
            room.array, start, sizes, {loop: room.steps[axis] for axis, loop in own.items()}
        )
        return self.over(f"{room.array}_middle", access, tuple(own.values()))

    def scratch(self, order: Sequence[Symbol], sizes: Mapping[Symbol, int], number: int) -> Strided:
        """Return an array for results on the way; statements of one shape share it."""
        shape = tuple(sizes[loop] for loop in order)
        key = (shape, number)
        if key not in self._scratch:
            self._scratch[key] = self.array("scratch", shape)
        return dense(self._scratch[key], order, sizes)


def _steps(shape: Shape) -> tuple[int, ...]:
    return tuple(prod(shape[axis + 1 :]) if n > 1 else 0 for axis, n in enumerate(shape))
