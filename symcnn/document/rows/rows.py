"""Making rows: symbol = formula = numbers = value, with the claim they stand for.

Figures that cancel tell nothing of a formula's value:

    1 - a  =  10^(-52),    though  1 - 1.00000  =  0    and  log(1 - 1.00000)  has no value

A row whose figures are rounded shows them where about its value comes of them; where fewer of its
digits do than are printed, the document says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from sympy import Add, Expr, Mul, Symbol, log

from symcnn import limits
from symcnn.derivation.general import General
from symcnn.derivation.statement import terms_of
from symcnn.document.bindings import bound_alone
from symcnn.document.blocks import EQUAL, ROUNDED, Inline, Row, Side, Task, Text, inline
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.facts.scope import FIRST, few, symbols_in
from symcnn.document.rows.figures import read_figure
from symcnn.document.rows.layout import has_room
from symcnn.equations.functions import Iverson
from symcnn.reference import Dual, evaluate, exact_numbers
from symcnn.reference.enclosures import (
    ZERO,
    Number,
    Precision,
    from_sympy,
    shortened,
    sign,
    size,
    to_decimal,
)
from symcnn.writing.formula import Formula, Word
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.cases import by_cases, case_where
from symcnn.writing.printing.mathematics import DOTS
from symcnn.writing.printing.numerals import Numeral
from symcnn.writing.printing.order import common_factor, summands

_MOST = Fraction(1, 2)
"""How far from a value, relative to it, what comes of the figures may be."""


class Outcome(NamedTuple):
    """What comes of figures that are put into a formula.

    Attributes:
        tells: Whether it is about the value.
        digits: How many digits of the value it gives, if its figure differs from that of the value
            in more than the last digit: by more than half a unit of the one before.
    """

    tells: bool
    digits: int | None = None


def outcome(
    terms: Iterable[Expr],
    figures: Mapping[Symbol, Numeral],
    value: Expr | None,
    shown: Numeral,
    digits: int,
) -> Outcome:
    """Compare what comes of figures, as they are printed, with the value.

    Args:
        terms: What they are put into.
        figures: What is printed for each entry.
        value: What should come out; None if the terms are not all there.
        shown: How the value is printed.
        digits: The significant digits of rounded numbers.
    """
    precision = Precision(last=True)
    kind = exact_numbers(precision)
    known = {s: Dual(_number(figure, precision)) for s, figure in figures.items()}
    try:
        found: Number = sum((evaluate(term, known, kind).value for term in terms), ZERO)
    except ArithmeticError:
        return Outcome(tells=False)
    if value is None:
        return Outcome(tells=True)
    right = from_sympy(value, precision)
    error = size(found - right)
    if not value:
        return Outcome(tells=True, digits=None if sign(error, ZERO) <= 0 else 0)
    tells = sign(error, size(right) * _MOST) <= 0
    unit = _unit(value, digits)
    printed = read_figure(latex(shown.formula))
    assert printed is not None, "every numeral is a number"
    figure, last = (right, unit) if shown.exact else (printed.value, 2 * printed.half_unit)
    if sign(size(found - figure), shortened(5 * last, precision)) <= 0:
        return Outcome(tells)
    every = (n for n in range(digits - 1, 0, -1) if sign(error, _unit(value, n) / 2) <= 0)
    return Outcome(tells, next(every, 0))


def _unit(value: Expr, digits: int) -> Fraction:
    return Fraction(10) ** (to_decimal(value).adjusted() - digits + 1)


def _number(figure: Numeral, precision: Precision) -> Number:
    printed = read_figure(latex(figure.formula))
    assert printed is not None, "every numeral is a number"
    return shortened(printed.value, precision)


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
    every, (formula, where) = formula, _case(context, formula)
    terms = summands(formula)
    shown, factor = few(terms, context.scope.most_terms), common_factor(terms)
    dots = (DOTS,) if len(shown) < len(terms) else ()
    total = Add(*shown) if dots else None
    first = Side(EQUAL, _dotted(context.brief_printer.signed(shown, factor), dots), total)
    value, digits = context.numeral(symbol), None
    sides = [first]
    if formula.free_symbols and not formula.is_Symbol:
        numerals = {s: context.numeral(s) for s in sorted(symbols_in(shown), key=str)}
        put_in = shown if dots else _without_vanishing(context, shown)
        numbers = _dotted(context.number_printer(numerals).signed(put_in, factor), dots)
        is_known = len(terms) <= limits.WRITTEN_TERMS
        if is_known and all(context.numeral(s).exact for s in symbols_in(terms)):
            sides.append(Side(EQUAL, numbers, total, numerals))
        elif context.bindings.may_change:
            sides.append(Side(ROUNDED, numbers, total, numerals))
        else:
            whole = None if dots else context.value(symbol)
            tells, digits = outcome(shown, numerals, whole, value, context.numerals.digits)
            sides += [Side(ROUNDED, numbers, total, numerals)] if tells else []
    left = left or context.printed(symbol)
    sides = [side for side in sides if has_room(left, side)]
    digits = digits if any(side.relation == ROUNDED for side in sides) else None
    if not sides or sides[-1].terms != (value.formula,):
        sides.append(Side.of(value))
    claim = Claim((symbol,), lambda _: [formula], context.value(symbol), where)
    tensor, _ = context.derivation.entries.locate(symbol)
    label = tensor.label if tensor.size == 1 else ""
    made = Row(left, tuple(sides), claim, task, label=label, digits=digits)
    if where is None and has_room(left, first):
        return made
    return replace(made, asked=_without_numbers(context, made, every))


def _without_vanishing(context: Context, terms: Sequence[Expr]) -> Sequence[Expr]:
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
    return any(bool(context.value(f).is_zero) for f in factors)


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


def general_row(context: Context, general: General, left: Formula | None = None) -> Row:
    """Return the row  T[i, k] = formula  for all i, k."""
    cases, right = general.claimed(context.derivation.entries)
    claim = Claim(tuple(cases), lambda entry: [right(entry)], indices=cases)
    terms = terms_of(general, context.printer, context.style.index_base)
    label = str(general.left.base.label)
    return Row(left or context.printed(general.left), (Side(EQUAL, terms),), claim, label=label)


def _dotted(terms: tuple[Formula, ...], dots: tuple[Formula, ...]) -> tuple[Formula, ...]:
    return (*terms[:FIRST], *dots, *terms[FIRST:])
