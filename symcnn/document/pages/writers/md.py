"""The Markdown writer: short formulas, as a kind of Markdown has them (``dialects.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Matrices,
    Note,
    Paragraph,
    Row,
    Rows,
    Table,
    Text,
)
from symcnn.document.numbering import with_section_numbers
from symcnn.document.pages.dialects import DIALECTS, GITHUB, Dialect, Math
from symcnn.document.pages.latex_matrices import in_lines, latex_matrix, spaces
from symcnn.document.pages.writers import Files
from symcnn.document.words.sentences import written
from symcnn.errors import check_choice
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.svg import standalone
from symcnn.writing.formula import Formula, Gap
from symcnn.writing.formula.breaking import Line, lines
from symcnn.writing.formula.build import INDENT
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.width import width

_PAGE, _NUMBERS = 430.0, 40.0
"""The widths of what GitHub shows beside letters of 10 points, and of a column of numbers."""

_ALIGN = {"r": "--:", "c": ":-:"}


BOX = r"\square"
"""Where something is to be written: what is drawn by rules has no place in a text to be edited."""

_LINE = "______"
"""The same in a sentence, where no formula stands around it."""

_RULE = r"\\rule\[[^\]]*\]\{[^}]*\}\{[^}]*\}"
_DRAWN = re.compile(rf"{_RULE}\\boxed\{{{_RULE}\\hspace\{{[^}}]*\}}\}}(?=([A-Za-z])?)")


def plain(formula: str) -> str:
    """Return LaTeX with plain boxes."""
    return _DRAWN.sub(lambda found: f"{BOX} " if found[1] else BOX, formula)


def write(title: str, blocks: Sequence[Block], stem: str, math: Math = "github") -> Files:
    """Return the page as a file, and its pictures as files beside it.

    Raises:
        SymcnnError: If there is no such kind of Markdown.
    """
    check_choice("math", math, DIALECTS, ", ".join(DIALECTS))
    pictures: dict[str, str | bytes] = {}

    def beside(picture: Picture) -> str:
        name = f"{stem}-{len(pictures) + 1}.svg"
        pictures[name] = standalone(picture)
        return name

    text = page(title, blocks, DIALECTS[math](f"{stem}-{_slug(title)}", beside))
    return {f"{stem}.md": text, **pictures}


def _slug(title: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", title.lower()))


def page(title: str, blocks: Iterable[Block], dialect: Dialect = GITHUB) -> str:
    """Return the whole document."""
    body = (_block(block, dialect) for block in with_section_numbers(blocks))
    return "\n\n".join([f"# {dialect.escaped(title)}", *filter(None, body)]) + "\n"


def _block(block: Block, dialect: Dialect) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {_text(block.title, dialect)}"
        case Paragraph():
            return dialect.paragraph(_text(block.text, dialect), block.work)
        case Rows():
            made = displays(block) if dialect.counts else [(block.rows, aligned(block))]
            return "\n\n".join(dialect.displayed(text, rows[0].number) for rows, text in made)
        case Matrices():
            return dialect.displayed(matrices_in_lines(block))
        case Table():
            rule = [_ALIGN.get(column, ":--") for column in block.alignment]
            texts = ([_text(c, dialect) for c in row] for row in (block.header, *block.rows))
            header, *rows = (f"| {' | '.join(row)} |" for row in texts)
            return "\n".join((header, f"| {' | '.join(rule)} |", *rows))
        case Diagram():
            return dialect.figure(block, _text(block.caption, dialect))
        case Note():
            inside = "\n\n".join(_block(b, dialect) for b in block.blocks)
            return dialect.note(block, _text(block.title, dialect), inside)
    raise TypeError(f"no Markdown for {type(block).__name__}")


def matrices_in_lines(block: Matrices) -> str:
    """Return matrices in LaTeX, as many in a line as fit."""
    made = [
        " \\quad\n".join(plain(latex_matrix(matrix, spaces)) for matrix in line)
        for line in in_lines(block.matrices, _PAGE)
    ]
    body = " \\\\[1ex]\n".join(made)
    return f"\\begin{{gathered}}\n{body}\n\\end{{gathered}}" if len(made) > 1 else body


def aligned(block: Rows) -> str:
    """Return rows in LaTeX, aligned at their relations."""
    return _aligned(row_lines(block))


def displays(block: Rows) -> Iterator[tuple[tuple[Row, ...], str]]:
    """Run over rows, and their LaTeX without numbers: one that has a number stands by itself."""
    rows = zip(block.rows, row_lines(block), count(), strict=False)
    for _, group in groupby(rows, key=lambda one: one[-1] if one[0].number else -1):
        own, lines, _ = zip(*group, strict=True)
        yield own, without_number(_aligned(lines))


def without_number(lines: str) -> str:
    """Return lines of rows without the column of numbers."""
    return _NUMBER.sub("", lines)


def _aligned(rows: Iterable[Sequence[str]]) -> str:
    body = " \\\\\n".join(line for lines in rows for line in lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


_NUMBER = re.compile(r" && \\text\{\([^)]*\)\}")
"""A number in a column of its own."""


def row_lines(block: Rows) -> Iterator[list[str]]:
    """Return the lines of each row, whose right sides begin behind the widest left side."""
    numbers = _NUMBERS if any(row.number for row in block.rows) else 0.0
    lefts = [width(row.left) for row in block.rows]
    room = _PAGE - numbers - max(lefts)
    pairs = zip(block.rows, lefts, strict=True)
    return ([*map(_line, lines(row, room + left))] for row, left in pairs)


def _line(made: Line) -> str:
    r"""Return a line; \tag is no command inside of ``aligned``, and the numbers are a column.

    A plus at the beginning is an operator only behind something, if it is nothing.
    """
    number = rf" && \text{{({made.number})}}" if made.number else ""
    operand = "{}" if made.right.parts[:1] == (INDENT,) else ""
    return f"{_latex(made.left)} &{operand}{_latex(made.right)}{number}"


def _text(text: Text, dialect: Dialect) -> str:
    def formula(tree: Formula) -> str:
        is_box = len(tree.parts) == 1 and isinstance(tree.parts[0], Gap)
        return _LINE if is_box else dialect.inline.format(_latex(tree))

    def address(url: str) -> str:
        return f"<{url}>" if "://" in url else f"[{dialect.escaped(url)}]({url})"

    return "".join(written(text, formula, dialect.escaped, dialect.reference, address))


def _latex(formula: Formula) -> str:
    r"""Return a formula without \operatorname, for which GitHub shows an error."""
    return plain(latex(formula)).replace(r"\operatorname{", r"\mathrm{")
