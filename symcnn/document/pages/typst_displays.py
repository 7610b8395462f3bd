"""Displays as Typst markup: lines aligned at their relations, over pages where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from symcnn.document.blocks import Rows
from symcnn.document.pages.displays import SHORT, together
from symcnn.document.rows import layout
from symcnn.document.rows.layout import NUMBER, Line, shrunk
from symcnn.writing.formula.typst import formula

Beside = list[Line]
"""Lines of rows that stand beside each other."""

DEFINITIONS = """#let display-of(..groups) = context {
  let groups = groups.pos()
  let width-of(it) = measure(it).width
  let lines = groups.sum()
  let wide = range(calc.max(..lines.map(line => line.len()))).map(column => {
    let own = lines.filter(line => column < line.len()).map(line => line.at(column))
    range(2).map(side => calc.max(..own.map(pair => width-of(pair.at(side)))))
  })
  let cell(is-last, (left, right), wide) = {
    let space = h(wide.first() - width-of(left))
    let end = if not is-last { h(wide.last() - width-of(right) + 2em.to-absolute()) }
    if left == none { $space thick & right end$ } else { $space left & right end$ }
  }
  let line(pairs) = {
    range(pairs.len()).map(n => cell(n == pairs.len() - 1, pairs.at(n), wide.at(n))).join($&$)
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
    shown = _broken(groups) if len(groups) > 1 else _whole(groups[0])
    return f"#[#set text({scale}em)\n{shown}]\n" if scale < 1 else shown


def is_broken(block: Rows, line: float) -> bool:
    """Tell whether a page may end within a display."""
    return len(_groups(block, line)[0]) > 1


def _groups(block: Rows, line: float) -> tuple[list[list[Beside]], float]:
    """Return the lines that stay together, and the size of their letters."""
    line -= NUMBER if any(row.number for row in block.rows) else 0.0
    scale = shrunk(block.rows, line)
    made = layout.display(block, line / scale)
    sizes = map(len, together([first for first, *_ in made]))
    rest = iter(made)
    groups = [list(islice(rest, size)) for size in sizes]
    is_whole = len(made) <= SHORT and len(made[0]) > 1
    return ([made] if is_whole else groups), scale


def _whole(group: Sequence[Beside]) -> str:
    lines = (map(_aligned, beside) for beside in group)
    body = " \\\n".join(" & #h(2em) ".join(line) for line in lines)
    return f"$ {body} $\n"


def _aligned(line: Line) -> str:
    return f"{formula(line.left)} & {_right(line)}"


def _broken(groups: Sequence[Sequence[Beside]]) -> str:
    shown = (" ".join(f"({' '.join(map(_pair, line))})," for line in group) for group in groups)
    return "\n".join(["#display-of(", *(f"  ({lines})," for lines in shown), ")\n"])


def _pair(line: Line) -> str:
    left = f"$display({formula(line.left)})$" if line.left.parts else "[]"
    return f"({left if line.begins else 'none'}, ${_right(line)}$),"


def _right(line: Line) -> str:
    """Print what stands behind the alignment point, and the number at the right of the page."""
    if not line.number:
        return formula(line.right)
    target = f"#metadata(none)<equation-{line.number}>"
    return f"{formula(line.right)}#[{target}#numbered[({line.number})]]"
