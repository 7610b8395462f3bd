"""How much help a sheet gives: no formulas, or hints on a page of their own."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from sympy import Expr

from symcnn.classroom.filled_in.boxes import asked_for
from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.pages.worked import NOTHING, STEP, Worked
from symcnn.document.blocks import (
    EQUAL,
    Block,
    Break,
    Heading,
    Matrices,
    Paragraph,
    Row,
    Rows,
    Side,
    Table,
    Text,
    heading,
    paragraph,
)
from symcnn.document.pages.extent import height
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.rows.rows import abridged
from symcnn.document.story.optimizers import rule
from symcnn.document.style import Style

_GIVEN = ("learning rate",)
_DEFINED = ("The error signal ",)
_FOLLOWED = ("How does one weight change the loss?",)
"""What sentences say that sheets without formulas need, or that leads to what they have not."""


def without_formulas(blocks: Sequence[Block], figures: Container[Expr]) -> tuple[Block, ...]:
    """Return the blocks of a sheet without formulas.

    The first section, which says what is given, stays as it is.

    Args:
        blocks: The blocks.
        figures: What is asked for: other boxes are left out.
    """
    made, sections = list[Block](), -1
    for block in blocks:
        sections += isinstance(block, Heading) and block.level == 1
        made += _given(block) if sections < 1 else _bare(block, figures)
    listed = {e for b in made if isinstance(b, Matrices | Table) for e in asked_for([b])}
    once = (_once(block, listed) for block in made)
    return tuple(_with_headings([block for block in once if block is not None]))


def _given(block: Block) -> Iterator[Block]:
    """Leave out that one weight is followed."""
    if not isinstance(block, Paragraph) or block.text[:1] != _FOLLOWED:
        yield block


def _bare(block: Block, figures: Container[Expr]) -> Iterator[Block]:
    if isinstance(block, Heading):
        yield block
    elif isinstance(block, Paragraph):
        words = "".join(part for part in block.text if isinstance(part, str))
        if any(word in words for word in _GIVEN):
            yield block
        elif words.startswith(_DEFINED):
            yield replace(block, text=_sentence(block.text))
    elif isinstance(block, Rows):
        rows = tuple(made for row in block.rows for made in _box(row) if _is_asked(made, figures))
        if rows:
            yield Rows(rows, alike=block.alike)
    elif isinstance(block, Matrices):
        kept = tuple(
            m
            for m in block.matrices
            if any(e in figures for e in asked_for([Matrices((m,), task=True)]))
        )
        if kept:
            on_paper = (
                None
                if block.on_paper is None
                else tuple(made for part in block.on_paper for made in _bare(part, figures))
            )
            yield replace(block, matrices=kept, on_paper=on_paper)
    elif isinstance(block, Table) and any(entry in figures for entry in asked_for([block])):
        yield block


def _sentence(text: Text) -> Text:
    """Return the first sentence of some."""
    for place, part in enumerate(text):
        if isinstance(part, str) and ". " in part:
            return (*text[:place], f"{part.partition('. ')[0]}.")
    return text


def _box(row: Row) -> Iterator[Row]:
    """Yield a row whose right side is the box of its value alone, if it has one."""
    if row.claim.value is not None and row.sides and gaps_of(replace(row, sides=row.sides[-1:])):
        yield replace(row, sides=row.sides[-1:], number="", label="")


def _is_asked(row: Row, figures: Container[Expr]) -> bool:
    return len(row.claim.left) == 1 and row.claim.left[0] in figures


def _once(block: Block, listed: Container[Expr]) -> Block | None:
    """Leave out the rows of figures that stand in matrices, too."""
    if not isinstance(block, Rows) or not any(map(gaps_of, block.rows)):
        return block
    rows = tuple(row for row in block.rows if row.claim.left[0] not in listed)
    return replace(block, rows=rows) if rows else None


def _with_headings(blocks: Iterable[Block]) -> Iterator[Block]:
    """Run over blocks without the headings of which nothing is left."""
    runs = [[*run] for _, run in groupby(blocks, key=lambda block: isinstance(block, Heading))]
    for run, after in zip(runs, [*runs[1:], []], strict=True):
        if isinstance(run[0], Heading):
            yield from _needed(run) if after else ()
        else:
            yield from run


def _needed(headings: Sequence[Block]) -> Iterator[Block]:
    """Run over the headings above a text: of each level the last one, from the highest on."""
    for place, above in enumerate(headings):
        assert isinstance(above, Heading)
        behind = (h.level for h in headings[place + 1 :] if isinstance(h, Heading))
        if all(level > above.level for level in behind):
            yield above


_SAID = "For each quantity, this is the rule; below it stands the first of several entries."

_LEAST = 300.0
"""The height from which hints have a page of their own, in points: two fifths of one."""


def hints(marking: Marking, style: Style) -> tuple[Block, ...]:
    """Return hints to all quantities, without numbers: on a new page, if they fill one.

    Args:
        marking: An empty sheet, marked.
        style: How formulas are printed.
    """
    found = [*_all(Worked(marking, style), marking)]
    page = Break() if sum(map(height, found)) > _LEAST else None
    return (*filter(None, (page,)), heading(1, "Hints"), paragraph(_SAID), *found)


def _all(worked: Worked, marking: Marking) -> Iterator[Block]:
    figures = dict[str, list[Figure]]()
    for figure in marking.figures:
        figures.setdefault(figure.quantity, []).append(figure)
    for name, own in figures.items():
        rows = () if name.startswith(UPDATED) else tuple(_rows(worked, own))
        if rows:
            yield paragraph(f"{name}:")
            yield Rows(rows)
    if any(name.startswith(UPDATED) for name in figures):
        is_plain = worked.context.optimizer.is_plain
        yield paragraph(*((STEP,) if is_plain else rule(worked.context)))


def _rows(worked: Worked, figures: Sequence[Figure]) -> Iterator[Row]:
    """Run over the rule of a quantity and, if it has several entries, the first one."""
    general = worked.general(figures[0])
    if general is not None:
        yield general
    first = _entry(worked, figures[0]) if len(figures) > 1 or general is None else None
    if first is not None:
        yield first


def _entry(worked: Worked, figure: Figure) -> Row | None:
    """Return the row  z_11 = w_11 x_1 + w_21 x_2, of a long sum its first terms and its last."""
    left, formula = worked.letter(figure), figure.formula
    if left is None or not formula.free_symbols:
        return None
    return Row(left, (Side(EQUAL, abridged(formula, worked.context.printer)),), NOTHING)
