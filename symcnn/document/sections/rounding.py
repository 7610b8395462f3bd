"""What the sign of approximation means, said where it first stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcnn.document.blocks import (
    ROUNDED,
    Block,
    Inline,
    Matrices,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.sections.words import filled
from symcnn.document.sentences import spelled
from symcnn.formula import Atom, nodes

_ROUNDED = (
    r"An equals sign stands before exact values, and $\approx$ before values rounded to {digits} "
    "significant digits{compared}. Only what is printed is rounded, and no rounding error is "
    "carried forward: a computation with the printed digits may differ in the last one."
)
_COMPARED = ", or to more beside longer figures of the source"


def with_rounding(
    blocks: Iterable[Block], digits: int, *, compares: bool = False, may_change: bool = False
) -> Iterator[Block]:
    """Say behind the first rounded figure how figures are rounded; students choose their digits.

    Matrices stand with the display above them.

    Args:
        blocks: The blocks of a document.
        digits: The significant digits of its rounded figures.
        compares: Whether some have more digits, like the figures of a source beside them.
        may_change: Whether numbers are changed later, so that every figure may become rounded.
    """
    known = [*blocks]
    is_telling = _has_figures if may_change else _is_rounded
    first = next((n for n, block in enumerate(known) if is_telling(block)), None)
    if first is None:
        yield from known
        return
    behind = first + 1
    while behind < len(known) and isinstance(known[behind], Matrices):
        behind += 1
    compared = _COMPARED if compares else ""
    said = Paragraph(filled(_ROUNDED, digits=spelled(digits), compared=compared), task=())
    yield from (*known[:behind], said, *known[behind:])


def _has_figures(block: Block) -> bool:
    if isinstance(block, Rows):
        return any(row.claim.value is not None for row in block.rows)
    return isinstance(block, Matrices)


def _is_rounded(block: Block) -> bool:
    """Tell whether a block of figures has a rounded one."""
    if isinstance(block, Rows):
        return any(side.relation == ROUNDED for row in block.rows for side in row.sides)
    if isinstance(block, Matrices):
        return any(matrix.relation == ROUNDED for matrix in block.matrices)
    cells = (cell for row in block.rows for cell in row) if isinstance(block, Table) else ()
    return any(map(_has_sign, cells))


def _has_sign(text: Text) -> bool:
    formulas = (part.formula for part in text if isinstance(part, Inline))
    return any(node == Atom(ROUNDED) for formula in formulas for node in nodes(formula))
