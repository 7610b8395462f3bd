"""Backward: the loss differentiated with respect to every stage, and then to every weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr, Symbol

from symcnn.derivation import Derivation
from symcnn.document.blocks import (
    Block,
    Citation,
    Inline,
    Row,
    Rows,
    Text,
    heading,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.contribution import Contribution
from symcnn.document.facts.derivative import Derivative
from symcnn.document.facts.scope import Position
from symcnn.document.rows.matrices import Quantity, is_written_out
from symcnn.document.rows.rows import general_row, worked_row
from symcnn.document.story import canonical
from symcnn.document.story.choices import kinks
from symcnn.document.story.convolutions import in_convolutions
from symcnn.document.story.forward import results, worked, worked_rows
from symcnn.document.story.references import TEXTBOOK
from symcnn.document.story.remarks import remarks
from symcnn.document.story.shorter import (
    shortened,
    sums_left_out,
    with_the_stage_behind,
    without_statistics,
)
from symcnn.document.story.symbols import SIGNAL
from symcnn.document.theorems.statement import FOR, chain_rule, run_in, statement
from symcnn.document.words.maxima import routed_indices
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.reasons import Reason, reason, reason_of
from symcnn.document.words.sentences import NO_BREAK, spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import (
    every_derivative,
    learned_number,
    listed,
    meaning,
    ranges,
    way_back,
)
from symcnn.equations import Loop, Tensor

_OPENING = (
    "Error signals are computed from the loss back to {start}, each from those of the stages "
    "that follow it in the forward pass, by one theorem."
)
_UNREACHED = "The loss does not depend on {T}, so its derivative with respect to {T} is 0."


def backward(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Give each stage's derivative in general, then in numbers; then each weight's in general."""
    yield from stages(context, mentioned)
    if parameters := _parameters(context):
        learned = learned_number(context.derivation.network)
        yield heading(2, f"{learned.capitalize()}s in general")
        for tensor in parameters:
            yield from run_in(_general(context, tensor, mentioned))
            yield from kinks(context, tensor)
            yield from in_convolutions(context, tensor, mentioned, backward=True)


