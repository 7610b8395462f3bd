"""Operands: the text of an array, and the loop that each of its axes runs over.

    T[s i + d u - p, c]   over i, u, c    is a view of T with three axes

Where an access can leave its tensor, the tensor is padded first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Function, Pow, Symbol

from symcnn.equations.access import shape_of
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import Shape
from symcnn.programs.backends.python.printing import ArrayPrinter

Loops = tuple[Symbol, ...]
Sizes = Mapping[Symbol, int]


_inverse_power = Function("inverse_power")


class JaxPrinter(ArrayPrinter):
    """Functions of jax.numpy.

    Compiled code raises no errors and gives no warnings, so a helper detects where 1/V^(3/2) is 0
    because V^(3/2) overflows.
    """

    library = "jnp"

    def code(self, expression: Expr) -> str:
        """Return the text of an expression."""
        return super().code(expression.replace(_is_inverse, _inverse))

    def _common(self, expr: Expr) -> str | None:
        if expr.func == _inverse_power:
            return self.call("inverse_power", self._arguments(expr))
        return super()._common(expr)


@dataclass(frozen=True)
class Operand:
    """An array.

    Attributes:
        text: What it is computed by.
        loops: What its axes run over.
        tight: Whether the text needs no parentheses as an operand.
    """

    text: str
    loops: Loops = ()
    tight: bool = True

    @property
    def atom(self) -> str:
        """The text, in parentheses if a method, an index or a factor requires them."""
        return self.text if self.tight else f"({self.text})"

    def over(self, order: Sequence[Symbol]) -> Operand:
        """Return the array with its axes in ``order``, loops that it lacks of length 1."""
        own = tuple(loop for loop in order if loop in self.loops)
        turned = self
        if own != self.loops:
            axes = [self.loops.index(loop) for loop in own]
            turned = Operand(f"{self.atom}.transpose({axes})", own)
        if own == tuple(order):
            return turned
        index = ", ".join(":" if loop in own else "None" for loop in order)
        return Operand(f"{turned.atom}[{index}]", tuple(order))

    def broadcast(self, order: Sequence[Symbol], sizes: Sizes) -> Operand:
        """Return the array with all these axes, repeated along those that it lacks."""
        whole = self.over(order)
        if set(self.loops) == set(order):
            return whole
        return Operand(f"jnp.broadcast_to({whole.text}, {shape_of(order, sizes)})", whole.loops)

    def reshaped(self, old: Shape, new: Shape, loops: Loops = ()) -> Operand:
        """Return the array in another shape, whose axes run over these loops."""
        if old == new:
            return Operand(self.text, loops, self.tight)
        return Operand(f"{self.atom}.reshape({new})", loops)


def _is_inverse(part: Expr) -> bool:
    """Tell whether an expression is an entry, or one plus a number, to a power below -1 or a root.

    The reciprocal of an entry itself is 0 where that is infinite, which is seen.
    """
    if not (isinstance(part, Pow) and part.exp.is_Rational and part.exp < 0 and part.exp != -1):
        return False
    _, entry = part.base.as_coeff_Add()
    return bool(entry.is_Symbol)


def _inverse(power: Expr) -> Expr:
    return _inverse_power(power.args[0], -power.args[1])


def is_tight(value: Expr) -> bool:
    """Tell whether the text of an expression needs no parentheses as an operand."""
    return value.is_Symbol or (isinstance(value, Function) and not isinstance(value, Iverson))
