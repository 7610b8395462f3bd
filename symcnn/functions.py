r"""Named functions: each is its definition, and its derivative follows from that.

    sigmoid(z)       = 1 / (1 + exp(-z))            sigmoid' = sigmoid (1 - sigmoid)
    relu(z)          = z [z > 0]                    relu'    = [z > 0]
    [c1, c2, ...]    = 1 if all conditions hold, else 0   (Iverson bracket; constant
                       between its jumps, so its derivative is 0)
    maximum(a, b, …) = the largest argument; its partial by one of them is the
                       bracket that says that this one is the first largest

They are ordinary SymPy functions, so ``subs``, ``diff``, ``evalf``, ``latex`` and
``lambdify`` work on every expression that holds them. ``Max(a, b).diff`` is never
used: SymPy gives Heaviside steps there, which count a tie twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sympy import Dummy, Expr, Function, Integer, Max, S, cancel, exp
from sympy.logic.boolalg import Boolean

_Z = Dummy("z", real=True)


class DefinedFunction(Function):  # type: ignore[misc]  # SymPy is untyped
    """A real function of one variable, given by ``definition``.

    ``identities`` may name sub-expressions of the derivative that the function
    itself expresses; they are what follows from the definition, not a rule.
    """

    nargs = 1

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

    def _eval_rewrite(self, rule: Any, args: Any, **hints: Any) -> Expr:
        return self.definition(args[0]).rewrite(rule, **hints)


@cache
def _derivative(function: type[DefinedFunction]) -> Expr:
    slope = function.definition(_Z).diff(_Z)
    identities = function.identities(_Z)
    if not identities:
        return slope
    return function(_Z) * cancel(slope.xreplace(identities) / function(_Z))


class sigmoid(DefinedFunction):  # noqa: N801  # SymPy's functions are lower case
    r"""The logistic function 1 / (1 + exp(-z)); it prints as sigma(z).

    >>> from sympy import Symbol, latex
    >>> z = Symbol("z", real=True)
    >>> sigmoid(z).diff(z)
    (1 - sigmoid(z))*sigmoid(z)
    >>> latex(sigmoid(z))
    '\\sigma\\left(z\\right)'
    """

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return 1 / (1 + exp(-z))."""
        return 1 / (1 + exp(-z))

    @classmethod
    def identities(cls, z: Expr) -> dict[Expr, Expr]:
        """Solve s = 1 / (1 + exp(-z)) for exp(-z)."""
        return {exp(-z): 1 / cls(z) - 1}

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at 0 alone; other numbers stay exact as sigma of a number."""
        return S.Half if z.is_zero else None

    def _latex(self, printer: Any, **options: Any) -> str:
        return _power(rf"\sigma\left({printer._print(self.args[0])}\right)", **options)

    def _numpycode(self, printer: Any) -> str:
        z = printer._print(self.args[0])
        return f"({_np(printer, 'exp')}({_np(printer, 'minimum')}({z}, 0))" + (
            f"/(1 + {_np(printer, 'exp')}(-abs({z}))))"
        )

    def _code(self, printer: Any) -> str:
        return printer._print(self.definition(self.args[0]))  # type: ignore[no-any-return]

    _pythoncode = _mpmathcode = _code


class relu(DefinedFunction):  # noqa: N801
    """The rectifier max(0, z), with slope 0 at 0 as in every framework.

    >>> from sympy import Symbol
    >>> z = Symbol("z", real=True)
    >>> relu(z).diff(z)
    Iverson(z > 0)
    """

    @classmethod
    def definition(cls, z: Expr) -> Expr:
        """Return z [z > 0]."""
        return z * Iverson(z > 0)

    @classmethod
    def eval(cls, z: Expr) -> Expr | None:
        """Evaluate at every number whose sign is known."""
        if z.is_number and z.is_extended_real:
            return z * Iverson(z > 0)
        return None

    def _latex(self, printer: Any, **options: Any) -> str:
        return _power(rf"\max\left(0, {printer._print(self.args[0])}\right)", **options)

    def _numpycode(self, printer: Any) -> str:
        return f"{_np(printer, 'maximum')}({printer._print(self.args[0])}, 0)"

    def _code(self, printer: Any) -> str:
        return f"max({printer._print(self.args[0])}, 0)"

    _pythoncode = _mpmathcode = _code


class Iverson(Function):  # type: ignore[misc]
    """The Iverson bracket [c1, c2, ...]: 1 if every condition holds, else 0.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> bracket = Iverson(a >= b)
    >>> bracket.subs({a: 2, b: 1}), bracket.subs({a: 0, b: 1}), bracket.diff(a)
    (1, 0, 0)
    """

    is_integer = True
    is_nonnegative = True

    def __new__(cls, *conditions: Boolean, **options: Any) -> Expr:
        """Drop what holds; one failed condition makes the bracket 0."""
        if any(c is S.false or c is False for c in conditions):
            return S.Zero
        open_ones = [c for c in conditions if c is not S.true and c is not True]
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
        return _power(rf"\left[{inside}\right]", **options)

    def _numpycode(self, printer: Any) -> str:
        return "*".join(f"({printer._print(c)})*1.0" for c in self.args)

    def _code(self, printer: Any) -> str:
        return "(1 if " + " and ".join(printer._print(c) for c in self.args) + " else 0)"

    _pythoncode = _mpmathcode = _code


class maximum(Function):  # type: ignore[misc]  # noqa: N801
    """The largest of the arguments; differentiated through its first-largest bracket.

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
        return _power(rf"\max\left({inside}\right)", **options)

    def _eval_evalf(self, prec: int) -> Expr:
        return self.func(*(t._eval_evalf(prec) for t in self.args))

    def _numpycode(self, printer: Any) -> str:
        text = printer._print(self.args[0])
        for term in self.args[1:]:
            text = f"{_np(printer, 'maximum')}({text}, {printer._print(term)})"
        return text  # type: ignore[no-any-return]

    def _code(self, printer: Any) -> str:
        return "max(" + ", ".join(printer._print(t) for t in self.args) + ")"

    _pythoncode = _mpmathcode = _code


def first_largest(terms: Sequence[Expr], chosen: int) -> Expr:
    """Return [terms[chosen] is the first largest]: strict against earlier terms."""
    mine = terms[chosen]
    earlier = (other < mine for other in terms[:chosen])
    later = (mine >= other for other in terms[chosen + 1 :])
    return Iverson(*earlier, *later)


def equal_share(terms: Sequence[Expr], chosen: int) -> Expr:
    """Return [terms[chosen] is largest] / (how many are): ties share equally."""
    largest = [Iverson(*(t >= other for other in terms if other is not t)) for t in terms]
    return largest[chosen] / sum(largest, Integer(0))


def _power(text: str, exp: str | None = None) -> str:
    """Add the exponent, which SymPy's printer gives under the name ``exp``."""
    return text if exp is None else rf"{text}^{{{exp}}}"


def _np(printer: Any, name: str) -> str:
    return printer._module_format(f"numpy.{name}")  # type: ignore[no-any-return]
