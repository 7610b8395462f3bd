"""The files of many variants: one is worked out while the pages of others are typeset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, as_completed

from symcnn.document.pages.together import Together, made
from symcnn.document.pages.writers import Files

Callback = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""

Part = Callable[[], Files]
"""Makes some files."""

TYPESET = ("pdf",)
"""The formats that another program makes."""


def made_together(
    variants: Sequence[Callable[[], Iterable[tuple[str, Part]]]], callback: Callback | None = None
) -> Files:
    """Make the files of variants.

    Args:
        variants: For each of them what makes its files, with their formats.
        callback: Called with the number of variants whose files are made, and that of all.

    Raises:
        SymcnnError: If a file cannot be made; nothing more is made then.
    """
    pending = list[list[Future[Files]]]()
    with Together() as soon:
        for variant in variants:
            parts = [
                soon(make) if format in TYPESET else made(make()) for format, make in variant()
            ]
            pending.append(parts)
            _tell(callback, pending, len(variants))
        for _ in as_completed(part for parts in pending for part in parts):
            _tell(callback, pending, len(variants))
    return {
        name: content
        for parts in pending
        for part in parts
        for name, content in part.result().items()
    }


def _tell(callback: Callback | None, pending: Sequence[Sequence[Future[Files]]], of: int) -> None:
    """Say how many variants are done; raise what has failed."""
    for part in (part for parts in pending for part in parts if part.done()):
        part.result()
    if callback is not None:
        callback(sum(all(part.done() for part in parts) for parts in pending), of)
