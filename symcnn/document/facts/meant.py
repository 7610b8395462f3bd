"""What the authors of layers and losses say of these, with what the gaps of their words hold."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from symcnn.equations import Tensor
from symcnn.network.meaning import Meaning, Place, Sentences, meaning_of
from symcnn.network.network import Network

_GAP = re.compile(r"\{(\w+)\}")


class Meant(NamedTuple):
    """What the author of a layer or a loss says of it.

    Attributes:
        meaning: The sentences.
        made: What the layer or the loss makes.
        place: What they are about.
    """

    meaning: Meaning
    made: Tensor
    place: Place

    def forward(self, tensor: Tensor, *, again: bool = False) -> str:
        """Return what is said of a tensor that is computed; nothing if that is nothing."""
        table, _ = self.meaning.tables(self.place.ends)
        return self._sentence(table, tensor, again)

    def backward(self, tensor: Tensor, *, again: bool = False) -> str:
        """Return what is said of the derivative with respect to a tensor, if anything is."""
        _, table = self.meaning.tables(self.place.ends)
        return self._sentence(table, tensor, again)

    def is_general(self, tensor: Tensor) -> bool:
        """Tell whether words about a derivative name what is read and made alone."""
        return {*_GAP.findall(self.backward(tensor))} <= {"x", "y"}

    def topic(self, tensor: Tensor) -> Hashable:
        """Return what sentences about a tensor explain, of every layer of the class."""
        return (type(self.place.made), *self._names(tensor))

    def _sentence(self, table: Mapping[str, Sentences], tensor: Tensor, again: bool) -> str:
        said = tuple(dict.fromkeys(table[name] for name in self._names(tensor) if name in table))
        return self.place.sentence(said, again=again)

    def _names(self, tensor: Tensor) -> list[str]:
        """Return the names that a tensor has here: several where it is read more than once."""
        tensors = self.place.tensors.items()
        return [key for key, every in tensors if tensor.name in {t.name for t in every}]


def meant(network: Network) -> dict[str, Meant]:
    """Return what is said of stages, by the names of all tensors that they compute."""
    found = dict[str, Meant]()
    for stage in network.stages:
        if meaning := meaning_of(stage.layer):
            own = Meant(meaning, stage.output, stage.place)
            found |= {t.name: own for t in (stage.output, *stage.auxiliaries.values())}
    if meaning := meaning_of(network.loss):
        end = network.loss_stage
        own = Meant(meaning, end.loss, end.place(network.loss, network.output))
        found |= {t.name: own for t in (end.loss, *end.auxiliaries.values())}
    return found
