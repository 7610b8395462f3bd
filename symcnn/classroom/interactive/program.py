"""All figures of a page as one function in JavaScript, in exact numbers as long as they are exact.

It is the straight-line program of the derivation, printed once more: operators become calls, so
that numbers can be fractions. A decimal stays one through sums, products, quotients and maxima,
and the page writes = before it; behind an exponential a number is a float, and has its sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from sympy import Expr, Symbol

from symcnn.classroom.interactive.exact_printing import ExactPrinter
from symcnn.derivation import Derivation
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.equations import Tensor
from symcnn.programs.backends.javascript.names import identifier, string
from symcnn.programs.backends.straight.assignments import straight
from symcnn.programs.backends.straight.identifiers import Identifiers
from symcnn.programs.backends.straight.live import live
from symcnn.programs.backends.straight.subexpressions import Assignment
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
