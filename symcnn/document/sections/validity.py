"""Where the closed forms hold: the comparisons that decide, and by what margin.

A bracket is constant as long as no comparison in it turns round; with the brackets'
values put in, each closed form is a formula without any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Integer, Piecewise
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.derivation.factoring import distributed, factored
from symcnn.document.blocks import (
    Block,
    Inline,
    Paragraph,
    Row,
    Rows,
    Side,
    Table,
    Text,
    heading,
    paragraph,
)
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.layout import is_readable
from symcnn.document.rows import NEAR_TIE, cell, figure, value_of, worked_row
from symcnn.formula import Row as Formula
from symcnn.formula.width import width
from symcnn.functions import Iverson

_WIDEST = 180.0
"""The width of a comparison in weights and inputs that is written out, without its sign."""

_REGION = (
    "A bracket keeps its value as long as none of its inequalities changes. At the given numbers "
    "{holding}, each by the stated margin; they define the region of weights and inputs in which "
    "the brackets can be omitted"
)
_BY_FORMULAS: Text = ("by the formulas above",)
_SOME = (("The", "closest are"), ("The first", "are"))
_CONSTANT = "In this region every bracket is constant, and the derivatives are:"


def validity(context: Context, closed: Sequence[tuple[Row, Expr]]) -> Iterator[Block]:
    """State the region in which the brackets keep their values, and the formulas there.

    Args:
        context: The derivation with its numbers.
        closed: The rows of the closed forms, each with its formula.
    """
    brackets = dict.fromkeys(b for _, formula in closed for b in _brackets(formula))
    comparisons = list(dict.fromkeys(_true(context, c) for b in brackets for c in b.args))
    margins = {comparison: _margin(context, comparison) for comparison in comparisons}
    hidden = any(formula.has(Piecewise) for _, formula in closed)
    if not brackets or hidden or any(map(_is_rounding, margins.values())):
        return
    yield heading(2, "Where they hold")
    yield from _region(context, margins)
    where = Iverson(*comparisons)
    values = {b: Integer(all(comparison in margins for comparison in b.args)) for b in brackets}
    made = [
        (row, _settled(context, row, formula, values, where))
        for row, formula in closed
        if formula.has(Iverson)
    ]
    rows = tuple(settled for row, settled in made if is_readable(row) or is_readable(settled))
    if rows:
        # how long a formula is without brackets depends on which of them are 0
        asked = tuple(settled for row, settled in made if is_readable(row))
        yield Paragraph((_CONSTANT,), None if asked else ())
        yield Rows(rows, (Rows(asked),) if asked else ())


def _region(context: Context, margins: Mapping[Relational, Row]) -> Iterator[Block]:
    """List the comparisons; where they are many the closest of them, to a student the first."""
    if len(margins) <= limits.MARGINS:
        yield paragraph(_REGION.format(holding="the following hold"), ":")
        yield _table(context, margins, margins)
        return
    said = _REGION.format(holding=f"{len(margins)} of them hold")
    which = (f". {there} {limits.MARGINS} {what}:" for there, what in _SOME)
    told, asked = ((said, some) for some in which)
    closest = sorted(margins, key=lambda c: value_of(margins[c]))[: limits.MARGINS]
    yield Paragraph(told, asked)
    first = _table(context, margins, list(margins)[: limits.MARGINS])
    shown = _table(context, margins, closest)
    yield replace(shown, asked=(first,))


def _table(
    context: Context, margins: Mapping[Relational, Row], listed: Iterable[Relational]
) -> Table:
    rows = [_comparison(context, comparison, margins[comparison]) for comparison in listed]
    header: tuple[Text, ...] = (("Holds",), ("At the given numbers",), ("Margin",))
    tells = any(written != _BY_FORMULAS for *_, written in rows)
    return Table(
        (*header, ("In weights and inputs",)) if tells else header,
        tuple(rows if tells else (tuple(row[:-1]) for row in rows)),
        "lllX" if tells else "lll",
        tasks=(1, 2),
        signs=(0, 3) if tells else (0,),
        figures=tuple(margins.values()),
    )


def _is_rounding(margin: Row) -> bool:
    """Tell whether rounding may have decided a comparison: exact numbers decide it."""
    value = value_of(margin)
    return not value.is_Rational and bool(value < NEAR_TIE)


def _brackets(formula: Expr) -> list[Iverson]:
    return sorted(formula.atoms(Iverson), key=str)


def _settled(
    context: Context, row: Row, formula: Expr, values: dict[Expr, int], where: Iverson
) -> Row:
    """Return the row of a closed form with the brackets' values in it.

    A student, who is to find it, gets a box that is large enough for the closed form.
    """
    (symbol,) = row.claim.left
    left, settled = formula.xreplace(values), factored(formula.xreplace(values))
    for without in (settled, distributed(settled), left):
        made = worked_row(context, symbol, without, row.left, task="formula")
        if is_readable(made):
            break
    claim = Claim((symbol,), lambda _: [without], made.claim.value, where)
    asked = replace(row, sides=(row.sides[0], made.sides[-1]), claim=_with_value(row, made))
    return Row(made.left, _short_sides(made), claim, made.task, asked)


def _with_value(row: Row, made: Row) -> Claim:
    """Claim what a row does, and the value that another one ends with."""
    return replace(row.claim, value=made.claim.value)


def _short_sides(row: Row) -> tuple[Side, ...]:
    """Return the sides of a row, without its line of numbers where that makes it too long."""
    return row.sides if is_readable(row) else (row.sides[0], row.sides[-1])


def _true(context: Context, comparison: Relational) -> Relational:
    """Return the comparison, or its opposite: the one that holds at the given numbers."""
    left, right = comparison.args
    holds = bool(comparison.func(context.value(left - right), 0))
    return comparison if holds else comparison.negated


def _margin(context: Context, comparison: Relational) -> Row:
    """Return by how much a comparison holds: the larger side less the smaller one."""
    left, right = comparison.args
    difference = context.value(left - right)
    if difference < 0:
        left, right, difference = right, left, -difference
    return figure(context, f"the margin of {comparison}", left - right, difference)


def _comparison(context: Context, comparison: Relational, margin: Row) -> tuple[Text, ...]:
    return (
        (Inline(context.printed(comparison)),),
        (Inline(_numbers(context, comparison)),),
        cell(margin),
        _in_weights(context, comparison),
    )


def _numbers(context: Context, comparison: Relational) -> Formula:
    symbols = sorted(comparison.free_symbols, key=str)
    numerals = {symbol: context.numeral(symbol) for symbol in symbols}
    return context.number_printer(numerals).tree(comparison)


def _in_weights(context: Context, comparison: Relational) -> Text:
    """Write the comparison in what is given, if that is short enough to say something."""
    closed = context.derivation.entries.closed
    if closed.nodes(comparison, limits.MARGIN_NODES) > limits.MARGIN_NODES:
        return _BY_FORMULAS
    sides = [closed(side) for side in comparison.args]
    needed = sum(width(context.printed(side)) for side in sides)
    if needed > _WIDEST:
        return _BY_FORMULAS
    return (Inline(context.printed(comparison.func(*sides, evaluate=False))),)
