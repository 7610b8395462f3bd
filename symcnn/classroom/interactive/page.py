"""The page that follows its numbers: one file of HTML, with no server and nothing to fetch.

Numbers in other regions: where another entry wins, or a comparison has turned.

Every border is met exactly. As a function of one given number g alone, what is 0 at a border is
affine as long as no layer bends it, so that  g - d(g) (g' - g) / (d(g') - d(g))  is on the border,
and a little beyond it is the region behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from html import escape
from itertools import chain, islice
from pathlib import Path
from random import Random

from sympy import Expr, Rational

from symcnn import limits
from symcnn.classroom.arithmetic import scripts
from symcnn.classroom.explain import correction
from symcnn.classroom.interactive.facts import Decision, Names, State, data, decisions, tied
from symcnn.classroom.interactive.text import Conditions, elements, merged
from symcnn.document.bindings import Bindings
from symcnn.document.blocks import Block
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.explanation.worked_out import Asked, examples, worked_out
from symcnn.document.outline import SECTIONS, Detail
from symcnn.document.pages.writers.html import Scripted, page_of, typed_numbers
from symcnn.document.style import Style
from symcnn.errors import NotFiniteError, SymcnnError, TooLargeError
from symcnn.problems import Problem, check_problem
from symcnn.programs.backends.javascript.module import functions
from symcnn.programs.plans.plan import plan_of
from symcnn.writing.printing.manner import DecimalMark

_HERE = Path(__file__).parent

_OWN = frozenset({"check", "reconciliation"})
"""The sections that are about the original numbers alone."""


def page(problem: Problem, style: Style) -> str:
    """Return the page of a problem whose given numbers can be changed.

    Args:
        problem: The network with its numbers.
        style: How numbers and indices are printed, and at which level of detail.

    Raises:
        TooLargeError: If the network is too large for a script that writes every entry out.
    """
    _check_size(problem)
    bindings = Bindings()
    deciding = decisions(problem.derivation)
    surveyed = Survey(problem, deciding).places(_most(problem))
    places, documents = _documents(surveyed, style, bindings)
    for decision in deciding:
        for expression in decision.expressions:
            bindings.key(expression)
    states = [(*place.state, tied(deciding, place.state)) for place in places]
    found = Conditions(deciding, states, list(bindings.keys))
    links, text = elements(merged(documents), found)
    facts = data(
        problem, style, bindings, deciding, found.known, states, Names(problem.derivation, style)
    )
    made = Scripted(_read("interactive.css"), facts, "data", script(), _read("panel.html"))
    return page_of(problem.title, links, text, made.head, made.end)


def _check_size(problem: Problem) -> None:
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    terms = plan_of(problem.derivation).terms
    if entries > limits.INTERACTIVE_ENTRIES or terms > limits.SCALAR_TERMS:
        raise TooLargeError(
            f"the network has {entries:,} entries and {terms:,} terms, more than the "
            f"{limits.INTERACTIVE_ENTRIES:,} and {limits.SCALAR_TERMS:,} of an interactive page: "
            "use a smaller image or network, or the page without --interactive"
        )


def _most(problem: Problem) -> int:
    """Return in how many regions documents are made: fewer where each takes longer."""
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    return max(4, min(limits.REGIONS, 1_500 // entries))


def _documents(
    places: Sequence[Place], style: Style, bindings: Bindings
) -> tuple[list[Place], list[tuple[Block, ...]]]:
    """Return the blocks of a document at every place, with the same entries worked out.

    Places without a document are left out: at some, derivatives are not finite.
    """
    first = Numbers(places[0].problem)
    scope = examples(first)
    names = style.sections or tuple(name for name in SECTIONS if name != "second-order")
    elsewhere = replace(style, sections=tuple(name for name in names if name not in _OWN))
    correct = partial(correction, first.problem, style)
    opening = worked_out(first, Asked(style, scope, bindings=bindings, correct=correct))
    kept, documents = [places[0]], [opening.blocks]
    for place in places[1:]:
        tried = Bindings(dict(bindings.keys))
        try:
            correct = partial(correction, place.problem, elsewhere)
            asked = Asked(elsewhere, scope, bindings=tried, correct=correct)
            made = worked_out(Numbers(place.problem), asked)
        except NotFiniteError:
            continue
        bindings.keys.update(tried.keys)
        kept.append(place)
        documents.append(made.blocks)
    return kept, documents


def arithmetic() -> str:
    """Return what numbers of a page are computed and printed with, as JavaScript."""
    helpers = "\n".join(functions()[name] for name in _HELPERS)
    returned = f"return {{ {', '.join(_HELPERS)} }};"
    found = f"const helpers = (() => {{\n{helpers}\n{returned}\n}})();\n"
    numbers = scripts("fraction", "steps", "real")
    return "\n".join([found, typed_numbers(), numbers, _read("script/numerals.js")])


@cache
def script() -> str:
    """Return the script of pages, whose names are its own."""
    body = "\n".join([arithmetic(), *(_read(f"script/{name}.js") for name in _AFTER)])
    return f'(() => {{\n"use strict";\n{body}}})();\n'


_HELPERS = ("bell", "erf", "normalCdf", "scaledErfc", "sigmoid", "softplus")
"""The functions of modules of JavaScript that the arithmetic of pages calls, with theirs."""

_AFTER = (
    "drawing",
    "evaluation",
    "relations",
    "columns",
    "conditions",
    "numbers",
    "curve",
    "lights",
    "way",
    "effect",
    "steps",
    "folding",
    "controls",
    "main",
)
"""The files of the script, in the order in which they stand."""


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Page:
    """A page whose numbers can be changed; Jupyter shows it where the notebook is trusted.

    Attributes:
        title: Its title.
        html: The whole page, which needs nothing else.
    """

    title: str
    html: str

    def __repr__(self) -> str:
        """Name the page."""
        return f"<Page {self.title!r}>"

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, from which nothing reaches the notebook."""
        style = "width:100%;height:640px;border:1px solid #888"
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" title="{escape(self.title)}" '
            f'style="{style}" srcdoc="{escape(self.html)}"></iframe>'
        )


