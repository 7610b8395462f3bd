"""Backward: the loss differentiated with respect to every stage, from the last to the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial

from sympy import Symbol

from symcnn.derivation.general import General
from symcnn.derivation.statement import GRADIENT
from symcnn.document import printed_form
from symcnn.document.blocks import Block, Row, Rows, heading, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import Path, Position
from symcnn.document.facts.substituted import Substituted, without_sums
from symcnn.document.outline import Role
from symcnn.document.rows.general import with_ranges
from symcnn.document.rows.matrices import Piece, Quantity, followed
from symcnn.document.rows.rows import worked_row
from symcnn.document.story import aside
from symcnn.document.story.brackets import BRACKET, bracketed, brackets_of
from symcnn.document.story.choices import kinks, ties_and_kinks
from symcnn.document.story.compact import of_softmax, sums_left_out, without_statistics
from symcnn.document.story.convolutions import in_convolutions
from symcnn.document.story.forward import results, worked, worked_rows
from symcnn.document.story.in_general import in_general
from symcnn.document.story.references import TEXTBOOK
from symcnn.document.story.short import is_few, is_overview, of_one, valued
from symcnn.document.story.shorter import (
    Forms,
    of_targets_that_sum_to_1,
    shortened_forms,
    simplified,
    with_the_stage_behind,
)
from symcnn.document.story.symbols import SIGNAL, roundings, rounds_forward
from symcnn.document.theorems.functions import further
from symcnn.document.theorems.leads import run_in
from symcnn.document.theorems.statement import chain_rule
from symcnn.document.theorems.theorem import has_one, theorem
from symcnn.document.words.maxima import winners
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, meaning
from symcnn.equations import Tensor, accesses

_OPENING = (
    "Now we go back: how does the loss change with each of these entries? One theorem, the chain "
    "rule, carries {signals} from the loss back to {start}{steps}."
)
_IN_SHORT = (
    r"The error signal $\delta_i^Y = \frac{\partial L}{\partial Y_i}$ is the derivative of the "
    "loss with respect to the entry $Y_i$. From the loss back to {start}:"
)
_IN_AN_OVERVIEW = (
    r"The error signals $\delta_i^Y = \frac{\partial L}{\partial Y_i}$, from the loss back to "
    "{start}:"
)


def backward(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Give each stage's derivative in general, then in numbers; in full, each weight's in general.

    In short, give the formulas and all numbers, or those on the way to a weight.
    """
    yield "theorem", _opening(context, mentioned)
    for tensor in context.differentiated:
        if context.worked_derivatives(tensor) and not aside.is_aside(context, tensor):
            yield from _stage(context, tensor, mentioned)
    yield "remark", aside.about(context)
    yield "listing", _weights_in_general(context, mentioned)
    reached = filter(context.is_reached, context.differentiated)
    needed = [tensor for tensor in reached if not aside.is_aside(context, tensor)]
    forms = cache(partial(shortened_forms, context))
    if is_overview(context):
        needed = _without_substituted(context, needed, forms)
    if shown := [t for t in needed if context.style.shows(f"{GRADIENT}{t.name}")]:
        yield "rule", _rules(context, shown, forms)
        yield "summary", _summary(context, shown, forms, mentioned)
        new = [t for t in shown if t.size > 1 and not is_renamed(context, t)]
        wholes = (
            Quantity(context.derivation.adjoints[t.name]) for t in new if _has_matrix(context, t)
        )
        yield "matrix", (followed(context, q) if is_overview(context) else q for q in wholes)


_LINE = 8
"""The most entries of an error signal that are written where no weight needs them: a line."""


def _has_matrix(context: Context, tensor: Tensor) -> bool:
    """Tell whether a short document gives all entries of an error signal as matrices."""
    is_needed = not is_overview(context) or tensor.name in context.needed.directly
    return is_needed and not is_few(context, tensor)


