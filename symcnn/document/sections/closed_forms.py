"""The closed form of every weight in x, w and t, with a "where" list.

The derivatives of the stages are put into each other; what the forward pass computes
keeps its name and is listed, so that the formulas fit the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.derivation.cancelling import cancelled
from symcnn.derivation.entries import Entries
from symcnn.derivation.expansion import Expansion, Formula
from symcnn.derivation.factoring import distributed, factored
from symcnn.document.blocks import EQUAL, Block, Claim, Row, Rows, Side, Task, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.layout import is_readable
from symcnn.document.sections.validity import validity
from symcnn.equations import Tensor, grouped
from symcnn.errors import TooLargeError
from symcnn.formula import Row as Printed

_TOO_LONG = (
    "The remaining closed forms are too long to print; in Python, derivation.partial(name, "
    "index) gives any of them."
)

_OF_GIVEN = "in input, weights and target"
_OF_BEFORE = "in which values of the forward pass are kept"


def closed_forms(context: Context) -> Iterator[Block]:
    """Give each weight's derivative in one formula."""
    put_in = Expansion(_backward(context.derivation))
    weights = [
        (tensor, position)
        for tensor in context.derivation.network.parameters
        for position in context.closed_derivatives(tensor)
    ]
    closed = [made for weight in weights if (made := _closed_row(context, *weight, put_in))]
    if not closed:
        return
    rows = [row for row, _ in closed if is_readable(row)]
    try:
        stages = _stages(context.derivation.entries, rows, put_in)
    except TooLargeError:  # a stage alone, such as a unit that reads a whole image
        rows, stages = [], {}
    rows = rows if len(stages) <= limits.PRINTED_STAGES else []
    if not rows and not context.is_full:
        return
    yield heading(1, "Closed forms" if len(weights) > 1 else "The closed form")
    yield from _written(context, rows, stages)
    if len(rows) < len(weights):
        yield paragraph(_TOO_LONG)
    if context.is_full:
        yield from validity(context, closed)


def _written(context: Context, rows: list[Row], stages: dict[Symbol, Expr]) -> Iterator[Block]:
    """Give the closed forms, and what the stages in them are."""
    if not rows:
        return
    kept = _OF_BEFORE if stages and not context.is_full else _OF_GIVEN
    which = "each derivative" if len(rows) > 1 else "the derivative"
    yield paragraph(
        f"Substituting the formulas of the backward pass into one another gives {which} as a "
        f"single formula {kept}:"
    )
    yield Rows(tuple(rows))
    if stages and context.is_full:
        yield paragraph("where")
        where = (_row(context, context.printed(s), s, formula) for s, formula in stages.items())
        yield Rows(tuple(where))


def _closed_row(
    context: Context, tensor: Tensor, position: tuple[int, ...], put_in: Expansion
) -> tuple[Row, Expr] | None:
    """Return the row of a weight and its formula; None if that is too large to work out."""
    symbol = context.derivation.adjoints[tensor.name].symbol(position)
    try:
        formula = cancelled(factored(put_in(symbol, limits.PRINTED_NODES)))
    except TooLargeError:
        return None
    left = context.partial(tensor.symbol(position))
    for form in (formula, distributed(formula)):  # a sum can be broken where a product cannot
        row = _row(context, left, symbol, form, "formula")
        if is_readable(row):
            return row, form
    return row, formula


def _row(
    context: Context, left: Printed, symbol: Symbol, formula: Expr, task: Task = "nothing"
) -> Row:
    claim = Claim((symbol,), lambda _: [formula])
    return Row(left, (Side(EQUAL, context.printer.terms(formula)),), claim, task)


def _backward(derivation: Derivation) -> Formula:
    """Return what gives the formula of an adjoint or of a mere renaming; other stages stay."""
    entries = derivation.entries
    stages = grouped(derivation.network.equations)
    renamed = {base for base, group in stages if all(e.value.is_Indexed for e in group)}

    def formula(symbol: Symbol) -> Expr | None:
        found = entries.where(symbol)
        if found is None or (found[0].role != "adjoint" and found[0].base not in renamed):
            return None
        made = entries.formula(symbol)
        return made if found[0].role == "adjoint" or (made and made.is_Symbol) else None

    return formula


def _stages(entries: Entries, rows: list[Row], put_in: Expansion) -> dict[Symbol, Expr]:
    """Return the stages that the rows name, each after those that it is made of.

    The list ends early when it has become too long to print.
    """
    order: dict[Symbol, Expr] = {}

    def visit(formula: Expr) -> None:
        for symbol in sorted(formula.free_symbols, key=str):
            if len(order) > limits.PRINTED_STAGES:
                return
            own = None if symbol in order else entries.formula(symbol)
            if own is not None:
                visit(own := put_in(own, limits.CLOSED_FORM_NODES))
                order[symbol] = own

    for row in rows:
        for formula in row.claim.right(row.claim.left[0]):
            visit(formula)
    return order
