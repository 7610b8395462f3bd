"""Functions that are given by their definition; the derivative is that of the definition."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from sympy import Dummy, Expr, Function, cancel

_Z = Dummy("z", real=True)


class DefinedFunction(Function):  # type: ignore[misc]  # SymPy is untyped
    """A real function of one variable, given by ``definition``.

    ``identities`` may name sub-expressions of the derivative that the function
    itself expresses; they are what follows from the definition, not a rule. ``called`` is
    what a document calls a function that it prints as a letter.
    """

    nargs = 1
    called: ClassVar[str] = ""

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return f(z) in SymPy's own functions."""
        raise NotImplementedError

    @classmethod
    def identities(cls, z: Expr) -> dict[Expr, Expr]:
        """Return sub-expressions of f'(z) and what they are in terms of f(z)."""
        return {}

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return f' at the argument: SymPy's ``diff`` of the definition."""
        return _derivative(self.func).xreplace({_Z: self.args[0]})

    def _eval_is_extended_real(self) -> bool | None:
        return self.args[0].is_extended_real  # type: ignore[no-any-return]

    def _eval_evalf(self, prec: int) -> Expr:
        return self.definition(self.args[0])._eval_evalf(prec)

    def _numpycode(self, printer: Any) -> str:
        return f"({printer._print(self.definition(self.args[0]))})"

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Expr:
        return self.definition(args[0]).rewrite(rule, **hints)


@cache
def _derivative(function: type[DefinedFunction]) -> Expr:
    slope = function.definition(_Z).diff(_Z)
    identities = function.identities(_Z)
    if not identities:
        return slope
    slope = cancel(slope.xreplace(identities))
    factor = cancel(slope / function(_Z))  # s (1 - s) reads better than s - s^2
    return function(_Z) * factor if factor.is_polynomial(function(_Z)) else slope


def power(text: str, exp: str | None = None) -> str:
    """Add the exponent, which SymPy's printer gives under the name ``exp``."""
    return text if exp is None else rf"{text}^{{{exp}}}"


def numpy_name(printer: Any, name: str) -> str:
    """Return what a printer calls a function of NumPy."""
    return printer._module_format(f"numpy.{name}")  # type: ignore[no-any-return]
