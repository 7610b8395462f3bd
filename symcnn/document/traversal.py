"""Runs over the blocks of a document, and over the rows in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcnn.document.blocks import Block, Note, Row, Rows


def flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Run over all blocks, each note before those in it."""
    for block in blocks:
        yield block
        if isinstance(block, Note):
            yield from flat(block.blocks)


def all_rows(blocks: Iterable[Block]) -> Iterator[Row]:
    """Run over the rows of all blocks, those in notes included."""
    return (row for block in flat(blocks) if isinstance(block, Rows) for row in block.rows)


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Run over the blocks that stand on the lines of a page, which are longer than others."""
    for block in blocks:
        if block.on_paper is not None:
            yield from block.on_paper
        else:
            yield block
