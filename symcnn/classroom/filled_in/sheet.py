"""A sheet with fields: in Markdown lines to be filled in, in a PDF a form.

A dot in the name of a PDF's field separates it from the field that it belongs to, and TeX reads
some characters as commands: a dot is written as a colon, and what is no letter, digit or one of the
few signs in names of figures by its bytes, =C3=BC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from sympy import Expr

from symcnn import limits
from symcnn.classroom.filled_in.boxes import OPENING, asked_for, bound
from symcnn.classroom.filled_in.fields import CODE, STUDENT, VARIANT, Asked, Names, code_of
from symcnn.classroom.filled_in.md import Line, section, stated
from symcnn.classroom.marking.asked import asked, order_of
from symcnn.classroom.marking.mark import mark
from symcnn.classroom.marking.pages.worked import Worked
from symcnn.document.blocks import Block, Inline, Paragraph, Part
from symcnn.document.document import Document
from symcnn.document.pages.dialects import Math
from symcnn.document.rows.gaps import POINTS
from symcnn.document.style import Style
from symcnn.problems import Problem
from symcnn.writing.formula import Formula, Gap
from symcnn.writing.formula.unicode import text

FORMS = ("tex", "pdf")
"""The formats whose boxes are fields of a form."""


@dataclass(frozen=True)
class FillableSheet:
    """A student's version that can be filled in and read.

    One that asks for more figures than ``limits.WORKSHEET_FIGURES`` has boxes alone.

    Attributes:
        document: The student's version.
        problem: The problem, with the letters of the document.
        style: How its numbers are printed.
        quantities: What it asks for; by default what the problem asks for, where there are boxes.
        variant: The number of the variant, where there are several.
    """

    document: Document
    problem: Problem
    style: Style
    quantities: Sequence[str] = ()
    variant: str = ""

    def files(self, format: str, stem: str, math: Math = "github") -> Mapping[str, str | bytes]:
        """Return the files of a format, as ``Document.files`` does, with fields if it has any."""
        if not self.figures or format not in (*FORMS, "md"):
            return self.document.files(format, stem, math)
        if format in FORMS:
            return replace(self.document, blocks=self._form()).files(format, stem)
        made = self.document.files(format, stem, math)
        page = made[f"{stem}.md"]
        assert isinstance(page, str)
        return {**made, f"{stem}.md": f"{page}\n{section(self._groups(page))}"}

    @cached_property
    def figures(self) -> tuple[Asked, ...]:
        """The figures that have fields: of a document of one weight those on its way alone.

        A copy without a box is answered where the figure is that it copies.
        """
        boxed = {self._by_entry[entry] for entry in self._boxes if entry in self._by_entry}
        if self.quantities:
            every = range(len(self._names.all))
            boxed |= {n for n in every if not boxed & {*self._names.originals(n)}}
        return tuple(f for number, f in enumerate(self._names.all) if number in boxed)

    @cached_property
    def _names(self) -> Names:
        """The figures that are asked for."""
        names = self.quantities or sorted(asked(self.problem), key=order_of(self.problem))
        sizes = (int(self.problem.quantities.shape(name).size) for name in names)
        return Names(self.problem, tuple(names) if sum(sizes) <= limits.WORKSHEET_FIGURES else ())

    @cached_property
    def _boxes(self) -> tuple[Expr, ...]:
        return tuple(asked_for(self.document.blocks))

    @cached_property
    def _by_entry(self) -> Mapping[Expr, int]:
        return self._names.by_entry(self._boxes)

    def _groups(self, page: str) -> Iterator[Sequence[Line]]:
        own = {VARIANT: self.variant, CODE: stated(code_of(self.problem), page)}
        yield [(name, "", held) for name, held in own.items() if held]
        for _, group in groupby(self.figures, key=lambda figure: figure.quantity):
            yield [(figure.name, self._letter(figure), "") for figure in group]

    def _letter(self, figure: Asked) -> str:
        letter = self._letters.get((figure.quantity, figure.position))
        return "" if letter is None else text(letter)

    @cached_property
    def _letters(self) -> Mapping[tuple[str, tuple[int, ...]], Formula]:
        """What figures are called in the document."""
        marking = mark(self.problem, {}, quantities=self._names.quantities)
        worked = Worked(marking, self.style)
        pairs = (((f.quantity, f.position), worked.letter(f)) for f in marking.figures)
        return {figure: letter for figure, letter in pairs if letter is not None}

    def _form(self) -> tuple[Block, ...]:
        """Return the blocks with names for the boxes of figures."""
        every = self._names.all
        blocks, _ = bound(
            self.document.blocks,
            self._by_entry,
            {
                self._letters[key].parts: number
                for number, figure in enumerate(every)
                if (key := (figure.quantity, figure.position)) in self._letters
            },
            lambda number: field_name(every[number].name),
        )
        own = {VARIANT: self.variant, CODE: code_of(self.problem)}
        return tuple(with_own(blocks, {name: held for name, held in own.items() if held}))


_UNSAFE = re.compile(r"[^A-Za-z0-9 ,_.\[\]-]")
_SCORE = OPENING[POINTS]

_BYTES = re.compile(r"(?:=[0-9A-F]{2})+")


def field_name(name: str) -> str:
    """Return what the field of a figure is called in a PDF.

    >>> field_name("gradient of conv1.weight[0,0,0,2]"), field_name("Maß:1")
    ('gradient of conv1:weight[0,0,0,2]', 'Ma=C3=9F=3A1')
    """
    return _UNSAFE.sub(lambda found: _written(found[0]), name).replace(".", ":")


def meant(name: str) -> str:
    """Return the name that the field of a PDF stands for.

    >>> meant("gradient of conv1:weight[0,0,0,2]"), meant("Ma=C3=9F=3A1")
    ('gradient of conv1.weight[0,0,0,2]', 'Maß:1')
    """
    return _BYTES.sub(lambda found: _read(found[0]), name.replace(":", "."))


def _written(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _read(text: str) -> str:
    return bytes.fromhex(text.replace("=", "")).decode("utf-8", "replace")


def with_own(blocks: Iterable[Block], held: Mapping[str, str]) -> Iterator[Block]:
    """Run over blocks with fields out of sight, and no field for the points.

    Args:
        blocks: The blocks with names for their boxes; one of them asks for the student's name.
        held: What the hidden fields hold, by their names.
    """
    made = (Gap(0.0, 0.0, field_name(name), field_name(text)) for name, text in held.items())
    hidden = tuple(Inline(Formula((gap,))) for gap in made)
    for block in blocks:
        if isinstance(block, Paragraph) and any(map(_is_students, block.text)):
            yield replace(block, text=(*map(_plain, block.text), *hidden))
            hidden = ()
        else:
            yield block


def _is_students(part: Part) -> bool:
    return isinstance(part, Inline) and [STUDENT] == [gap.name for gap in _gaps(part.formula)]


def _plain(part: Part) -> Part:
    """Take the name from the box for the points, which is for the teacher's pen."""
    is_score = isinstance(part, Inline) and any(g.name == _SCORE for g in _gaps(part.formula))
    return Inline(POINTS) if is_score else part


def _gaps(formula: Formula) -> list[Gap]:
    return [part for part in formula.parts if isinstance(part, Gap)]
