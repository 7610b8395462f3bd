"""All figures of a page as one function in JavaScript, in exact numbers as long as they are exact.

It is the straight-line program of the derivation, printed once more: operators become calls, so
that numbers can be fractions. A decimal stays one through sums, products, quotients and maxima,
and the page writes = before it; behind an exponential a number is a float, and has its sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Float,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Mul,
    Ne,
    Not,
    NumberSymbol,
    Or,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    sign,
)

from symcnn.derivation import Derivation
from symcnn.document.bindings import AFTER_THE_STEP, Lead
from symcnn.equations import Tensor
from symcnn.equations.functions import (
    ELEMENTARY,
    DefinedFunction,
    Iverson,
    bounded,
    bounded_exp,
    maximum,
    normal_cdf,
    relu,
    sigmoid,
    softplus,
)
from symcnn.errors import SymcnnError
from symcnn.programs.backends.javascript.names import identifier, string
from symcnn.programs.backends.straight.assignments import straight
from symcnn.programs.backends.straight.functions import Argmax, Select, log_of_sum
from symcnn.programs.backends.straight.identifiers import Identifiers
from symcnn.programs.backends.straight.subexpressions import Assignment, live
from symcnn.programs.plans.plan import Plan, plan_of
from symcnn.writing.wrapping import wrapped


def figures_program(
    derivation: Derivation,
    figures: Sequence[Expr],
    rate: Expr | None,
    name: str = "evaluateFigures",
) -> str:
    """Return a function of all given numbers that returns the figures in their order.

    Args:
        derivation: The network's.
        figures: Expressions of entries.
        rate: The learning rate, if a step of gradient descent is made.
        name: What the function is called.

    Raises:
        TooLargeError: If the network is too large for a statement for each entry.
    """
    return "\n".join(_Figures(derivation).lines(figures, rate, name)) + "\n"


class _Figures:
    """Prints the program."""

    def __init__(self, derivation: Derivation) -> None:
        self._plan = plan_of(derivation, "stages")
        self._derivation = derivation
        self._names, self._printer = Identifiers(self._plan.given), ExactPrinter()

    def lines(self, figures: Sequence[Expr], rate: Expr | None, name: str) -> Iterator[str]:
        yield "/**"
        yield " * Return the figures of the page."
        yield " * @param {Record<string, Fraction[]>} given"
        if AFTER_THE_STEP in figures:
            yield " * @param {boolean} isLast whether no step of gradient descent is made from here"
        yield " * @returns {Fraction[]}"
        yield " */"
        step = ", isLast = false" if AFTER_THE_STEP in figures else ""
        yield f"function {name}(given{step}) {{"
        for tensor in self._plan.given:
            yield self._unpacked(tensor)
        for symbol, value in self._assignments(self._plan, figures):
            yield _statement(f"const {self._name(symbol)} = {self._text(value)}")
        if AFTER_THE_STEP in figures:
            yield from self._after(figures, rate, name)
        entries = ",\n    ".join(map(self._text, figures))
        yield f"  return [\n    {entries},\n  ];"
        yield "}"

    def _assignments(self, plan: Plan, figures: Sequence[Expr]) -> Iterator[Assignment]:
        """Run over the assignments that the figures need, those of a step of descent included."""
        code = straight(plan)
        stages = [s.assignments for s in (*code.forward, *code.backward, *code.further)]
        wanted = [symbol for figure in figures for symbol in figure.free_symbols]
        if AFTER_THE_STEP in figures:
            adjoints = [self._derivation.adjoints[t.name] for t in self._moving]
            wanted += [a.symbol(p) for a in adjoints for p in a.positions()]
        return chain.from_iterable(live(stages, wanted))

    @property
    def _moving(self) -> Sequence[Tensor]:
        return self._derivation.network.parameters

    def _after(self, figures: Sequence[Expr], rate: Expr | None, name: str) -> Iterator[str]:
        """Compute the loss once more, with the updated weights."""
        assert rate is not None, "a loss after the step needs a learning rate"
        loss = self._derivation.network.loss_tensor.symbol((0,))
        moved = ", ".join(self._moved(t, rate) for t in self._moving)
        again = f"{name}({{ ...given, {moved} }}, true)[{list(figures).index(loss)}]"
        yield _statement(f"const {self._name(AFTER_THE_STEP)} = isLast ? $.ZERO : {again}")

    def _moved(self, tensor: Tensor, rate: Expr) -> str:
        adjoint = self._derivation.adjoints[tensor.name]
        entries = (tensor.symbol(p) - rate * adjoint.symbol(p) for p in tensor.positions())
        return f"{string(tensor.name)}: [{', '.join(map(self._text, entries))}]"

    def _unpacked(self, tensor: Tensor) -> str:
        names = [self._name(tensor.symbol(position)) for position in tensor.positions()]
        return _statement(f"const [{', '.join(names)}] = given[{string(tensor.name)}]")

    def _text(self, value: Expr) -> str:
        return self._printer.code(self._names.written(self._known(value)))

    def _known(self, value: Expr) -> Expr:
        """Name the entries that a figure is of."""
        for symbol in value.free_symbols:
            self._names.name(symbol)
        return value

    def _name(self, symbol: Symbol) -> str:
        return identifier(self._names.name(symbol))


def _statement(line: str) -> str:
    return "\n".join(f"  {part}" for part in f"{wrapped(line)};".splitlines())


_NAMED: dict[Any, str] = {
    **{row.function: name for name, row in ELEMENTARY.items()},
    Abs: "size",
    sign: "sign",
    Lead: "lead",
    maximum: "largest",
    bounded_exp: "exp",
    log_of_sum: "logOfSum",
    normal_cdf: "normalCdf",
    sigmoid: "sigmoid",
    softplus: "softplus",
}
"""Functions of the page's arithmetic."""

