"""The closed form of every weight in x, w and t, with a "where" list.

The derivatives of the stages are put into each other; what the forward pass computes
keeps its name and is listed, so that the formulas fit the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Symbol, factor_terms

from symcnn.derivation.entries import Entries
from symcnn.derivation.expansion import Expansion
from symcnn.document.blocks import EQUAL, Block, Claim, Row, Rows, Side, heading, paragraph
from symcnn.document.layout import fits
from symcnn.document.material import Material
from symcnn.document.rows import formula_printer, partial, printed
from symcnn.equations import Tensor

_MOST_NODES = 400
"""A formula with more nodes than this says nothing to a reader."""


def closed_forms(material: Material) -> Iterator[Block]:
    """Give each weight's derivative in one formula."""
    shortened = Expansion(lambda symbol: _backward_formula(material.derivation.entries, symbol))
    parameters = [t for t in material.derivation.network.parameters if material.is_worked(t)]
    rows = [row for tensor in parameters for row in _rows(material, tensor, shortened)]
    if not rows:
        return
    yield heading(1, "Closed forms")
    yield paragraph(
        "Put into each other, the formulas of the backward pass give each derivative in one "
        "formula of input, weights and target:"
    )
    for row in rows:
        yield Rows((row,))
    where = _where(material, rows, shortened)
    if where:
        yield paragraph("where")
        yield Rows(where)


def _rows(material: Material, tensor: Tensor, shortened: Expansion) -> Iterator[Row]:
    adjoint = material.derivation.adjoints[tensor.name]
    for position in tensor.positions():
        symbol = adjoint.symbol(position)
        if shortened.nodes(symbol) > _MOST_NODES:
            continue
        row = _row(partial(tensor.symbol(position)), symbol, factor_terms(shortened(symbol)))
        if fits(row):
            yield row


def _row(left: str, symbol: Symbol, formula: Expr) -> Row:
    claim = Claim((symbol,), lambda _: [formula])
    return Row(left, (Side(EQUAL, formula_printer.terms(formula)),), claim)


def _backward_formula(entries: Entries, symbol: Symbol) -> Expr | None:
    """Return the formula of an adjoint or of a mere renaming; other stages stay."""
    found, formula = entries.where(symbol), entries.formula(symbol)
    if found is None or formula is None:
        return None
    return formula if found[0].role == "adjoint" or formula.is_Symbol else None


def _where(material: Material, rows: list[Row], shortened: Expansion) -> tuple[Row, ...]:
    entries = material.derivation.entries
    order: dict[Symbol, Expr] = {}

    def visit(symbol: Symbol) -> None:
        formula = entries.formula(symbol)
        if formula is None or symbol in order:
            return
        formula = shortened(formula)
        for part in sorted(formula.free_symbols, key=str):
            visit(part)
        order[symbol] = formula

    for row in rows:
        for formula in row.claim.right(row.claim.left[0]):
            for symbol in sorted(formula.free_symbols, key=str):
                visit(symbol)
    return tuple(_row(printed(symbol), symbol, formula) for symbol, formula in order.items())
