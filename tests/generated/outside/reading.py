r"""Goes through a document, and keeps the sentences that belong to each of its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from tests.document.readers.arrays import NOTATION
from tests.generated.outside import prose
from tests.generated.outside.figures import FIGURE, figure
from tests.generated.outside.learned import check_insights
from tests.generated.outside.letters import axes_of, shaped
from tests.generated.outside.listings import (
    check_formulas,
    check_matrices,
    check_matrix,
    check_number,
)
from tests.generated.outside.paper import Known, Paper
from tests.generated.outside.rows import UNTRUE, Stated, check_entry, check_row, check_step
from tests.generated.outside.sentences import check_effect, check_functions, check_losses
from tests.generated.outside.source import (
    Heading,
    Picture,
    Piece,
    Prose,
    Row,
    Side,
    Table,
    Theorem,
    pieces,
)
from tests.generated.outside.told import check_question, check_trial
from tests.generated.outside.unlimited import indices_of

_SLASHED = re.compile(r"\\partial L / \\partial (.*)", re.DOTALL)
_NODE = re.compile(r"\\node\[[^\]]*\] at \((-?[\d.]+),(-?[\d.]+)\) \{\$(.*?)\$\};")
_MATRICES = re.compile(
    r"\{\\raggedright\\leftskip=\\mathindent\\small(?:\\clubpenalty=0 \\widowpenalty=0)?"
    r"\\arraycolsep(.*?)\\par\}",
    re.DOTALL,
)
_SIGNAL = re.compile(r"\\delta\\, ")
"""The error signal under a value, which is the name of no other one."""

_SHAPED = re.compile(r"\$([^$]*)\$:[ ~]\$([^$]*)\$")
_ASKS = "How does one "
_TOLD = {"Try it": check_trial, "What we have learned": check_insights}
"""Sections of sentences alone, each of which says something of numbers."""

_ENTRY = re.compile(r".*_\{[\d,]+\}")
"""The name of an entry, wherever it stands in a picture."""

_UNDER = 15.5
"""How far under its name, in points, a number stands."""

_SAME = 0.15
"""How far apart, in points, rounded distances are that are equal."""


def judged(
    tex: str, known: Known, digits: int = 4, base: int = 1, kind: Callable[..., float] = float
) -> Paper:
    """Read a document from its first line to its last, and return what is wrong in it."""
    paper = Paper(known, digits, base, kind)
    _Reading(paper).all([*pieces(tex)])
    paper.end()
    return paper


class _Reading:
    """Goes through the pieces of a document, and keeps the sentences that belong together."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.text, self.theorem, self.within = "", "", False
        self.waiting: list[Row] = []
        self.pictures: list[Picture] = []
        self.entries: list[str] = []
        self.told: list[tuple[Callable[[Paper, str], None], str]] = []
        self.section = ""
        self.after_row = False
        self.last = Row("", ())
        self.counts: tuple[int, int] | None = None
        """How many layers and parameters there are, if that is said."""

    def all(self, found: Sequence[Piece]) -> None:
        for piece in found:  # this may be said after the rows that it is true of
            if isinstance(piece, Prose):
                self.paper.shared |= {*prose.shared_in_parts(piece.text)}
                self.paper.pads = self.paper.pads or prose.says_what_is_outside(piece.text)
                for letter, number in prose.constants(piece.text).items():
                    self.paper.constant(letter, number)
        for piece in found:
            self.attempt(partial(_STEPS[type(piece)], self), piece)
        self.flush()
        for picture in self.pictures:
            self.attempt(self.labelled, picture)
        for entries in self.entries:
            self.attempt(partial(check_matrices, self.paper), entries)
        for check, text in self.told:
            self.attempt(partial(check, self.paper), text)

    def attempt(self, step: Callable[[Any], None], piece: Piece | str) -> None:
        """Take a step, and note what cannot be read."""
        try:
            step(piece)
        except UNTRUE as error:
            self.paper.faults.append(f"{error!r} in {piece!r:.300}")

    def heading(self, piece: Heading) -> None:
        self.flush()
        self.section = piece.text
        self.text, self.theorem = "", ""

    def statement(self, piece: Theorem) -> None:
        if piece.title is not None:
            self.flush()
            self.text, self.theorem, self.within, self.after_row = "", piece.title, True, False
            return
        self.within = False
        if self.text.rstrip().endswith(":"):  # it says itself for which indices it holds
            self.flush()
            self.text, self.theorem = "", ""

    def prose(self, piece: Prose) -> None:
        if self.after_row and not self.within:
            self.flush()
            self.text, self.theorem = "", ""
        self.after_row = False
        self.text += piece.text
        self.entries += _MATRICES.findall(piece.text)
        self.tellings(piece.text)
        paper = self.paper
        if found := prose.opening(piece.text):
            self.opening(found)
        if (said := prose.digits(piece.text)) not in (None, paper.digits):
            paper.faults.append(f"figures are said to be rounded to {said} digits")
        if self.within:
            places = prose.places(piece.text)
            paper.places |= {n: p for n, p in places.items() if n[0] not in paper.arrays}
        for letter, number in prose.constants(piece.text).items():
            paper.constant(letter, number)
        paper.rate = prose.learning_rate(piece.text) or paper.rate
        self.counts = prose.counts(piece.text) or self.counts
        check_functions(paper, piece.text)
        check_effect(paper, piece.text)

    def tellings(self, text: str) -> None:
        """Keep what is told of numbers until all letters are known."""
        for passage in (" ".join(part.split()) for part in re.split(r"\n\s*\n", text)):
            if passage and self.section in _TOLD:
                self.told.append((_TOLD[self.section], passage))
            elif passage.startswith(_ASKS):
                self.told.append((check_question, passage))

    def row(self, piece: Row) -> None:
        if any(NOTATION.search(side.text) for side in piece.sides):
            return  # readers.arrays reads whole arrays
        if self.within:
            self.waiting.append(piece)
            return
        self.flush(keep=True)
        if self.after_row and piece.left == self.last.left and not piece.over:
            piece = piece._replace(over=self.last.over)  # the same entries once more
        check_row(self.paper, Stated(piece, self.text, ""))
        self.after_row, self.last = True, piece

    def flush(self, keep: bool = False) -> None:
        for letter in [*self.paper.written]:
            for indices in indices_of(letter, self.waiting):
                self.paper.widen(letter, indices)
        for row in self.waiting:
            check_row(self.paper, Stated(row, self.text, self.theorem, tuple(self.waiting)))
        self.waiting = []

    def picture(self, piece: Picture) -> None:
        """Keep a picture until all letters are known."""
        self.flush()
        self.pictures.append(piece)

    def labelled(self, piece: Picture) -> None:
        """Check every number that stands under the name of an entry."""
        nodes = [(float(x), float(y), text) for x, y, text in _NODE.findall(piece.text)]
        for x, y, text in nodes:
            above = sorted((y - v, name) for u, v, name in nodes if u == x and v < y)
            if _ENTRY.fullmatch(text) and self.paper.holder(text):
                check_entry(self.paper, text)
            if signal := _SIGNAL.match(text):
                self.signal(text[signal.end() :].removeprefix("= "), above)
            elif FIGURE.fullmatch(text) and above and above[0][0] < _UNDER:
                under, name = above[0]
                if not _is_name(name) or any(abs(2 * under - v) < _SAME for v, _ in above):
                    continue  # a column of cells: what stands below a name is another cell
                slope = _SLASHED.fullmatch(name)
                named = slope[1] if slope else name
                check_number(self.paper, text, named, "slope" if slope else "value")

    def signal(self, text: str, above: list[tuple[float, str]]) -> None:
        """Check an error signal that stands under a value, which stands under its name."""
        name = next((name for v, name in above if v < 2 * _UNDER and _is_name(name)), None)
        if name is not None:
            check_number(self.paper, text, name, "slope")

    def table(self, piece: Table) -> None:
        self.flush()
        {
            "Tensor": self.given,
            "Symbol": self.symbols,
            "Layer": self.layers,
            "Weight": self.weights,
            "Parameter": self.weights,
            "Entry": self.checked,
            **dict.fromkeys(("Row", "Vector", "Row or vector", "Vector or row"), self.listed),
        }.get(piece.head[0], self.other)(piece)

    def given(self, table: Table) -> None:
        for letter, name, *_ in table.rows:
            self.paper.python[letter.strip("$")] = unescaped(name)

    def opening(self, said: prose.Opening) -> None:
        """Take the letters of what goes in and comes out."""
        paper = self.paper
        paper.define(*shaped(said.x, said.shape), "x")
        self.introduce([(said.x, said.shape)])
        paper.define(shaped(said.loss, "")[0], (1,), "loss")
        paper.computed.append(said.loss)
        for name, letter in said.given.items():
            known = name if name in paper.known.values else f"loss.{name}"
            numbers = paper.known.values[known]
            paper.define(shaped(letter, "")[0], np.shape(numbers), known)

    def introduce(self, symbols: Iterable[tuple[str, str]]) -> None:
        """Keep with which indices, of how many values each, tensors are introduced."""
        for symbol, shape in symbols:
            letter, _ = shaped(symbol, shape)
            self.paper.axes[letter] = axes_of(symbol, shape)

    def layers(self, table: Table) -> None:
        """Take the letters of each layer's output and parameters, if they stand here."""
        if table.head[2] != "Output":
            return
        self.paper.defines, learned = True, 0
        for layer, _, output, parameters in table.rows:
            name = unescaped(layer)
            own = [name, *(known for known in self.paper.known.values if _of(name, known))]
            introduced = _SHAPED.findall(output + parameters)
            made = [shaped(*one) for one in introduced]
            self.introduce(introduced)
            new = [one for one in made if one[0] not in self.paper.arrays]
            for (letter, shape), known in zip(new, own, strict=True):
                self.paper.define(letter, shape, known)
            self.paper.computed.append(made[0][0])
            own, _, _ = parameters.partition("; given")
            shapes = (shaped(*one) for one in _SHAPED.findall(own))
            learned += sum(prod(shape) for letter, shape in shapes if (letter, shape) in new)
        if self.counts not in (None, (len(table.rows), learned)):
            self.paper.faults.append(f"{self.counts} layers and parameters are not counted right")

    def symbols(self, table: Table) -> None:
        self.paper.defines = False  # what stands in no table is not known
        for symbol, *python, shape, what in table.rows:
            letter, sizes = shaped(symbol.strip("$"), shape)
            self.introduce([(symbol.strip("$"), shape)])
            output = re.fullmatch(r"the output of (\S+)", unescaped(what))
            named = unescaped(python[0]) if python else self.paper.python.get(letter)
            name = named or (output[1] if output else None)
            self.paper.define(letter, sizes, "loss" if what == "the loss" else name)

    def weights(self, table: Table) -> None:
        for weight, value, slope, *updated in table.rows:
            entry = weight.strip("$")
            check_number(self.paper, value.strip("$"), entry, "value")
            check_number(self.paper, slope.strip("$"), entry, "slope")
            if updated:
                check_step(self.paper, entry, [figure(updated[0].strip("$"))])

    def listed(self, table: Table) -> None:
        """Check rows of numbers, each behind its name and the sign that holds for all of them."""
        for name, entries in table.rows:
            left, relation = re.fullmatch(r"\$(.*?)\s*(=|\\approx)\s*\$", name).groups()
            numbers = [Side(relation, text.strip()) for text in re.findall(r"\$(.*?)\$", entries)]
            if self.paper.arrays:
                check_matrix(self.paper, left, numbers)

    def checked(self, table: Table) -> None:
        pass

    def other(self, table: Table) -> None:
        if table.head == ("Quantity", "Value"):
            check_losses(self.paper, {what: number.strip("$") for what, number in table.rows})
            return
        for cells in table.rows:
            for cell in cells:
                if self.paper.arrays:
                    check_formulas(self.paper, cell)


def _is_name(text: str) -> bool:
    """Tell a name from a figure, or an error signal."""
    return not (FIGURE.fullmatch(text) or _SIGNAL.match(text))


def _of(layer: str, name: str) -> bool:
    return name.rpartition(".")[0] == layer


def unescaped(text: str) -> str:
    return text.replace("\\_", "_")


_STEPS = {
    Heading: _Reading.heading,
    Theorem: _Reading.statement,
    Prose: _Reading.prose,
    Picture: _Reading.picture,
    Row: _Reading.row,
    Table: _Reading.table,
}
