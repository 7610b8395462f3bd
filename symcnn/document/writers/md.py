"""The Markdown writer, for GitHub and Jupyter: fenced math blocks, short formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import singledispatch

from symcnn.document.blocks import Block, Heading, Inline, Note, Paragraph, Rows, Table, Text
from symcnn.document.layout import lines
from symcnn.document.writers import Files

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_ALIGN = {"l": ":--", "X": ":--", "Y": ":--", "r": "--:", "c": ":-:"}


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the page as a file."""
    return {f"{stem}.md": page(title, blocks)}


def page(title: str, blocks: Iterable[Block]) -> str:
    """Return the whole document."""
    return "\n\n".join([f"# {escaped(title)}", *map(_block, blocks)]) + "\n"


def escaped(text: str) -> str:
    """Return text in which Markdown and HTML see no markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()) if "\n" in text else text)


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"no Markdown for {type(block).__name__}")


@_block.register
def _(block: Heading) -> str:
    return f"{'#' * (block.level + 1)} {_text(block.title)}"


@_block.register
def _(block: Paragraph) -> str:
    return _text(block.text)


@_block.register
def _(block: Rows) -> str:
    body = " \\\\\n".join(f"{line.left} &{line.right}" for row in block.rows for line in lines(row))
    return f"```math\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n```"


@_block.register
def _(block: Table) -> str:
    rule = [_ALIGN[column] for column in block.alignment]
    rows = [map(_cell, block.header), rule, *(map(_cell, row) for row in block.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


@_block.register
def _(block: Note) -> str:
    return "\n\n".join([f"**{_text(block.title)}.**", *map(_block, block.blocks)])


def _text(text: Text) -> str:
    return "".join(
        f"$`{part.latex}`$" if isinstance(part, Inline) else escaped(part) for part in text
    )


def _cell(text: Text) -> str:
    return _text(text).replace(r"\mid", r"\vert")
