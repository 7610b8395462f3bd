"""Every layer, with the letters and shapes of what it computes and learns."""

from __future__ import annotations

from collections.abc import Callable

from symcnn.document.blocks import Inline, Table, Text
from symcnn.document.context import Context
from symcnn.document.sections.settings import settings
from symcnn.document.sections.words import counted, times
from symcnn.equations import Tensor
from symcnn.network import Network
from symcnn.wiring import Stage

Letter = Callable[[Tensor], Inline]
"""Returns what a tensor is called: its letter, with indices or without."""


def passage(context: Context, letter: Letter) -> Text:
    """Say what goes in, and that a loss comes out."""
    network = context.derivation.network
    learned = sum(tensor.size for tensor in network.parameters)
    given = network.loss_stage.given
    target = () if given is None else (f", given the {given.name} ", letter(given))
    return (
        "The input " if network.batch is None else "The batch of inputs ",
        letter(network.input),
        " of shape ",
        times(network.input.shape),
        f" passes through {counted(len(network.stages), 'layer')} with "
        f"{counted(learned, 'parameter')} to the loss ",
        letter(network.loss_tensor),
        *target,
        ".",
    )


def layer_table(context: Context, letter: Letter) -> Table:
    """List the layers, with the letters and shapes of what they compute and learn."""
    return Table(
        (("Layer",), ("Settings",), ("Output",), ("Parameters",)),
        tuple(_layer(stage, letter) for stage in context.derivation.network.stages),
        "lXll",
    )


def _layer(stage: Stage, letter: Letter) -> tuple[Text, ...]:
    learned = ((*_shaped(tensor, letter), ", ") for tensor in stage.parameters.values())
    return (
        (stage.output.name,),
        (settings(stage),),
        _shaped(stage.output, letter),
        tuple(part for parts in learned for part in parts)[:-1] or ("none",),
    )


def _shaped(tensor: Tensor, letter: Letter) -> Text:
    """Return a tensor's letter and its shape."""
    return letter(tensor), ": ", times(tensor.shape)


def lettered(network: Network) -> frozenset[str]:
    """Return the names of the tensors whose letters stand in the passage and the table."""
    given = network.loss_stage.given
    made = [tensor for s in network.stages for tensor in (s.output, *s.parameters.values())]
    ends = [network.input, network.loss_tensor, *([] if given is None else [given])]
    return frozenset(tensor.name for tensor in (*made, *ends))
