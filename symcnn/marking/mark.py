"""A verdict for every figure, with errors carried forward.

right      the true value rounds to it, or it follows from right figures as they were rounded
follows    wrong, but right from the figures before it, which are not all right
wrong      neither
missing    not given
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from sympy import Expr, Symbol

from symcnn.derivation.statement import GRADIENT
from symcnn.equations import Tensor
from symcnn.equations.formulas import is_copy
from symcnn.errors import SymcnnError
from symcnn.marking.answers import answers_of
from symcnn.marking.follow import Carried, agrees, rounds_to
from symcnn.marking.intervals import Interval
from symcnn.marking.mistakes import Mistake
from symcnn.marking.naming import Naming
from symcnn.marking.written import Written
from symcnn.problems import Problem, check_problem
from symcnn.stage import Stage

Verdict = Literal["right", "follows", "wrong", "missing"]
_UPDATED = "updated "


@dataclass(frozen=True)
class Figure:
    """One figure, marked.

    Attributes:
        quantity: The name of the quantity.
        position: The entry, counted from 0.
        answer: What was written; None if nothing was.
        expected: The true value.
        due: The interval of what follows from the figures before it, if it has a value.
        formula: How it is computed from the stages before it.
        verdict: The verdict.
        mistakes: The mistakes of the catalogue that yield it, if it is wrong.
    """

    quantity: str
    position: tuple[int, ...]
    answer: Written | None
    expected: Expr
    due: Interval | None
    formula: Expr
    verdict: Verdict
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Marking:
    """Answers to a problem, marked.

    Attributes:
        problem: The problem.
        figures: Every figure that was asked for or given, in the order of computation.
        points: The points of a figure, by quantity; 1 for those that are not named.
        carried: The share of its points that a figure gets that follows from a wrong one.
    """

    problem: Problem
    figures: tuple[Figure, ...]
    points: Mapping[str, float] = field(default_factory=dict)
    carried: float = 1.0

    @property
    def score(self) -> float:
        """The points that were earned."""
        share = {"right": 1.0, "follows": self.carried, "wrong": 0.0, "missing": 0.0}
        return sum(share[f.verdict] * self._points(f) for f in self.figures)

    @property
    def of(self) -> float:
        """The points that can be earned."""
        return sum(map(self._points, self.figures))

    @property
    def first_wrong(self) -> Figure | None:
        """The first figure, in the order of computation, that is wrong."""
        return next((f for f in self.figures if f.verdict == "wrong"), None)

    @property
    def trivial(self) -> tuple[Figure, ...]:
        """The figures that are 0 where the true value is not, and count as right or following.

        They round it, but make everything that is computed from them easy.
        """
        accepted = (f for f in self.figures if f.verdict in ("right", "follows"))
        return tuple(f for f in accepted if f.answer and f.answer.value == 0 and f.expected != 0)

    def count(self, verdict: Verdict) -> int:
        """Return how many figures have a verdict."""
        return sum(f.verdict == verdict for f in self.figures)

    def _points(self, figure: Figure) -> float:
        return self.points.get(figure.quantity, 1.0)

    def __repr__(self) -> str:
        """Give the score."""
        return f"<Marking: {self.score:g} of {self.of:g} points>"


def mark(
    problem: Problem,
    answers: Any,
    *,
    points: Mapping[str, float] | None = None,
    carried: float = 1.0,
) -> Marking:
    """Mark answers to a problem, with errors carried forward.

    A figure is taken for all numbers that round to it, so that rounding on the way costs
    nothing: it is right, or follows, if some choice of the numbers that the figures before it
    stand for gives a number that rounds to it.

    Args:
        problem: The problem.
        answers: Figures by the names of quantities, such as ``{"conv1": [...], "gradient of
            conv1.weight": [...]}``, or the name of a TOML or JSON file; "?" is no answer.
        points: The points of each figure of a quantity, by its name; by default 1.
        carried: The share of its points that a figure gets that follows from a wrong one.

    Raises:
        SymcnnError: If a quantity is unknown, a shape is wrong or a figure is no number.

    >>> from symcnn.examples import cnn_by_hand
    >>> mark(cnn_by_hand(), {"pool1": [0.24, 0.26, 0.1], "loss": "0.030"}).count("right")
    4
    """
    check_problem(problem)
    chosen = dict(points or {})
    _check_points(chosen, carried)
    sheet = _Sheet(problem, answers_of(problem, answers))
    for name in chosen:
        problem.quantities.shape(name)
    return Marking(problem, tuple(sheet.figures()), chosen, carried)


def _check_points(points: Mapping[str, float], carried: float) -> None:
    for name, number in {**points, "carried": carried}.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
            raise SymcnnError(f"the points of {name} are {number!r}: give a non-negative number")


class _Sheet:
    """The answers to one problem."""

    def __init__(self, problem: Problem, answers: Mapping[str, tuple[Written | None, ...]]) -> None:
        self._problem, self._answers = problem, answers
        self._verdicts: dict[Symbol, Verdict] = {}

    def figures(self) -> Iterator[Figure]:
        """Mark every figure that is asked for or given."""
        for name in self._names:
            tensor = self._problem.quantities.shape(name)
            written = self._answers.get(name, (None,) * int(tensor.size))
            expected = self._problem.quantity(name)
            rows = zip(tensor.positions(), written, expected, strict=True)
            yield from self._named(name, tensor, [self._figure(name, tensor, *row) for row in rows])

    def _named(self, name: str, tensor: Tensor, figures: list[Figure]) -> Iterator[Figure]:
        """Name the mistakes behind the wrong figures of one quantity."""
        wrong = [f for f in figures if f.verdict == "wrong" and f.answer is not None]
        pairs = [(tensor.symbol(f.position), f.answer) for f in wrong if f.answer is not None]
        found = dict(zip((f.position for f in wrong), self._naming.named(name, pairs), strict=True))
        return (replace(f, mistakes=found.get(f.position, ())) for f in figures)

    def _figure(
        self,
        name: str,
        tensor: Tensor,
        position: tuple[int, ...],
        answer: Written | None,
        expected: Expr,
    ) -> Figure:
        formula = self._formula(name, tensor, position, expected)
        due = self._carried.due(formula)
        verdict = self._verdict(answer, expected, formula)
        return Figure(name, position, answer, expected, due, formula, verdict)

    def _verdict(self, answer: Written | None, expected: Expr, formula: Expr) -> Verdict:
        if answer is None:
            return "missing"
        if rounds_to(expected, answer):
            return "right"
        if not agrees(self._carried.due(formula), answer):
            return "wrong"
        sources = self._carried.sources(formula)
        return "right" if all(self._is_right(s) for s in sources) else "follows"

    def _is_right(self, symbol: Symbol) -> bool:
        """Tell whether the figure of an entry is right."""
        if symbol not in self._verdicts:
            expected, formula = self._problem.point.value(symbol), self._carried.formula(symbol)
            assert formula is not None, "what is given has no figure"
            self._verdicts[symbol] = self._verdict(self._figures[symbol], expected, formula)
        return self._verdicts[symbol] == "right"

    def _formula(
        self, name: str, tensor: Tensor, position: tuple[int, ...], expected: Expr
    ) -> Expr:
        """Return how a figure is computed from the stages before it."""
        symbol = tensor.symbol(position)
        if " after " in name:
            return expected
        if name.startswith(_UPDATED):
            slope = self._problem.derivation.adjoints[tensor.name].symbol(position)
            return symbol - self._problem.learning_rate * slope
        if tensor.role == "selector":
            return self._problem.derivation.entries.scalar(tensor[position])
        formula = self._carried.formula(symbol)
        return symbol if formula is None else formula

    @cached_property
    def _carried(self) -> Carried:
        return Carried(self._problem.derivation, self._problem.point, self._figures)

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self._problem, self._carried)

    @cached_property
    def _figures(self) -> dict[Symbol, Written]:
        """The figures by the symbols of their entries, but for updated weights."""
        found = dict[Symbol, Written]()
        for name, written in self._answers.items():
            tensor = self._problem.quantities.shape(name)
            if name.removeprefix(GRADIENT) not in self._problem.network.tensors or tensor.is_given:
                continue  # an updated weight, a routing, or a number that is given
            pairs = zip(tensor.positions(), written, strict=True)
            found |= {tensor.symbol(p): w for p, w in pairs if w is not None}
        return found

    @property
    def _names(self) -> list[str]:
        """The quantities that are asked for or answered, in the order of computation."""
        return sorted({*asked(self._problem), *self._answers}, key=_order_of(self._problem))


def asked(problem: Problem) -> list[str]:
    """Return the quantities that a problem asks for.

    They are all outputs but those that only reindex entries, the loss, the derivatives with respect
    to these outputs and to the parameters, and the updated parameters.
    """
    network, adjoints = problem.network, problem.derivation.adjoints
    outputs = [stage.output.name for stage in network.stages if not _copies(stage)]
    learned = [tensor.name for tensor in network.parameters]
    slopes = [f"{GRADIENT}{name}" for name in (*outputs, *learned) if name in adjoints]
    updated = [f"{_UPDATED}{name}" for name in learned if problem.learning_rate is not None]
    return [*outputs, "loss", *slopes, *updated]


def _copies(stage: Stage) -> bool:
    """Tell whether a layer only reindexes entries, so that there is nothing to compute."""
    return len(stage.equations) == 1 and is_copy(stage.equations[0])


def _order_of(problem: Problem) -> Any:
    """Return what sorts quantities: forward, then backward from the loss, then updated."""
    places = {tensor.name: n for n, tensor in enumerate(problem.network.tensors.values())}
    learned = {tensor.name for tensor in problem.network.parameters}

    def place(name: str) -> tuple[int, bool, int, str]:
        if name.startswith(GRADIENT):
            of = name.removeprefix(GRADIENT)
            return 1, of in learned, -places.get(of, 0), name
        if name.startswith(_UPDATED):
            return 2, False, places[name.removeprefix(_UPDATED)], name
        return 0, False, places.get(name.removeprefix("routing of "), len(places)), name

    return place