def _opening(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    yield heading(1, "Backward pass")
    defined = filled(SIGNAL) if mentioned.first(SIGNAL) else ()
    is_one = aside.is_one(context)
    signals, steps = "the error signal" if is_one else "the error signals", ", layer by layer"
    gaps = {"signals": signals, "start": aside.start(context), "steps": "" if is_one else steps}
    opening = filled(_OPENING, **gaps)
    yield paragraph(*joined((defined, opening, mentioned.cited(TEXTBOOK))))
    yield from chain_rule(context, mentioned)


def _weights_in_general(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    network = context.derivation.network
    if parameters := [*filter(context.worked_derivatives, network.parameters)]:
        learned = learned_number(network)
        yield heading(2, f"{learned.capitalize()}s in general")
        for tensor in parameters:
            yield from run_in(in_general(context, tensor, mentioned))
            yield from kinks(context, tensor)
            yield from in_convolutions(context, tensor, mentioned, backward=True)


def _rules(context: Context, shown: Sequence[Tensor], forms: Forms) -> Iterator[Block]:
    """Give the formula of each stage's derivative, and what it becomes if others are put in."""
    yield heading(1, "Backward pass")
    says = _IN_AN_OVERVIEW if is_overview(context) else _IN_SHORT
    start = context.named(shown[-1]) if is_overview(context) else aside.start(context)
    yield paragraph(*filled(says, context.letters, start=start))
    yield Rows(tuple(row for tensor in shown for row in _rows(context, tensor, forms(tensor))))


def _without_substituted(context: Context, tensors: Sequence[Tensor], forms: Forms) -> list[Tensor]:
    """Leave out the tensors whose error signals are read in no formula of an overview."""
    adjoints, parameters = context.derivation.adjoints, context.derivation.network.parameters
    own = [_general(context, tensor, forms(tensor)) for tensor in tensors]
    others = [context.derivative(t).general for t in filter(context.is_reached, parameters)]
    read = {read.base for made in (*own, *others) for read in accesses(made.right)}
    substituted = {other for tensor in tensors for form in forms(tensor) for other in form.others}
    return [t for t in tensors if t not in substituted or adjoints[t.name].base in read]


def _general(context: Context, tensor: Tensor, forms: Sequence[Substituted]) -> General:
    """Return the formula of an error signal: in an overview the shortest."""
    if forms and is_overview(context):
        return forms[-1].general
    derivative = context.derivative(tensor)
    return without_sums(derivative) or derivative.general


def _rows(context: Context, tensor: Tensor, forms: Sequence[Substituted]) -> Iterator[Row]:
    """Give a derivative in general, and the entries on the way to a weight; a number only once."""
    derivation = context.derivation
    adjoint, formula = derivation.adjoints[tensor.name], derivation.entries.formula
    general = _general(context, tensor, forms)
    if forms and is_overview(context):
        is_one = tensor.size == 1
        yield valued(context, adjoint, general) if is_one else with_ranges(context, general)
        return
    if tensor.size == 1:
        yield of_one(context, adjoint, general)
    else:
        yield with_ranges(context, general)
        for symbol in _on_the_way(context, tensor):
            yield worked_row(context, symbol, formula(symbol))
    yield from (with_ranges(context, form.general) for form in forms)


def _on_the_way(context: Context, tensor: Tensor) -> Iterator[Symbol]:
    """Run over the error signals of a tensor that are worked out, on the way to a weight."""
    adjoint = context.derivation.adjoints[tensor.name]
    if tensor.size > 1 and is_few(context, tensor):
        yield from map(adjoint.symbol, context.worked_derivatives(tensor))


def _summary(
    context: Context, shown: Sequence[Tensor], forms: Forms, mentioned: Mentioned
) -> Iterator[Block]:
    """Say what stands in the formulas, and where a convention decides."""
    if not is_overview(context):
        yield from simplified(context, {tensor: own for tensor in shown if (own := forms(tensor))})
    general = [_general(context, tensor, forms(tensor)) for tensor in shown]
    formulas = [form.right for form in general]
    if defined := further(context, formulas, Mentioned()):
        yield paragraph(*defined)
    worked_out = (symbol for tensor in shown for symbol in _on_the_way(context, tensor))
    entries = filter(None, map(context.derivation.entries.formula, worked_out))
    others = any(map(brackets_of, entries)) or _weights_have_brackets(context)
    conditions = bracketed(general, mentioned)
    bracket = filled(BRACKET) if others and mentioned.first(BRACKET) else conditions
    rounded = () if rounds_forward(context) else roundings(context)
    every = [one for tensor in shown for one in context.derivative(tensor).contributions]
    told, asked = (
        joined((bracket, rounded, *winners(context, every, ties_are_told=are_told)))
        for are_told in (is_overview(context), False)
    )
    if told:
        yield paragraph(*told, asked=None if asked == told else asked)
    yield from ties_and_kinks(context, shown)


def _weights_have_brackets(context: Context) -> bool:
    """Tell whether the derivative of a weight, or a theorem on it, selects terms by brackets."""
    if is_overview(context):
        return False
    derivatives = [context.derivative(t) for t in context.derivation.network.parameters]
    if isinstance(context.scope, Path):
        followed = (one for one in derivatives if context.worked_derivatives(one.tensor))
        return any(brackets_of(one.general.right) for one in followed)
    stated = (theorem(one) for one in derivatives if one.is_of_window and has_one(one))
    return any(part.conditions for made in stated for part in made.parts)


def heading_of(context: Context, tensor: Tensor, what: str) -> Block:
    """Return the heading of what is told of a derivative."""
    return heading(2, "Derivative with respect to ", context.named(tensor), f", {what}")


def _stage(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Piece]:
    """Give the derivative with respect to one stage: in general, then entry by entry."""
    yield "theorem", [heading_of(context, tensor, meaning(tensor))]
    is_reached = context.derivation.depends_on(tensor)
    renamed = is_reached and is_renamed(context, tensor)
    has_entries = context.tells("listing") or not renamed
    rows = cache(partial(_entries, context, tensor))
    told = rows if has_entries else lambda: rows()[:0]  # figures are numbered in their order
    yield "theorem", run_in(in_general(context, tensor, mentioned, told))
    if not is_reached:
        return
    yield "theorem", kinks(context, tensor)
    yield "theorem", sums_left_out(context, tensor)
    if has_entries:
        yield "worked", worked(context, tensor, rows)
    if not renamed:
        adjoint = context.derivation.adjoints[tensor.name]
        is_needed = context.is_short or tensor.name in context.needed.directly
        role: Role = "worked" if is_needed or tensor.size <= _LINE else "listing"
        yield role, results(context, followed(context, Quantity(adjoint)))
    yield "notation", in_convolutions(context, tensor, mentioned, backward=True)
    yield "theorem", with_the_stage_behind(context, tensor, mentioned)
    with_the_loss = list(of_targets_that_sum_to_1(context, tensor, mentioned))
    yield "theorem", with_the_loss or of_softmax(context, tensor, mentioned)
    yield "theorem", without_statistics(context, tensor)


def _entries(context: Context, tensor: Tensor) -> list[Row]:
    adjoint, entries = context.derivation.adjoints[tensor.name], context.derivation.entries
    stated = context.softmaxes.stated.get(tensor.name)
    short = stated.form.general if stated else without_sums(context.derivative(tensor))

    def made(position: Position) -> Row:
        symbol = adjoint.symbol(position)
        if short is None:
            return worked_row(context, symbol, printed_form.formula(context, symbol))
        whole = worked_row(context, symbol, short.factored_at(entries, position))
        has_numbers = any(side.figures for side in whole.sides)
        return whole if has_numbers else worked_row(context, symbol, short.at(entries, position))

    return worked_rows(context, adjoint, made)


def is_renamed(context: Context, tensor: Tensor) -> bool:
    """Tell whether a tensor is only renamed or passed on, so that what arrives was written before.

    An error signal that is passed on unchanged is another one, entry by entry.
    """
    derivative = context.derivative(tensor)
    right = derivative.general.right
    if right.is_Indexed and context.derivation.tensors[right.base].size == tensor.size > 1:
        return True
    return derivative.is_renaming
