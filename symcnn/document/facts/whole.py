"""The network that the layers of a document are some of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symcnn.equations import Tensor
from symcnn.network.network import Network


class Whole(NamedTuple):
    """The network that the layers of a document are some of.

    Attributes:
        title: The title of its problem.
        network: The network.
        part: What the layers are called together.
        layers: The names of the layers.
        arriving: The tensor of the others that they read.
        leaving: Their tensor that the others, or the loss, read.
    """

    title: str
    network: Network
    part: str
    layers: Sequence[str]
    arriving: Tensor
    leaving: Tensor
