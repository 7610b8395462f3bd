r"""The LaTeX writer: a complete article for pdflatex, with common packages alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from symcnn.document.blocks import Block, Heading, Inline, Note, Paragraph, Row, Rows, Table, Text
from symcnn.document.layout import lines
from symcnn.document.writers import Files

_PREAMBLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage[margin=2.5cm]{geometry}
\usepackage{amsmath}
\usepackage{array}
\usepackage{booktabs}
\usepackage{longtable}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setlength{\LTpre}{6pt}
\setlength{\LTpost}{8pt}
\renewcommand{\arraystretch}{1.25}
\raggedbottom
\setlength{\jot}{5pt}
\AtBeginDocument{%
  \setlength{\abovedisplayskip}{4pt plus 2pt}%
  \setlength{\belowdisplayskip}{4pt plus 2pt}%
  \setlength{\abovedisplayshortskip}{4pt plus 2pt}%
  \setlength{\belowdisplayshortskip}{4pt plus 2pt}}
"""
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
    **{character: f"\\{character}" for character in "#$%&_"},
}
_HEADINGS = {1: "section", 2: "subsection"}
_BROKEN = {"X": 0.45, "Y": 0.25}
"""The columns whose cells are broken into lines, and their share of the page's width."""


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the article as a file."""
    return {f"{stem}.tex": article(title, blocks)}


def article(title: str, blocks: Iterable[Block]) -> str:
    """Return the whole document."""
    body = "".join(_joined(blocks))
    return (
        f"{_PREAMBLE}\n\\begin{{document}}\n\n"
        f"\\begin{{center}}\n\\LARGE {escaped(title)}\n\\end{{center}}\n\n"
        f"{body}\n\n\\end{{document}}\n"
    )


def _joined(blocks: Iterable[Block]) -> Iterator[str]:
    """Print the blocks; a display belongs to the paragraph before it."""
    before: Block | None = None
    for block in blocks:
        together = isinstance(block, Rows) and isinstance(before, Paragraph | Rows)
        yield ("" if before is None else "\n" if together else "\n\n") + _block(block)
        before = block


def escaped(text: str) -> str:
    """Return text that LaTeX prints as it stands.

    A character that pdflatex has no glyph for is printed by its code point.
    """
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character.isspace():
        return " "
    if "!" <= character <= "~":
        return _ESCAPES.get(character, character)
    if "\u00c0" <= character <= "\u00ff":
        return character
    folded = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return escaped(folded) if folded.isprintable() and folded else f"[U+{ord(character):04X}]"


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"no LaTeX for {type(block).__name__}")


@_block.register
def _(block: Heading) -> str:
    return rf"\{_HEADINGS[block.level]}{{{_text(block.title)}}}"


@_block.register
def _(block: Paragraph) -> str:
    return _text(block.text)


@_block.register
def _(block: Rows) -> str:
    body = "\\\\\n".join(_row(row) for row in block.rows)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


@_block.register
def _(block: Table) -> str:
    columns = "".join(map(_column, block.alignment))
    head = " & ".join(map(_text, block.header))
    body = "\n".join(" & ".join(map(_text, row)) + r" \\" for row in block.rows)
    return (
        f"\\begin{{longtable}}[l]{{@{{}}{columns}@{{}}}}\n\\toprule\n{head} \\\\\n\\midrule\n"
        f"\\endhead\n\\bottomrule\n\\endfoot\n{body}\n\\end{{longtable}}"
    )


@_block.register
def _(block: Note) -> str:
    body = "".join(_joined(block.blocks))
    return f"\\begin{{quote}}\n\\textbf{{{_text(block.title)}.}} {body}\n\\end{{quote}}"


def _column(letter: str) -> str:
    if letter not in _BROKEN:
        return letter
    return rf">{{\raggedright\arraybackslash}}p{{{_BROKEN[letter]}\textwidth}}"


def _row(row: Row) -> str:
    return "\\\\\n".join(f"{line.left} &{line.right}" for line in lines(row))


def _text(text: Text) -> str:
    return "".join(f"${part.latex}$" if isinstance(part, Inline) else _words(part) for part in text)


def _words(text: str) -> str:
    opening = text.replace(' "', " ``").replace('("', "(``")
    opening = "``" + opening[1:] if opening.startswith('"') else opening
    return "".join(c if c == "`" else escaped(c) for c in opening)
