r"""The LaTeX writer: a complete article for pdflatex, with common packages alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import singledispatch

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Matrices,
    Note,
    Paragraph,
    Reference,
    Rows,
    Table,
    Text,
    flat,
)
from symcnn.document.latex_letters import composed
from symcnn.document.latex_matrices import latex_matrix
from symcnn.document.layout import LINE, MARGIN, lines, shrunk
from symcnn.document.sentences import (
    APOSTROPHE,
    CLOSING,
    OPENING,
    quoted,
    unlinked,
    written,
)
from symcnn.document.writers import Files
from symcnn.drawing.tikz import tikz
from symcnn.formula.latex import latex
from symcnn.formula.width import width

_PREAMBLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage[hmargin=2.5cm,vmargin=1.6cm]{geometry}
\usepackage{amsmath}
\usepackage{array}
\usepackage{booktabs}
\usepackage{longtable}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setlength{\LTpre}{6pt}
\setlength{\LTpost}{6pt}
\renewcommand{\arraystretch}{1.15}
\raggedbottom
\makeatletter
\renewcommand{\section}{\@startsection{section}{1}{\z@}%
  {-2.5ex plus -1ex minus -.2ex}{1ex plus .2ex}{\normalfont\large\bfseries}}
\renewcommand{\subsection}{\@startsection{subsection}{2}{\z@}%
  {-2ex plus -1ex minus -.2ex}{.6ex plus .2ex}{\normalfont\normalsize\bfseries}}
\makeatother
\setlength{\jot}{5pt}
\AtBeginDocument{%
  \setlength{\abovedisplayskip}{4pt plus 2pt}%
  \setlength{\belowdisplayskip}{4pt plus 2pt}%
  \setlength{\abovedisplayshortskip}{4pt plus 2pt}%
  \setlength{\belowdisplayshortskip}{4pt plus 2pt}}
"""
_LINKS = "\\usepackage[unicode,hidelinks,bookmarksnumbered]{hyperref}\n"
"""Loaded last, as its manual asks for."""

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    **{OPENING: "``", CLOSING: "''", APOSTROPHE: "'"},
    **{character: f"\\{character}" for character in "#$%&_"},
}
_GROUP = r"""\begingroup
\allowdisplaybreaks
\setlength{\emergencystretch}{3em}
\renewcommand{\arraystretch}{1.25}"""
"""What a fragment sets for itself alone."""

_NARROW_LINE = 300.0
"""The width of a row in a fragment, which fits 345 points of text, article's own width."""

_QUOTED = 50.0
"""How much narrower the text of a quote is."""

_HEADINGS = {1: "section", 2: "subsection"}
_BROKEN = {"X": 0.45, "Y": 0.25}
"""The columns whose cells are broken into lines, and their share of the page's width."""

_LONG_HEADING = 240.0
"""From how many points on a heading may need two lines, whose words are not drawn apart."""

_LETTER, _BETWEEN = 5.4, 12.0
"""The width of a letter in a word, and of what separates two columns, in points."""

