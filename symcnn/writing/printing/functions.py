r"""Functions and powers as a person writes them: \sigma(x), \max(x, y), \log(1 + e^x), |x|, x^2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Abs, And, Expr, Function, Indexed, Mul, Or, Piecewise, Pow, default_sort_key, exp
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from symcnn.equations.functions import maximum, relu, softplus, uncancelled
from symcnn.writing.formula import Accent, Atom, Fenced, Formula, Root, Word, precedence
from symcnn.writing.formula.build import (
    applied,
    braced,
    cases,
    joined,
    parenthesized,
    raised,
    row,
    scripts,
    unbound,
)
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing import subscripts
from symcnn.writing.printing.cases import by_brackets, by_cases
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.order import is_divisor, over

_RAISED = ("sin", "cos", "tan", "sinh", "cosh", "tanh")
"""The functions whose powers have the exponent at the name; -1 there is the inverse function."""

_SIGNS = {name: f"\\{name}" for name in ("log", *_RAISED)}
_SIGNS |= {"sigmoid": r"\sigma", "normal_cdf": r"\Phi"}
_SIGNS |= {f"a{name}": f"\\arc{name}" for name in ("sin", "cos", "tan")}
"""The functions that have a sign, or that TeX has names for."""

_WORDS = {f"a{name}": f"ar{name}" for name in ("sinh", "cosh", "tanh")}
"""The functions that are called otherwise in print."""


class FunctionPrinter:
    """The part of a printer that prints functions of what the printer prints."""

    _manner: Manner

    def _print(self, expression: Expr) -> Formula:
        raise NotImplementedError

    def _list(self, parts: Sequence[Expr], *between: str) -> Formula:
        raise NotImplementedError

    def _operand(self, part: Expr) -> Formula:
        raise NotImplementedError

    def _print_Mul(self, expr: Mul) -> Formula:
        raise NotImplementedError

    def _by_cases(self, expression: Expr) -> Formula | None:
        """Print cases, if a formula has any."""
        pairs = [
            (self._print(v), row() if c == True else self._print(c))  # noqa: E712  # SymPy's own true
            for v, c in by_cases(expression)
        ]
        return row(cases(pairs)) if pairs else None

    def _index(self, index: Expr) -> Formula:
        """Print an index; an entry that is one counts from 0."""
        if not isinstance(index, Indexed):
            return subscripts.position(index, self._manner.base)
        after = ("+", str(self._manner.base)) if self._manner.base else ()
        return row(self._print(index), *after)

    def _print_Piecewise(self, expr: Piecewise) -> Formula:
        return self._print(by_brackets(expr))

    def _print_And(self, expr: And | Or) -> Formula:
        sign = r"\wedge" if isinstance(expr, And) else r"\vee"
        conditions = map(self._print, sorted(expr.args, key=default_sort_key))
        return joined([precedence.condition(printed, sign) for printed in conditions], sign)

    _print_Or = _print_And

    def _print_maximum(self, expr: maximum) -> Formula:
        return applied(r"\max", self._list(expr.args, self._manner.separator))

    def _print_relu(self, expr: relu) -> Formula:
        return applied(r"\max", row("0", self._manner.separator, self._print(expr.args[0])))

    def _print_softplus(self, expr: softplus) -> Formula:
        return applied(r"\log", row("1", "+", scripts("e", sup=self._print(expr.args[0]))))

    def _print_uncancelled(self, expr: uncancelled) -> Formula:
        return self._print(expr.args[0])

    def _print_Function(self, expr: Function) -> Formula:
        name = type(expr).__name__
        return applied(_SIGNS.get(name, Word(_WORDS.get(name, name))), self._list(expr.args, ","))

    def _power(self, base: Expr, exponent: Expr) -> Formula | None:
        r"""Print \tanh^2(x), if a function is one whose powers are written like this."""
        name = type(base).__name__
        if name not in _RAISED or not (exponent.is_Integer and exponent > 1):
            return None
        return applied(scripts(_SIGNS[name], sup=str(exponent)), self._list(base.args, ","))

    _print_log = _print_sigmoid = _print_normal_cdf = _print_Function

    def _print_exp(self, expr: exp) -> Formula:
        return row(scripts("e", sup=self._print(expr.args[0])))

    def _print_floor(self, expr: Expr) -> Formula:
        return row(Fenced(r"\lfloor", self._print(expr.args[0]), r"\rfloor"))

    def _print_Pi(self, expr: Expr) -> Formula:
        return row(r"\pi")

    def _print_Exp1(self, expr: Expr) -> Formula:
        return row("e")

    def _print_Abs(self, expr: Abs) -> Formula:
        return row(Fenced("|", self._print(expr.args[0]), "|"))

    def _print_Pow(self, expr: Pow) -> Formula:
        """Print a root, a quotient, or a power.

        A base that is no symbol is in parentheses; so is a symbol without indices below a letter,
        which would be read as a part of its name.
        """
        base, exponent = expr.args
        if is_divisor(expr):
            return self._print_Mul(expr)
        if exponent.is_Rational and exponent.p == 1:
            degree = None if exponent.q == 2 else row(str(exponent.q)).parts[0]
            return row(Root(braced(self._print(base)), degree))
        if of_function := self._power(base, exponent):
            return of_function
        printed = precedence.base(self._operand(base))
        if _is_named(printed) and not exponent.is_number:
            printed = row(parenthesized(printed))
        return raised(printed, over(exponent) or self._print(exponent))


def _is_named(printed: Formula) -> bool:
    r"""Tell whether a formula is a bare symbol, which a letter above is a part of: y^{z}."""
    name, *others = row(*map(unbound, printed.parts)).parts
    is_letter = isinstance(name, Atom) and not name.text[0].isdecimal()
    return not others and (is_letter or isinstance(name, Accent))


class Foreign(LatexPrinter):  # type: ignore[misc]  # SymPy is untyped
    """SymPy's printer of one expression, whose parts are printed as everywhere."""

    def __init__(self, tree: Callable[[Expr], Formula], whole: Expr) -> None:
        """Take what prints the parts, and the expression."""
        super().__init__()
        self._tree, self._whole = tree, whole

    def _print(self, expr: Any, **options: Any) -> str:
        if expr is self._whole or not isinstance(expr, Expr):
            return str(super()._print(expr, **options))
        return latex(self._tree(expr))

    def parenthesize(self, item: Any, level: int, *_: Any, **options: Any) -> str:
        """Print a part of an operator or a power, in parentheses by how it is printed."""
        if not isinstance(item, Expr):
            return str(super().parenthesize(item, level, **options))
        made = precedence.factor(self._tree(item))
        return latex(precedence.base(made) if level >= PRECEDENCE["Pow"] else made)
