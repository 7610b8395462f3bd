"""Where a page may end within a display.

A chain of equations, a = b = c, stays together unless it is long, and is then broken before one of
its sides rather than within it. No line stands alone at the end of a page or at the beginning
of one, but for a rule that is worked in several lines behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symcnn.document.rows.layout import Line

SHORT = 4
"""The most lines of a display that stay together, and of a side in a longer one."""

_CHAIN = 8
"""The most lines of a chain that stay together: figures are compared with letters above them."""

_WORKED = 3
"""The fewest lines in which an entry is worked that may stand on the page behind its rule."""

LINES = 2
"""The most lines of a display that is not worth a page of its own behind the rule above it."""

Group = list[Line]
"""Lines that stand on one page."""


def together(display: Sequence[Line]) -> list[Group]:
    """Return the lines of a display in groups, between which a page may end."""
    rule, *worked = rows = _split(display, lambda line: line.begins == "row")
    is_worked = len(rule) == 1 and any(len(row) >= _WORKED for row in worked[:1])
    if len(display) > SHORT:
        groups = [group for row in rows for group in _chain(row)]
        return _with_company(groups, first=not is_worked)
    return [rule, list(display[1:])] if is_worked else [list(display)]


def _chain(row: Group) -> list[Group]:
    """Return a chain of equations, whole or side by side."""
    if len(row) <= _CHAIN:
        return [row]
    sides = _split(row, lambda line: bool(line.begins))
    return _with_company([group for side in sides for group in _side(side)])


def _side(side: Group) -> list[Group]:
    """Return a side, whole or line by line."""
    return [side] if len(side) <= SHORT else _with_company([[line] for line in side])


def _with_company(groups: list[Group], *, first: bool = True) -> list[Group]:
    """Put a single line at the end to the group before it, and one at the beginning to the next."""
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups = [*groups[:-2], groups[-2] + groups[-1]]
    if len(groups) > 1 and len(groups[0]) == 1 and first:
        groups = [groups[0] + groups[1], *groups[2:]]
    return groups


def _split(lines: Sequence[Line], begins: Callable[[Line], bool]) -> list[Group]:
    """Split lines before each of those that begin something."""
    starts = [place for place, line in enumerate(lines) if begins(line)]
    return [list(lines[i:j]) for i, j in zip(starts, [*starts[1:], len(lines)], strict=True)]
