"""Iverson brackets, and maxima, which are differentiated through them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sympy
from sympy import Add, And, Expr, Function, GreaterThan, Max, S, StrictLessThan
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symcnn.equations.functions.defined import numpy_name, power


class Iverson(Function):  # type: ignore[misc]
    """The Iverson bracket [c1, c2, ...]: 1 if every condition holds, and 0 otherwise.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> bracket = Iverson(a >= b)
    >>> bracket.subs({a: 2, b: 1}), bracket.subs({a: 0, b: 1}), bracket.diff(a)
    (1, 0, 0)
    """

    is_integer = True
    is_nonnegative = True

    def __new__(cls, *conditions: Boolean, **options: Any) -> Expr:
        """Drop what holds; one failed condition makes the bracket 0, and "and" is the comma."""
        listed = [c for whole in conditions for c in conjuncts(whole)]
        if any(c is S.false or c is False for c in listed):
            return S.Zero
        open_ones = [c for c in listed if c is not S.true and c is not True]
        if not open_ones:
            return S.One
        return super().__new__(cls, *dict.fromkeys(open_ones), evaluate=False)

    def _eval_derivative(self, symbol: Expr) -> Expr:
        return S.Zero

    def _eval_power(self, exponent: Expr) -> Expr | None:
        return self if exponent.is_positive else None

    def _eval_evalf(self, prec: int) -> Expr:
        return self.func(*(c.evalf() if c.is_number else c for c in self.args))

    def _latex(self, printer: Any, **options: Any) -> str:
        inside = ",\\; ".join(printer._print(c) for c in self.args)
        return power(rf"\left[{inside}\right]", **options)

    def _numpycode(self, printer: Any) -> str:
        return "*".join(f"({printer._print(c)})*1.0" for c in self.args)

    def _code(self, printer: Any) -> str:
        return "(1 if " + " and ".join(printer._print(c) for c in self.args) + " else 0)"

    _pythoncode = _mpmathcode = _code


class floor(sympy.floor):  # type: ignore[misc]  # noqa: N801
    """The largest integer that is not above the argument; its derivative is 0.

    >>> from sympy import symbols
    >>> a = symbols("a", real=True)
    >>> floor(a).subs(a, -0.5), floor(a).diff(a)
    (-1, 0)
    """

    def _eval_derivative(self, symbol: Expr) -> Expr:
        return S.Zero


def conjuncts(condition: Boolean) -> tuple[Boolean, ...]:
    """Return a and b of "a and b", in an order that does not depend on hashes."""
    return tuple(condition.args) if isinstance(condition, And) else (condition,)


class maximum(Function):  # type: ignore[misc]  # noqa: N801
    """The largest argument; its derivative is the bracket of the first largest argument.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> maximum(a, b).diff(b)
    Iverson(a < b)
    """

    is_extended_real = True

    @classmethod
    def eval(cls, *terms: Expr) -> Expr | None:
        """Evaluate on one argument, and on numbers."""
        if len(terms) == 1:
            return terms[0]
        return Max(*terms) if all(t.is_number for t in terms) else None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Return the bracket of the ``argindex``-th argument (from 1)."""
        return first_largest(self.args, argindex - 1)

    def _latex(self, printer: Any, **options: Any) -> str:
        inside = ", ".join(printer._print(t) for t in self.args)
        return power(rf"\max\left({inside}\right)", **options)

    def _eval_evalf(self, prec: int) -> Expr:
        return self.func(*(t._eval_evalf(prec) for t in self.args))

    def _numpycode(self, printer: Any) -> str:
        text = printer._print(self.args[0])
        for term in self.args[1:]:
            text = f"{numpy_name(printer, 'maximum')}({text}, {printer._print(term)})"
        return text  # type: ignore[no-any-return]

    def _code(self, printer: Any) -> str:
        return "max(" + ", ".join(printer._print(t) for t in self.args) + ")"

    _pythoncode = _mpmathcode = _code


def first_largest(terms: Sequence[Expr], chosen: int) -> Expr:
    """Return [terms[chosen] is the first largest]: strict against earlier terms."""
    mine = terms[chosen]
    earlier = (_related(StrictLessThan, other, mine) for other in terms[:chosen])
    later = (_related(GreaterThan, mine, other) for other in terms[chosen + 1 :])
    return Iverson(*earlier, *later)


def equal_share(terms: Sequence[Expr], chosen: int) -> Expr:
    """Return [terms[chosen] is largest] / (how many are): ties share equally."""
    largest, count = _largest(tuple(terms))
    return largest[chosen] / count


@lru_cache(maxsize=2**4)
def _largest(terms: tuple[Expr, ...]) -> tuple[Sequence[Expr], Expr]:
    """Return [t is largest] for each t of a window, and how many are.

    All shares of a window are made of them. Numbers are only compared with the largest; without
    numbers, n terms take n^2 comparisons.
    """
    rivals = [max(terms)] if all(term.is_number for term in terms) else terms
    made = [
        Iverson(*(_related(GreaterThan, t, other) for other in rivals if other is not t))
        for t in terms
    ]
    return made, Add(*made)


def _related(relation: type[Relational], one: Expr, other: Expr) -> Boolean:
    """Return a relation; SymPy would look for the sign of a difference of two entries, in vain."""
    entries = one.is_Symbol and other.is_Symbol and one != other
    return relation(one, other, evaluate=not entries)