_SIZES = {0.92: r"\small", 0.84: r"\footnotesize", 0.76: r"\scriptsize"}
"""The sizes of formulas of which one summand alone is wider than a line."""


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the article as a file."""
    return {f"{stem}.tex": article(title, blocks)}


def article(title: str, blocks: Sequence[Block]) -> str:
    """Return the whole document."""
    body = "".join(_joined(blocks, LINE))
    drawing = "\\usepackage{tikz}\n" if Diagram in _kinds(blocks) else ""
    return (
        f"{_PREAMBLE}{drawing}{_LINKS}\\hypersetup{{pdftitle={{{escaped(title)}}}}}\n\n"
        "\\begin{document}\n\n"
        f"{{\\centering\\LARGE {escaped(title)}\\par}}\n\n"
        f"{body}\n\n\\end{{document}}\n"
    )


def fragment(title: str, blocks: Sequence[Block]) -> str:
    """Return the body alone, to be pasted into an article, below the packages it needs."""
    body = "".join(_joined(map(_unlinked, blocks), _NARROW_LINE))
    needed = "".join(f"% \\usepackage{{{name}}}\n" for name in _packages(blocks))
    return f"% {escaped(title)}\n{needed}{_GROUP}\n\n{body}\n\n\\endgroup\n"


def _packages(blocks: Iterable[Block]) -> list[str]:
    kinds = _kinds(blocks)
    tables = ["array", "booktabs", "longtable"] if Table in kinds else []
    return ["amsmath", *tables, *(["tikz"] if Diagram in kinds else [])]


def _kinds(blocks: Iterable[Block]) -> set[type[Block]]:
    return set(map(type, flat(blocks)))


def _joined(blocks: Iterable[Block], line: float) -> Iterator[str]:
    """Print the blocks; a display belongs to the paragraph before it."""
    before: Block | None = None
    for block in blocks:
        together = isinstance(block, Rows) and isinstance(before, Paragraph | Rows)
        yield ("" if before is None else "\n" if together else "\n\n") + _block(block, line)
        before = block


def escaped(text: str) -> str:
    """Return text that LaTeX prints as it stands.

    A character that pdflatex has no glyph for is printed by its code point.
    """
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character.isspace():
        return " "
    if "!" <= character <= "~" or character in _ESCAPES:
        return _ESCAPES.get(character, character)
    if "\u00c0" <= character <= "\u00ff":
        return character
    if (letter := composed(character)) is not None:
        return letter
    folded = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return escaped(folded) if folded.isprintable() and folded else f"[U+{ord(character):04X}]"


@singledispatch
def _block(block: Block, line: float) -> str:
    raise TypeError(f"no LaTeX for {type(block).__name__}")


@_block.register
def _(block: Heading, line: float) -> str:
    ragged = "\\raggedright " if _length(block.title) > _LONG_HEADING else ""
    bookmark = f"[{{{_bookmark(block.title)}}}]" if ragged or len(block.title) > 1 else ""
    return rf"\{_HEADINGS[block.level]}{bookmark}{{{ragged}{_text(block.title)}}}"


@_block.register
def _(block: Paragraph, line: float) -> str:
    return _text(block.text)


@_block.register
def _(block: Rows, line: float) -> str:
    scale = shrunk(block.rows, line)
    made = (part for row in block.rows for part in lines(row, line / scale))
    body = "\\\\\n".join(f"{latex(part.left)} &{latex(part.right)}" for part in made)
    aligned = f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
    return f"{{{_SIZES[scale]}\n{aligned}}}" if scale < 1 else aligned


@_block.register
def _(block: Matrices, line: float) -> str:
    shown = "\\quad\n".join(f"${latex_matrix(matrix)}$" for matrix in block.matrices)
    return f"{{\\raggedright\\arraycolsep=3pt\\lineskiplimit=4pt\\lineskip=6pt\n{shown}\\par}}"


@_block.register
def _(block: Table, line: float) -> str:
    columns = "".join(_columns(block, line + MARGIN))
    head = " & ".join(map(_text, block.header))
    body = "\n".join(" & ".join(map(_text, row)) + r" \\" for row in block.rows)
    return (
        f"\\begin{{longtable}}[l]{{@{{}}{columns}@{{}}}}\n\\toprule\n{head} \\\\\n\\midrule\n"
        f"\\endhead\n\\bottomrule\n\\endfoot\n{body}\n\\end{{longtable}}"
    )


@_block.register
def _(block: Diagram, line: float) -> str:
    drawing = tikz(block.picture, escaped)
    if block.picture.width > line + MARGIN:
        drawing = f"\\resizebox{{\\linewidth}}{{!}}{{%\n{drawing}}}"
    if block.caption:
        caption = f"\\small\n{_text(block.caption)}"
        drawing += f"\\\\*[8pt]\n\\begin{{minipage}}{{0.94\\linewidth}}{caption}\n\\end{{minipage}}"
    return f"\\begin{{center}}\n{drawing}\n\\end{{center}}"


@_block.register
def _(block: Note, line: float) -> str:
    body = "".join(_joined(block.blocks, line - _QUOTED))
    target = "" if block.theorem is None else f"\\hypertarget{{theorem-{block.theorem}}}{{}}%\n"
    title = f"\\textbf{{{_text(block.title)}.}}"
    return f"\\begin{{quote}}\n{target}{title} {body}\n\\end{{quote}}"


def _share(table: Table, line: float) -> float:
    """Return how much of their usual share the columns get whose cells are broken."""
    used = _BETWEEN * (len(table.alignment) - 1)
    for letter, *cells in zip(table.alignment, table.header, *table.rows, strict=True):
        used += 0.0 if letter in _BROKEN else max(map(_length, cells))
    shares = sum(_BROKEN.get(letter, 0.0) for letter in table.alignment)
    return min(1.0, (line - used) / (line * shares)) if shares else 1.0


def _length(cell: Text) -> float:
    return sum(written(cell, width, lambda words: _LETTER * len(words)))


def _columns(table: Table, line: float) -> Iterator[str]:
    """Say how each column is set; one that needs no breaking is as wide as its cells."""
    share = _share(table, line)
    for letter, *cells in zip(table.alignment, table.header, *table.rows, strict=True):
        part = share * _BROKEN.get(letter, 0.0)
        if letter in _BROKEN and max(map(_length, cells)) > line * part:
            yield rf">{{\raggedright\arraybackslash}}p{{{part:.3g}\textwidth}}"
        else:
            yield "l" if letter in _BROKEN else letter


def _text(text: Text) -> str:
    return "".join(written(text, lambda f: f"${latex(f)}$", _words, _link))


def _words(words: str) -> str:
    return escaped(quoted(words))


def _link(reference: Reference) -> str:
    return f"\\hyperlink{{theorem-{reference.theorem}}}{{{reference.words}}}"


def _bookmark(title: Text) -> str:
    r"""Return a heading without formulas: gamma for \gamma, z^(2) for z^{(2)}."""
    letters = "".join(written(title, lambda f: re.sub(r"[\\{}]", "", latex(f)), str))
    return escaped(letters)


def _unlinked(block: Block) -> Block:
    """Return a block without links: an author's own article may have none, or its own."""
    if isinstance(block, Note):
        return replace(block, blocks=tuple(map(_unlinked, block.blocks)), theorem=None)
    if isinstance(block, Paragraph):
        return replace(block, text=unlinked(block.text))
    return block
