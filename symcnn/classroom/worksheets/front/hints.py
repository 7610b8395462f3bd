"""Hints on a page of their own: the rule of each quantity, and its first entry in letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.pages.worked import NOTHING, STEP, Worked
from symcnn.document.blocks import EQUAL, Block, Break, Row, Rows, Side, heading, paragraph
from symcnn.document.facts.scope import FIRST, few
from symcnn.document.pages.extent import height
from symcnn.document.story.optimizers import rule
from symcnn.document.style import Style
from symcnn.writing.printing.mathematics import DOTS
from symcnn.writing.printing.order import common_factor
from symcnn.writing.printing.summands import summands

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
    terms = summands(formula)
    shown = few(terms)
    dots = (DOTS,) if len(shown) < len(terms) else ()
    made = worked.context.printer.signed(shown, common_factor(terms))
    return Row(left, (Side(EQUAL, (*made[:FIRST], *dots, *made[FIRST:])),), NOTHING)
