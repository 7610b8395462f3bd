"""The Markdown writer, for GitHub and Jupyter: fenced math blocks, short formulas."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from symcnn.document.blocks import (
    Block,
    Break,
    Diagram,
    Emblems,
    Heading,
    Matrices,
    Note,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.inline import Image
from symcnn.document.numbering import with_section_numbers
from symcnn.document.pages.latex_matrices import in_lines, latex_matrix, spaces
from symcnn.document.pages.writers import Files
from symcnn.document.traversal import images_of
from symcnn.document.words.sentences import written
from symcnn.errors import SymcnnError
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.svg import standalone
from symcnn.writing.formula import Formula, Gap
from symcnn.writing.formula.breaking import Line, lines
from symcnn.writing.formula.build import INDENT
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.width import width

_PAGE, _NUMBERS = 430.0, 40.0
"""The widths of what GitHub shows beside letters of 10 points, and of a column of numbers."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
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


def inside(picture: Picture) -> str:
    """Return an address that holds the picture itself."""
    return f"data:image/svg+xml;base64,{b64encode(standalone(picture).encode()).decode()}"


@dataclass(frozen=True)
class Dialect:
    """How a kind of Markdown has formulas and pictures.

    Attributes:
        inline: A formula in a sentence.
        display: Formulas set apart.
        address: Where the page finds a picture, in their order; by default in the page itself.
        quotes: Whether formulas set apart can stand in a quotation.
    """

    inline: str = "$`{}`$"
    display: str = "```math\n{}\n```"
    address: Callable[[Picture], str] = inside
    quotes: bool = True


GITHUB = Dialect()
JUPYTER = Dialect("${}$", "$$\n{}\n$$", quotes=False)


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the page as a file, and its pictures as files beside it."""
    pictures: dict[str, str | bytes] = {}

    def beside(picture: Picture) -> str:
        name = f"{stem}-{len(pictures) + 1}.svg"
        pictures[name] = standalone(picture)
        return name

    text = page(title, blocks, replace(GITHUB, address=beside))
    return {f"{stem}.md": text, **pictures, **images_of(blocks)}


def page(title: str, blocks: Iterable[Block], dialect: Dialect = GITHUB) -> str:
    """Return the whole document."""
    body = (_block(block, dialect) for block in with_section_numbers(blocks))
    return "\n\n".join([f"# {escaped(title)}", *filter(None, body)]) + "\n"


def escaped(text: str) -> str:
    """Return text in which Markdown and HTML see no markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()) if "\n" in text else text)


def _block(block: Block, dialect: Dialect) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {_text(block.title, dialect)}"
        case Paragraph():
            return _text(block.text, dialect)
        case Rows():
            body = " \\\\\n".join(line for row in row_lines(block) for line in row)
            return dialect.display.format(f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}")
        case Matrices():
            return _matrices(block, dialect)
        case Table():
            rule = [_ALIGN.get(column, ":--") for column in block.alignment]
            texts = ([_text(c, dialect) for c in row] for row in (block.header, *block.rows))
            header, *rows = (f"| {' | '.join(row)} |" for row in texts)
            return "\n".join((header, f"| {' | '.join(rule)} |", *rows))
        case Diagram():
            image = f"![{escaped(block.picture.alt)}]({dialect.address(block.picture)})"
            title = f"**{block.title}** " if block.number else ""
            return f"{image}\n\n{title}{_text(block.caption, dialect)}" if block.caption else image
        case Note():
            inner = (_block(b, dialect) for b in block.blocks)
            whole = "\n\n".join([f"**{_text(block.title, dialect)}.**", *inner])
            quoted = "\n".join(f"> {line}".rstrip() for line in whole.split("\n"))
            return quoted if dialect.quotes else whole
        case Emblems():
            return " ".join(map(_image, block.images))
        case Break():
            return "---"
    raise TypeError(f"no Markdown for {type(block).__name__}")


def _image(image: Image) -> str:
    if image.format != "png":
        raise SymcnnError("Markdown shows no PDF as a logo: give one in PNG")
    return f"![{escaped(image.alt)}]({image.name})"


def _matrices(block: Matrices, dialect: Dialect) -> str:
    made = [
        " \\quad\n".join(plain(latex_matrix(matrix, spaces)) for matrix in line)
        for line in in_lines(block.matrices, _PAGE)
    ]
    body = " \\\\[1ex]\n".join(made)
    several = f"\\begin{{gathered}}\n{body}\n\\end{{gathered}}" if len(made) > 1 else body
    return dialect.display.format(several)


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

    return "".join(written(text, formula, escaped, address="<{}>".format))


def _latex(formula: Formula) -> str:
    r"""Return a formula without \operatorname, for which GitHub shows an error."""
    return plain(latex(formula)).replace(r"\operatorname{", r"\mathrm{")