def interactive_page(
    problem: Problem,
    *,
    detail: Detail = "standard",
    sections: Sequence[str] = (),
    digits: int = Style.digits,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    letters: Mapping[str, str] | None = None,
) -> Page:
    """Return the derivation as a page on which every given number can be changed.

    All figures, winners and relations follow; where another entry of a window wins, the page
    shows what was derived and checked for such numbers. Options are those of ``explain``.

    Args:
        problem: The network with its numbers.
        detail: The level of detail: "brief", "standard" or "full".
        sections: The sections to write; by default all of them.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis: 1, or 0 as in Python.
        decimal: The decimal mark of numbers, a point or a comma.
        letters: Letters of tensors in formulas, by name: {"conv1.weight": "K"}.

    Raises:
        TooLargeError: If the network is too large for a script that writes every entry out.
        SymcnnError: If an option is invalid.
    """
    check_problem(problem)
    style = Style(digits, index_base, decimal, detail or Style.detail, tuple(sections))
    named = problem.with_letters(letters) if letters else problem
    return Page(named.title, page(named, style))


Givens = Mapping[str, tuple[Expr, ...]]
"""The numbers of all given tensors."""

_FURTHER = (Rational(101, 100), Rational(5, 4), Rational(2))
"""How far behind a border a region is looked for, as a part of the way to it."""

_WAYS = 4
"""How many given numbers are tried to reach a border."""

_BORDERS = 60
"""How many places behind borders and on them are looked at."""

_DRAWS = 60
"""How many random numbers are tried to find combinations of winners."""

_FINEST = 10**4
"""Random numbers have at most four decimals, as people write them."""


@dataclass(frozen=True)
class Place:
    """A problem at some numbers, and how everything is decided there."""

    problem: Problem
    state: State


def _covering(start: Place, found: list[Place], most: int) -> list[Place]:
    """Choose the places in which most decisions fall as they have not before, one by one."""
    seen, chosen, left = set(enumerate(start.state)), list[Place](), list(found)
    while left and len(chosen) < most:
        best = max(left, key=lambda place: len({*enumerate(place.state)} - seen))
        left.remove(best)
        chosen.append(best)
        seen |= {*enumerate(best.state)}
    return chosen


