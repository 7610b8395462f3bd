"""Text of Python: functions, blocks of statements, dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent

from symcnn.programs.backends.python.listing import Block
from symcnn.writing.wrapping import WIDTH, filled, wrapped


def defined(name: str, arguments: Iterable[str], body: Iterable[str]) -> str:
    """Return a function."""
    signature = ", ".join(arguments)
    if len(signature) > WIDTH:
        signature = f"\n    {filled(signature)}\n"
    return f"def {name}({signature}):\n" + indented("\n".join(body))


def blocks_text(blocks: Iterable[Block]) -> Iterator[str]:
    """Run over the lines of blocks, each below the equations that it computes."""
    for block in blocks:
        yield from ("", *(f"# {text}" for text in block.notes), *map(wrapped, block.lines))


def dict_text(entries: Mapping[str, str]) -> str:
    """Return a dictionary of expressions."""
    rows = "".join(f"    {name!r}: {filled(text)},\n" for name, text in entries.items())
    return "{\n" + rows + "}"


def indented(text: str) -> str:
    """Return text inside of a function."""
    return indent(text, "    ")
