"""The sheet of one student: a verdict for every figure, with errors carried forward.

The verdict on one figure, from the true value and from what the figures before it lead to.

    repeats a given number    right only if the true value agrees with it, to its own last digit
                              too, or what follows, whatever the figures stand for if none is short
    has all digits            right if the true value agrees, or a number that follows from right
                              figures, whatever they stand for
    is short                  right if the true value agrees, or the number that follows from right
                              figures exactly as they are written; else imprecise, if the true
                              value rounds to it, or a number that follows: from short figures,
                              exactly as they are written
    is truncated              imprecise, or as good

What follows from figures that are not all right "follows"; a short figure that follows from an
imprecise one is imprecise itself, with an error carried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sympy import Expr, Symbol

from symcnn.classroom.marking.answers import Answers
from symcnn.classroom.marking.asked import AFTER_A_STEP, Scheme, order_of
from symcnn.classroom.marking.catalogue import Catalogue
from symcnn.classroom.marking.digits import REPEATED, TRUNCATED
from symcnn.classroom.marking.follow import AsWritten, Carried, agrees, given_in, rounds_to
from symcnn.classroom.marking.intervals.interval import Interval, number
from symcnn.classroom.marking.intervals.written import Unread, Written
from symcnn.classroom.marking.marking import Figure, Marking, Verdict
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.naming import (
    Cause,
    Concealed,
    Concealing,
    Naming,
)
from symcnn.classroom.marking.precision import Precision
from symcnn.equations import Tensor
from symcnn.problems import Problem


class Sheet:
    """The answers to one problem."""

    def __init__(
        self, problem: Problem, answers: Answers, scheme: Scheme, catalogue: Catalogue | None = None
    ) -> None:
        """Take the answers, what is asked for, and what sheets of one problem have in common."""
        self._catalogue = catalogue or Catalogue(problem)
        self._problem, self._answers, self._scheme = problem, answers, scheme
        self._judgements: dict[Symbol, Judgement] = {}

    def marked(self) -> Marking:
        """Mark every figure that is asked for or given."""
        figures = tuple(self._every())
        return Marking(self._problem, figures, self._scheme, tuple(self._concealed(figures)))

    def _every(self) -> Iterator[Figure]:
        for name in self._names:
            tensor = self._problem.quantities.shape(name)
            written = self._answers.get(name, (None,) * int(tensor.size))
            expected = self._problem.quantity(name)
            rows = zip(tensor.positions(), written, expected, strict=True)
            yield from self._named(name, tensor, [self._figure(name, tensor, *row) for row in rows])

    def _concealed(self, figures: Iterable[Figure]) -> Iterator[Concealed]:
        """Run over what the figures of quantities conceal that are wrong."""
        concealing = Concealing(self._catalogue, self._carried)
        for name in dict.fromkeys(f.quantity for f in figures if f.verdict == "wrong"):
            tensor = self._tensor(name, self._problem.quantities.shape(name))
            if tensor.role != "selector" and " after " not in name:
                for mistake in concealing.mistakes(map(tensor.symbol, tensor.positions())):
                    yield Concealed(name, mistake)

    def _named(self, name: str, tensor: Tensor, figures: list[Figure]) -> Iterator[Figure]:
        """Name the mistakes behind the wrong figures of one quantity."""
        tensor = self._tensor(name, tensor)
        wrong, others = dict[Symbol, Written](), dict[Symbol, Written]()
        for figure in figures:
            if figure.answer is not None:
                of = wrong if figure.verdict == "wrong" else others
                of[tensor.symbol(figure.position)] = figure.answer
        if not wrong or tensor.role == "selector":
            return iter(figures)
        found = self._naming.causes([*wrong.items()], [*others.items()])
        causes = dict(zip(wrong, found, strict=True))
        return (self._with_causes(f, causes, tensor.symbol(f.position)) for f in figures)

    def _with_causes(
        self, figure: Figure, causes: Mapping[Symbol, tuple[Cause, ...]], symbol: Symbol
    ) -> Figure:
        """Return a figure with what yields it; if it is wrong, a given number may."""
        if symbol not in causes:
            return figure
        found = causes[symbol]
        if all(cause.mistake.is_last_resort for cause in found):
            found = self._repeated(figure, symbol) or found
        return replace(figure, causes=found)

    def _repeated(self, figure: Figure, symbol: Symbol) -> tuple[Cause, ...]:
        if self._scheme.precision.digits is None or figure.answer is None:
            return ()
        formula = self._carried.original(figure.formula)
        given = given_in(self._catalogue.formulas, formula, figure.answer)
        return () if given is None else (Cause(REPEATED, symbol, given),)

    def _tensor(self, name: str, tensor: Tensor) -> Tensor:
        return self._catalogue.formulas.of(name, tensor)

    def _figure(
        self,
        name: str,
        tensor: Tensor,
        position: tuple[int, ...],
        answer: Written | Unread | None,
        expected: Expr,
    ) -> Figure:
        formula = self._formula(name, tensor, position, expected)
        empty = Figure(
            name, position, None, expected, self._carried.due(formula), formula, "missing"
        )
        if answer is None:
            return empty
        if isinstance(answer, Unread):
            return replace(empty, verdict="unread", unread=answer)
        verdict, is_carried, mistake = self._judge.judgement(answer, expected, formula)
        symbol = self._tensor(name, tensor).symbol(position)
        causes = (Cause(mistake, symbol, formula),) if verdict == "imprecise" and mistake else ()
        return replace(empty, answer=answer, verdict=verdict, causes=causes, is_carried=is_carried)

    def _verdicts(self, formula: Expr) -> set[Verdict]:
        """Return the verdicts on the figures that a formula depends on."""
        return {self._verdict(symbol) for symbol in self._carried.sources(formula)}

    def _verdict(self, symbol: Symbol) -> Verdict:
        if symbol not in self._judgements:
            shown, formula = self._catalogue.formulas.shown(symbol), self._carried.formula(symbol)
            expected = self._problem.point.value(shown)
            assert formula is not None, "what is given has no figure"
            found = self._judge.judgement(self._figures[symbol], expected, formula)
            self._judgements[symbol] = found
        return self._judgements[symbol].verdict

    def _formula(
        self, name: str, tensor: Tensor, position: tuple[int, ...], expected: Expr
    ) -> Expr:
        """Return how a figure is computed from the stages before it."""
        symbol = self._tensor(name, tensor).symbol(position)
        if " after " in name and name != AFTER_A_STEP:
            return expected
        if tensor.role == "selector":
            return self._problem.derivation.entries.scalar(tensor[position])
        formula = self._carried.formula(symbol)
        return symbol if formula is None else formula

    @cached_property
    def _carried(self) -> Carried:
        return Carried(self._catalogue.formulas, self._figures)

    @cached_property
    def _as_written(self) -> AsWritten:
        return AsWritten(self._catalogue.formulas, self._figures)

    @cached_property
    def _judge(self) -> Judge:
        precision = self._scheme.precision
        return Judge(precision, self._carried, self._as_written, self._verdicts)

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self._catalogue, self._carried, self._as_written, self._scheme.precision)

    @cached_property
    def _figures(self) -> dict[Symbol, Written]:
        found = dict[Symbol, Written]()
        for name, written in self._answers.items():
            tensor = self._tensor(name, self._problem.quantities.shape(name))
            if tensor.role == "selector" or " after " in name:
                continue  # a routing, or what is reached after many steps
            for position, answer in zip(tensor.positions(), written, strict=True):
                symbol = tensor.symbol(position)
                is_computed = self._catalogue.formulas.formula(symbol) is not None
                if isinstance(answer, Written) and is_computed:
                    found[symbol] = answer
        return found

    @property
    def _names(self) -> list[str]:
        """The quantities that are asked for or answered, in the order of computation."""
        return sorted({*self._scheme.quantities, *self._answers}, key=order_of(self._problem))


class Judgement(NamedTuple):
    """A verdict.

    Attributes:
        verdict: The verdict.
        is_carried: Whether the figure agrees with the figures before it alone, not all right.
        mistake: What is wrong with its digits, if that is known.
    """

    verdict: Verdict
    is_carried: bool = False
    mistake: Mistake | None = None


_RIGHT, _WRONG = Judgement("right"), Judgement("wrong")
_FOLLOWS = Judgement("follows", is_carried=True)


@dataclass(frozen=True, eq=False)
class Judge:
    """Gives verdicts on the figures of one sheet.

    Attributes:
        precision: How near figures have to be.
        carried: What follows from the figures.
        as_written: What follows from them exactly as they are written.
        verdicts: Gives the verdicts on the figures that a formula depends on.
    """

    precision: Precision
    carried: Carried
    as_written: AsWritten
    verdicts: Callable[[Expr], Collection[Verdict]]

    def judgement(self, written: Written, expected: Expr, formula: Expr) -> Judgement:
        """Return the verdict on a figure that has a true value and a formula."""
        if self.precision.digits is None:
            return self._by_own_digits(written, expected, formula)
        true, formula = number(expected), self.carried.original(formula)
        if given_in(self.carried.formulas, formula, written):
            return self._repeated(written, true, formula)
        if self.precision.agrees(true, written) or self._is_cut(written, true, accepted=True):
            return _RIGHT
        if self._follows(written, formula):
            return self._carried_on(written, true, formula)
        return self._imprecise(written, true, formula)

    def _by_own_digits(self, written: Written, expected: Expr, formula: Expr) -> Judgement:
        if rounds_to(expected, written):
            return _RIGHT
        if not agrees(self.carried.due(formula), written):
            return _WRONG
        return _RIGHT if self._are_right(formula) else _FOLLOWS

    def _repeated(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        if self.precision.repeats(true, written):
            return _RIGHT
        follows = self.precision.repeats(self.as_written.due(formula), written)
        if not follows and not self.precision.is_short(written):
            stands = self.precision.may_stand_for(self.carried.due(formula), written)
            follows = stands and not self._has_short_sources(formula)
        found = self._carried_on(written, true, formula) if follows else _WRONG
        return found if found.verdict in ("right", "follows") else _WRONG

    def _has_short_sources(self, formula: Expr) -> bool:
        """Tell whether a figure that a formula depends on has too few digits."""
        sources = (self.carried.figures[symbol] for symbol in self.carried.sources(formula))
        return any(map(self.precision.is_short, sources))

    def _follows(self, written: Written, formula: Expr) -> bool:
        if self.precision.agrees(self.as_written.due(formula), written):
            return True
        due = self.carried.due(formula)
        if self.precision.is_short(written):
            return False
        agreeing = self.precision.may_stand_for(due, written)
        return agreeing or self._is_cut(written, due, accepted=True)

    def _is_cut(self, written: Written, numbers: Interval | None, *, accepted: bool) -> bool:
        """Tell whether a figure has all digits, the others cut off, where that is accepted."""
        if accepted != self.precision.accepts_truncation or self.precision.is_short(written):
            return False
        return self.precision.is_truncated(numbers, written)

    def _imprecise(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        is_short = self.precision.is_short(written)
        for numbers, is_true in ((true, True), (self._due(written, formula), False)):
            carried = not is_true and not self._are_right(formula)
            if is_short and self.precision.rounds_short(numbers, written):
                return Judgement("imprecise", carried)
            if self._is_cut(written, numbers, accepted=False):
                return Judgement("imprecise", carried, TRUNCATED)
        return _WRONG

    def _due(self, written: Written, formula: Expr) -> Interval | None:
        """Return what follows; from short figures, a short one has to follow exactly."""
        exactly = self.precision.is_short(written) and self._has_short_sources(formula)
        return (self.as_written if exactly else self.carried).due(formula)

    def _carried_on(self, written: Written, true: Interval, formula: Expr) -> Judgement:
        """Return the verdict on what follows; what is short from imprecise figures is imprecise."""
        if self._are_right(formula):
            return _RIGHT
        if not self.precision.is_short(written) or "imprecise" not in self.verdicts(formula):
            return _FOLLOWS
        return Judgement("imprecise", not self.precision.rounds_short(true, written))

    def _are_right(self, formula: Expr) -> bool:
        return all(verdict == "right" for verdict in self.verdicts(formula))
