"""A worksheet: sheets, keys and questions of one network, in as many variants as a class needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import fsum
from pathlib import Path
from typing import Any

from symcnn import limits
from symcnn.classroom.explain import explain
from symcnn.classroom.marking.formats.csv import VARIANT, column, table
from symcnn.classroom.marking.pages.worked import letter_of
from symcnn.classroom.spreadsheets import spreadsheet
from symcnn.classroom.worksheets.demands import Named
from symcnn.classroom.worksheets.figures import KeyFigure, key_figures
from symcnn.classroom.worksheets.folder import (
    KEYS,
    Callback,
    Part,
    asked_at,
    known_at,
    made_together,
    sections_at,
    shown_at,
    variant_file,
)
from symcnn.classroom.worksheets.page import SheetPage, quiz
from symcnn.classroom.worksheets.variants import Request, check_size, filled
from symcnn.document.document import Document
from symcnn.document.outline import LEVELS, Level
from symcnn.document.pages.dialects import Math
from symcnn.document.pages.writers import Files
from symcnn.document.rows.points import Listed, Points
from symcnn.errors import SymcnnError, check_choice, expect, shown
from symcnn.network.network import Network
from symcnn.problems import Accuracy, Problem, Worth
from symcnn.problems.load import Unfilled, load_network
from symcnn.problems.write import problem_file
from symcnn.writing.printing.manner import DecimalMark, check_printed


@dataclass(frozen=True)
class Worksheet:
    """The variants of a worksheet.

    Attributes:
        variants: The variants, in order.
        alike: The mistakes of the catalogue that give the same figures, whatever the numbers or
            at those of some variant: a quantity and two names, of which "" is no mistake.
    """

    variants: tuple[Variant, ...]
    alike: frozenset[Named]

    def keys_csv(self) -> str:
        """Return all keys as a table: a row for each variant, a column for each figure."""
        columns = [column(f.quantity, f.position) for f in self.variants[0].figures]
        rows: list[list[str | float]] = [[VARIANT, *columns]]
        for variant in self.variants:
            rows.append([variant.number, *(figure.text for figure in variant.figures)])
        return table(rows)

    def moodle(self) -> str:
        """Return all questions as one file for Moodle's import, in a category of their own."""
        return quiz([variant.question for variant in self.variants], self.title)

    @property
    def title(self) -> str:
        """The title of the network."""
        return self.variants[0].problem.title.rpartition(", variant ")[0]

    def files(
        self, formats: tuple[str, ...], callback: Callback | None = None, math: Math = "github"
    ) -> Files:
        """Return all files by their names: sheets and keys in some formats, and the rest.

        Args:
            formats: The formats, such as "pdf" and "xlsx".
            callback: Called with the number of variants whose files are made, and that of all.
            math: The kind of Markdown: see ``Document.to_markdown``.
        """
        variants = [partial(self._parts, variant, formats, math) for variant in self.variants]
        of_variants = made_together(variants, callback)
        return {**of_variants, KEYS: self.keys_csv(), "questions.xml": self.moodle()}

    def _parts(
        self, variant: Variant, formats: tuple[str, ...], math: Math
    ) -> Iterator[tuple[str, Part]]:
        """Run over what makes the files of a variant, each with its format."""
        number = f"{variant.number:0{len(str(len(self.variants)))}d}"
        yield "toml", lambda: {variant_file(number): problem_file(variant.problem)}
        yield "xml", lambda: {f"question-{number}.xml": quiz([variant.question])}
        for format in formats:
            yield from ((format, part) for part in variant.parts(format, number, math))

    def __repr__(self) -> str:
        """Say how many variants there are, and what they ask for."""
        figures = len(self.variants[0].figures)
        return f"<Worksheet {self.title!r}: {len(self.variants)} variants of {figures} figures>"


