"""The questions of a sheet: for every quantity a figure and a formula, where mistakes are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from random import Random

from symcnn.classroom.filled_in.fields import code_of
from symcnn.classroom.marking import mark
from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.catalogue import Catalogue
from symcnn.classroom.marking.marking import Figure
from symcnn.classroom.marking.pages.worked import Numbers, Worked
from symcnn.classroom.worksheets.choices.choosing import (
    Candidate,
    Candidates,
    Choosing,
    Printed,
    is_likely,
)
from symcnn.classroom.worksheets.choices.question import Kind, Option, Question
from symcnn.classroom.worksheets.wrong import tensor_of
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import Inline, Text
from symcnn.document.style import Style
from symcnn.errors import SymcnnError
from symcnn.problems import Problem
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import decimal
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.summands import summands

_KINDS: tuple[Kind, ...] = ("formula", "figure")

_TRIED = 4
"""The entries of a quantity of which one is taken."""

_TERMS = 6
"""A formula with more terms is no option: it is not read."""


def questions(problem: Problem, quantities: Sequence[str], style: Style) -> list[Question]:
    """Return the questions to a problem with its numbers, which alone they follow from.

    Raises:
        SymcnnError: If there are no mistakes that could be told apart.
    """
    made = _Questions(problem, quantities, style)
    found = list(made.all())
    if not found:
        raise SymcnnError(
            "no quantity has two mistakes that give other figures than the right one: use a larger "
            "network, or a sheet with boxes"
        )
    return list(_in_order(found, Random(f"{code_of(problem)}, order")))


@dataclass(frozen=True)
class _Ways:
    """A figure, and the right and the wrong ways to it."""

    figure: Figure
    right: Candidate | None
    wrong: Sequence[Candidate]


class _Questions:
    def __init__(self, problem: Problem, quantities: Sequence[str], style: Style) -> None:
        marking = mark(problem, {}, quantities=quantities)
        self._problem = problem
        self._style, self._figures = style, marking.figures
        self._quantities, self._worked = quantities, Worked(marking, style)
        self._catalogue = Catalogue(problem)
        self._candidates = Candidates(self._catalogue, Numbers(problem, ()))
        self._random = Random(f"{code_of(problem)}, options")
        self._choosing = Choosing(self._candidates, self._random)
        self._lettered = _lettered(problem)

    def all(self) -> Iterator[Question]:
        """Run over the questions: on a formula and on a figure, of two entries if there are."""
        for quantity in self._quantities:
            own = [figure for figure in self._figures if figure.quantity == quantity]
            tried = [*map(self._ways, self._random.sample(own, min(len(own), _TRIED)))]
            for kind in _KINDS:
                found = self._first(tried, kind)
                if found is not None:
                    yield found
                    tried.sort(key=lambda ways: ways.figure.position == found.position)

    def _ways(self, figure: Figure) -> _Ways:
        tensor = tensor_of(self._catalogue.formulas, figure.quantity)
        symbol = tensor.symbol(figure.position)
        right = self._candidates.right(symbol)
        wrong = [] if right is None else self._candidates.wrong(tensor, symbol, right)
        return _Ways(figure, right, wrong)

    def _fitting(self, ways: _Ways, kind: Kind) -> _Ways:
        """Return the same with the wrong ways that can be options."""
        right = ways.right
        if right is None:
            return ways
        fits = self._is_read if kind == "formula" else partial(is_likely, right)
        return replace(ways, wrong=[*filter(fits, ways.wrong)])

    def _is_read(self, one: Candidate) -> bool:
        """Tell whether a formula is short, and its letters are those of the table of layers."""
        entries = self._problem.derivation.entries
        places = map(entries.where, one.formula.free_symbols)
        known = all(place is not None and place[0].name in self._lettered for place in places)
        return known and len(summands(one.formula)) <= _TERMS

    def _first(self, tried: Sequence[_Ways], kind: Kind) -> Question | None:
        """Return a question on the entry for which most mistakes are known, of those the first."""
        fitting = [self._fitting(ways, kind) for ways in tried]
        for ways in sorted(fitting, key=lambda ways: -len(ways.wrong)):
            made = self._question(ways, kind)
            if made is not None:
                return made
        return None

    def _question(self, ways: _Ways, kind: Kind) -> Question | None:
        figure, right = ways.figure, ways.right
        letter = self._worked.letter(figure)
        if right is None or letter is None or not self._is_asked(right, figure, kind):
            return None
        line = self._line(right, kind)
        options = self._choosing(right, ways.wrong, kind, line)
        if options is None:
            return None
        every = [right, *options]
        printed = self._printed(every, kind)
        if len({text(tree) for tree in printed}) < len(printed):
            return None
        self._choosing.keep(right, options, kind, line)
        made = (Option(o.formula, p, o.mistakes) for o, p in zip(every, printed, strict=True))
        return Question(
            kind, figure.quantity, figure.position, self._text(figure, kind), tuple(made)
        )

    def _text(self, figure: Figure, kind: Kind) -> Text:
        """Return what is asked: Which number is z_11, an entry of conv1?"""
        asked = "Which number is " if kind == "figure" else "Which formula gives "
        letter = self._worked.letter(figure)
        assert letter is not None, "it is asked for"
        return asked, Inline(letter), *self._said(figure), "?"

    def _said(self, figure: Figure) -> Text:
        """Say what an entry is, unless its letter says it."""
        name = figure.quantity
        of = self._problem.network.tensors.get(name.removeprefix(GRADIENT))
        if name.startswith(UPDATED):
            return (", the parameter after one step of gradient descent",)
        if name.startswith(GRADIENT) and of is not None:
            if of.role == "parameter":
                return (f", a derivative with respect to {of.name}",)
            entry = self._worked.context.printed(of.symbol(figure.position))
            return ", the derivative of the loss with respect to ", Inline(entry)
        if name == "loss":
            return (", the loss",)
        is_one = self._problem.quantities.shape(name).size == 1
        return (f", {'the output' if is_one else 'an entry of the output'} of {name}",)

    def _is_asked(self, right: Candidate, figure: Figure, kind: Kind) -> bool:
        """Tell whether there is something to ask for: no copy is, and no formula that is said."""
        is_updated = figure.quantity.startswith(UPDATED)
        if is_updated and not self._problem.optimizer.is_plain:
            return False  # its letter would be all of its rule
        if kind == "figure":
            return bool(right.value)
        return not is_updated and not right.formula.is_Symbol and self._is_read(right)

    def _line(self, right: Candidate, kind: Kind) -> Printed:
        """Return what writes an option on one line, to compare it with others."""
        if kind == "formula":
            return lambda one: text(self._formula(one))
        places = _rounded_places(right.value, self._style.digits)
        return lambda one: _fixed(one.value, places)

    def _printed(self, options: Sequence[Candidate], kind: Kind) -> list[Formula]:
        if kind == "formula":
            return [self._formula(option) for option in options]
        written = _number_texts(options, self._style.digits)
        return [decimal(number, self._style.decimal) for number in written]

    def _formula(self, option: Candidate) -> Formula:
        formula = self._catalogue.formulas.shown(option.formula)
        partials = {s: p for s in formula.free_symbols if (p := self._worked.partial(s))}
        context = self._worked.context
        if not partials:
            return context.printed(formula)
        return MathPrinter(partials, context.manner).tree(formula)


def _lettered(problem: Problem) -> frozenset[str]:
    """Return the names of tensors whose letters a sheet gives: what is given, and outputs.

    What a layer computes on the way, such as a mean, has a letter in its own formulas alone.
    """
    network, adjoints = problem.network, problem.derivation.adjoints
    outputs = [network.loss_tensor, *(stage.output for stage in network.stages)]
    names = [tensor.name for tensor in (*network.given, *outputs)]
    return frozenset((*names, *(adjoints[name].name for name in names if name in adjoints)))


def _in_order(found: Sequence[Question], random: Random) -> Iterator[Question]:
    """Run over questions with options in a drawn order, the right ones at all places alike."""
    places = dict[int, list[int]]()
    for count in {len(question.options) for question in found}:
        own = sum(len(question.options) == count for question in found)
        whole = [*range(count)] * (own // count) + random.sample(range(count), own % count)
        random.shuffle(whole)
        places[count] = whole
    for question in found:
        right, *wrong = question.options
        random.shuffle(wrong)
        wrong.insert(places[len(question.options)].pop(), right)
        yield replace(question, options=tuple(wrong))


_MOST_PLACES = 6
"""Exact decimals with more places are rounded, with all others."""


def _number_texts(options: Sequence[Candidate], digits: int) -> list[str]:
    """Return numbers with as many places as each other.

    Args:
        options: The options, the right one first.
        digits: The significant digits that the right one has, unless all are short decimals.
    """
    exact = [_exact_places(option) for option in options]
    known = [places for places in exact if places is not None]
    whole = len(known) == len(options)
    places = max(known) if whole else _rounded_places(options[0].value, digits)
    return [_fixed(option.value, places) for option in options]


def _exact_places(option: Candidate) -> int | None:
    """Return the decimal places of an exact number that has few."""
    fitting = (n for n in range(_MOST_PLACES + 1) if (option.value * 10**n).denominator == 1)
    return next(fitting, None) if option.is_exact else None


def _rounded_places(value: Fraction, digits: int) -> int:
    """Return the decimal places with which a number has so many significant digits."""
    adjusted = (Decimal(value.numerator) / value.denominator).adjusted() if value else 0
    return max(digits - 1 - adjusted, 0)


def _fixed(value: Fraction, places: int) -> str:
    """Return a number with some decimal places; a half is rounded to an even digit."""
    return f"{Decimal(round(value * 10**places)).scaleb(-places):.{places}f}"
