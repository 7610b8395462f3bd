"""Every weight's derivative: in general, and in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from sympy import Expr, Symbol

from symcnn.derivation.statement import GRADIENT
from symcnn.document import printed_form
from symcnn.document.blocks import Block, Citation, Row, Rows, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import Path, Position
from symcnn.document.rows.general import with_ranges
from symcnn.document.rows.matrices import Piece, Quantity, is_written_out
from symcnn.document.rows.rows import worked_row
from symcnn.document.story.backward import heading_of
from symcnn.document.story.choices import kinks
from symcnn.document.story.forward import Entries, results, worked, worked_rows
from symcnn.document.story.in_general import in_general
from symcnn.document.story.short import is_overview
from symcnn.document.theorems.leads import run_in
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.words import every_derivative, learned_number
from symcnn.equations import Tensor

_OF_ONE = "The weight's derivative"
_STAGED = "With the error signals known, one step remains for {each} {number}."


def weights(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Give the derivative with respect to each parameter in general, then in numbers.

    In full, the general form was given with the stages. In short, it is all that is given beside
    matrices, but for the theorem of windows and for the weight that is followed.
    """
    parameters = _parameters(context)
    if not parameters:
        return
    network, in_full = context.derivation.network, context.tells("listing")
    follows = isinstance(context.scope, Path)
    of_one = follows and context.tells("rule")
    yield "question", [heading(1, _OF_ONE if of_one else every_derivative(network))]
    each = "each" if sum(tensor.size for tensor in parameters) > 1 else "the"
    yield "meaning", [paragraph(_STAGED.format(each=each, number=learned_number(network)))]
    for tensor in parameters:
        label = context.derivation.adjoints[tensor.name].label
        yield "meaning", [heading_of(context, tensor, f"the parameter {tensor.name}")]
        yield "listing", [paragraph(Citation(label, "By {}:"))]
        rows = cache(partial(_rows, context, tensor))
        if not in_full:
            yield "theorem", _theorem(context, tensor, mentioned, rows)
        yield "worked", _worked_out(context, tensor, rows)
        if not (context.lists_weights if in_full else _is_given(context, tensor)):
            yield "worked", results(context, slopes(context, tensor))
        yield "rule", _rule(context, tensor, mentioned, rows)
        is_given = is_overview(context) and _is_given(context, tensor)
        yield "matrix", [] if follows or is_given else [slopes(context, tensor)]


def _parameters(context: Context) -> list[Tensor]:
    """Return the parameters that are told of; in short, those that move the loss."""
    every = filter(context.worked_derivatives, context.derivation.network.parameters)
    shown = [tensor for tensor in every if context.style.shows(f"{GRADIENT}{tensor.name}")]
    return [*filter(context.is_reached, shown)] if context.tells("rule") else shown


def _theorem(
    context: Context, tensor: Tensor, mentioned: Mentioned, rows: Entries
) -> Iterator[Block]:
    yield from run_in(in_general(context, tensor, mentioned, rows))
    yield from kinks(context, tensor)


def _rule(context: Context, tensor: Tensor, mentioned: Mentioned, rows: Entries) -> Iterator[Block]:
    """Give a formula; the theorem and an entry of windows, and of the weight that is followed."""
    derivative = context.derivative(tensor)
    is_whole = derivative.is_of_window or isinstance(context.scope, Path)
    if is_whole and not is_overview(context):
        yield from _theorem(context, tensor, mentioned, rows)
    else:
        general = derivative.general
        left = context.partial(tensor[general.left.indices])
        yield Rows((replace(with_ranges(context, general), left=left),))
    if is_whole:
        yield from _worked_out(context, tensor, rows)


def _is_given(context: Context, tensor: Tensor) -> bool:
    """Tell whether the derivatives are the entries of an error signal, whose matrix was given."""
    right = context.derivative(tensor).general.right
    return right.is_Indexed and is_written_out(context, tensor) and tensor.size > 1


def _worked_out(context: Context, tensor: Tensor, rows: Entries) -> Iterator[Block]:
    """Work entries out, but for one that is an error signal's where matrices give all of them."""
    is_listed = is_written_out(context, tensor) and not context.is_worked(tensor)
    is_short = is_listed and not context.tells("listing")
    if not (is_short and context.derivative(tensor).general.right.is_Indexed):
        yield from worked(context, tensor, rows)


def _rows(context: Context, tensor: Tensor) -> list[Row]:
    adjoint = context.derivation.adjoints[tensor.name]

    def made(position: Position) -> Row:
        symbol = adjoint.symbol(position)
        formula = printed_form.formula(context, symbol)
        left = context.partial(tensor.symbol(position))
        return worked_row(context, symbol, formula, left, task="formula")

    return worked_rows(context, adjoint, made)


def slopes(context: Context, tensor: Tensor) -> Quantity:
    """Return the derivatives with respect to the entries of a parameter."""
    adjoint, entries = context.derivation.adjoints[tensor.name], context.derivation.entries

    def number(symbol: Symbol) -> Expr:
        return adjoint.symbol(entries.locate(symbol)[1])

    return Quantity(tensor, number, context.printer.partial)
