"""Figures besides the quantities of marking: winners, margins, and what a step does to the loss.

A winner is a number too, of which every entry of its window that wins is a binary digit:

    winner    sum over k of 2^k [t_k wins]
    margin    the largest number less the second largest one
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sympy import Add, Expr, Symbol

from symcnn import limits
from symcnn.classroom.arithmetic.recording import margin
from symcnn.derivation import Routing
from symcnn.document.bindings import Lead, Order, Winner
from symcnn.equations import Max
from symcnn.equations.functions import Iverson, maximum
from symcnn.problems import Problem

Way = tuple[str, Expr]
"""A mistake, by its name, and the formula that it follows."""


_WINS = (
    "The winner is the largest entry of the window; if several are equal, it is the first of them "
    "in row-major order.",
    "The winner is the largest entry of the window; if several are equal, all of them win.",
)
_ORDER = "Compute both sides and compare them."
_BY = "The margin is the larger side minus the smaller one."
_LEAD = "The margin is the largest entry of the window minus the second largest."
_SQUARES = "Square the derivatives with respect to all parameters, and add up the squares."
_FORETOLD = (
    "To first order, a step changes the loss by minus the learning rate times the sum of the "
    "squared derivatives."
)


@dataclass(frozen=True)
class Extra:
    """A figure that is marked as those of quantities are.

    Attributes:
        of: What its boxes are for.
        symbol: What stands for it in other formulas.
        group: What it is a figure of: mistakes are mostly made in a whole group.
        name: What it is called.
        formula: How it is computed.
        value: The true value.
        rule: How it is found, in words.
        terms: The entries of the window that it is of.
        letters: What can be written into its box, if that is no number: the window's entries.
        places: Where these stand in the routing of the maxima, whose name comes first.
        ways: How it can be computed wrongly.
    """

    of: Expr
    symbol: Symbol
    group: str
    name: str
    formula: Expr
    value: Expr
    rule: str
    terms: tuple[Expr, ...] = ()
    letters: tuple[str, ...] = ()
    places: tuple[str, tuple[int, ...]] = ("", ())
    ways: Sequence[Way] = field(default=())


class Extras:
    """Finds the figures that boxes are for besides quantities."""

    def __init__(self, problem: Problem, name: Callable[[Expr], str]) -> None:
        """Take the problem, and what prints its entries."""
        self._problem, self._name = problem, name
        self._routings = {r.source.target.base: r for r in problem.derivation.routings}

    def of(self, boxes: Iterable[Expr]) -> list[Extra]:
        """Return them group by group."""
        every = [*dict.fromkeys(boxes)]
        found = dict[Expr, Extra]()
        for extra in (*(e for box in every for e in self._one(box)), *self._step(every)):
            found.setdefault(extra.of, extra)
        groups = [*dict.fromkeys(extra.group for extra in found.values())]
        return sorted(found.values(), key=lambda extra: groups.index(extra.group))

    def _one(self, box: Expr) -> Iterator[Extra]:
        """Yield what one box is for, of a winner the margin of the same window as well."""
        if isinstance(box, Winner):
            yield from self._window(box)
        elif isinstance(box, Order):
            yield from self._comparison(*box.args)

    def _comparison(self, one: Expr, other: Expr) -> Iterator[Extra]:
        """Yield the sign of a comparison, and by how much it holds."""
        names, number = f"{self._name(one)} and {self._name(other)}", self._problem.point.value
        sign, lead = Iverson(one < other) + 2 * Iverson(one >= other), margin([one, other])
        yield Extra(
            of=Order(one, other),
            symbol=Symbol(f"order of {one}, {other}"),
            group="comparisons",
            name=f"order of {names}",
            formula=sign,
            value=number(sign),
            rule=_ORDER,
            terms=(one, other),
            letters=("<", ">"),
        )
        yield Extra(
            of=Lead(one, other),
            symbol=Symbol(f"margin of {one}, {other}"),
            group="margins of comparisons",
            name=f"margin of {names}",
            formula=lead,
            value=number(lead),
            rule=_BY,
            terms=(one, other),
        )

    def _window(self, box: Winner) -> Iterator[Extra]:
        if len(box.args) - 1 > limits.PRACTICE_WINDOW:
            return
        window, *terms = box.args
        name, number = self._name(window), self._problem.point.value
        tensor, position = self._problem.derivation.entries.locate(window)
        routing = self._routings[tensor.base]
        won, lead = winner(routing, terms), margin(terms)
        yield Extra(
            of=box,
            symbol=Symbol(f"winner of {window.name}"),
            group=f"winners of {tensor.name}",
            name=f"winner of {name}",
            formula=won,
            value=number(won),
            rule=_WINS[_shares(routing)],
            terms=tuple(terms),
            letters=tuple(map(self._name, terms)),
            places=(routing.tensor.name, tuple(self._places(routing, position))),
            ways=tuple(self._other_winners(routing, position)),
        )
        if len(terms) > 1:
            yield Extra(
                of=Lead(*terms),
                symbol=Symbol(f"margin of {window.name}"),
                group=f"margins of {tensor.name}",
                name=f"margin of {name}",
                formula=lead,
                value=number(lead),
                rule=_LEAD,
                terms=tuple(terms),
            )

    def _places(self, routing: Routing, position: tuple[int, ...]) -> Iterator[int]:
        """Run over the places of a window's entries in its routing, without those outside."""
        tensor, entries = routing.tensor, self._problem.derivation.entries
        for place, at in enumerate(tensor.positions()):
            if at[: len(position)] == position and entries.scalar(tensor[at]) != 0:
                yield place

    def _other_winners(self, routing: Routing, position: tuple[int, ...]) -> Iterator[Way]:
        """Take the winners of one index, such as a channel, for all values of that index."""
        entries, target = self._problem.derivation.entries, routing.source.target
        tensor = self._problem.derivation.tensors[target.base]
        for axis, size in enumerate(tensor.shape):
            for number in range(int(size)) if size > 1 else ():
                at = (*position[:axis], number, *position[axis + 1 :])
                terms = entries.terms(routing.source, tensor, at)
                yield "winners taken from another channel", winner(routing, terms)

    def _step(self, boxes: Sequence[Expr]) -> Iterator[Extra]:
        """Yield the sum of the squared derivatives, and the loss that it predicts."""
        derivation, rate = self._problem.derivation, self._problem.learning_rate
        if rate is None:
            return
        adjoints = (derivation.adjoints.get(t.name) for t in derivation.network.parameters)
        slopes = [a.symbol(p) for a in adjoints if a is not None for p in a.positions()]
        squares, loss = Add(*(s**2 for s in slopes)), derivation.network.loss_tensor.symbol((0,))
        predicted = loss - rate * squares
        sum_ = Symbol("sum of squares") if squares in boxes else squares
        number = self._problem.point.value
        if squares in boxes and slopes:
            name = "sum of the squared derivatives"
            yield Extra(squares, sum_, name, name, squares, number(squares), _SQUARES)
        if predicted in boxes and slopes:
            name = "loss predicted to first order"
            yield Extra(
                of=predicted,
                symbol=Symbol("loss predicted"),
                group=name,
                name=name,
                formula=loss - rate * sum_,
                value=number(predicted),
                rule=_FORETOLD,
                ways=(
                    ("sign of the step", loss + rate * sum_),
                    ("learning rate forgotten", loss - sum_),
                    ("only the change given", -rate * sum_),
                ),
            )


def winner(routing: Routing, terms: Sequence[Expr]) -> Expr:
    """Return the sum of 2^k over the terms that win: the first largest, or all that are."""
    shared = _shares(routing)
    before, behind = _maxima(terms), _maxima(terms[::-1])[::-1]
    brackets = []
    for k, term in enumerate(terms):
        conditions = []
        if k:
            conditions.append(term >= before[k - 1] if shared else before[k - 1] < term)
        if k + 1 < len(terms):
            conditions.append(term >= behind[k + 1])
        brackets.append(2**k * Iverson(*conditions))
    return Add(*brackets)


def _shares(routing: Routing) -> bool:
    """Tell whether all of several largest entries win."""
    assert isinstance(routing.source.reduction, Max)
    return routing.source.reduction.ties == "split"


def _maxima(terms: Sequence[Expr]) -> list[Expr]:
    """Return the largest of the first, of the first two, of the first three, ..."""
    found = [*terms[:1]]
    for term in terms[1:]:
        found.append(maximum(found[-1], term))
    return found
