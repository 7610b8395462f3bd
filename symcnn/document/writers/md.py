"""The Markdown writer, for GitHub and Jupyter: fenced math blocks, short formulas."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatch

from symcnn.document.blocks import (
    Block,
    Diagram,
    Heading,
    Inline,
    Note,
    Paragraph,
    Rows,
    Table,
    Text,
)
from symcnn.document.layout import lines
from symcnn.document.pictures.picture import Picture
from symcnn.document.pictures.svg import standalone
from symcnn.document.writers import Files

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_ALIGN = {"l": ":--", "X": ":--", "Y": ":--", "r": "--:", "c": ":-:"}


Address = Callable[[Picture], str]
"""Where a page finds a picture."""


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the page as a file, and its pictures as files beside it."""
    pictures: dict[str, str] = {}

    def beside(picture: Picture) -> str:
        name = f"{stem}-{len(pictures) + 1}.svg"
        pictures[name] = standalone(picture)
        return name

    return {f"{stem}.md": page(title, blocks, beside), **pictures}


def inside(picture: Picture) -> str:
    """Return an address that holds the picture itself."""
    return f"data:image/svg+xml;base64,{b64encode(standalone(picture).encode()).decode()}"


def page(title: str, blocks: Iterable[Block], address: Address = inside) -> str:
    """Return the whole document.

    Args:
        title: Its title.
        blocks: Its blocks.
        address: Says where each picture is, in their order; by default in the page itself.
    """
    return "\n\n".join([f"# {escaped(title)}", *(_block(b, address) for b in blocks)]) + "\n"


def escaped(text: str) -> str:
    """Return text in which Markdown and HTML see no markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()) if "\n" in text else text)


@singledispatch
def _block(block: Block, address: Address) -> str:
    raise TypeError(f"no Markdown for {type(block).__name__}")


@_block.register
def _(block: Heading, address: Address) -> str:
    return f"{'#' * (block.level + 1)} {_text(block.title)}"


@_block.register
def _(block: Paragraph, address: Address) -> str:
    return _text(block.text)


@_block.register
def _(block: Rows, address: Address) -> str:
    body = " \\\\\n".join(f"{line.left} &{line.right}" for row in block.rows for line in lines(row))
    return f"```math\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n```"


@_block.register
def _(block: Table, address: Address) -> str:
    rule = [_ALIGN[column] for column in block.alignment]
    rows = [map(_cell, block.header), rule, *(map(_cell, row) for row in block.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


@_block.register
def _(block: Diagram, address: Address) -> str:
    return f"![{escaped(block.picture.alt)}]({address(block.picture)})\n\n{_text(block.caption)}"


@_block.register
def _(block: Note, address: Address) -> str:
    inner = (_block(b, address) for b in block.blocks)
    return "\n\n".join([f"**{_text(block.title)}.**", *inner])


def _text(text: Text) -> str:
    return "".join(
        f"$`{part.latex}`$" if isinstance(part, Inline) else escaped(part) for part in text
    )


def _cell(text: Text) -> str:
    return _text(text).replace(r"\mid", r"\vert")
