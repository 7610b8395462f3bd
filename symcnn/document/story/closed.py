"""Closed forms one by one: the stages put into each other, and what all terms share in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.derivation.entries import Definition, Expansion
from symcnn.derivation.simplification import cancelled, distributed, factored
from symcnn.document.blocks import EQUAL, Row, Side, Task
from symcnn.document.claims import Claim
from symcnn.document.context import Context
from symcnn.document.facts.scope import Position
from symcnn.document.rows.layout import is_readable
from symcnn.equations import Tensor, grouped
from symcnn.errors import TooLargeError
from symcnn.writing.formula import Formula


class Closed(NamedTuple):
    """The row of a weight's derivative, and its formula."""

    row: Row
    formula: Expr


class Forms:
    """Makes closed forms: the formulas of adjoints and of mere renamings are put in."""

    def __init__(self, context: Context) -> None:
        """Take what the closed forms are of."""
        self._context = context
        self._put_in = Expansion(_backward(context.derivation), self._least)

    def _least(self, symbol: Symbol, most: int) -> int:
        """Return how many entries the formula of an adjoint holds at the least."""
        entries = self._context.derivation.entries
        found = entries.where(symbol)
        is_put_in = found is not None and found[0].role == "adjoint"
        return entries.different(symbol, most) if is_put_in else 1

    def of(self, tensor: Tensor) -> Iterator[Closed]:
        """Run over the closed forms of a parameter that are not too large to work out."""
        positions = self._context.closed_derivatives(tensor)
        yield from (form for at in positions if (form := self._form(tensor, at)))

    def example(self, tensor: Tensor) -> Closed | None:
        """Return the closed form of the entry that is worked out, if it can be read.

        A student works out another entry, whose row is the one that is asked for.
        """
        adjoint = self._context.derivation.adjoints[tensor.name]
        ((shown, asked), *_) = self._context.worked_pairs(adjoint)
        plain = self._form(tensor, asked)
        if plain is None or not is_readable(plain.row):
            return None
        telling = self._form(tensor, shown)
        if shown == asked or telling is None or not is_readable(telling.row):
            return plain
        return Closed(replace(telling.row, asked=plain.row), telling.formula)

    def stages(self, rows: Sequence[Row]) -> dict[Symbol, Expr]:
        """Return the stages that the rows name, each after those that it is made of.

        The list ends early when it has become too long to print.
        """
        order: dict[Symbol, Expr] = {}

        def visit(formula: Expr) -> None:
            for symbol in sorted(formula.free_symbols, key=str):
                if len(order) > limits.PRINTED_STAGES:
                    return
                own = None if symbol in order else self._context.derivation.entries.formula(symbol)
                if own is not None:
                    visit(own := self._put_in(own, limits.CLOSED_FORM_NODES))
                    order[symbol] = own

        for row in rows:
            for formula in row.claim.right(row.claim.left[0]):
                visit(formula)
        return order

    def has_stages(self, formula: Expr) -> bool:
        """Tell whether a formula names what the forward pass computes."""
        entries = self._context.derivation.entries
        return any(entries.formula(symbol) is not None for symbol in formula.free_symbols)

    def stage(self, symbol: Symbol, formula: Expr) -> Row:
        """Return the row of a stage."""
        context = self._context
        return _row(context.printed(symbol), symbol, formula, context.printer.terms(formula))

    def _form(self, tensor: Tensor, position: Position) -> Closed | None:
        """Return a weight's closed form, whole if it fits, or broken at a sum; or None."""
        context, symbol = self._context, self._context.derivation.adjoints[tensor.name].symbol
        try:
            formula = cancelled(factored(self._put_in(symbol(position), limits.PRINTED_NODES)))
        except TooLargeError:
            return None
        left, printer = context.partial(tensor.symbol(position)), context.printer
        ways = (printer.terms, formula), (printer.parts, formula), (printer.terms, None)
        for terms, form in ways:
            form = distributed(formula) if form is None else form
            row = _row(left, symbol(position), form, terms(form), "formula")
            if is_readable(row):
                return Closed(row, form)
        return Closed(row, formula)


def _row(
    left: Formula, symbol: Symbol, formula: Expr, terms: tuple[Formula, ...], task: Task = "nothing"
) -> Row:
    claim = Claim((symbol,), lambda _: [formula])
    return Row(left, (Side(EQUAL, terms),), claim, task)


def _backward(derivation: Derivation) -> Definition:
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
