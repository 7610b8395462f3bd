"""What the letters stand for of what is computed on the way to an output."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.story.layer_table import key_of
from symcnn.equations import Tensor


def on_the_way(context: Context) -> Iterator[Text]:
    """Say which letter is the mean and which the variance of a layer, for each that has any."""
    network = context.derivation.network
    owners = [(stage.output.name, stage.auxiliaries) for stage in network.stages]
    for owner, auxiliaries in (*owners, ("the loss", network.loss_stage.auxiliaries)):
        own = [t for t in auxiliaries.values() if context.style.shows(t.name)]
        if own:
            yield ("Here ", *_listed(context, own), f" of {owner}.")


def _listed(context: Context, tensors: list[Tensor]) -> Iterator[str | Inline]:
    """Return: mu is the mean, V the variance and x the normalised input."""
    for place, tensor in enumerate(tensors):
        between = "" if not place else " and " if place == len(tensors) - 1 else ", "
        verb = " is" if not place else ""
        yield from (between, context.named(tensor), f"{verb} the {key_of(tensor)}")
