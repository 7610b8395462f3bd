"""Entries worked out: all of them, or one of them with all results as matrices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcnn import limits
from symcnn.document.blocks import Block, Row, Rows, paragraph
from symcnn.document.context import Context
from symcnn.document.sections.matrices import Quantity, written_out
from symcnn.equations import Tensor


def worked(context: Context, tensor: Tensor, rows: Iterable[Row]) -> Iterator[Block]:
    """Give worked rows, of all entries of a tensor or of one as an example."""
    if not context.is_worked(tensor) and (context.is_full or not _is_listed(tensor)):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(rows))


def results(context: Context, result: Quantity) -> Iterator[Block]:
    """Give all entries as matrices, unless they were all worked out, or fill pages."""
    if not context.is_worked(result.tensor) and not context.is_full and _is_listed(result.tensor):
        yield from written_out(context, [result], task=True)


def _is_listed(tensor: Tensor) -> bool:
    return tensor.size <= limits.GIVEN_ENTRIES
