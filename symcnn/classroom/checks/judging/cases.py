"""The sizes at which a layer is checked: few, small, and such that mistakes differ.

Height, width, channels and filters differ, windows have several positions along each axis and reach
beyond the border where there is padding, and another number of entries is left over each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from symcnn.classroom.checks.judging.subject import Kind, Subject, of_layer
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer

Shape = tuple[int, ...]

_LENGTHS = {
    1: [(5,), (6,), (8,), (4,), (7,), (11,), (17,), (29,)],
    2: [(5, 6), (7, 5), (6, 8), (4, 3), (9, 7), (13, 11), (17, 19), (31, 29)],
    3: [(3, 4, 5), (5, 3, 4), (4, 6, 5), (7, 6, 8), (9, 11, 10)],
}
_CHANNELS = (3, 2, 4, 6, 1, 8, 9, 10, 12, 16)
_VECTORS = [(5,), (4,), (6,), (8,), (3,), (12,)]
_BATCHES = (2, 3, 1)
_ANY_RANK = (1, 3, 2, 4)


def subjects(
    layer: Layer, kind: Kind, shape: Shape | None, batch: int
) -> tuple[tuple[Subject, int], ...]:
    """Return what is checked, each with the seed of its numbers: a layer at several sizes.

    Raises:
        SymcnnError: If the layer does not take the shape, or no shape was found.
    """
    if shape is not None:
        found = of_layer(layer, tuple(shape), batch, kind)
        if found is None:
            _refuse(layer, tuple(shape))
        return tuple((found, seed) for seed in (1, 2, 3) if found is not None)
    shapes = chosen_shapes(layer)
    if not shapes:
        raise SymcnnError(f"no input fits {layer!r}: give input_shape=(height, width, channels)")
    batches = [batch, *(n for n in _BATCHES if n != batch)]
    pairs = [(shapes[n % len(shapes)], batches[n % len(batches)]) for n in range(3)]
    made = [of_layer(layer, one, samples, kind) for one, samples in pairs]
    return tuple((s, seed) for seed, s in enumerate(made, start=1) if s is not None)


def _refuse(layer: Layer, shape: Shape) -> None:
    layer.output_shape(shape)
    raise SymcnnError(f"{layer!r} does not take an input of shape {shape}: give another shape")


@lru_cache(maxsize=256)
def chosen_shapes(layer: Layer) -> tuple[Shape, ...]:
    """Return up to three input shapes of different sizes that a layer takes."""
    ranks = (len(layer.axes), *_ANY_RANK) if layer.axes else _ANY_RANK
    for rank in dict.fromkeys(ranks):
        fitting = [shape for shape in _shapes(layer, rank) if _takes(layer, shape)]
        if fitting:
            telling = [shape for shape in fitting if _tells(layer, shape)] or fitting
            return tuple(dict.fromkeys(telling))[:3]
    return ()


def _shapes(layer: Layer, rank: int) -> Iterator[Shape]:
    """Run over shapes, each with the first number of channels that the layer takes."""
    if rank == 1:
        yield from _VECTORS
    for number, lengths in enumerate(_LENGTHS.get(rank - 1, [])):
        channels = (*_CHANNELS[number % 3 :], *_CHANNELS[: number % 3])
        fitting = ((*lengths, c) for c in channels if _takes(layer, (*lengths, c)))
        yield from list(fitting)[:1]


def _takes(layer: Layer, shape: Shape) -> bool:
    return of_layer(layer, shape, 2, "backward") is not None


def _tells(layer: Layer, shape: Shape) -> bool:
    """Tell whether every window has several positions, and not the same number along all axes."""
    try:
        positions = [int(window.positions) for window in layer.windows(shape)]
    except SymcnnError:
        return True
    return all(n > 1 for n in positions)


def small_subjects(layer: Layer, kind: Kind, largest: int, most: int) -> list[Subject]:
    """Return a layer at its smallest sizes, the smallest first.

    Args:
        layer: The layer.
        kind: What the function returns.
        largest: The largest number of entries of an input.
        most: How many sizes to return.
    """
    rank = len(chosen_shapes(layer)[0])
    shapes = sorted(product(range(1, 8), repeat=rank), key=lambda s: (prod(s), max(s), s))
    made = list[Subject]()
    for shape, batch in product(shapes, (1, 2)):
        if len(made) >= most or prod(shape) > largest:
            break
        found = of_layer(layer, shape, batch, kind)
        if found is not None:
            made.append(found)
    return sorted(made, key=lambda s: prod(map(int, s.network.input.shape)))


def trials(found: Sequence[tuple[Subject, int]]) -> list[Trial]:
    """Return the trials of some subjects; where a maximum is taken, one with ties besides."""
    made = [Trial(subject, seed) for subject, seed in found]
    if made and made[0].subject.formulas.derivation.routings:
        made.append(Trial(made[0].subject, 4, tied=True))
    return made
