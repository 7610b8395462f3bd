"""What the authors of layers and losses say of these, with what the gaps of their words hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from symcnn.equations import Tensor
from symcnn.network.meaning import Meaning, meaning_of
from symcnn.network.network import Network


class Meant(NamedTuple):
    """What the author of a layer or a loss says of it.

    Attributes:
        meaning: The sentences.
        made: What the layer or the loss makes.
        read: What it reads.
        tensors: The tensors that gaps name.
        settings: The settings that gaps name.
    """

    meaning: Meaning
    made: Tensor
    read: tuple[Tensor, ...]
    tensors: Mapping[str, tuple[Tensor, ...]]
    settings: Any


def meant(network: Network) -> dict[str, Meant]:
    """Return what is said of stages, by the names of all tensors that they compute."""
    found = dict[str, Meant]()
    for stage in network.stages:
        if meaning := meaning_of(stage.layer):
            own = Meant(meaning, stage.output, stage.inputs, stage.called, stage.layer)
            found |= {t.name: own for t in (stage.output, *stage.auxiliaries.values())}
    if meaning := meaning_of(network.loss):
        end, output = network.loss_stage, (network.output,)
        own = Meant(meaning, end.loss, output, {**end.called, "y": output}, network.loss)
        found |= {t.name: own for t in (end.loss, *end.auxiliaries.values())}
    return found