_COMPARED: dict[Any, str] = {Gt: "> 0", Ge: ">= 0", Lt: "< 0", Le: "<= 0", Eq: "=== 0", Ne: "!== 0"}


class ExactPrinter:
    """Prints expressions and conditions."""

    def code(self, expr: Any) -> str:
        """Return the text of an expression.

        Raises:
            SymcnnError: If it has a function that the page's arithmetic does not know.
        """
        match expr:
            case Symbol():
                return identifier(expr.name)
            case Rational():
                known = {0: "$.ZERO", 1: "$.ONE"}.get(expr)
                return known or f"$.fraction({expr.p}n, {expr.q}n)"
            case NumberSymbol() | Float():
                return f"$.approximate({float(expr)!r})"
            case Add():
                return self._call("sum", expr.as_ordered_terms())
            case Mul():
                return self._product(expr)
            case Pow():
                return self._power(*expr.args)
            case Iverson():
                return f"({self._all(expr.args)} ? $.ONE : $.ZERO)"
            case Piecewise():
                return self._cases(expr)
            case Select():
                place, *values = expr.args
                return f"[{', '.join(map(self.code, values))}][{self.code(place)}]"
            case Argmax():
                return self._call("winner", expr.args[1:])
            case relu():
                return f"$.largest({self.code(expr.args[0])}, $.ZERO)"
            case bounded():
                z, bound = map(self.code, expr.args)
                return f"$.within({z}, {bound})"
        if getattr(expr, "func", None) in _NAMED:
            return self._call(_NAMED[expr.func], expr.args)
        if isinstance(expr, DefinedFunction):
            return self.code(expr.definition(expr.args[0]))
        raise SymcnnError(
            f"{getattr(expr, 'func', type(expr)).__name__} is not known to interactive pages: "
            "derive the function from DefinedFunction"
        )

    def _call(self, name: str, parts: Iterable[Expr]) -> str:
        return f"$.{name}({', '.join(map(self.code, parts))})"

    def _product(self, expr: Mul) -> str:
        coefficient, rest = expr.as_coeff_Mul()
        if coefficient == -1:
            return self._call("negative", [rest])
        return self._call("product", expr.as_ordered_factors())

    def _power(self, base: Expr, exponent: Expr) -> str:
        if isinstance(exponent, Integer):
            return f"$.power({self.code(base)}, {int(exponent)})"
        if isinstance(exponent, Rational) and exponent.q == 2:
            root = f"$.root({self.code(base)})"
            return root if exponent.p == 1 else f"$.power({root}, {int(exponent.p)})"
        return f"$.realPower({self.code(base)}, {self.code(exponent)})"

    def _cases(self, expr: Piecewise) -> str:
        *cases, (last, _) = expr.args
        made = "".join(f"{self._condition(c)} ? {self.code(value)} : " for value, c in cases)
        return f"({made}{self.code(last)})"

    def _all(self, conditions: Iterable[Any]) -> str:
        return " && ".join(map(self._condition, conditions)) or "true"

    def _condition(self, condition: Any) -> str:
        match condition:
            case And():
                return f"({self._all(condition.args)})"
            case Or():
                return f"({' || '.join(map(self._condition, condition.args))})"
            case Not():
                return f"!{self._condition(condition.args[0])}"
        if type(condition) not in _COMPARED:
            return "true" if condition else "false"
        sides = ", ".join(map(self.code, condition.args))
        return f"($.compared({sides}) {_COMPARED[type(condition)]})"
