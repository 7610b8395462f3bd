"""Where the closed forms hold: the comparisons that decide, and by what margin.

A bracket is constant as long as no comparison in it turns round; with the brackets'
values put in, each closed form is a formula without any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sympy import Expr, Integer, Piecewise
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.derivation.simplification import distributed, factored
from symcnn.document.bindings import Lead, Order
from symcnn.document.blocks import Block, Inline, Row, Rows, Side, Table, Text, heading, paragraph
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.facts.deciding import comparisons_in, deciding, is_about_index
from symcnn.document.outline import Role
from symcnn.document.rows.layout import is_readable
from symcnn.document.rows.rows import NEAR_TIE, cell, figure, value_of, worked_row
from symcnn.document.story.closed import Closed
from symcnn.equations.functions import Iverson
from symcnn.writing.formula import Formula
from symcnn.writing.formula.width import width

_Margins = Mapping[Relational, Row]
"""By how much each comparison holds."""

_WIDEST = 180.0
"""The width of a comparison in weights and inputs that is written out, without its sign."""

_ONE = (
    "{they_keep} as long as the following inequality holds. "
    "The margin is the amount by which it holds at the given numbers"
)
_FEW = (
    "{they_keep} as long as the following inequalities hold. "
    "The margin is the amount by which each of them holds at the given numbers"
)
_MANY = (
    "{they_keep} as long as {number} inequalities hold. "
    "The margin is the amount by which each of them holds at the given numbers"
)
_NO_MARGIN = ". Where it is 0, an arbitrarily small change can violate the inequality"
_SOME = (". The {number} closest are", ". The first {number} are")
_BY_FORMULAS: Text = ("by the formulas above",)
_CONSTANT = (
    "For {given}all weights and inputs for which {they}, a bracket whose value is 1 can be "
    "omitted, and a bracket whose value is 0 removes its term. The {derivatives_are} then:"
)


def validity(context: Context, closed: Sequence[Closed]) -> Iterator[Block]:
    """State the region in which the brackets keep their values, and the formulas there.

    Args:
        context: The derivation with its numbers.
        closed: The closed forms that are printed.
    """
    with_brackets = [form for form in closed if form.formula.has(Iverson)]
    brackets = dict.fromkeys(b for form in with_brackets for b in _brackets(form.formula))
    hidden = any(form.formula.has(Piecewise) for form in closed)
    hold = comparisons_in(context, brackets)
    margins = _margins(context, deciding(context, hold))
    if not margins or hidden or any(map(_is_rounding, margins.values())):
        return
    yield heading(2, "Where it holds" if len(closed) == 1 else "Where they hold")
    fixed = [comparison for comparison in hold if is_about_index(context, comparison)]
    they_keep = _they_keep(len(brackets), len(with_brackets), fixed=bool(fixed))
    yield from _region(context, margins, _margins(context, hold), they_keep)
    where, true = Iverson(*margins, *fixed), set(hold)
    values = {b: Integer(true.issuperset(b.args)) for b in brackets}
    made = [(row, _settled(context, row, own, values, where)) for row, own in with_brackets]
    rows = tuple(settled for row, settled in made if is_readable(row) or is_readable(settled))
    if rows:
        # how long a formula is without brackets depends on which of them are 0
        asked = tuple(settled for row, settled in made if is_readable(row))
        some = len(with_brackets) < len(closed)
        there = partial(_there, some=some, fixed=bool(fixed))
        role: Role | None = None if asked else "insight"
        for_students = there(len(hold), len(asked))
        yield paragraph(*there(len(margins), len(rows)), role=role, asked=for_students)
        yield Rows(rows, role=role, asked=(Rows(asked),))


def _they_keep(brackets: int, formulas: int, *, fixed: bool) -> str:
    """Say what keeps its value: one bracket or several, in one formula or several.

    No inequality keeps a bracket that compares indices, the numbers of classes or of words.
    """
    the = "For the given indices, the" if fixed else "The"
    where = "this formula" if formulas == 1 else "these formulas"
    if brackets == 1:
        return f"{the} bracket in {where} keeps its value"
    return f"{the} brackets in {where} keep their values"


def _region(context: Context, decide: _Margins, hold: _Margins, they_keep: str) -> Iterator[Block]:
    """List the inequalities; where they are many the closest of them.

    A student gets all that are in brackets, or the first of them: which of them follow from
    others tells which rectifiers are inactive.
    """
    is_tied = any(value_of(margin).is_zero for margin in decide.values())
    told = _opening(they_keep, len(decide), _NO_MARGIN if is_tied else "", _SOME[0])
    asked = _opening(they_keep, len(hold), "", _SOME[1])
    yield paragraph(*told, asked=asked)
    closest = sorted(decide, key=lambda c: value_of(decide[c]))
    listed = closest[: limits.MARGINS] if len(decide) > limits.MARGINS else decide
    first = _table(context, hold, list(hold)[: limits.MARGINS])
    yield replace(_table(context, decide, listed), asked=(first,))


def _opening(they_keep: str, number: int, margin: str, some: str) -> Text:
    """Say of how many inequalities the brackets are made, and which of them are listed."""
    if number > limits.MARGINS:
        said, end = _MANY, some.format(number=limits.MARGINS)
    else:
        said, end = _ONE if number == 1 else _FEW, ""
    return (f"{said.format(they_keep=they_keep, number=number)}{margin}{end}:",)


def _there(number: int, formulas: int, *, some: bool, fixed: bool) -> Text:
    """Say what becomes of formulas: of all, or of some that have brackets."""
    they = "it holds" if number == 1 else "they hold"
    with_brackets = " with brackets" if some else ""
    noun, verb = ("derivative", "is") if formulas == 1 else ("derivatives", "are")
    given = "the given indices and " if fixed else ""
    are = f"{noun}{with_brackets} {verb}"
    return (_CONSTANT.format(given=given, they=they, derivatives_are=are),)


def _table(context: Context, margins: _Margins, listed: Iterable[Relational]) -> Table:
    shown = [*listed]
    rows = [_comparison(context, comparison, margins[comparison]) for comparison in shown]
    header: tuple[Text, ...] = (("Holds",), ("At the given numbers",), ("Margin",))
    tells = any(written != _BY_FORMULAS for *_, written in rows)
    return Table(
        (*header, ("In weights and inputs",)) if tells else header,
        tuple(rows if tells else (tuple(row[:-1]) for row in rows)),
        "lllX" if tells else "lll",
        tasks={0: "sign", 1: "value", 2: "value", 3: "sign"},
        figures=tuple(margins.values()),
        answers=tuple(answer for n, c in enumerate(shown) for answer in _answers(n, c, tells)),
    )


def _answers(row: int, comparison: Relational, tells: bool) -> Iterator[tuple[int, int, Expr]]:
    """Yield what the signs and the margin of a comparison are of."""
    for column in (0, 3) if tells else (0,):
        yield row, column, Order(*comparison.args)
    yield row, 2, Lead(*comparison.args)


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
    sides = row.sides[0], made.sides[-1].alone
    asked = replace(row, sides=sides, claim=_with_value(row, made))
    digits = made.digits if is_readable(made) else None
    return Row(made.left, _short_sides(made), claim, made.task, asked, digits=digits)


def _with_value(row: Row, made: Row) -> Claim:
    """Claim what a row does, and the value that another one ends with."""
    return replace(row.claim, value=made.claim.value)


def _short_sides(row: Row) -> tuple[Side, ...]:
    """Return the sides of a row, without its line of numbers where that makes it too long."""
    return row.sides if is_readable(row) else (row.sides[0], row.sides[-1])


def _margins(context: Context, comparisons: Iterable[Relational]) -> _Margins:
    return {comparison: _margin(context, comparison) for comparison in comparisons}


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
