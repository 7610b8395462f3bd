"""The array statements under way: which array holds a tensor, which views there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sympy import Indexed, IndexedBase, Symbol

from symcnn.backends.numpy.general.operands import Operand, atom
from symcnn.backends.python.names import Names
from symcnn.equations import Guard, affine
from symcnn.equations.access import Access, shape_of
from symcnn.notation import Shape

Fill = Literal["zeros", "-inf", "edge"]

_PAD_OPTIONS = {"zeros": "", "-inf": ", constant_values=-np.inf", "edge": ', mode="edge"'}


class Writer:
    """Collects statements; every intermediate result gets a name of its own."""

    def __init__(self, names: Names, arrays: Mapping[IndexedBase, str]) -> None:
        """Take the name of every tensor's array, its axes in their own order."""
        self.arrays = arrays
        self.uses_view = False
        self._names = names
        self._lines: list[str] = []
        self._operands: dict[object, Operand] = {}

    def line(self, text: str) -> None:
        """Add a statement."""
        self._lines.append(text)

    def fresh(self, hint: str) -> str:
        """Return a name that is not in use."""
        return self._names.fresh(hint)

    def name(self, hint: str, text: str) -> str:
        """Add a statement that names a result, unless it has a name; return the name."""
        if text.isidentifier():
            return text
        name = self._names.fresh(hint)
        self.line(f"{name} = {text}")
        return name

    def taken(self) -> tuple[str, ...]:
        """Return the statements since the last call."""
        lines, self._lines = tuple(self._lines), []
        return lines

    def view(self, array: str, access: Access) -> str:
        """Return the call that views an array through an access."""
        self.uses_view = True
        return f"view({array}, {access.view})"

    def read(self, read: Indexed, sizes: Mapping[Symbol, int], fill: Fill = "zeros") -> Operand:
        """Return the operand of an access; outside its tensor it reads ``fill``."""
        access = Access.of(read, sizes)
        outside = fill if any(map(any, access.padding)) else None
        key = (read, tuple(access.sizes.items()), outside)
        if key not in self._operands:
            self._operands[key] = self._operand(self.arrays[read.base], access, fill)
        return self._operands[key]

    def inside(self, guards: Sequence[Guard], sizes: Mapping[Symbol, int]) -> Operand:
        """Return 1 for the loop assignments that the guards let through, else 0.

        It is of floats, because einsum sums truth values by "or".
        """
        held = {s for guard in guards for s in affine(guard.expression).coefficients}
        loops = tuple(s for s in sizes if s in held)
        axes = {s: Symbol(f"axis[{n}]") for n, s in enumerate(loops)}
        positions = ((str(g.expression.xreplace(axes)), g.size) for g in guards)
        tests = (f"({position} >= 0) & ({position} < {size})" for position, size in positions)
        self.line(f"axis = np.indices({shape_of(loops, sizes)})")
        return Operand(self.name("inside", f"1.0*({' & '.join(tests)})"), loops)

    def _operand(self, array: str, access: Access, fill: Fill) -> Operand:
        order = access.reshaped
        if order is None:
            padded = self._padded(array, access, fill)
            return Operand(self.name(f"{array}_view", self.view(padded, access)), access.loops)
        shape = shape_of(order, access.sizes)
        return Operand(reshaped(array, access.shape, shape), order)

    def _padded(self, array: str, access: Access, fill: Fill) -> str:
        if not any(map(any, access.padding)):
            return array
        return self.name(
            f"{array}_padded", f"np.pad({array}, {access.padding}{_PAD_OPTIONS[fill]})"
        )


def reshaped(text: str, old: Shape, new: Shape) -> str:
    """Return the text of a reshape, where one is needed."""
    return text if old == new else f"{atom(text)}.reshape({new})"


def left(guards: Sequence[Guard], *reads: Indexed) -> list[Guard]:
    """Return the guards that say more than that these accesses stay in their tensors."""
    said = [
        Guard(position, int(size))
        for read in reads
        for position, size in zip(read.indices, read.shape, strict=True)
    ]
    return [guard for guard in guards if guard not in said]
