"""The writers: a format is one file here, named as the files that it makes end.

    write(title, blocks, stem) -> files by their names

``tex.py`` writes ``derivation.tex``, and so on. The list of formats is that of the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from symcnn.document.blocks import Block

Files = Mapping[str, str | bytes]
"""What a writer makes: the contents of files by their names."""


class Writer(Protocol):
    """A module of this package."""

    def write(self, title: str, blocks: Sequence[Block], stem: str) -> Files:
        """Lay a document out; the files' names begin with ``stem``."""


def writer(name: str) -> Writer:
    """Return the writer of a format."""
    return cast(Writer, import_module(f"{__name__}.{name}"))
