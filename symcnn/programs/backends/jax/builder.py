"""The builder collects statements, the array of each tensor, and the helpers that are called.

Nothing is modified: the contribution of an equation is a new array, where the target's entry

T[(i W + j) C + c]      is a reshape
T[s i + u - p]          is a sum of contributions with zeros between and around them
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sympy import Expr, Indexed, IndexedBase, Symbol

from symcnn.equations import Equation, Guard, accesses, affine
from symcnn.equations.access import Access, shape_of
from symcnn.programs.backends.jax.library import JAX, Library
from symcnn.programs.backends.jax.operands import Operand, Sizes, is_tight
from symcnn.programs.backends.python.names import Names

Fill = Literal["zeros", "-inf", "edge"]

_PAD_OPTIONS = {"zeros": "", "-inf": ", constant_values=-jnp.inf", "edge": ', mode="edge"'}


class Builder:
    """Collects statements; every intermediate result gets a name of its own.

    Attributes:
        arrays: The name of every tensor's array, its axes in their own order.
        printer: What prints expressions, and knows which helpers are called.
        library: How the library spells what statements need.
    """

    def __init__(
        self, names: Names, arrays: Mapping[IndexedBase, str], library: Library = JAX
    ) -> None:
        """Take the source of names, the arrays of the tensors, and the library."""
        self.arrays, self.printer, self.library = arrays, library.printer(), library
        self._names = names
        self._lines: list[str] = []
        self._operands: dict[object, Operand] = {}

    def name(self, hint: str, operand: Operand) -> Operand:
        """Add a statement that names a result, unless it has a name; return it by its name."""
        if operand.text.isidentifier():
            return operand
        name = self._names.fresh(hint)
        self._lines.append(self.library.spelled(f"{name} = {operand.text}"))
        return Operand(name, operand.loops)

    def stage(self, name: str, value: str) -> tuple[str, ...]:
        """Return the statements since the last call, and the one that names their result."""
        lines, self._lines = (*self._lines, self.library.spelled(f"{name} = {value}")), []
        return lines

    def forget(self) -> None:
        """Make every view anew from here on."""
        self._operands.clear()

    def call(self, helper: str, *arguments: object) -> str:
        """Return the text of a call of a helper."""
        return self.printer.call(helper, ", ".join(map(str, arguments)))

    def number(self, value: Expr) -> Operand:
        """Return the operand of a number, which is of the program's type."""
        return Operand(self.library.number.format(self.printer.code(value)))

    def value(self, value: Expr, sizes: Sizes, fill: Fill = "zeros") -> Operand:
        """Return a value over all loops that it holds."""
        if isinstance(value, Indexed):
            return self.read(value, sizes, fill)
        operands = {read: self.read(read, sizes, fill) for read in accesses(value)}
        if not operands:
            return self.number(value)
        loops = tuple(s for s in sizes if any(s in operand.loops for operand in operands.values()))
        if len(operands) == 1:
            loops = next(iter(operands.values())).loops
        texts = {read: Symbol(operand.over(loops).atom) for read, operand in operands.items()}
        return Operand(self.printer.code(value.xreplace(texts)), loops, is_tight(value))

    def read(self, read: Indexed, sizes: Sizes, fill: Fill = "zeros") -> Operand:
        """Return the operand of an access; outside its tensor it reads ``fill``."""
        access = Access.of(read, sizes)
        outside = fill if any(map(any, access.padding)) else None
        key = (read, tuple(access.sizes.items()), outside)
        if key not in self._operands:
            array = Operand(self.arrays[read.base])
            self._operands[key] = self.view(array, access, fill, f"{array.text}_view")
        return self._operands[key]

    def view(self, array: Operand, access: Access, fill: Fill, hint: str = "") -> Operand:
        """Return an array's entries over the loops of an access, by name if there is a hint."""
        if (order := access.reshaped) is not None:
            return array.reshaped(access.shape, shape_of(order, access.sizes), order)
        if any(map(any, access.padding)):
            text = f"jnp.pad({array.text}, {access.padding}{_PAD_OPTIONS[fill]})"
            array = self.name(f"{array.text}_padded", Operand(text))
        start = tuple(at + pad for at, (pad, _) in zip(access.start, access.padding, strict=True))
        rest = (tuple(access.sizes.values()), access.steps, start)
        view = Operand(self.call("view", array.text, *rest), access.loops)
        return self.name(hint, view) if hint else view

    def inside(self, guards: Sequence[Guard], sizes: Sizes) -> Operand:
        """Return 1 for the loop assignments that the guards let through, else 0.

        The result is floating-point, because einsum combines truth values by "or".
        """
        held = {s for guard in guards for s in affine(guard.expression).coefficients}
        loops = tuple(s for s in sizes if s in held)
        axes = {s: Symbol(f"axis[{n}]") for n, s in enumerate(loops)}
        positions = ((str(g.expression.xreplace(axes)), g.size) for g in guards)
        tests = (f"({position} >= 0) & ({position} < {size})" for position, size in positions)
        self._lines.append(f"axis = {self.library.indices.format(shape_of(loops, sizes))}")
        # A comparison of numbers is one of Python, without a shape.
        truth = self.library.truth if loops else self.library.one_truth
        return self.name("inside", Operand(truth.format(" & ".join(tests)), loops))


Combine = Literal["add", "max", "min"]


def scattered(
    builder: Builder, equation: Equation, part: Operand, combine: Combine = "add", empty: str = "0"
) -> Operand:
    """Return an array of the target's shape with the part at its place.

    Args:
        builder: Where intermediate statements go.
        equation: Whose target it is.
        part: The contribution; a loop that it lacks repeats it.
        combine: How several contributions to one entry are combined.
        empty: The value of an entry without contributions.
    """
    access = Access.of(equation.target, equation.sizes)
    if (order := access.reshaped) is not None:
        whole = part.broadcast(order, access.sizes)
        return whole.reshaped(shape_of(order, access.sizes), access.shape)
    shares = part.broadcast(access.loops, access.sizes).text
    rest = (access.shape, access.steps, access.start, f'"{combine}"', empty)
    return Operand(builder.call("scatter", shares, *rest))


def combined(
    builder: Builder, equation: Equation, part: Operand, combine: Combine, empty: str
) -> tuple[Operand, Operand]:
    """Scatter a part to its target; return the result, and its value at every term."""
    access = Access.of(equation.target, equation.sizes)
    array = builder.name("at_target", scattered(builder, equation, part, combine, empty))
    return array, part if access.is_injective else builder.view(array, access, "zeros")
