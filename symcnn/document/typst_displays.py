"""Displays as Typst markup: lines aligned at their relations, over pages where they are many."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.document import layout
from symcnn.document.blocks import Rows
from symcnn.document.displays import SHORT, Group, together
from symcnn.document.layout import NUMBER, Line, lines, shrunk
from symcnn.formula.typst import formula

DEFINITIONS = """#let display-of(..groups) = context {
  let groups = groups.pos()
  let width-of(it) = measure(it).width
  let wide = calc.max(..groups.sum().map(((left, right)) => width-of(left)))
  let line((left, right)) = {
    let space = h(wide - width-of(left))
    if left == none { $space thick & right$ } else { $space left & right$ }
  }
  let made = groups.map(lines => math.equation(block: true, lines.map(line).join($ \\ $)))
  show math.equation.where(block: true): set align(start)
  align(center, block(width: calc.max(..made.map(width-of)), {
    for it in made { block(width: 100%, breakable: false, spacing: 0.55em, it) }
  }))
}
#let numbered(words) = context {
  let right = page.width - 2cm - here().position().x
  box(width: 0pt, height: 0pt, place(bottom + left, dx: right - measure(words).width, words))
}
"""
"""A display in groups of lines that stand on one page each, and a number at the end of a line.

A line that goes on has the space before it that others have before their relation. Typst would
set the number of an equation anew on each of the pages on which it stands.
"""


def display(block: Rows, line: float) -> str:
    """Print a display; no line of it is wider than the page."""
    groups, scale = _groups(block, line)
    shown = _broken(groups) if len(groups) > 1 else _whole(groups[0], _beside(block, line))
    return f"#[#set text({scale}em)\n{shown}]\n" if scale < 1 else shown


def is_broken(block: Rows, line: float) -> bool:
    """Tell whether a page may end within a display."""
    return len(_groups(block, line)[0]) > 1


def _groups(block: Rows, line: float) -> tuple[list[Group], float]:
    """Return the lines that stay together, and the size of their letters."""
    line -= NUMBER if any(row.number for row in block.rows) else 0.0
    scale = shrunk(block.rows, line)
    made = [part for row in block.rows for part in lines(row, line / scale)]
    return [made] if _beside(block, line) > 1 else together(made), scale


def _beside(block: Rows, line: float) -> int:
    """Return how many rows stand beside each other, in a display that no page ends in."""
    made = layout.display(block, line)
    return len(made[0]) if len(made) <= SHORT else 1


def _whole(group: Group, beside: int) -> str:
    shown = [f"{formula(line.left)} & {_right(line)}" for line in group]
    lines = (shown[n : n + beside] for n in range(0, len(shown), beside))
    body = " \\\n".join(" & #h(2em) ".join(line) for line in lines)
    return f"$ {body} $\n"


def _broken(groups: Sequence[Group]) -> str:
    return "\n".join(["#display-of(", *(f"  ({' '.join(map(_pair, g))})," for g in groups), ")\n"])


def _pair(line: Line) -> str:
    left = f"$display({formula(line.left)})$" if line.left.parts else "[]"
    return f"({left if line.begins else 'none'}, ${_right(line)}$),"


def _right(line: Line) -> str:
    """Print what stands behind the alignment point, and the number at the right of the page."""
    if not line.number:
        return formula(line.right)
    target = f"#metadata(none)<equation-{line.number}>"
    return f"{formula(line.right)}#[{target}#numbered[({line.number})]]"
