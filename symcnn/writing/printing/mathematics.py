r"""The one printer of mathematics: SymPy expressions as a person writes them.

What differs from SymPy's own LaTeX: sums begin with what is positive (t - a, not
-a + t), factors stand as the chain rule meets them on its way from the loss back, with
halves in front of them and brackets behind them; indices count from 1 or 0, axes of
length 1 are left out. All of it is layout: what is printed is the expression that was
evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sympy import (
    Add,
    Eq,
    Expr,
    Float,
    Indexed,
    Mod,
    Mul,
    Rational,
    S,
    Symbol,
)
from sympy import Sum as SymbolicSum
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from symcnn.equations import Loop, is_position
from symcnn.equations.functions import Iverson
from symcnn.writing.formula import Fenced, Formula, FormulaError, precedence, read
from symcnn.writing.formula.build import (
    Part,
    decimal,
    derivative,
    fraction,
    grown,
    joined,
    operand,
    row,
    scripts,
    signed,
)
from symcnn.writing.printing import subscripts
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.cases import is_index
from symcnn.writing.printing.comparisons import apart, chained
from symcnn.writing.printing.functions import Foreign, FunctionPrinter
from symcnn.writing.printing.leading import brackets_once, lead, with_shared_factors_in_front
from symcnn.writing.printing.lookups import looked_up
from symcnn.writing.printing.manner import Manner
from symcnn.writing.printing.names import named, with_indices
from symcnn.writing.printing.order import (
    Place,
    above_and_below,
    apart_from_sums,
    around_a_sum,
    common_factor,
    divided,
    has_bar,
    place,
    with_constants_in_front,
    with_factors_in_front,
)
from symcnn.writing.printing.summands import summands

DOTS = row("+", r"\cdots")
"""What stands for terms that are left out."""


class MathPrinter(FunctionPrinter):
    """Prints formulas; index symbols are those of the general form and count from 0."""

    def __init__(
        self, numbers: Mapping[Symbol, Formula] | None = None, manner: Manner | None = None
    ) -> None:
        """Take the numbers to print in place of symbols, if any, and how to print."""
        self._numbers: dict[Symbol, Formula] = dict(numbers or {})
        self._manner = manner or Manner()
        self._times = (r"\cdot",) if numbers else ()

    def tree(self, expression: Expr) -> Formula:
        """Print a formula."""
        return self._print(expression)

    def general(self, expression: Expr) -> tuple[Formula, ...]:
        """Return a formula's cases, or if it has none its top-level summands."""
        if found := self._by_cases(expression):
            return (found,)
        if self._manner.is_rule:
            expression = with_shared_factors_in_front(expression, self._manner.signal)
        return self.terms(expression)

    def terms(self, expression: Expr) -> tuple[Formula, ...]:
        """Return the top-level summands, each but the first with its sign in front."""
        terms = self._summands(expression)
        return self.signed(terms, common_factor(terms))

    def _summands(self, expression: Expr) -> list[Expr]:
        manner = self._manner
        if not manner.is_rule:
            return summands(expression)
        leads = partial(lead, stages=manner.stages, signal=manner.signal)
        return summands(brackets_once(expression), leads)

    def parts(self, expression: Expr) -> tuple[Formula, ...]:
        """Return the summands of a formula or, of a product, those of its longest sum."""
        found = around_a_sum(expression, self.place)
        if found is None:
            return self.terms(expression)
        front, total, behind = found
        return self._around(self._product(*front), self._summands(total), behind)

    def signed(self, terms: Sequence[Expr], factor: Expr = S.One) -> tuple[Formula, ...]:
        """Print summands, each but the first with its sign in front.

        Args:
            terms: The summands.
            factor: What all of them share, to be printed in front of their sum.
        """
        if factor != 1:
            return self._around(self._print(factor), divided(terms, factor))
        first, *others = terms
        return (self._summand(first), *map(self._signed, others))

    def _around(
        self, front: Formula, terms: Sequence[Expr], behind: Sequence[Expr] = ()
    ) -> tuple[Formula, ...]:
        """Print a product with a sum in it, in as many parts as the sum has terms."""
        first, *others, last = self.signed(terms)
        after = (part for factor in behind for part in (*self._times, self._operand(factor)))
        opened = row(front, *self._times, "(", first) if front.parts else row("(", first)
        return (opened, *others, row(last, ")", *after))

    def _summand(self, term: Expr) -> Formula:
        return self._manner.summands.get(term) or self._print(term)

    def _print(self, expression: Expr) -> Formula:
        own: Any = type(self)
        method: Callable[[Expr], Formula] = getattr(self, method_name(own, expression.__class__))
        return method(expression)

    @property
    def loss(self) -> Formula:
        """The letter of the loss."""
        return named(self._manner.loss)

    def partial(self, entry: Part) -> Formula:
        """Return the derivative of the loss with respect to an entry that is printed."""
        return row(derivative(self.loss, entry))

    def maximum(self, of: Formula, window: Iterable[Loop], where: Iterable[Boolean]) -> Formula:
        r"""Return \max_{1 \le u \le 3} of what is printed, where conditions on a window hold."""
        ends = [subscripts.between(loop, self._manner.base) for loop in window]
        over = joined([*ends, *map(self._print, where)], ",", r"\,")
        return row(scripts(r"\max", over), precedence.factor(of))

    def _signed(self, term: Expr) -> Formula:
        printed = self._one(term) if term.is_Symbol else self._summand(term)
        return signed(precedence.summand(printed))

    def _operand(self, part: Expr) -> Formula:
        """Print what stands beside an operator: sums and negative numbers in parentheses."""
        return precedence.factor(self._one(part))

    def _one(self, part: Expr) -> Formula:
        """Print a part; what is negative in place of a symbol has its parentheses."""
        printed = self._print(part)
        return operand(printed) if part.is_Symbol else printed

    def _print_Add(self, expr: Add) -> Formula:
        return grown(row(*self._few(self.terms(expr), DOTS)))

    def _print_Mul(self, expr: Mul) -> Formula:
        coefficient, rest = with_factors_in_front(expr)
        if has_bar(coefficient, rest, self._manner.constants):
            above, below = above_and_below(abs(coefficient), rest)
            above, behind = apart_from_sums(above)
            quotient = row(fraction(self._print(above), self._print(below)))
            return self._signed_product(coefficient, [quotient], sorted(behind, key=self.place))
        return self._product(coefficient, sorted(Mul.make_args(rest), key=self.place))

    def _product(self, coefficient: Expr, factors: Sequence[Expr]) -> Formula:
        number = [] if abs(coefficient) == 1 else [self._print(abs(coefficient))]
        return self._signed_product(coefficient, number, factors)

    def _signed_product(
        self, sign: Expr, printed: Sequence[Formula], factors: Sequence[Expr]
    ) -> Formula:
        parts = [*printed, *map(self._operand, factors)]
        before = ("-",) if sign.is_negative else ()
        return row(*before, precedence.product(parts, *self._times))

    def place(self, factor: Expr) -> Place:
        """Return where a factor stands in a product."""
        return place(factor, self._manner.weights, self._manner.stages, self._manner.signal)

    def _print_Rational(self, expr: Rational) -> Formula:
        known = self._manner.constants.get(abs(expr))
        size = str(abs(expr.p))
        value = known or (fraction(size, str(expr.q)) if expr.q != 1 else size)
        return row(*(("-",) if expr.p < 0 else ()), value)

    def _print_Float(self, expr: Float) -> Formula:
        return decimal(StrPrinter({"full_prec": False}).doprint(expr))

    def _print_Symbol(self, expr: Symbol) -> Formula:
        if expr in self._numbers:
            return self._numbers[expr]
        return named(subscripts.renumbered(expr.name, self._manner.shapes, self._manner.base))

    def _print_Indexed(self, expr: Indexed) -> Formula:
        if is_position(expr):
            return arithmetic(subscripts.lowered(expr.indices[0], self._manner.base).expand())
        axes = zip(expr.indices, expr.shape, strict=True)
        return self._indexed(expr, [index for index, size in axes if size != 1])

    def _indexed(self, expr: Indexed, shown: Sequence[Expr]) -> Formula:
        """Print an entry with some of its indices."""
        label = self._print(expr.base.label)
        places = [*map(self._index, shown)]
        return with_indices(label, subscripts.indices(places)) if places else label

    def _print_Sum(self, expr: SymbolicSum) -> Formula:
        product = with_constants_in_front(expr)
        if isinstance(product, Mul):
            return self._print_Mul(product)
        if (entry := looked_up(expr, self._manner.positions)) is not None:
            return self._print(entry)
        signs = (
            scripts(
                r"\sum",
                row(named(symbol.name), "=", subscripts.limit(low, self._manner.base)),
                subscripts.limit(high, self._manner.base),
            )
            for symbol, low, high in reversed(expr.limits)
        )
        return row(*signs, self._by_cases(expr.function) or self._operand(expr.function))

    def _print_Relational(self, expr: Relational) -> Formula:
        expr = apart(expr) if self._manner.is_rule else expr
        if expr.free_symbols and all(map(is_index, expr.free_symbols)):
            return subscripts.compared(expr, self._manner.base)
        return row(self._print(expr.lhs), subscripts.RELATIONS[expr.func], self._print(expr.rhs))

    def _print_Equality(self, condition: Eq) -> Formula:
        if not isinstance(condition.lhs, Mod):
            return self._print_Relational(condition)
        dividend, divisor = condition.lhs.args
        return subscripts.divides(divisor, dividend, self._manner.base)

    def _print_Iverson(self, expr: Iverson) -> Formula:
        conditions = [*map(self._print, expr.args)]
        if self._manner.is_rule:
            conditions = chained(conditions)
        return row(Fenced("[", joined(self._few(conditions, r"\dots"), ",", r"\;"), "]"))

    def _print_Basic(self, expr: Expr) -> Formula:
        """Print what is not known here as its author or SymPy writes it."""
        written = Foreign(self.tree, expr).doprint(expr)
        try:
            return read(written)
        except FormulaError:
            return row(written)

    def _list(self, parts: Sequence[Expr], *between: str) -> Formula:
        return joined(self._few([self._print(part) for part in parts], r"\dots"), *between)

    def _few(self, parts: Sequence[Formula], dots: Part) -> list[Part]:
        """Return all parts, or those that there is room for inside of a term."""
        if self._manner.most_inside is None or len(parts) <= self._manner.most_inside:
            return [*parts]
        return [*parts[:2], dots, parts[-1]]


@cache
def method_name(printer: Any, kind: Any) -> str:
    """Return which method prints expressions of a kind: that of its nearest class.

    A class that says itself how it is printed, or that SymPy prints as nothing else, is
    left to them.
    """
    names = [f"_print_{cls.__name__}" for cls in kind.__mro__]
    nearest = next(name for name in names if hasattr(printer, name) or hasattr(LatexPrinter, name))
    is_own = hasattr(printer, nearest) and (nearest == names[0] or not hasattr(kind, "_latex"))
    return nearest if is_own else "_print_Basic"