def stages(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Give each stage's derivative in general, then in numbers."""
    derivation = context.derivation
    yield heading(1, "Backward pass")
    defined = filled(SIGNAL) if mentioned.first(SIGNAL) else ()
    opening = filled(_OPENING, start=way_back(derivation))
    yield paragraph(*joined((defined, opening, mentioned.cited(TEXTBOOK))))
    yield chain_rule(context, mentioned)
    for tensor in differentiated(derivation):
        if context.worked_derivatives(tensor):
            yield from _stage(context, tensor, mentioned)


def backward_of_weights(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Give the derivative with respect to each parameter in general, then in numbers."""
    parameters = _parameters(context)
    if parameters:
        yield heading(1, every_derivative(context.derivation.network))
    for tensor in parameters:
        yield _heading(context, tensor, f"the parameter {tensor.name}")
        yield from derivative_of_weights(context, tensor, mentioned)
        yield from results(context, slopes(context, tensor))
        yield from in_convolutions(context, tensor, mentioned, backward=True)


def derivative_of_weights(
    context: Context, tensor: Tensor, mentioned: Mentioned
) -> Iterator[Block]:
    """Give the derivative with respect to a parameter in general, then one entry in numbers."""
    rows = _worked_weights(context, tensor)
    yield from run_in(_general(context, tensor, mentioned, rows))
    yield from kinks(context, tensor)
    yield from () if _is_copied(context, tensor) else worked(context, tensor, rows)


def _is_copied(context: Context, tensor: Tensor) -> bool:
    """Tell whether a derivative is an error signal's entry, and all are given as matrices."""
    general = context.derivative(tensor).general
    is_listed = is_written_out(context, tensor) and not context.is_worked(tensor)
    return bool(general.right.is_Indexed) and is_listed and not context.is_full


def weights(context: Context) -> Iterator[Block]:
    """Work out each weight in the named stages: staged formula = numbers = value."""
    parameters = _parameters(context)
    if not parameters:
        return
    yield heading(1, every_derivative(context.derivation.network))
    yield paragraph(
        "With the error signals known, the derivative with respect to each "
        f"{learned_number(context.derivation.network)} takes one more step. Each "
        "formula is given first in symbols, then in numbers."
    )
    for tensor in parameters:
        yield _heading(context, tensor, f"the parameter {tensor.name}")
        yield paragraph(Citation(context.derivation.adjoints[tensor.name].label, "By {}:"))
        yield from worked(context, tensor, _worked_weights(context, tensor))
        if not context.lists_weights:
            yield from results(context, slopes(context, tensor))


def _worked_weights(context: Context, tensor: Tensor) -> list[Row]:
    adjoint = context.derivation.adjoints[tensor.name]
    return worked_rows(context, adjoint, lambda p: _weight(context, tensor, p))


def _heading(context: Context, tensor: Tensor, what: str) -> Block:
    return heading(2, "Derivative with respect to ", context.named(tensor), f", {what}")


def slopes(context: Context, tensor: Tensor) -> Quantity:
    """Return the derivatives with respect to the entries of a parameter."""
    adjoint, entries = context.derivation.adjoints[tensor.name], context.derivation.entries

    def number(symbol: Symbol) -> Expr:
        return adjoint.symbol(entries.locate(symbol)[1])

    return Quantity(tensor, number, context.printer.partial)


def _parameters(context: Context) -> list[Tensor]:
    parameters = context.derivation.network.parameters
    return [tensor for tensor in parameters if context.worked_derivatives(tensor)]


def _weight(context: Context, tensor: Tensor, position: Position) -> Row:
    symbol = context.derivation.adjoints[tensor.name].symbol(position)
    formula = context.derivation.entries.formula(symbol)
    left = context.partial(tensor.symbol(position))
    return worked_row(context, symbol, formula, left, task="formula")


def differentiated(derivation: Derivation) -> Iterator[Tensor]:
    """Run over the stages from the loss back; what is computed on the way, if it counts."""
    for tensor in reversed(list(derivation.network.tensors.values())):
        on_the_way = tensor.role == "auxiliary" and derivation.depends_on(tensor)
        if tensor.role in ("hidden", "input") or on_the_way:
            yield tensor


def _stage(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Block]:
    """Give the derivative with respect to one stage: in general, then entry by entry."""
    yield _heading(context, tensor, meaning(tensor))
    adjoint = context.derivation.adjoints[tensor.name]
    entries, short = context.derivation.entries, shortened(context.derivation, tensor)

    def made(position: Position) -> Row:
        symbol = adjoint.symbol(position)
        return worked_row(
            context, symbol, short.at(entries, position) if short else entries.formula(symbol)
        )

    rows = worked_rows(context, adjoint, made)
    is_reached = context.derivation.depends_on(tensor)
    renamed = is_reached and is_renamed(context, tensor)
    has_entries = context.is_full or not renamed
    yield from run_in(_general(context, tensor, mentioned, rows if has_entries else ()))
    if not is_reached:
        return
    yield from kinks(context, tensor)
    yield from sums_left_out(context, short) if short else ()
    if has_entries:
        yield from worked(context, tensor, rows)
    if not renamed:
        yield from results(context, Quantity(adjoint))
    yield from in_convolutions(context, tensor, mentioned, backward=True)
    yield from with_the_stage_behind(context, tensor, mentioned)
    yield from canonical.of_targets_that_sum_to_1(context, tensor, mentioned)
    yield from without_statistics(context, tensor)


def is_renamed(context: Context, tensor: Tensor) -> bool:
    """Tell whether a tensor is only renamed or passed on, so that what arrives was written before.

    An error signal that is passed on unchanged is another one, entry by entry.
    """
    derivative = context.derivative(tensor)
    right = derivative.general.right
    if right.is_Indexed and context.derivation.tensors[right.base].size == tensor.size > 1:
        return True
    return derivative.is_renaming


def _general(
    context: Context, tensor: Tensor, mentioned: Mentioned, rows: Sequence[Row] = ()
) -> Iterator[Block]:
    """Give the reasons, the theorem and the general form with this network's numbers."""
    derivation = context.derivation
    if not derivation.depends_on(tensor):
        yield paragraph(*filled(_UNREACHED, T=context.named(tensor)))
        return
    derivative = context.derivative(tensor)
    yield from uses(context, derivative)
    yield from reasons(context, derivative, mentioned)
    general = derivative.general
    left = context.partial(tensor[general.left.indices]) if tensor.role == "parameter" else None
    concrete = general_row(context, general, left)
    alike = [concrete.sides[0]] == [row.sides[0] for row in rows]
    shown = not (alike and context.is_worked(tensor))
    case = concrete if shown else None
    if case is not None and not context.is_full and derivative.is_renaming:
        yield from _only(context, case, general.free)
        return
    if link := list(canonical.stated(context, tensor, general, concrete, mentioned)):
        yield from link
        return
    yield from statement(context, derivative, case, general.free, mentioned)
    if shown:
        said = list(remarks(context, derivative, general.right, mentioned))
        yield from [paragraph(*joined(said))] if said else []


def _only(context: Context, case: Row, free: Sequence[Loop]) -> Iterator[Block]:
    if free:
        yield paragraph(FOR, ranges(context, free), ":")
    yield Rows((case,))


_SUBTRACTED = (
    "The mean of {result} is subtracted later, and {own} with it: the loss does not depend on "
    "{own}, so these derivatives are 0."
)


def uses(context: Context, derivative: Derivative) -> Iterator[Block]:
    """Say that a tensor is used more than once, where it is: its derivatives add up."""
    results = dict.fromkeys(context.named(one.result) for one in derivative.contributions)
    if len(results) > 1:
        yield paragraph(
            context.named(derivative.tensor),
            f" occurs in {spelled(len(results))} equations, those of ",
            *listed(list(results)),
            ". A change in it reaches the loss through each of them, so their contributions "
            "are summed.",
        )


def reasons(context: Context, derivative: Derivative, mentioned: Mentioned) -> Iterator[Block]:
    """Say for each step what is done and why; steps of one kind share a sentence."""
    said = dict[tuple[str, Inline], tuple[Reason, Contribution]]()
    for one in derivative.contributions:
        why = reason_of(one)
        said.setdefault((why.says, context.named(one.explained)), (why, one))
    for why, one in said.values():
        text = reason(context, why, one, mentioned)
        further = _further(context, one, mentioned)
        cited = () if one.is_reindexed else _cited(context, one)
        yield paragraph(*joined((text, further)), *cited)


def _further(context: Context, one: Contribution, mentioned: Mentioned) -> Text:
    """Say what else is to be known of a step: of the indices of R, and of a bias without effect."""
    if one.step.routing is not None and mentioned.first("indices of a routing"):
        return routed_indices(context, one)
    if one.is_subtracted:
        return filled(_SUBTRACTED, own=context.named(one.own), result=context.named(one.result))
    return ()


def _cited(context: Context, one: Contribution) -> Iterator[Citation]:
    """Say which equation a step differentiates, and for a weight, which gives the error signal."""
    result = one.result
    yield Citation(result.label, f" We differentiate equation{NO_BREAK}{{}}.")
    if one.is_of_parameter and result.name in context.derivation.adjoints:
        label = context.derivation.adjoints[result.name].label
        yield Citation(label, f" The error signal is given by equation{NO_BREAK}{{}}.")
