"""Making rows: symbol = formula = numbers = value, with the claim they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy import Add, Expr, Mul, Symbol, log

from symcnn import limits
from symcnn.document.bindings import bound_alone
from symcnn.document.blocks import EQUAL, ROUNDED, Inline, Row, Side, Task, Text, inline
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.facts.example_entry import is_nothing
from symcnn.document.facts.scope import FIRST, few, symbols_in
from symcnn.document.rows.layout import has_room
from symcnn.document.rows.long_terms import LongTerms, in_order, shared_factor
from symcnn.document.rows.outcome import outcome
from symcnn.equations.functions import Iverson
from symcnn.writing.formula import Formula, Word
from symcnn.writing.formula.breaking import number_of_lines
from symcnn.writing.formula.build import row
from symcnn.writing.printing.cases import by_cases, case_where
from symcnn.writing.printing.mathematics import DOTS, MathPrinter
from symcnn.writing.printing.order import common_factor
from symcnn.writing.printing.summands import summands

NEAR_TIE = 1e-9
"""A margin below this may be a tie."""


def worked_row(
    context: Context,
    symbol: Symbol,
    formula: Expr,
    left: Formula | None = None,
    task: Task = "value",
) -> Row:
    """Return the row  symbol = formula = numbers = value.

    Numbers that are rounded are left out where they would cancel, and so is a side of which
    one summand is wider than a page. Of a formula with cases, the row has the one that there
    is; a student gets all of them.

    Args:
        context: Where the numbers come from.
        symbol: The entry.
        formula: What it equals, in other entries.
        left: How the entry is written, if not by its symbol.
        task: What a student fills in.
    """
    cases, (formula, where) = formula, _case(context, formula)
    tensor, _ = context.derivation.entries.locate(symbol)
    made = Row(
        left or context.printed(symbol),
        (),
        Claim((symbol,), lambda _: [formula], context.value(symbol), where),
        task,
        label=tensor.label if tensor.size == 1 else "",
    )
    every = in_order(formula)
    whole = _sum(context, every)
    worked = _of_terms(context, made, whole)
    if where is not None or not has_room(made.left, whole.side):
        worked = replace(worked, asked=_without_numbers(context, worked, cases))
    kept = _without_zeros(context, every)
    if len(kept) == len(every):
        return worked
    shorter = _of_terms(context, made, _sum(context, kept, is_all=False))
    return replace(shorter, omits=True, asked=worked.open)


class _Sum(NamedTuple):
    """A sum as a row shows it.

    Attributes:
        terms: Its terms.
        shown: Those that are written: all, or the first and last ones of many.
        factor: What is written before their parentheses.
        dots: What stands for the others.
        is_all: Whether these terms are the formula; else others, which are 0, are left out.
        side: What is written.
    """

    terms: Sequence[Expr]
    shown: Sequence[Expr]
    factor: Expr
    dots: tuple[Formula, ...]
    is_all: bool
    side: Side


def _sum(
    context: Context, terms: Sequence[Expr], most: int | None = None, *, is_all: bool = True
) -> _Sum:
    """Choose the terms of a sum that are written, at most so many unless all are."""
    shown = few(terms, context.scope.most_terms if most is None else most)
    factor, dots = shared_factor(terms), (DOTS,) if len(shown) < len(terms) else ()
    total = None if is_all and not dots else Add(*shown)
    side = Side(EQUAL, _dotted(context.brief_printer.signed(shown, factor), dots), total)
    return _Sum(terms, shown, factor, dots, is_all, side)


_LINES = 4
"""The most lines of a row outside of full detail if a shorter sum would say as much."""


def _of_terms(context: Context, made: Row, own: _Sum) -> Row:
    """Give a row its sides, with fewer of its terms if it takes many lines."""
    worked = _with_sides(context, made, own)
    if context.tells("listing") or number_of_lines(worked) <= _LINES:
        return worked
    return _with_sides(context, made, _sum(context, own.terms, FIRST + 2, is_all=own.is_all))


def _with_sides(context: Context, made: Row, own: _Sum) -> Row:
    """Give a row its sides: a sum of terms, the numbers in it, and the value."""
    (symbol,) = made.claim.left
    value, digits = context.numeral(symbol), None
    sides = [own.side]
    if _has_figures(own.terms):
        numerals = {s: context.numeral(s) for s in sorted(symbols_in(own.shown), key=str)}
        put_in = own.shown if own.dots else _without_logarithms(context, own.shown)
        numbers = _dotted(context.number_printer(numerals).signed(put_in, own.factor), own.dots)
        put = Side(ROUNDED, numbers, own.side.shown, numerals)
        is_known = len(own.terms) <= limits.TELLING_TERMS
        if is_known and all(context.numeral(s).exact for s in symbols_in(own.terms)):
            sides.append(replace(put, relation=EQUAL))
        elif context.bindings.may_change:
            sides.append(put)
        else:
            due = None if own.dots else context.value(symbol)
            tells, digits = outcome(own.shown, numerals, due, value, context.numerals.digits)
            sides += [put] if tells else []
    sides = [side for side in sides if has_room(made.left, side)]
    digits = digits if any(side.relation == ROUNDED for side in sides) else None
    if not sides or sides[-1].terms != (value.formula,):
        sides.append(Side.of(value))
    return replace(made, sides=tuple(sides), digits=digits)


def _has_figures(terms: Sequence[Expr]) -> bool:
    """Tell whether a sum, with figures in it, says more than its value."""
    if isinstance(terms, LongTerms):
        return True
    formula = Add(*terms)
    return bool(formula.free_symbols) and not formula.is_Symbol


LONG = 6
"""A sum of more terms is long."""

_OMITTED = 3
"""At least so many terms of a long sum are 0 if they are left out."""


def _without_zeros(context: Context, terms: Sequence[Expr]) -> Sequence[Expr]:
    """Leave out the terms of a long sum that are 0, unless numbers are to be changed."""
    if context.bindings.may_change or len(terms) <= LONG or context.tells("listing"):
        return terms
    kept = (
        terms.without_zeros(context.arrays)
        if isinstance(terms, LongTerms)
        else [term for term in terms if not _vanishes(context, term)]
    )
    return kept if kept and len(kept) <= len(terms) - _OMITTED else terms


def _without_logarithms(context: Context, terms: Sequence[Expr]) -> Sequence[Expr]:
    """Leave out logarithms that a 0 is multiplied by: -0 log 0.6 of a cross-entropy.

    Where numbers are to be changed, every term stays.
    """
    if context.bindings.may_change:
        return terms
    kept = [term for term in terms if not (term.has(log) and _vanishes(context, term))]
    return kept or terms


def _vanishes(context: Context, term: Expr) -> bool:
    """Tell whether a factor of a term other than a logarithm is 0."""
    factors = (f for f in Mul.make_args(term) if f.free_symbols and not f.has(log))
    return any(is_nothing(context.value(f)) for f in factors)


def _without_numbers(context: Context, made: Row, formula: Expr) -> Row:
    """Return the row  symbol = formula = value, with all cases, and without the formula if long."""
    side = Side(EQUAL, context.brief_printer.general(formula))
    value = made.sides[-1].alone
    sides = (side, value) if has_room(made.left, side) else (value,)
    claim = Claim(made.claim.left, lambda _: [formula], made.claim.value)
    return replace(made, sides=sides, claim=claim, digits=None)


def _case(context: Context, formula: Expr) -> tuple[Expr, Iverson | None]:
    if not (cases := by_cases(formula)):
        return formula, None
    return case_where(cases, lambda bracket: not context.value(bracket).is_zero)


def figure(
    context: Context, name: str, expression: Expr, value: Expr, follows: Expr | None = None
) -> Row:
    """Return what a figure of a table claims: expression = figure.

    Args:
        context: How numbers are printed.
        name: What messages call it.
        expression: What the figure is of, in entries.
        value: Its value.
        follows: What it follows where numbers are changed, if not the expression.
    """
    claim = Claim((expression,), lambda _: [], value)
    return Row(row(Word(name)), (Side.of(context.numeral_of(follows or expression, value)),), claim)


def cell(figure: Row) -> Text:
    """Return a figure as the cell of a table: a rounded one says so."""
    (side,) = figure.sides
    if bound := bound_alone(side.terms):
        body = bound.body if side.relation == EQUAL else row(side.relation, bound.body)
        return (inline(bound._replace(body=body, place="alone")),)
    return (inline(*side.terms) if side.relation == EQUAL else Inline(side.formula),)


def value_of(figure: Row) -> Expr:
    """Return the number that a figure stands for."""
    assert figure.claim.value is not None
    return figure.claim.value


def abridged(formula: Expr, printer: MathPrinter) -> tuple[Formula, ...]:
    """Print the terms of a sum: of a long one the first ones, dots, and the last."""
    terms = summands(formula)
    shown = few(terms)
    dots = (DOTS,) if len(shown) < len(terms) else ()
    return _dotted(printer.signed(shown, common_factor(terms)), dots)


def _dotted(terms: tuple[Formula, ...], dots: tuple[Formula, ...]) -> tuple[Formula, ...]:
    return (*terms[:FIRST], *dots, *terms[FIRST:])
