"""Iverson brackets, and maxima, which are differentiated through them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

import sympy
from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Dummy,
    Eq,
    Expr,
    Function,
    GreaterThan,
    Heaviside,
    Indexed,
    IndexedBase,
    Max,
    Min,
    Mul,
    Piecewise,
    S,
    StrictLessThan,
    cancel,
    ceiling,
    sign,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom

from symcnn.errors import SymcnnError

# Functions that are given by their definition; the derivative is that of the definition.


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


# SymPy's functions with kinks and jumps as functions that have a derivative everywhere.


def translated(value: Expr) -> Expr:
    """Return an expression with brackets and maxima for kinks and jumps."""
    if not value.has(Abs, Max, Min, sign, Heaviside, Piecewise, sympy.floor, ceiling):
        return value
    if isinstance(value, Indexed) or not value.args:
        return value
    parts = [translated(part) for part in value.args]
    return _of(value, parts)


def _of(value: Basic, parts: list[Expr]) -> Expr:
    """Return one function of translated arguments."""
    if isinstance(value, Max):
        return maximum(*parts)
    if isinstance(value, Min):
        return -maximum(*(-part for part in parts))
    if isinstance(value, sign):
        return _sign(parts[0])
    if isinstance(value, Abs) and not parts[0].is_extended_real:
        return parts[0] * _sign(parts[0])  # SymPy's slope is one of real and imaginary parts
    if isinstance(value, Heaviside):
        z, at_0 = parts
        return Iverson(z > 0) + at_0 * Iverson(Eq(z, 0))
    if isinstance(value, sympy.floor):
        return floor(parts[0])
    if isinstance(value, ceiling):
        return -floor(-parts[0])
    made = value.func(*parts)
    return _by_cases(made) if isinstance(made, Piecewise) else made


def _sign(z: Expr) -> Expr:
    return Iverson(z > 0) - Iverson(z < 0)


def _by_cases(cases: Piecewise) -> Expr:
    """Return polynomials by their brackets; what may have no value elsewhere stays."""
    if not all(_is_everywhere(value) and _is_plain(condition) for value, condition in cases.args):
        return cases
    total, before = S.Zero, S.One
    for value, condition in cases.args:
        bracket = Iverson(condition)
        total += value * merged(before * bracket)
        before *= _opposite(condition, bracket)
    return total


def _is_everywhere(value: Expr) -> bool:
    """Tell whether an expression is a polynomial of entries, which has a value everywhere."""
    return bool(value.is_polynomial(*value.atoms(Indexed, Dummy)))


def _is_plain(condition: Basic) -> bool:
    """Tell whether a condition is made of comparisons that all hold."""
    return all(isinstance(part, Relational | BooleanAtom) for part in conjuncts(condition))


def _opposite(condition: Basic, bracket: Expr) -> Expr:
    """Return [not c]: one bracket of one comparison."""
    return Iverson(condition.negated) if isinstance(condition, Relational) else 1 - bracket


def merged(product: Expr) -> Expr:
    """Return a product with [a, b] for [a] [b]."""
    factors = Mul.make_args(product)
    brackets = [factor for factor in factors if isinstance(factor, Iverson)]
    rest = Mul(*(factor for factor in factors if factor not in brackets))
    return rest * Iverson(*(condition for bracket in brackets for condition in bracket.args))


# Entries that depend on others: they are not differentiated as if they were constants.


class ComputedBase(IndexedBase):  # type: ignore[misc]
    """The base of a tensor that has equations."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Be printed where other bases are."""
        key: tuple[int, int, str] = IndexedBase.class_key()
        return key

    def __getitem__(self, indices: Any, **options: Any) -> Indexed:
        """Return an entry that knows that it depends on others."""
        made = super().__getitem__(indices, **options)
        return ComputedEntry(self, *made.indices)


class ComputedEntry(Indexed):  # type: ignore[misc]
    """An entry of a tensor that has equations."""

    @classmethod
    def class_key(cls) -> tuple[int, int, str]:
        """Be printed where other entries are: t - z, not -z + t."""
        key: tuple[int, int, str] = Indexed.class_key()
        return key

    def _eval_derivative(self, other: Expr) -> Expr:
        """Differentiate with respect to an entry of the same tensor, or a placeholder alone."""
        if isinstance(other, Dummy) or (isinstance(other, Indexed) and other.base == self.base):
            return super()._eval_derivative(other)
        raise SymcnnError(
            f"{self} depends on {other} by its equation: take Derivation.hessian(name, other) for "
            "second derivatives, or the closed form of an entry, Derivation.partial(name, index)"
        )
