"""Where an imported network is from: what its source stores, and in which tensors that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symcnn.imports.builder import Taken
from symcnn.imports.graph import Graph, Kept
from symcnn.network.network import Network
from symcnn.problems.weights.origin import Origin, Part, Stored, digest
from symcnn.problems.weights.places import places_of, whole


def origin_of(graph: Graph, taken: Sequence[Taken], network: Network) -> Origin:
    """Return where the arrays of a source are in a network.

    Args:
        graph: The graph, with what the source stores.
        taken: The tensors of the network that have numbers of the source.
        network: The network.
    """
    parts: dict[str, list[Part]] = {}
    for tensor, constant in taken:
        if constant.stored in graph.stored:
            shape = graph.stored[constant.stored].shape
            is_moved = bool(constant.moves)
            places = places_of(constant.entries(shape)) if is_moved else whole(constant.array.size)
            parts.setdefault(constant.stored, []).append(Part(tensor, places))
    arrays = {name: _stored(kept, parts.get(kept.first, ())) for name, kept in graph.stored.items()}
    held = {part.tensor for several in parts.values() for part in several}
    learned = {tensor.name for tensor in network.parameters}
    computed = {t.tensor: t.constant.array for t in taken if t.tensor in learned - held}
    return Origin(arrays, {name: digest(array) for name, array in computed.items()})


def _stored(kept: Kept, parts: Sequence[Part]) -> Stored:
    made = Stored(kept.shape, kept.numbers, tuple(parts))
    is_left = made.left()
    rest = np.ravel(kept.read())[is_left].copy() if is_left.any() else np.zeros(0)
    return Stored(kept.shape, kept.numbers, tuple(parts), rest)
