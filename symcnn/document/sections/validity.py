"""Where the closed forms hold: the comparisons that decide, and by what margin.

A bracket is constant as long as no comparison in it turns round; with the brackets'
values put in, each closed form is a formula without any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sympy import Expr, Integer, Piecewise
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.derivation.factoring import distributed, factored
from symcnn.document.blocks import (
    Block,
    Claim,
    Inline,
    Row,
    Rows,
    Side,
    Table,
    Text,
    heading,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.layout import is_readable
from symcnn.document.rows import NEAR_TIE, cell, figure, value_of, worked_row
from symcnn.formula import Row as Formula
from symcnn.formula.width import width
from symcnn.functions import Iverson

_WIDEST = 200.0


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
    settled = [_settled(context, *c, values, where) for c in closed if c[1].has(Iverson)]
    rows = tuple(row for row in settled if is_readable(row))
    if rows:
        yield paragraph("In this region every bracket is constant, and the derivatives are:")
        yield Rows(rows)


def _region(context: Context, margins: Mapping[Relational, Row]) -> Iterator[Block]:
    """List the comparisons, or the closest of them."""
    closest = sorted(margins, key=lambda c: value_of(margins[c]))[: limits.MARGINS]
    listed = [comparison for comparison in margins if comparison in closest]
    all_of_them = (
        "the following hold" if len(listed) == len(margins) else f"{len(margins)} of them hold"
    )
    yield paragraph(
        "A bracket keeps its value as long as none of its inequalities changes. At the given "
        f"numbers {all_of_them}, each by the stated margin; they define the region of weights and "
        "inputs in which the brackets can be omitted"
        + (":" if len(listed) == len(margins) else f". The {len(listed)} closest are:")
    )
    yield Table(
        (("Holds",), ("At the given numbers",), ("Margin",), ("In weights and inputs",)),
        tuple(_comparison(context, comparison, margins[comparison]) for comparison in listed),
        "lllX",
        tasks=(1, 2),
        signs=(0, 3),
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
    """Return the row of a closed form with the brackets' values in it."""
    (symbol,) = row.claim.left
    settled = factored(formula.xreplace(values))
    for without in (settled, distributed(settled)):
        made = worked_row(context, symbol, without, row.left, task="formula")
        if is_readable(made):
            break
    claim = Claim((symbol,), lambda _: [without], made.claim.value, where)
    return Row(made.left, _short_sides(made), claim, made.task)


def _short_sides(row: Row) -> tuple[Side, ...]:
    """Return the sides of a row, without its line of numbers where that makes it too long.

    Whether the row is there at all must not depend on how long the numbers are: to a student
    that would tell something of them.
    """
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
        return ("by the formulas above",)
    sides = (closed(side) for side in comparison.args)
    written = context.printed(comparison.func(*sides, evaluate=False))
    return (Inline(written),) if width(written) <= _WIDEST else ("by the formulas above",)
