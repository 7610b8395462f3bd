"""The writers: a format is one file here, named as the files that it makes end.

    write(title, blocks, stem) -> files by their names

``tex.py`` writes ``derivation.tex``, and so on. The list of formats is that of the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from symcnn.document.blocks import Block
from symcnn.errors import SymcnnError, shown

Files = Mapping[str, str | bytes]
"""What a writer makes: the contents of files by their names."""


class Writer(Protocol):
    """A module of this package."""

    def write(self, title: str, blocks: Sequence[Block], stem: str) -> Files:
        """Lay a document out; the files' names begin with ``stem``."""


def writer(name: str) -> Writer:
    """Return the writer of a format.

    Raises:
        SymcnnError: If there is none.
    """
    known = sorted(file.stem for folder in __path__ for file in Path(folder).glob("[!_]*.py"))
    if name not in known:
        raise SymcnnError(f"there is no format {shown(name)}: choose from {', '.join(known)}")
    return cast(Writer, import_module(f"{__name__}.{name}"))
