"""The forward pass down to the loss: every entry, symbol = formula = numbers = value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from symcnn.document.blocks import Block, Inline, Part, Row, Rows, Text, heading, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import Position
from symcnn.document.rows.matrices import Quantity, is_written_out, written_out
from symcnn.document.rows.rows import general_row, worked_row
from symcnn.document.story import usual
from symcnn.document.story.convolutions import in_convolutions
from symcnn.document.theorems.functions import definitions
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.operations import operation
from symcnn.document.words.table import AUTHOR, completed, filled
from symcnn.document.words.words import listed, loss_name, noun, penalty, ranges, reduction
from symcnn.equations import Tensor, long
from symcnn.network.stage import LossStage, Stage

_PENALISED = " An L2 penalty on the weights is added."
_SMOOTHED = " The target {t} is smoothed: {smoothed} takes its place."


def forward(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Work through the layers in order."""
    yield heading(1, "Forward pass")
    for stage in context.derivation.network.stages:
        if context.worked(stage.output):
            yield from _layer(context, stage, mentioned)


def _layer(context: Context, stage: Stage, mentioned: Mentioned) -> Iterator[Block]:
    yield heading(2, stage.output.name)
    yield from _shared(context, stage)
    yield from usual.softmax(context, stage)
    yield from _on_the_way(context, stage.auxiliaries, mentioned)
    cited = mentioned.cited(stage.layer.source)
    yield from _tensor(context, stage.output, mentioned, cited)


def _shared(context: Context, stage: Stage) -> Iterator[Block]:
    """Say whose parameters a layer uses, if they are another one's."""
    if stage.shares:
        letters = listed([context.named(tensor) for tensor in stage.parameters.values()])
        yield paragraph(f"It shares the parameters of {stage.layer.weight_from}: ", *letters, ".")


class _Opening(NamedTuple):
    """The words that say what is computed: "We first compute", " the variance ", and its letter."""

    we: str
    called: str
    name: Part


def _on_the_way(
    context: Context, auxiliaries: Mapping[str, Tensor], mentioned: Mentioned
) -> Iterator[Block]:
    """Work out what a layer or the loss computes before its result."""
    openings = iter(("first", *["then"] * len(auxiliaries)))
    shown = {key: tensor for key, tensor in auxiliaries.items() if context.worked(tensor)}
    for key, tensor in shown.items():
        opening = _Opening(
            f"We {next(openings)} compute", f" the {noun(key)} ", context.named(tensor)
        )
        yield from _tensor(context, tensor, mentioned, opening=opening)


def _tensor(
    context: Context,
    tensor: Tensor,
    mentioned: Mentioned,
    cited: Text = (),
    opening: _Opening | None = None,
) -> Iterator[Block]:
    """Give a tensor in general, and its entries where they were not all written before."""
    rows = _worked_rows(context, tensor)
    does = operation(context, tensor, mentioned)
    said = joined((*_opened(opening, does), cited))
    renames = context.operation(tensor).renames
    has_entries = context.is_full or not renames
    yield from _general(context, tensor, mentioned, rows if has_entries else (), said)
    if has_entries:
        yield from worked(context, tensor, rows)
    if not renames:
        yield from results(context, Quantity(tensor))
    yield from in_convolutions(context, tensor, mentioned, backward=False)


def _opened(opening: _Opening | None, does: Text) -> tuple[Text, ...]:
    """Say what is computed, then how; "l is a sum" is put into "We compute l" as ", a sum".

    A mean that is said to be the mean of something is not called a mean before.
    """
    if not opening:
        return (does,)
    we, called, name = opening
    match does:
        case (first, str(verb), *others) if first == name and verb.startswith(" is "):
            what = verb.removeprefix(" is ")
            twice = f"{what} ".startswith(called.strip() + " ")
            return ((we, " " if twice else called, name, f", {what}", *others),)
    return (*opening, "."), does


