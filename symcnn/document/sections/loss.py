"""The loss."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Rows, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.general import forward_form
from symcnn.document.rows import general_row
from symcnn.document.sections.forward import computed_on_the_way, worked_entries
from symcnn.document.sections.mentioned import Mentioned
from symcnn.network import LossStage


def loss(context: Context) -> Iterator[Block]:
    """Work out the number that is to become small."""
    stage = context.derivation.network.loss_stage
    yield heading(1, "The loss")
    yield paragraph(*_introduction(context, stage))
    yield from computed_on_the_way(context, stage.auxiliaries, stage.equations, Mentioned())
    own = [e for e in stage.equations if e.target.base == stage.loss.base]
    if len(own) > 1 or any(loop.size > 1 for loop in own[0].loops):
        yield Rows((general_row(context, forward_form(own)),))
    yield from worked_entries(context, stage.loss)


def _introduction(context: Context, stage: LossStage) -> Text:
    """Say what the loss is: how far off the output is, or its product with a given gradient."""
    if stage.given is None:
        return ("There is no target: the loss is a number of the output alone.",)
    if stage.given.name == "gradient":
        return (
            "There is no target: the gradient ",
            context.named(stage.given),
            " that arrives at the output is given. The loss is the output's inner product "
            "with it, whose derivative by the output is just that.",
        )
    return (
        "The loss is one number that says how far the output is from the target: the smaller it "
        "is, the better. It is what we differentiate.",
    )