class Survey:
    """Finds numbers of a problem in as many regions as there is room for."""

    def __init__(self, problem: Problem, decisions: Sequence[Decision], seed: int = 0) -> None:
        """Begin at the problem's own numbers."""
        self._decisions, self._random = decisions, Random(seed)
        self._origin = problem
        self.start = self._at(problem.values)
        assert self.start is not None

    def places(self, most: int) -> list[Place]:
        """Return places: the problem's numbers, others close by, behind and on borders, anywhere.

        The first is there twice: what only its own document says is told by the second.
        """
        assert self.start is not None
        near = [place for place in map(self._at, self._near(2)) if place is not None]
        alike = [place for place in near if place.state == self.start.state]
        found: dict[State, Place] = {}
        for place in chain(islice(self._behind(), _BORDERS), self._anywhere()):
            found.setdefault(place.state, place)
        found.pop(self.start.state, None)
        chosen = _covering(self.start, list(found.values()), most - 2 - len(alike))
        return [self.start, self.start, *alike, *chosen]

    def _at(self, values: Givens) -> Place | None:
        """Return the problem at other numbers; None where it takes none such or has no value."""
        try:
            problem = self._origin.with_values(values)
            return Place(problem, self._state(problem))
        except (SymcnnError, ArithmeticError):
            return None

    def _state(self, problem: Problem) -> State:
        value = Numbers(problem).value
        return tuple(decision.state(value) for decision in self._decisions)

    def _near(self, count: int) -> Iterator[Givens]:
        """Run over numbers a few per cent from the problem's."""
        return (self._moved(Rational(self._random.randint(5, 30), 1000)) for _ in range(count))

    def _anywhere(self) -> Iterator[Place]:
        """Run over places at random, near and far."""
        for draw in range(_DRAWS):
            place = self._at(self._moved(Rational(1 + draw % 6, 4)))
            if place is not None:
                yield place

    def _moved(self, by: Expr) -> Givens:
        """Return all numbers moved at random, by a part of the largest of their tensor."""

        def moved(numbers: tuple[Expr, ...]) -> tuple[Expr, ...]:
            span = max((abs(number) for number in numbers), default=1) * by * _FINEST
            steps = [self._random.randint(-int(span), int(span)) for _ in numbers]
            return tuple(
                n + Rational(step, _FINEST) for n, step in zip(numbers, steps, strict=True)
            )

        values = self._origin.values
        return {**values, **{name: moved(values[name]) for name in self._free}}

    def _behind(self) -> Iterator[Place]:
        """Run over places behind every border, and on it, each reached by one given number."""
        for decision in self._decisions:
            for border in decision.borders:
                yield from self._beyond(border)

    def _beyond(self, border: Expr) -> Iterator[Place]:
        """Run over the places behind one border, and on it, by the shortest way."""
        ways = sorted(islice(self._ways(border), _WAYS), key=lambda way: abs(way[2]))
        for name, entry, step in ways:
            crossed = [self._at(self._stepped(name, entry, step * far)) for far in _FURTHER]
            behind = next((p for p in crossed if p and self._differs(p)), None)
            if behind is None:
                continue
            yield behind
            on = self._at(self._stepped(name, entry, step))
            if on is not None:
                yield on
            return

    def _differs(self, place: Place) -> bool:
        assert self.start is not None
        return place.state != self.start.state

    def _ways(self, border: Expr) -> Iterator[tuple[str, int, Expr]]:
        """Run over given numbers, and by how much each is moved to the border."""
        start, step = self._origin.point.value(border), Rational(1, 1000)
        sizes = {name: len(self._origin.values[name]) for name in self._free}
        places = [(name, entry) for name, size in sizes.items() for entry in range(size)]
        self._random.shuffle(places)
        for name, entry in places:
            there = self._origin.with_values(self._stepped(name, entry, step))
            slope = (there.point.value(border) - start) / step
            if slope != 0 and slope.is_Rational and start.is_Rational:
                yield name, entry, -start / slope

    @cached_property
    def _free(self) -> list[str]:
        """The tensors whose numbers may be any: a target may have to be a distribution."""
        tensors, indices = self._origin.network.tensors, self._origin.network.indexing
        names = self._origin.values
        return [n for n in names if tensors[n].role != "target" and n not in indices]

    def _stepped(self, name: str, entry: int, step: Expr) -> Givens:
        numbers = list(self._origin.values[name])
        numbers[entry] += step
        return {**self._origin.values, name: tuple(numbers)}
