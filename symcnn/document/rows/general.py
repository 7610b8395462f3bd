"""Formulas for all entries, and what their indices run over: behind them if there is room."""

from __future__ import annotations

from dataclasses import replace

from symcnn.derivation.general import General
from symcnn.derivation.statement import terms_of
from symcnn.document.blocks import EQUAL, Row, Side, Text
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.words.words import ranges
from symcnn.writing.formula import Formula
from symcnn.writing.formula.breaking import number_of_lines
from symcnn.writing.formula.build import INDENT, parenthesized, row


def general_row(context: Context, general: General, left: Formula | None = None) -> Row:
    """Return the row  T[i, k] = formula  for all i, k."""
    cases, right = general.claimed(context.derivation.entries)
    claim = Claim(tuple(cases), lambda entry: [right(entry)], indices=cases)
    right_side = Side(EQUAL, terms_of(general, context.printer))
    label = str(general.left.base.label)
    return Row(left or context.printer.tree(general.left), (right_side,), claim, label=label)


def ranged(context: Context, general: General, of: Row | None = None) -> tuple[Text, Row]:
    """Return a formula with its ranges behind it, or what is said before it if that has no room."""
    made = of or general_row(context, general)
    longer = with_ranges(context, general, made)
    if number_of_lines(longer) == number_of_lines(made):
        return (), longer
    return ("for ", ranges(context, general.free)), made


def with_ranges(context: Context, general: General, of: Row | None = None) -> Row:
    """Return the row of a formula with what its free indices run over behind it."""
    made = of or general_row(context, general)
    if not general.free:
        return made
    *front, last = made.sides
    behind = row(INDENT, parenthesized(ranges(context, general.free).formula))
    return replace(made, sides=(*front, Side(last.relation, (*last.terms, behind))))


def comma(over: Text) -> Text:
    """Return , for i = 1, 2 behind a clause, or nothing."""
    return (", ", *over) if over else ()


def over_all(over: Text) -> Text:
    """Return For i = 1, 2: before a formula that has no room for this behind it."""
    return ("For ", *over[1:], ":") if over else ()
