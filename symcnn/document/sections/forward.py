"""The forward pass: every entry, symbol = formula = numbers = value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symcnn.document.blocks import Block, Rows, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.general import forward_form
from symcnn.document.rows import general_row, worked_row
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.operations import operation
from symcnn.document.sections.words import joined, listed, ranges
from symcnn.equations import Equation, Tensor
from symcnn.wiring import Stage


def forward(context: Context) -> Iterator[Block]:
    """Work through the layers in order."""
    yield heading(1, "Forward pass")
    mentioned = Mentioned()
    for stage in context.derivation.network.stages:
        if context.worked(stage.output):
            yield from _layer(context, stage, mentioned)


def _layer(context: Context, stage: Stage, mentioned: Mentioned) -> Iterator[Block]:
    own = [e for e in stage.equations if e.target.base == stage.output.base]
    yield heading(2, stage.output.name)
    yield from _shared(context, stage)
    yield from computed_on_the_way(context, stage.auxiliaries, stage.equations, mentioned)
    yield from _general(context, own, mentioned)
    yield from worked_entries(context, stage.output)


def _shared(context: Context, stage: Stage) -> Iterator[Block]:
    """Say whose parameters a layer uses, if they are another one's."""
    if stage.shares:
        letters = listed([context.named(tensor) for tensor in stage.parameters.values()])
        yield paragraph(f"It shares the parameters of {stage.layer.weight_from}: ", *letters, ".")


def computed_on_the_way(
    context: Context,
    auxiliaries: Mapping[str, Tensor],
    equations: Sequence[Equation],
    mentioned: Mentioned,
) -> Iterator[Block]:
    """Work out what a layer or the loss computes before its result."""
    openings = iter(("First the ", *["Then the "] * len(auxiliaries)))
    worked = {key: tensor for key, tensor in auxiliaries.items() if context.worked(tensor)}
    for key, tensor in worked.items():
        own = [e for e in equations if e.target.base == tensor.base]
        yield paragraph(next(openings), f"{key} ", context.named(tensor), ":")
        yield from _general(context, own, mentioned)
        yield from worked_entries(context, tensor)


def _general(
    context: Context, equations: Sequence[Equation], mentioned: Mentioned
) -> Iterator[Block]:
    general = forward_form(equations)
    over = (("Here ", ranges(context, general.free), "."),) if general.free else ()
    yield paragraph(*joined((operation(context, equations, mentioned), *over)))
    yield Rows((general_row(context, general),))


def worked_entries(context: Context, tensor: Tensor) -> Iterator[Block]:
    """Work out the entries of a tensor: all of them, or one as an example."""
    entries = context.derivation.entries
    positions = context.worked(tensor)
    symbols = [tensor.symbol(position) for position in positions]
    formulas = [(symbol, entries.formula(symbol)) for symbol in symbols]
    if not context.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(worked_row(context, symbol, formula) for symbol, formula in formulas))
