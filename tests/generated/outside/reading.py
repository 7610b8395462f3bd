r"""Goes through a document, and keeps the sentences that belong to each of its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from tests.generated.outside import prose
from tests.generated.outside.figures import NUMBER
from tests.generated.outside.paper import Known, Paper, Stated
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

_SLASHED = re.compile(r"\\partial L / \\partial (.*)", re.DOTALL)
_NODE = re.compile(r"\\node\[[^\]]*\] at \((-?[\d.]+),(-?[\d.]+)\) \{\$(.*?)\$\};")
_FIGURE = re.compile(rf"(?:\\approx )?{NUMBER.pattern}")
_SIGNAL = re.compile(r"\\delta\\, ")
"""The error signal under a value, which is the name of no other one."""

_SHAPED = re.compile(r"\$([^$]*)\$: \$([^$]*)\$")
_OPENING = re.compile(
    r"inputs? \$([^$]*)\$ of shape \$([^$]*)\$ .*? to the loss \$([^$]*)\$"
    r"(?:, given the (\w+) \$([^$]*)\$)?\.",
    re.DOTALL,
)

_UNDER = 15.5
"""How far under its name, in points, a number stands."""

_SAME = 0.15
"""How far apart, in points, rounded distances are that are equal."""


def judged(
    tex: str, known: Known, digits: int = 6, base: int = 1, kind: Callable[..., float] = float
) -> Paper:
    """Read a document from its first line to its last, and return what is wrong in it."""
    paper = Paper(known, digits, base, kind)
    _Reading(paper).all(pieces(tex))
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
        self.after_row = False

    def all(self, found: Iterator[Piece]) -> None:
        for piece in found:
            _STEPS[type(piece)](self, piece)
        self.flush()
        for picture in self.pictures:
            self.labelled(picture)
        for entries in self.entries:
            self.paper.matrices(entries)

    def heading(self, piece: Heading) -> None:
        self.flush()
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
        if r"\begin{array}" in piece.text:
            self.entries.append(piece.text)
        paper = self.paper
        if found := _OPENING.search(piece.text):
            self.opening(*found.groups())
        if self.within:
            places = prose.places(piece.text)
            paper.places |= {n: p for n, p in places.items() if n[0] not in paper.arrays}
        paper.shared |= {*prose.shared_in_parts(piece.text)}
        for letter, number in prose.constants(piece.text).items():
            paper.constant(letter, number)
        paper.rate = prose.learning_rate(piece.text) or paper.rate

    def row(self, piece: Row) -> None:
        if self.within:
            self.waiting.append(piece)
            return
        self.flush(keep=True)
        self.paper.row(Stated(piece, self.text, ""))
        self.after_row = True

    def flush(self, keep: bool = False) -> None:
        for row in self.waiting:
            self.paper.row(Stated(row, self.text, self.theorem))
        self.waiting = []

    def picture(self, piece: Picture) -> None:
        """Keep a picture until all letters are known."""
        self.flush()
        self.pictures.append(piece)

    def labelled(self, piece: Picture) -> None:
        """Check every number that stands under the name of an entry."""
        nodes = [(float(x), float(y), text) for x, y, text in _NODE.findall(piece.text)]
        figures = [(x, y, text) for x, y, text in nodes if _FIGURE.fullmatch(text)]
        for x, y, figure in figures:
            names = [(y - v, text) for u, v, text in nodes if u == x and 0 < y - v < _UNDER]
            if names and not _FIGURE.fullmatch(min(names)[1]) and not _SIGNAL.match(min(names)[1]):
                under, name = min(names)
                if any(u == x and abs(y - 2 * under - v) < _SAME for u, v, _ in nodes):
                    continue  # a column of cells: what stands below a name is another cell
                partial = _SLASHED.fullmatch(name)
                self.paper.number_of(
                    figure, partial[1] if partial else name, "slope" if partial else "value"
                )

    def table(self, piece: Table) -> None:
        self.flush()
        {
            "Tensor": self.given,
            "Symbol": self.symbols,
            "Layer": self.layers,
            "Weight": self.weights,
            "Entry": self.checked,
            **dict.fromkeys(("Row", "Vector", "Row or vector", "Vector or row"), self.listed),
        }.get(piece.head[0], self.other)(piece)

    def given(self, table: Table) -> None:
        for letter, name, *_ in table.rows:
            self.paper.python[letter.strip("$")] = unescaped(name)

    def opening(self, x: str, shape: str, loss: str, name: str | None, given: str | None) -> None:
        """Take the letters of what goes in and comes out."""
        self.paper.define(*_shaped(x, shape), "x")
        self.paper.define(_shaped(loss, "")[0], (1,), "loss")
        if name is not None and given is not None:
            target = self.paper.known.values[name]
            self.paper.define(_shaped(given, "")[0], np.shape(target), name)

    def layers(self, table: Table) -> None:
        """Take the letters of each layer's output and parameters, if they stand here."""
        if table.head[2] != "Output":
            return
        for layer, _, output, parameters in table.rows:
            name = unescaped(layer)
            own = [name, *(known for known in self.paper.known.values if _of(name, known))]
            made = [_shaped(*one) for one in _SHAPED.findall(output + parameters)]
            new = [one for one in made if one[0] not in self.paper.arrays]
            for (letter, shape), known in zip(new, own, strict=True):
                self.paper.define(letter, shape, known)

    def symbols(self, table: Table) -> None:
        for symbol, *python, shape, what in table.rows:
            letter, sizes = _shaped(symbol.strip("$"), shape)
            output = re.fullmatch(r"the output of (\S+)", unescaped(what))
            named = unescaped(python[0]) if python else self.paper.python.get(letter)
            name = named or (output[1] if output else None)
            self.paper.define(letter, sizes, "loss" if what == "the loss" else name)

    def weights(self, table: Table) -> None:
        for weight, value, slope, *updated in table.rows:
            entry = weight.strip("$")
            self.paper.number_of(value.strip("$"), entry, "value")
            self.paper.number_of(slope.strip("$"), entry, "slope")
            if updated and self.paper.rate is not None:
                self.paper.moved(updated[0].strip("$"), entry, self.paper.rate)

    def listed(self, table: Table) -> None:
        """Check rows of numbers, each behind its name and the sign that holds for all of them."""
        for name, entries in table.rows:
            left, relation = re.fullmatch(r"\$(.*?)\s*(=|\\approx)\s*\$", name).groups()
            numbers = [Side(relation, text.strip()) for text in re.findall(r"\$(.*?)\$", entries)]
            if self.paper.arrays:
                self.paper.matrix(left, numbers)

    def checked(self, table: Table) -> None:
        pass

    def other(self, table: Table) -> None:
        for cells in table.rows:
            for cell in cells:
                if self.paper.arrays:
                    self.paper.formulas(cell)


def _of(layer: str, name: str) -> bool:
    return name.rpartition(".")[0] == layer


def _shaped(symbol: str, shape: str) -> tuple[str, tuple[int, ...]]:
    """Return the letter of z_{ij}, and the sizes of 2 x 3."""
    letter = re.sub(r"_\{[a-z, ]*\}$", "", symbol.strip())
    return letter, tuple(int(n) for n in re.findall(r"\d+", shape))


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
