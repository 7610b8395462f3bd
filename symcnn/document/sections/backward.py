"""Backward: the derivative of the loss by every stage, from the loss to the input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation import Derivation
from symcnn.document.blocks import Block, Row, Rows, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.general import backward_form
from symcnn.document.rows import general_row, worked_row
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.remarks import remarks
from symcnn.document.sections.rules import reasons, uses
from symcnn.document.sections.statement import chain_rule, statement
from symcnn.document.sections.words import filled, joined, meaning, ranges
from symcnn.document.theorems import theorem
from symcnn.equations import Tensor

_OPENING = (
    r"$\delta_i^T = \frac{\partial L}{\partial T_i}$ says how much the loss changes for each unit "
    "by which the entry $T_i$ changes. These numbers are found from the loss back to the input: "
    "each follows from those of the stage behind it, by one theorem. Below, what arrives at an "
    r"entry is its $\delta$."
)


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
    parameters = [t for t in derivation.network.parameters if context.worked_derivatives(t)]
    if parameters:
        yield heading(2, "Weights in general")
        for tensor in parameters:
            yield from _general(context, tensor, mentioned)


def _differentiated(derivation: Derivation) -> Iterator[Tensor]:
    """Run over the stages from the loss back; what is computed on the way, if it counts."""
    reached = {step.of.name for step in derivation.steps}
    for tensor in reversed(list(derivation.network.tensors.values())):
        on_the_way = tensor.role == "auxiliary" and tensor.name in reached
        if tensor.role in ("hidden", "input") or on_the_way:
            yield tensor


def _stage(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Block]:
    """Give the derivative by one stage: in general, then entry by entry."""
    yield heading(2, "By ", context.named(tensor), f", {meaning(tensor)}")
    adjoint = context.derivation.adjoints[tensor.name]
    symbols = [adjoint.symbol(position) for position in context.worked_derivatives(tensor)]
    formulas = [(s, context.derivation.entries.formula(s)) for s in symbols]
    rows = [worked_row(context, s, f) for s, f in formulas if f is not None]
    if not rows:
        yield paragraph(
            "The loss does not depend on ", context.named(tensor), ": its derivative is 0."
        )
        return
    yield from _general(context, tensor, mentioned, rows)
    if not context.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(rows))


def _general(
    context: Context, tensor: Tensor, mentioned: Mentioned, worked: Sequence[Row] = ()
) -> Iterator[Block]:
    """Give the reasons, the theorem and the general form with this network's numbers."""
    derivation = context.derivation
    steps = [step for step in derivation.steps if step.of.name == tensor.name]
    made = theorem(derivation, steps)
    yield from uses(context, tensor, steps)
    yield from reasons(context, steps, made.letters, mentioned)
    general = backward_form(derivation, tensor.name)
    left = context.partial(tensor[general.left.indices]) if tensor.role == "parameter" else None
    concrete = general_row(context, general, left)
    shown = [concrete.sides[0]] != [row.sides[0] for row in worked]
    over = (ranges(context, general.free),) if general.free else ()
    yield from statement(context, made, steps, concrete if shown else None, over, mentioned)
    if shown:
        said = list(remarks(context, steps, general.right, mentioned))
        yield from [paragraph(*joined(said))] if said else []