def _general(
    context: Context, tensor: Tensor, mentioned: Mentioned, rows: Sequence[Row], said: Text
) -> Iterator[Block]:
    operation = context.operation(tensor)
    general = operation.general
    over = (("For ", ranges(context, general.free), ":"),) if general.free else ()
    values = [equation.value for equation in operation.equations]
    defined = definitions(context, values, mentioned)
    yield paragraph(*joined((said, defined, *over)))
    row = general_row(context, general)
    if general.free or [row.sides[0]] != [worked.sides[0] for worked in rows]:
        yield Rows((row,))


def _worked_rows(context: Context, tensor: Tensor) -> list[Row]:
    """Work out the entries of a tensor."""
    formula = context.derivation.entries.formula

    def made(position: Position) -> Row:
        symbol = tensor.symbol(position)
        return worked_row(context, symbol, formula(symbol))

    return worked_rows(context, tensor, made)


def loss(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Work out the number that is to become small."""
    stage = context.derivation.network.loss_stage
    yield heading(1, "The loss")
    yield paragraph(*_introduction(context, stage))
    yield from usual.loss(context, stage, mentioned)
    yield from _on_the_way(context, stage.auxiliaries, Mentioned())
    own = context.operation(stage.loss)
    if stage.auxiliaries:
        yield paragraph("The loss is then:")
    if len(own.equations) > 1 or long(own.first.loops):
        yield Rows((general_row(context, own.general),))
    yield from worked(context, stage.loss, _worked_rows(context, stage.loss))


def _introduction(context: Context, stage: LossStage) -> Text:
    """Say what the loss is, as its author does, or that it is how far off the output is."""
    own = context.operation(stage.loss)
    if own.meaning:
        compared = () if stage.given is None else _compared(context, stage.given)
        return (*completed(own.meaning, own, context, AUTHOR), _made_of(context), *compared)
    if stage.given is None:
        on = [context.named(tensor) for tensor in stage.givens.values()]
        also: Text = (" and on ", *listed(on)) if on else ()
        alone = "" if on or penalty(context) else " alone"
        made = f"{alone}.{_made_of(context)}"
        return ("There is no target: the loss depends on the output", *also, made)
    return (
        f"The loss, {loss_name(context.derivation.network.loss)}, measures how far the output is "
        f"from the target; it is the quantity to be differentiated.{_made_of(context)}",
        *_compared(context, stage.given),
    )


def _compared(context: Context, target: Tensor) -> Text:
    """Say what an output is compared with, if that is not its target as it is given."""
    compared = usual.smoothed(context, target)
    if compared is None:
        return ()
    shown = {"t": context.named(target), "smoothed": Inline(context.printed(compared))}
    return filled(_SMOOTHED, **shown)


def _made_of(context: Context) -> str:
    """Say whether it is the mean over samples, or the sum, and whether a penalty is added."""
    more, over = penalty(context), reduction(context)
    if over and context.derivation.network.loss.given == "target":
        return f" It is the {over} of the losses of all samples{more}."
    return _PENALISED if more else ""


_FEW = 4
"""The most entries that stand below each other, as the rule above them does."""


def worked_rows(context: Context, tensor: Tensor, make: Callable[[Position], Row]) -> list[Row]:
    """Work out entries; a student works out others where the choice tells which are 0."""
    return [
        make(shown) if shown == asked else replace(make(shown), asked=make(asked))
        for shown, asked in context.worked_pairs(tensor)
    ]


def worked(context: Context, tensor: Tensor, rows: Iterable[Row]) -> Iterator[Block]:
    """Give worked rows, of all entries of a tensor or of one as an example."""
    if not context.is_worked(tensor) and (context.is_full or not is_written_out(context, tensor)):
        yield paragraph(f"There are {tensor.size:,} such entries; here is one of them:")
    shown = tuple(rows)
    yield Rows(shown, alike=len(shown) > _FEW)


def results(context: Context, result: Quantity) -> Iterator[Block]:
    """Give all entries as matrices, unless they were all worked out, or fill pages."""
    if not context.is_worked(result.tensor) and is_written_out(context, result.tensor):
        yield from written_out(context, [result], task=True)
