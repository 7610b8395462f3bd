"""The derivatives beside those of a method that knows nothing of the derivation."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Table, Text, heading, paragraph
from symcnn.document.context import Compared, Context


def check(context: Context) -> Iterator[Block]:
    """Set the derivatives beside those of an independent method."""
    made = context.check
    yield heading(1, "Check", solution=True)
    yield paragraph(
        "The derivatives were computed a second time, independently of the derivation, from the "
        f"forward pass alone ({made.method}). The largest difference is ",
        Inline(context.numerals.marked(_scientific(made.max_abs_error))),
        ".",
    )
    if not context.is_full:
        return
    step = 1 if len(made.rows) <= limits.CHECKED_ROWS else len(made.rows) // 40
    rows = made.rows[::step]
    header = (("Entry",), ("Derived",), ("Measured",), ("Difference",))
    yield Table(header, tuple(_row(context, row) for row in rows), "lrrr")


def _row(context: Context, row: Compared) -> tuple[Text, ...]:
    entry = context.derivation.network.tensors[row.name].symbol(row.position)
    difference = _scientific(abs(row.analytic - row.numeric))
    figures = map(context.numerals.marked, (_float(row.analytic), _float(row.numeric), difference))
    return ((Inline(context.printed(entry)),), *((Inline(figure),) for figure in figures))


def _float(value: float) -> str:
    return f"{value:.12f}" if abs(value) < 1000 else f"{value:.12e}"


def _scientific(value: float) -> str:
    return f"{value:.1e}" if value else "0"