def worksheet(
    network: Network | Problem | str | Path,
    variants: int = 1,
    seed: int = 0,
    *,
    level: Level = "full",
    digits: int | None = None,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    learning_rate: Any = None,
    title: str = "",
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    callback: Callback | None = None,
) -> Worksheet:
    """Fill a network with friendly numbers, and return sheets to be worked by hand.

    Given numbers are decimals with one digit, or two. Of the figures that follow, none is 0 and no
    two derivatives are equal by accident, that is at these numbers but not close to them; maxima
    have a winner that leads clearly, activations are not saturated, and a mistake of the
    catalogue that changes a figure at all changes it visibly. Variants have the same numbers of
    digits and of zeros. The same seed gives the same numbers.

    Args:
        network: A network, a problem, or the name of a problem file, in which the numbers of
            input, parameters and target may be missing; those that are there are replaced.
        variants: The number of variants.
        seed: What the numbers follow from.
        level: What the sheets ask for: "convolution", the outputs up to that of the first layer
            with weights; "forward", all outputs and the loss; "last-layer", also the derivatives
            with respect to the weights of the last layer; "full", everything, and the updated
            weights if there is a learning rate.
        digits: The significant digits that are asked for, to which figures that are not exact are
            rounded, from 3 to 8; by default those that the problem states, or four.
        index_base: The index of the first entry of an axis, 1 or 0.
        decimal: The decimal mark of the sheets, a point or a comma.
        learning_rate: The learning rate, unless the problem states one.
        title: The title of the sheets, unless the problem states one.
        quantities: The names of the quantities that earn points, of those of the level; by default
            those that the problem states, or all. The others are filled in too.
        points: The points of a quantity by its name, shared equally by its figures; by default
            those that the problem states, or one for every figure.
        callback: Called with the number of variants that are found, and that of all.

    Raises:
        TooLargeError: If the network is too large to be worked by hand.
        SymcnnError: If a setting is invalid, or no such numbers are found.

    >>> import symcnn as sc
    >>> net = sc.Network((4, 1), [sc.Conv1D(1, 2, bias=False)], sc.SumOfOutputs())
    >>> made = sc.worksheet(net, variants=2, seed=7, level="convolution")
    >>> made
    <Worksheet 'A convolutional network': 2 variants of 3 figures>
    >>> key = {"conv1": [figure.text for figure in made.variants[0].figures]}
    >>> sc.mark(made.variants[0].problem, key, quantities=["conv1"])
    <Marking: 3 of 3 points>
    """
    check_choice("level", level, LEVELS, f"one of {', '.join(LEVELS)}")
    _check_count("variants", variants, 1, limits.WORKSHEET_VARIANTS)
    _check_count("seed", seed, 0, limits.WHOLE_NUMBER)
    if digits is not None:
        _check_count("digits", digits, 3, 8)
    given = _unfilled(network)
    check_size(given.network)
    answers = _asked(given, digits)
    worth = _worth(given, quantities, points)
    style = Style(level, answers.digits, index_base, decimal)
    check_printed(index_base, answers.digits, decimal)
    heading = {"learning_rate": learning_rate, **({"title": title} if title else {})}
    given = given._replace(heading={**heading, **given.heading, "answers": answers, "worth": worth})
    named = (*(quantities or ()), *(points or ()))
    made = filled(given, Request(level, variants, seed, answers.digits, named), callback)
    numbered = enumerate(made.problems, start=1)
    return Worksheet(tuple(Variant(n, problem, style) for n, problem in numbered), made.alike)


def _asked(given: Unfilled, digits: int | None) -> Accuracy:
    """Return how exact the answers have to be: as the problem states, but for the digits."""
    stated = given.heading.get("answers")
    if digits is None:
        digits = stated.digits if stated is not None else Style.digits
        _check_count("[answers] digits", digits, 3, 8)
    return replace(stated or Accuracy(), digits=digits)


def _worth(
    given: Unfilled, quantities: Sequence[str] | None, points: Mapping[str, float] | None
) -> Worth:
    """Return what is asked for and earns points: as the problem states, unless told otherwise."""
    stated = given.heading.get("worth") or Worth()
    own = Worth(quantities, points or {})  # type: ignore[arg-type]
    if own.quantities is None:
        return replace(stated, points={**stated.points, **own.points})
    kept = {name: p for name, p in stated.points.items() if name in own.quantities}
    return replace(stated, quantities=own.quantities, points={**kept, **own.points})


