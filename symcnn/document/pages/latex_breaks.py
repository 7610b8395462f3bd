r"""Where the pages of a LaTeX article may be broken, its displays, and the cells of its tables.

A heading is not left behind, nor a row of an equation or of a table: a short display or table
stays whole, and a long one keeps its first rows together and its last ones: a rule stands on the
page of the entry that is worked by it.

A chain of equations, a = b = c, stays together unless it is long, and is then broken before one of
its sides rather than within it. No line stands alone at the end of a page or at the beginning
of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Inline,
    Matrices,
    Note,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.pages import extent
from symcnn.document.pages.latex_text import length, natural
from symcnn.document.rows.layout import TEXT, display
from symcnn.writing.formula import Fraction, Scripts
from symcnn.writing.formula.breaking import LINE, MARGIN, Line
from symcnn.writing.formula.tree import nodes

BROKEN = {"X": 0.45, "Y": 0.25}
"""The columns whose cells are broken into lines, and their share of the page's width."""

_LINE, _ROW, _HEADING, _SPACE = 13.6, 15.5, 25.0, 16.0
"""The heights of a line, of a row of a table or an equation, of a heading, and of a gap."""

_ENTRIES, _STACKED, _HIGH = 14.3, 3.0, 12.0
"""The height of a row of a table, and what one is higher with stacked scripts, or a fraction."""

_SHORT = 3
"""The most lines of a paragraph that is not broken, and stays with the table below it."""

_LINES = 18
"""The most lines of a table that stays on one page."""

_AHEAD = 6
"""The most blocks that are kept together."""

_LONG_THEOREM = 120.0
"""A theorem that is higher than this may be broken behind a display."""

_WHOLE = 300.0
"""More than this is not kept together with a figure, or with the first rows of a table."""

_MOST = 110.0
"""More than this is not kept together: the rest of a page would stay empty."""


def needs(blocks: Sequence[Block]) -> Iterator[tuple[Block, float]]:
    """Run over blocks, each with the height that it needs at the end of a page, if that matters.

    A heading needs what comes next to begin on its page, and a paragraph the short table below it.
    """
    below_a_heading = False
    for position, block in enumerate(blocks):
        rest = blocks[position : position + _AHEAD]
        is_opening = isinstance(block, Heading) or _leads_to_a_table(rest)
        needed = _beginning(rest) if is_opening and not below_a_heading else 0.0
        yield block, min(_most(rest), needed)
        below_a_heading = isinstance(block, Heading) or (below_a_heading and is_opening)


def _most(blocks: Sequence[Block]) -> float:
    """Return the most that is kept together; LaTeX would break a page above a figure or a table."""
    to_a_figure = any(isinstance(near, Diagram) for near in blocks[1:3])
    to_a_table = any(isinstance(near, Table) for near in blocks[1:2])
    return _WHOLE if to_a_figure or to_a_table else _MOST


def _leads_to_a_table(blocks: Sequence[Block]) -> bool:
    """Tell whether a short paragraph stands above a table; a long one says more than that."""
    return len(blocks) > 1 and isinstance(blocks[1], Table) and _is_short(blocks[0])


def _beginning(blocks: Sequence[Block]) -> float:
    """Return the height of a block, with that of the next one if it may not be left behind."""
    if not blocks:
        return 0.0
    block, *rest = blocks
    if isinstance(block, Heading):
        return _HEADING + (_opening(rest) if rest else 0.0)
    if extent.leads_to_a_figure(blocks):
        assert isinstance(rest[0], Diagram)
        return _height(block) + min(_beginning(rest), extent.foot(rest[0]))
    if _leads_to_a_table(blocks):
        return _height(block) + _beginning(rest)
    is_led = bool(rest) and isinstance(rest[0], Rows)
    if isinstance(block, Paragraph) and not _is_short(block):
        return 2 * _LINE
    if isinstance(block, Note) or is_led:
        return _height(block) + _beginning(rest)
    return _height(block)


def _is_short(block: Block) -> bool:
    """Tell whether this is a paragraph that is not broken: no page begins or ends with a line."""
    return isinstance(block, Paragraph) and _height(block) <= _SHORT * _LINE + _SPACE / 2


def _opening(blocks: Sequence[Block]) -> float:
    """Return the height of what a heading needs: a short paragraph is not alone below it.

    It stays with what comes next, be that another heading.
    """
    first, *rest = blocks
    if _is_short(first) and rest and isinstance(rest[0], Paragraph | Note | Heading):
        return _height(first) + _beginning(rest)
    return _beginning(blocks)


