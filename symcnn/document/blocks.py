"""What a document is made of: blocks of data that writers lay out.

Mathematics stands in the blocks as trees, made once by the printer; wherever a formula
may be broken it comes as a tuple of its top-level summands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from sympy import Expr

from symcnn.document.claims import EQUAL as EQUAL
from symcnn.document.claims import ROUNDED as ROUNDED
from symcnn.document.claims import Claim
from symcnn.document.claims import Relation as Relation
from symcnn.document.claims import Side as Side
from symcnn.document.inline import Address as Address
from symcnn.document.inline import Citation as Citation
from symcnn.document.inline import Inline as Inline
from symcnn.document.inline import Part as Part
from symcnn.document.inline import Reference as Reference
from symcnn.document.inline import Text as Text
from symcnn.document.outline import Role
from symcnn.document.variants import Variants
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import Part as FormulaPart
from symcnn.writing.formula.build import row

Task = Literal["nothing", "value", "formula", "symbols", "sign"]
"""What a student fills in: a figure's value, or a formula and its value; which symbols, of which it
must not be seen how many they are; or the sign of a comparison."""


@dataclass(frozen=True)
class _Told:
    """What all blocks have.

    Attributes:
        role: What it is for; the assembler gives it one if it has none.
        asked: What a student gets instead, if this, or the choice of it, tells something.
        on_paper: What stands instead on the lines of a page, which are longer than others.
    """

    role: Role | None = field(default=None, kw_only=True, compare=False)
    asked: tuple[Block, ...] | None = field(default=None, kw_only=True)
    on_paper: tuple[Block, ...] | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Heading(_Told):
    """A heading of a section (level 1) or subsection (2).

    Attributes:
        level: The level.
        title: The title.
        counted: Whether it has a number.
    """

    level: int
    title: Text
    counted: bool = True


@dataclass(frozen=True)
class Paragraph(_Told):
    """Sentences.

    Attributes:
        text: The sentences.
        work: The number by which other sentences cite it, if it names a work.
        figures: What its figures claim.
    """

    text: Text
    work: str = ""
    figures: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Row:
    """left = side = side ..., and the claim that this makes.

    Attributes:
        task: What a student fills in: the formula and its value, the value, or nothing.
        asked: The row that a student gets instead, if the choice of this one tells something.
        label: What sentences call it that refer to it.
        number: Its number, if one does.
        digits: How many digits of its value its figures give, if not all but the last.
        omits: Whether terms that are 0 are left out.
    """

    left: Formula
    sides: tuple[Side, ...]
    claim: Claim
    task: Task = "nothing"
    asked: Row | None = None
    label: str = ""
    number: str = ""
    digits: int | None = None
    omits: bool = False

    @property
    def open(self) -> Row:
        """The row that a student gets, with the same number."""
        return self if self.asked is None else replace(self.asked.open, number=self.number)


@dataclass(frozen=True)
class Rows(_Told):
    """Rows aligned at their relations.

    Attributes:
        variants: When each row is shown.
        alike: Whether they say the same of several entries: short ones may stand side by side.
    """

    rows: tuple[Row, ...]
    alike: bool = False
    variants: Variants = ()


@dataclass(frozen=True)
class Table(_Told):
    """A table; cells are sentences.

    Columns are aligned left (l), right (r) or centred (c), or broken: X is wide, Y narrow.

    Attributes:
        tasks: What a student fills in, by the numbers of columns.
        figures: What its figures claim: rows that are checked, though not printed as such.
        answers: What a student fills into a cell, by its row and its column, where it is known.
        variants: When each row is shown.
    """

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    alignment: str
    tasks: Mapping[int, Task] = field(default_factory=dict, hash=False)
    figures: tuple[Row, ...] = ()
    answers: tuple[tuple[int, int, Expr], ...] = ()
    variants: Variants = ()


@dataclass(frozen=True)
class Matrix:
    """left = a matrix of figures.

    Attributes:
        figures: Row by row, what each figure claims; its one side is what is printed.
    """

    left: Formula
    figures: tuple[tuple[Row, ...], ...]

    @property
    def relation(self) -> Relation:
        """How the matrix is related to what it stands for: one rounded figure rounds it."""
        sides = (figure.sides[0] for row in self.figures for figure in row)
        return ROUNDED if any(side.relation == ROUNDED for side in sides) else EQUAL


@dataclass(frozen=True)
class Matrices(_Told):
    """Matrices beside each other, as many as fit on a line.

    Attributes:
        task: Whether a student fills the figures in.
        asked: What a student gets instead, if the form of these tells something.
        on_paper: What stands instead on the lines of a page, which are longer than others.
    """

    matrices: tuple[Matrix, ...]
    task: bool = False


@dataclass(frozen=True)
class Diagram(_Told):
    """A picture with its caption.

    Attributes:
        redrawn: What draws the one that a student gets, if this one shows what is asked for.
        label: What sentences call it that refer to it.
        number: Its number, if it has a caption.
        variants: When each shape of the picture is shown.
    """

    picture: Picture
    caption: Text
    redrawn: Callable[[], Diagram] | None = None
    label: str = ""
    number: str = ""
    variants: Variants = ()

    @property
    def reference(self) -> Reference:
        """What refers to it."""
        return Reference(self.number, "figure")

    @property
    def title(self) -> str:
        """Figure 4., or nothing where it has no number."""
        return f"{self.reference.words}." if self.number else ""

    def for_students(self) -> Diagram:
        """Return the picture that a student gets, under the same number."""
        other = self if self.redrawn is None else self.redrawn()
        return replace(other, label=self.label, number=self.number)

    def __getstate__(self) -> dict[str, Any]:
        """Draw both: no function is sent to another process."""
        other = self.redrawn and self.redrawn()
        return {**vars(self), "redrawn": other and partial(replace, other)}


@dataclass(frozen=True)
class Note(_Told):
    """Blocks that stand apart under a title: a theorem, a warning.

    Attributes:
        theorem: The number by which sentences refer to it, if they do.
    """

    title: Text
    blocks: tuple[Block, ...]
    theorem: str = ""


Block = Heading | Paragraph | Rows | Matrices | Table | Diagram | Note


def heading(level: int, *title: Part) -> Heading:
    """Return a heading of words and formulas."""
    return Heading(level, title)


def paragraph(*text: Part, role: Role | None = None, asked: Text | None = None) -> Paragraph:
    """Return a paragraph of words and formulas, in place of which a student may get another."""
    return Paragraph(text, role=role, asked=None if asked is None else (Paragraph(asked),))


def joined(sentences: Iterable[Text]) -> Text:
    """Return sentences one after the other."""
    parts: list[Part] = []
    for sentence in filter(None, sentences):
        parts += [*([" "] if parts else []), *sentence]
    return tuple(parts)


def inline(*parts: FormulaPart) -> Inline:
    """Return a formula inside a sentence, put together of its parts."""
    return Inline(row(*parts))
