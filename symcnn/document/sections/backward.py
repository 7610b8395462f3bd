"""Backward: the derivative of the loss by every stage, from the loss on, and by every weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation import Derivation
from symcnn.document.blocks import Block, Row, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.general import backward_form
from symcnn.document.rows import general_row, worked_row
from symcnn.document.scope import Position
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.remarks import remarks
from symcnn.document.sections.rules import reasons, uses
from symcnn.document.sections.statement import chain_rule, statement
from symcnn.document.sections.words import filled, joined, meaning, worked
from symcnn.document.theorems import theorem
from symcnn.equations import Tensor

_OPENING = (
    r"$\delta_i^T = \frac{\partial L}{\partial T_i}$ says how much the loss changes for each unit "
    "by which the entry $T_i$ changes. These numbers are found from the loss back to the input: "
    "each follows from those of the stage behind it, by one theorem. Below, what arrives at an "
    r"entry is its $\delta$."
)
_UNREACHED = "The loss does not depend on {T}: its derivative is 0."


def backward(context: Context) -> Iterator[Block]:
    """Give each stage's derivative in general, then in numbers."""
    derivation = context.derivation
    yield heading(1, "Backward pass")
    yield paragraph(*filled(_OPENING))
    mentioned = Mentioned()
    yield chain_rule(mentioned)
    for tensor in _differentiated(derivation):
        if context.worked_derivatives(tensor):
            yield from _stage(context, tensor, mentioned)
    if parameters := _parameters(context):
        yield heading(2, "Weights in general")
        for tensor in parameters:
            yield from _general(context, tensor, mentioned)


def weights(context: Context) -> Iterator[Block]:
    """Work out each weight in the named stages: staged formula = numbers = value."""
    parameters = _parameters(context)
    if not parameters:
        return
    yield heading(1, "Every weight's derivative")
    yield paragraph(
        "With the derivatives of the stages known, each weight needs one more step. "
        "Each formula stands in the named stages first, then with their numbers."
    )
    for tensor in parameters:
        yield heading(2, "By ", context.named(tensor), f", the parameter {tensor.name}")
        rows = (_weight(context, tensor, p) for p in context.worked_derivatives(tensor))
        yield from worked(context, tensor, rows)


def _parameters(context: Context) -> list[Tensor]:
    parameters = context.derivation.network.parameters
    return [tensor for tensor in parameters if context.worked_derivatives(tensor)]


def _weight(context: Context, tensor: Tensor, position: Position) -> Row:
    symbol = context.derivation.adjoints[tensor.name].symbol(position)
    formula = context.derivation.entries.formula(symbol)
    left = context.partial(tensor.symbol(position))
    return worked_row(context, symbol, formula, left, task="formula")


def _differentiated(derivation: Derivation) -> Iterator[Tensor]:
    """Run over the stages from the loss back; what is computed on the way, if it counts."""
    for tensor in reversed(list(derivation.network.tensors.values())):
        on_the_way = tensor.role == "auxiliary" and derivation.depends_on(tensor)
        if tensor.role in ("hidden", "input") or on_the_way:
            yield tensor


def _stage(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Block]:
    """Give the derivative by one stage: in general, then entry by entry."""
    yield heading(2, "By ", context.named(tensor), f", {meaning(tensor)}")
    adjoint = context.derivation.adjoints[tensor.name]
    symbols = [adjoint.symbol(position) for position in context.worked_derivatives(tensor)]
    rows = [worked_row(context, s, context.derivation.entries.formula(s)) for s in symbols]
    yield from _general(context, tensor, mentioned, rows)
    if context.derivation.depends_on(tensor):
        yield from worked(context, tensor, rows)


def _general(
    context: Context, tensor: Tensor, mentioned: Mentioned, rows: Sequence[Row] = ()
) -> Iterator[Block]:
    """Give the reasons, the theorem and the general form with this network's numbers."""
    derivation = context.derivation
    if not derivation.depends_on(tensor):
        yield paragraph(*filled(_UNREACHED, T=context.named(tensor)))
        return
    steps = derivation.steps_by(tensor.name)
    made = theorem(derivation, steps)
    yield from uses(context, tensor, steps)
    yield from reasons(context, steps, made.letters, mentioned)
    general = backward_form(derivation, tensor.name)
    left = context.partial(tensor[general.left.indices]) if tensor.role == "parameter" else None
    concrete = general_row(context, general, left)
    alike = [concrete.sides[0]] == [row.sides[0] for row in rows]
    shown = not (alike and context.is_worked(tensor))
    case = concrete if shown else None
    yield from statement(context, made, steps, case, general.free, mentioned)
    if shown:
        said = list(remarks(context, steps, general.right, made.letters, mentioned))
        yield from [paragraph(*joined(said))] if said else []
