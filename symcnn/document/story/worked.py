"""Entries worked out: all of them, or one of them with all results as matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from symcnn.document.blocks import Block, Row, Rows, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import Position
from symcnn.document.rows.matrices import Quantity, is_written_out, written_out
from symcnn.equations import Tensor

_FEW = 4
"""The most entries that stand below each other, as the rule above them does."""


def worked_rows(context: Context, tensor: Tensor, make: Callable[[Position], Row]) -> list[Row]:
    """Work out entries; a student works out others where the choice tells which are 0."""
    return [
        make(shown) if shown == asked else replace(make(shown), asked=make(asked))
        for shown, asked in context.worked_pairs(tensor)
    ]


def worked(context: Context, tensor: Tensor, rows: Iterable[Row]) -> Iterator[Block]:
    """Give worked rows, of all entries of a tensor or of one as an example."""
    if not context.is_worked(tensor) and (context.is_full or not is_written_out(context, tensor)):
        yield paragraph(f"There are {tensor.size:,} such entries; here is one of them:")
    shown = tuple(rows)
    yield Rows(shown, alike=len(shown) > _FEW)


def results(context: Context, result: Quantity) -> Iterator[Block]:
    """Give all entries as matrices, unless they were all worked out, or fill pages."""
    if not context.is_worked(result.tensor) and is_written_out(context, result.tensor):
        yield from written_out(context, [result], task=True)
