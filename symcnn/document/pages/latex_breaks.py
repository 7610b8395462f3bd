r"""Where the pages of a LaTeX article may be broken, its displays, and the cells of its tables.

No row of an equation or of a table is left behind: a short display or table
stays whole, and a long one keeps its first rows together and its last ones: a rule stands on the
page of the entry that is worked by it.

A chain of equations, a = b = c, stays together unless it is long, and is then broken before one of
its sides rather than within it. No line stands alone at the end of a page or at the beginning
of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from symcnn.document.blocks import Inline, Part, Table, Text
from symcnn.document.pages.latex_text import length, natural
from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.breaking import LINE, MARGIN, Line
from symcnn.writing.formula.tree import Node

BROKEN = {"X": 0.45, "Y": 0.25}
"""The columns whose cells are broken into lines, and their share of the page's width."""

_WHOLE = 12
"""The most rows of a table that stays on one page."""

_PIECE = 4
"""The fewest rows of a longer table on a page."""

_LINES = 18
"""The most lines of a table that stays on one page."""


def lines_of(row: Sequence[Text], table: Table, line: float = LINE + MARGIN) -> int:
    """Estimate the lines of a row, whose cells may be broken."""
    widths = (line * BROKEN.get(letter, 1.0) for letter in table.alignment)
    return max(1 + int(length(cell) // w) for cell, w in zip(row, widths, strict=True))


def _is_whole(table: Table) -> bool:
    """Tell whether a table stays on one page: it has few rows, and these have few lines."""
    lines = sum(lines_of(row, table) for row in table.rows)
    return len(table.rows) <= _WHOLE and lines <= _LINES


def joints(table: Table) -> Iterator[str]:
    r"""Yield what ends each row of a table but the last: ``\\*`` where no page is broken."""
    count, whole = len(table.rows), _is_whole(table)
    for row in range(1, count):
        is_kept = whole or min(row, count - row) < _PIECE
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
    """Print how the columns of a table are set: broken are those that have the most to say.

    None is narrower than what cannot be broken in it, so that none is printed over the next one.
    """
    found = [*zip(table.header, *table.rows, strict=True)]
    wanted = [max(map(natural, cells)) for cells in found]
    least = [
        wanted[n] if table.alignment[n] in "rc" else max(map(_unbroken, cells))
        for n, cells in enumerate(found)
    ]
    granted = _granted(wanted, least, line - _BETWEEN * (len(found) - 1))
    made = (
        rf">{{\raggedright\arraybackslash}}p{{{given / line:.3g}\textwidth}}"
        if given < wish
        else ("l" if letter in BROKEN else letter)
        for letter, wish, given in zip(table.alignment, wanted, granted, strict=True)
    )
    return f"@{{}}{''.join(made)}@{{}}"


_BREAKING = frozenset(("+", "-", "=", ",", "<", ">", r"\times", r"\cdot", r"\approx"))
"""The signs behind which a line may end."""


def _unbroken(text: Text) -> float:
    """Return the width of the widest part of a cell that no line may end in."""
    widest, width = 0.0, 0.0
    for part in text:
        for n, piece in enumerate(_pieces(part)):
            width = natural((piece,)) + (0.0 if n else width)
            widest = max(widest, width)
    return widest


def _pieces(part: Part) -> Iterator[Part]:
    """Divide a part of a sentence where a line may end."""
    if not isinstance(part, Inline):
        yield from part.split(" ") if isinstance(part, str) else (part,)
        return
    held: list[Node] = []
    for node in part.formula.parts:
        held.append(node)
        if isinstance(node, Atom) and node.text in _BREAKING:
            yield Inline(Formula(tuple(held)))
            held = []
    yield Inline(Formula(tuple(held)))


def _granted(wanted: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Share room among columns: who wants less than an equal share has that, others the rest."""
    made = list(wanted)
    sharing = [*range(len(wanted))] if sum(wanted) > room else []
    while sharing:
        share = room / len(sharing)
        content = [n for n in sharing if wanted[n] <= share]
        settled = content or [n for n in sharing if least[n] >= share] or [*sharing]
        for n in settled:
            made[n] = wanted[n] if n in content else max(least[n], share)
        room -= sum(made[n] for n in settled)
        sharing = [n for n in sharing if n not in settled]
    return made