def _unfilled(network: Any) -> Unfilled:
    if isinstance(network, str | Path):
        return load_network(network)
    if isinstance(network, Problem):
        names = [t.name for t in network.network.given if t.role == "given"]
        heading = {"title": network.title, "learning_rate": network.learning_rate}
        if not network.optimizer.is_plain:
            heading["optimizer"] = network.optimizer
        if network.answers != Accuracy():
            heading["answers"] = network.answers
        if network.worth != Worth():
            heading["worth"] = network.worth
        return Unfilled(network.network, heading, {n: network.values[n] for n in names})
    expect(network, Network, "the network", "give a Network, a Problem or the name of a file")
    network.check_numbers()
    for tensor in network.given:
        if tensor.role == "given":
            raise SymcnnError(
                f"{tensor.name} is given in addition to input, parameters and target: give a "
                "Problem with its numbers"
            )
    return Unfilled(network, {}, {})


def _check_count(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SymcnnError(f"{name} is {shown(value)}: give a whole number from {least} to {most}")


WORKBOOK = "xlsx"
"""The format of sheets that is no document."""


@dataclass(frozen=True)
class Style:
    """How sheets are written.

    Attributes:
        level: What they ask for.
        digits: The significant digits to which students round.
        index_base: The index of the first entry of an axis.
        decimal: The decimal mark.
    """

    level: Level = "full"
    digits: int = 4
    index_base: int = 1
    decimal: DecimalMark = "."


@dataclass(frozen=True)
class Variant:
    """One sheet with its key.

    Attributes:
        number: Its number, from 1.
        problem: The problem with its numbers, which ``mark`` takes.
        style: How it is written.
    """

    number: int
    problem: Problem
    style: Style

    @cached_property
    def quantities(self) -> list[str]:
        """The quantities that are asked for, in the order of computation."""
        return asked_at(self.problem, self.style.level)

    @cached_property
    def figures(self) -> list[KeyFigure]:
        """The figures of the key."""
        return key_figures(self.problem, self.quantities, self.style.digits)

    @cached_property
    def key(self) -> Document:
        """The solution, below the points of quantities if these are to be listed."""
        solution = self._solution
        return replace(solution, blocks=(*self._points.table(), *solution.blocks))

    @cached_property
    def _points(self) -> Points:
        """The points of the sheet, listed where not every figure of its level has one."""
        total = fsum(figure.points for figure in self.figures)
        own = known_at(self.problem, self.style.level)
        if own == self.quantities and not self.problem.worth.points:
            return Points(total)
        listed = map(self._listed, self.quantities)
        return Points(total, tuple(listed), has_others=own != self.quantities)

    def _listed(self, name: str) -> Listed:
        own = [figure.points for figure in self.figures if figure.quantity == name]
        return Listed(name, letter_of(self.problem, name), len(own), fsum(own))

    @cached_property
    def _solution(self) -> Document:
        return explain(
            self.problem,
            detail="brief",
            sections=sections_at(self.style.level),
            quantities=shown_at(self.problem, self.style.level),
            digits=self.style.digits,
            index_base=self.style.index_base,
            decimal=self.style.decimal,
        )

    @cached_property
    def sheet(self) -> Document:
        """The student's version: the solution with boxes in place of its figures.

        It has a point for every figure that is marked, in however many boxes it stands.
        """
        return self._solution.with_blanks(self._points)

    def files(self, format: str, number: str) -> Files:
        """Return the sheet and the key in a format: as documents, or as workbooks."""
        return {name: text for part in self.parts(format, number) for name, text in part().items()}

    def parts(self, format: str, number: str, math: Math = "github") -> Sequence[Part]:
        """Return what makes them, each by itself."""
        sheet, key = f"sheet-{number}", f"key-{number}"
        if format == WORKBOOK:
            return [partial(self._workbooks, sheet, key)]
        return [
            partial(self.sheet.files, format, sheet, math),
            partial(self.key.files, format, key, math),
        ]

    def _workbooks(self, sheet: str, key: str) -> Files:
        workbook = spreadsheet(self.problem)
        shown = {*shown_at(self.problem, self.style.level)}
        cells = [name for name in workbook.computed if name in shown]
        blank = workbook.to_xlsx(blank=True, quantities=cells)
        return {f"{sheet}.xlsx": blank, f"{key}.xlsx": workbook.to_xlsx()}

    @cached_property
    def question(self) -> SheetPage:
        """The question for Moodle."""
        style = self.style
        return SheetPage(self.problem, self.sheet, self.figures, style.digits, style.index_base)

    def __repr__(self) -> str:
        """Name the variant."""
        return f"<Variant {self.number}: {self.problem.title!r}>"
