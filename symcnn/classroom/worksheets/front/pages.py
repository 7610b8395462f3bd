"""A sheet with its front: on a cover, or above the problem, and the QR code that names it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO

from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.worksheets.front.choices import Front
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import Block, Break, Emblems, Inline, Paragraph, Table, paragraph
from symcnn.document.inline import Image
from symcnn.writing.formula import Gap
from symcnn.writing.formula.build import row

_SIZE, _PIXELS, _QUIET = 62.0, 8, 4
"""How large it is printed, in points; the pixels of a cell, and the cells of its margin."""

_LETTERS = 120
"""The characters of a title that it has: of more its cells would be too small."""


def qr(title: str, variant: str, code: str) -> Image:
    """Return the QR code of a sheet: lines of text."""
    import segno  # an extra

    said = [f"variant {variant}"] if variant else []
    text = "\n".join([title[:_LETTERS], *said, f"sheet {code}"])
    content = BytesIO()
    segno.make_qr(text, error="m").save(content, kind="png", scale=_PIXELS, border=_QUIET)
    alt = "A QR code with the title and the variant of this sheet."
    return Image(content.getvalue(), "png", _SIZE, _SIZE, alt)


_REACHED = Inline(row(Gap(36.0, 14.0)))
"""Where points are written."""

_ROWS = 18
"""The rows of a table that fits on a cover."""

_KINDS = {GRADIENT: "Derivatives", UPDATED: "Updated weights", "": "Outputs and loss"}
"""What quantities are together, by how their names begin."""


def with_front(
    blocks: Sequence[Block], chosen: Front, code: Image | None, figures: Mapping[str, int]
) -> Iterator[Block]:
    """Run over the blocks of a sheet with its front.

    Args:
        blocks: The sheet: a line for the name, what is to be done, and the problem.
        chosen: What is chosen.
        code: The QR code, if there is one.
        figures: How many figures each quantity has, for the table of the cover.
    """
    count = sum(isinstance(block, Paragraph) for block in blocks[:2])
    name, told, problem = blocks[:1], blocks[1:count], blocks[count:]
    images = tuple(filter(None, (chosen.logo, code)))
    if images:
        yield Emblems(images)
    if course := ", ".join(filter(None, (chosen.course, chosen.date))):
        yield paragraph(course)
    if chosen.cover:
        yield from name
        yield from map(paragraph, chosen.introduction)
        yield from told
        yield _table(figures)
        yield Break("ruled")
    else:
        yield from (*map(paragraph, chosen.introduction), *name, *told)
    yield from problem


def _table(figures: Mapping[str, int]) -> Table:
    """Return the table of the points, which the teacher fills in."""
    shown = figures if len(figures) <= _ROWS else _together(figures)
    rows = [((name,), (f"{count:,}",), (_REACHED,)) for name, count in shown.items()]
    total = (("Total",), (f"{sum(figures.values()):,}",), (_REACHED,))
    return Table((("Quantity",), ("Figures",), ("Points",)), (*rows, total), "lrr")


def _together(figures: Mapping[str, int]) -> Mapping[str, int]:
    """Count the figures of all outputs, all derivatives and all updated weights."""
    found = Counter[str]()
    for name, count in figures.items():
        kinds = (kind for begin, kind in _KINDS.items() if name.startswith(begin))
        found[next(kinds)] += count
    return found