def _height(block: Block) -> float:
    """Estimate the height of what stands at the beginning of a block, and is not broken."""
    match block:
        case Paragraph():
            return _LINE * (1 + length(block.text) // (LINE + MARGIN)) + _SPACE / 2
        case Rows():
            made = [[line.right for line in beside] for beside in display(block)]
            return _SPACE + sum(map(extent.line_height, made[: 2 if len(made) > SHORT else SHORT]))
        case Matrices():
            return extent.of_first_line(block)
        case Table():
            shown = block.rows if _is_whole(block) else block.rows[: extent.PIECE]
            rows = sum(_row(row) + _LINE * (lines_of(row, block) - 1) for row in shown)
            return 3 * _SPACE + _ROW + rows
        case Diagram():
            scale = min(1.0, TEXT / block.picture.width)
            return scale * block.picture.height + 5 * _LINE
        case Note():
            return _height_of_theorem(block)
    return 0.0


def _height_of_theorem(note: Note) -> float:
    """Return the height of a theorem; of a long one, as far as its first display."""
    whole = extent.height(note)
    if whole <= _LONG_THEOREM:
        return whole
    ends = (n for n, block in enumerate(note.blocks, 1) if isinstance(block, Rows))
    return _SPACE + sum(map(extent.height, note.blocks[: next(ends, len(note.blocks))]))


def _row(cells: Sequence[Text]) -> float:
    formulas = [part.formula for cell in cells for part in cell if isinstance(part, Inline)]
    found = [node for made in formulas for node in nodes(made)]
    if any(isinstance(node, Fraction) for node in found):
        return _ENTRIES + _HIGH
    is_stacked = any(isinstance(n, Scripts) and n.sub and n.sup for n in found)
    return _ENTRIES + is_stacked * _STACKED


def lines_of(row: Sequence[Text], table: Table, line: float = LINE + MARGIN) -> int:
    """Estimate the lines of a row, whose cells may be broken."""
    widths = (line * BROKEN.get(letter, 1.0) for letter in table.alignment)
    return max(1 + int(length(cell) // w) for cell, w in zip(row, widths, strict=True))


def _is_whole(table: Table) -> bool:
    """Tell whether a table stays on one page: it has few rows, and these have few lines."""
    lines = sum(lines_of(row, table) for row in table.rows)
    return len(table.rows) <= extent.WHOLE and lines <= _LINES


def joints(table: Table) -> Iterator[str]:
    r"""Yield what ends each row of a table but the last: ``\\*`` where no page is broken."""
    count, whole = len(table.rows), _is_whole(table)
    for row in range(1, count):
        is_kept = whole or min(row, count - row) < extent.PIECE
        yield r"\\*" if is_kept else r"\\"


def joints_of(display: Sequence[Line]) -> Iterator[str]:
    """Yield what ends the lines of a display but the last."""
    for n, group in enumerate(together(display)):
        yield from ([r"\\"] if n else []) + [r"\\*"] * (len(group) - 1)


SHORT = 4
"""The most lines of a display that stay together, and of a side in a longer one."""

_CHAIN = 8
"""The most lines of a chain that stay together: figures are compared with letters above them."""

Group = list[Line]
"""Lines that stand on one page."""


def together(display: Sequence[Line]) -> list[Group]:
    """Return the lines of a display in groups, between which a page may end."""
    if len(display) <= SHORT:
        return [list(display)]
    rows = _split(display, lambda line: line.begins == "row")
    return _with_company([group for row in rows for group in _chain(row)])


def _chain(row: Group) -> list[Group]:
    if len(row) <= _CHAIN:
        return [row]
    sides = _split(row, lambda line: bool(line.begins))
    return _with_company([group for side in sides for group in _side(side)])


def _side(side: Group) -> list[Group]:
    return [side] if len(side) <= SHORT else _with_company([[line] for line in side])


def _with_company(groups: list[Group]) -> list[Group]:
    """Put a single line at the end to the group before it, and one at the beginning to the next."""
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups = [*groups[:-2], groups[-2] + groups[-1]]
    if len(groups) > 1 and len(groups[0]) == 1:
        groups = [groups[0] + groups[1], *groups[2:]]
    return groups


def _split(lines: Sequence[Line], begins: Callable[[Line], bool]) -> list[Group]:
    starts = [place for place, line in enumerate(lines) if begins(line)]
    return [list(lines[i:j]) for i, j in zip(starts, [*starts[1:], len(lines)], strict=True)]


_BETWEEN = 12.0
"""The width of what separates two columns, in points."""


def columns(table: Table, line: float) -> str:
    """Print how the columns of a table are set."""
    return f"@{{}}{''.join(_columns(table, line))}@{{}}"


def natural_width(table: Table) -> float:
    """Return the width of a table without the columns whose cells may be broken."""
    used = _BETWEEN * (len(table.alignment) - 1)
    for letter, *cells in zip(table.alignment, table.header, *table.rows, strict=True):
        used += 0.0 if letter in BROKEN else max(map(natural, cells))
    return used


def _share(table: Table, line: float) -> float:
    """Return how much of their usual share the columns get whose cells are broken."""
    used = natural_width(table)
    shares = sum(BROKEN.get(letter, 0.0) for letter in table.alignment)
    return (1 - used / line) / shares if shares else 1.0


def _is_narrow(table: Table, line: float) -> bool:
    cells = zip(table.header, *table.rows, strict=True)
    return sum(max(map(natural, column)) + _BETWEEN for column in cells) - _BETWEEN <= line


def _columns(table: Table, line: float) -> Iterator[str]:
    """Say how each column is set; one that needs no breaking is as wide as its cells."""
    share = inf if _is_narrow(table, line) else _share(table, line)
    for letter, *cells in zip(table.alignment, table.header, *table.rows, strict=True):
        part = share * BROKEN.get(letter, 0.0)
        if letter in BROKEN and max(map(natural, cells)) > line * part:
            yield rf">{{\raggedright\arraybackslash}}p{{{part:.3g}\textwidth}}"
        else:
            yield "l" if letter in BROKEN else letter
