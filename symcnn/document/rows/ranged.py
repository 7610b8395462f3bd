"""A formula with what its indices run over: behind it, or before it where a line has no room."""

from __future__ import annotations

from dataclasses import replace

from symcnn.derivation.general import General
from symcnn.derivation.statement import ranges_behind
from symcnn.document.blocks import Row, Side, Text
from symcnn.document.context import Context
from symcnn.document.rows.layout import lines
from symcnn.document.words.words import ranges


def behind(context: Context, general: General, row: Row) -> Row:
    """Return the row of a formula with what its free indices run over behind it."""
    if not general.free:
        return row
    over, last = ranges_behind(general, context.style.index_base), row.sides[-1]
    return replace(row, sides=(*row.sides[:-1], Side(last.relation, (*last.terms, over))))


def ranged(context: Context, general: General, row: Row) -> tuple[Text, Row]:
    """Return the row with its ranges behind it, or what is said before a row that has no room."""
    made = behind(context, general, row)
    if len(lines(made)) == len(lines(row)):
        return (), made
    return ("for ", ranges(context, general.free)), row


def comma(over: Text) -> Text:
    """Return , for i = 1, 2 behind a clause, or nothing."""
    return (", ", *over) if over else ()


def over_all(over: Text) -> Text:
    """Return For i = 1, 2: before a formula that has no room for this behind it."""
    return ("For ", *over[1:], ":") if over else ()
