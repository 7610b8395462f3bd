"""The exponential within the range of floats: what programs write for the rest of 1/a."""

from __future__ import annotations

from sympy import Expr, Function


class bounded_exp(Function):  # type: ignore[misc]  # noqa: N801  # SymPy is untyped
    """exp(z), and exp(700) for a larger z: it stays a float."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the derivative, the function itself."""
        return self
