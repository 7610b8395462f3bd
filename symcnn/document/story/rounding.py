"""What the sign of approximation means, said where it first stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.document.blocks import (
    ROUNDED,
    Block,
    Inline,
    Matrices,
    Paragraph,
    Row,
    Rows,
    Table,
    Text,
    joined,
)
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.writing.formula import Atom, nodes

_ROUNDED = (
    r"We write $=$ before an exact value and $\approx$ before a value rounded to {digits} "
    "significant digits{compared}."
)
_IN_SHORT = (
    r"The sign $\approx$ stands before values rounded to {digits} significant digits{compared}."
)
_CARRIED = " Only what is printed is rounded, and no rounding error is carried forward{more}."
_OMITTED = "In long sums, terms that are 0 may be left out."
_NEARLY_EQUAL = (
    "; where nearly equal numbers are subtracted, a computation with the printed digits keeps "
    "fewer of them"
)
_COMPARED = ", or to more beside longer figures of the source"
_ALONE = "The printed digits alone give "
_NONE = "The printed digits alone give not even the first digit of "
_SOME = "The printed digits alone give {number} of these values to fewer digits."
_FEW = 6
"""The most values that are named."""


def with_rounding(
    blocks: Iterable[Block],
    digits: int,
    *,
    compares: bool = False,
    may_change: bool = False,
    in_short: bool = False,
) -> Iterator[Block]:
    """Say behind the first rounded figure how figures are rounded; students choose their digits.

    Matrices stand with the display above them.

    Args:
        blocks: The blocks of a document.
        digits: The significant digits of its rounded figures.
        compares: Whether some have more digits, like the figures of a source beside them.
        may_change: Whether numbers are changed later, so that every figure may become rounded.
        in_short: Whether an overview says only what the signs mean, if no figures lose digits.
    """
    known = [*_with_losses(blocks)]
    is_telling = _has_figures if may_change else _is_rounded
    first = next((n for n, block in enumerate(known) if is_telling(block)), None)
    omitting = next(
        (n for n, block in enumerate(known) if any(r.omits for r in _rows(block))), None
    )
    behind = len(known) if first is None else _behind(known, first)
    is_late = omitting is not None and omitting < behind
    if omitting is not None and is_late:
        at = _behind(known, omitting)
        yield from (*known[:at], Paragraph((_OMITTED,), role="insight"))
        known, behind = known[at:], behind - at
    if first is None:
        yield from known
        return
    compared = _COMPARED if compares else ""
    loses = any(row.digits is not None for block in known for row in _rows(block))
    more = _NEARLY_EQUAL if may_change or loses else ""
    sentence = _IN_SHORT if in_short and not more else _ROUNDED + _CARRIED
    shown = {"digits": spelled(digits), "compared": compared, "more": more}
    omits = () if omitting is None or is_late else (_OMITTED,)
    said = Paragraph(joined((filled(sentence, **shown), omits)), role="insight")
    yield from (*known[:behind], said, *known[behind:])


def _behind(blocks: Sequence[Block], display: int) -> int:
    """Return the place behind a display and the matrices that belong to it."""
    others = range(display + 1, len(blocks))
    return next((n for n in others if not isinstance(blocks[n], Matrices)), len(blocks))


def _with_losses(blocks: Iterable[Block]) -> Iterator[Block]:
    """Say behind rows how many digits of their values their printed figures give, if not all."""
    losing = list[Row]()
    for block in blocks:
        if losing and not isinstance(block, Matrices):
            yield Paragraph(_lost(losing), role="insight")
            losing = []
        losing += [row for row in _rows(block) if row.digits is not None]
        yield block
    if losing:
        yield Paragraph(_lost(losing), role="insight")


def _lost(rows: Sequence[Row]) -> Text:
    """Say how many digits of which values come of the figures in their rows."""
    if len(rows) > _FEW:
        return (_SOME.format(number=f"{len(rows):,}"),)
    named = {
        digits: listed([Inline(row.left) for row in rows if row.digits == digits])
        for digits in sorted({row.digits or 0 for row in rows}, reverse=True)
    }
    none = (_NONE, *named.pop(0), ".") if 0 in named else ()
    first, *others = [(*of, _digits(digits)) for digits, of in named.items()] or [()]
    parts = [part for of in others for part in (", and ", *of)]
    return joined(((_ALONE, *first, *parts, ".") if first else (), none))


def _digits(number: int) -> str:
    """Return: only to two significant digits."""
    return f" only to {spelled(number)} significant digit{'s' if number > 1 else ''}"


def _rows(block: Block) -> tuple[Row, ...]:
    return block.rows if isinstance(block, Rows) else ()


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
