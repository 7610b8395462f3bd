"""The page that follows its numbers: one file of HTML, with no server and nothing to fetch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from html import escape
from pathlib import Path

from symcnn import limits
from symcnn.classroom.arithmetic import scripts
from symcnn.classroom.correction import correction
from symcnn.classroom.interactive.deciding import decisions, tied
from symcnn.classroom.interactive.facts import Names, data
from symcnn.classroom.interactive.points import Place, Survey
from symcnn.classroom.interactive.text import Conditions, elements, merged
from symcnn.document.bindings import Bindings
from symcnn.document.blocks import Block
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.explanation.worked_out import Asked, examples, worked_out
from symcnn.document.outline import SECTIONS, Detail
from symcnn.document.pages.writers.html import Scripted, page_of, typed_numbers
from symcnn.document.style import Style
from symcnn.errors import NotFiniteError, TooLargeError
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
