"""The sizes at which a layer is checked: few, small, and such that mistakes differ.

Height, width, channels and filters differ, windows have several positions along each axis and reach
beyond the border where there is padding, and another number of entries is left over each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from math import prod
from typing import Any

from symcnn.classroom.checks.code.source_text import settings_by_axis
from symcnn.classroom.checks.judging.subject import (
    Kind,
    Subject,
    of_layer,
    of_loss,
    of_network,
)
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.judging.varied import Varied, taken_settings, varied
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.limits import judging
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import Loss
from symcnn.network.meaning import PLACING
from symcnn.network.network import Network

Shape = tuple[int, ...]

_LENGTHS: Mapping[int, Sequence[Shape]] = {
    1: [(5,), (6,), (8,), (4,), (7,), (11,), (17,), (29,)],
    2: [(5, 6), (9, 5), (6, 11), (4, 3), (9, 7), (13, 11), (17, 19), (31, 29)],
    3: [(3, 4, 5), (5, 3, 4), (4, 6, 5), (7, 6, 8), (9, 11, 10)],
}
_CHANNELS = (3, 2, 4, 6, 1, 8, 9, 10, 12, 16)
_VECTORS = [(5,), (4,), (6,), (8,), (3,), (12,)]
_SMALL = 200
"""The most entries of the smallest input that is tried besides."""

_WIDE = {"padding": 2}
"""Settings with more padding than samples, channels or stride at the smallest size."""

_FINE = 2
"""The seed of numbers with many digits."""

_BATCHES = (2, 3, 1)
_VECTORS_FIRST, _IMAGES_FIRST = (1, 3, 2, 4), (3, 2, 4, 1)
_ANY_AXES, _OF_OTHER_AXES = (1, 2, 3), 2
"""The numbers of axes that are tried of a layer that takes any, and at how many sizes."""

_OUTPUTS, _FEW_OUTPUTS = ((4,), (3,), (5,)), (2,)
_ONE_SAMPLE, _ENOUGH_SAMPLES = 1, 4
_FEW, _SEVERAL = (1, 2), (3,)
"""The numbers of samples at small sizes, and where a layer needs several."""


@dataclass(frozen=True)
class Sizes:
    """Which sizes a function takes.

    Attributes:
        shape: The only shape of a sample; None for any.
        batch: The number of samples.
        images: Whether it takes images where the layer takes vectors too.
        ties: Whether it is to be right where maxima are tied.
        axes: The number of axes of a sample; None for the first that the layer takes.
    """

    shape: Shape | None
    batch: int
    images: bool
    ties: bool = True
    axes: int | None = None


@dataclass(frozen=True)
class Tried:
    """What a function is run on."""

    trials: Sequence[Trial]
    title: str
    sizes: Sizes | None = None
    settings: tuple[str, ...] = ()

    def of_other_axes(self) -> Iterator[Tried]:
        """Run over the same on samples with another number of axes, if the layer takes them."""
        first = self.trials[0]
        if self.sizes is None or self.sizes.shape is not None:
            return
        layer = replace(first.subject.layer, **dict.fromkeys(PLACING))
        for axes in {*_ANY_AXES} - {len(first.subject.network.input_shape)}:
            sizes = replace(self.sizes, axes=axes)
            if chosen_shapes(layer, sizes):
                found = _subjects(layer, first.subject.kind, sizes)[:_OF_OTHER_AXES]
                made = [replace(trial, varied=first.varied) for trial in trials(found, ties=False)]
                yield replace(self, trials=made, sizes=sizes)


def of_layers(layer: Layer | type[Layer], kind: Kind, sizes: Sizes, function: Any) -> Tried:
    """Return the trials of a layer, or of several with the settings that a function takes.

    Raises:
        SymcnnError: If a layer does not take the shape, or no shape was found.
    """
    if isinstance(layer, Layer):
        made = trials(_subjects(layer, kind, sizes), ties=sizes.ties)
        if sizes.shape is None:
            small = small_subjects(layer, kind, sizes, _SMALL, 1)
            made += [Trial(subject, 5, is_smallest=True) for subject in small]
        return Tried(made, repr(layer), sizes, _names(layer))
    taken = taken_settings(function, layer)
    layers = varied(layer, taken, settings_by_axis(function, taken))
    made = [t for number, one in enumerate(layers) for t in _of_one(one, number, kind, sizes)]
    if sizes.shape is None:
        made += [t for one in layers if one.settings == _WIDE for t in _smallest(one, kind, sizes)]
    if not made:
        raise SymcnnError(f"no input fits {layer.__name__}: give a layer with its settings")
    return Tried(made, layer.__name__, sizes, _names(layers[0].layer))


def _names(layer: Layer) -> tuple[str, ...]:
    return tuple(layer.settings())


def _of_one(one: Varied, number: int, kind: Kind, sizes: Sizes) -> Sequence[Trial]:
    """Return the trials of one layer of several: few, as there are many layers."""
    try:
        found = _subjects(one.layer, kind, sizes)
    except SymcnnError:
        return ()
    kept = found[number % len(found) :][:1] if number else found[:2]
    made = trials(kept, ties=sizes.ties and not number)
    return [replace(trial, varied=one.settings) for trial in made]


def _smallest(one: Varied, kind: Kind, sizes: Sizes) -> list[Trial]:
    """Return the trial of a layer at its smallest size: everything but the padding is 1."""
    try:
        small = small_subjects(one.layer, kind, sizes, _SMALL, 1)
    except (SymcnnError, IndexError):
        return []
    return [Trial(subject, 5, varied=one.settings, is_smallest=True) for subject in small]


def of_networks(network: Network) -> Tried:
    """Return the trials of a network."""
    subject = of_network(network)
    made = trials([(subject, seed) for seed in (1, 2, 3)])
    count = len(network.layers)
    return Tried(made, f"{count} layer{'s' * (count > 1)}")


def of_losses(loss: Loss, kind: Kind, sizes: Sizes) -> Tried:
    """Return the trials of a loss, or of its gradient.

    Raises:
        SymcnnError: If it does not take the shape.
    """
    shapes = _OUTPUTS if sizes.shape is None else (sizes.shape,) * 3
    batches = [sizes.batch, *(n for n in _BATCHES if n != sizes.batch)]
    if sizes.shape is not None:
        batches = [sizes.batch] * 3
    made = [of_loss(loss, shape, n, kind) for shape, n in zip(shapes, batches, strict=False)]
    found = [(subject, seed) for seed, subject in enumerate(made, start=1) if subject is not None]
    if not found:
        raise SymcnnError(f"{loss!r} does not take outputs of shape {shapes[0]}: give another one")
    small = of_loss(loss, _FEW_OUTPUTS, 1, kind) if sizes.shape is None else None
    smallest = [] if small is None else [Trial(small, 5, is_smallest=True)]
    return Tried([*trials(found), *smallest], repr(loss))


def _subjects(layer: Layer, kind: Kind, sizes: Sizes) -> tuple[tuple[Subject, int], ...]:
    """Return what is checked, each with the seed of its numbers: a layer at several sizes.

    Raises:
        SymcnnError: If the layer does not take the shape, or no shape was found.
    """
    shapes = (sizes.shape,) * 3 if sizes.shape is not None else chosen_shapes(layer, sizes)
    if not shapes:
        raise SymcnnError(f"no input fits {layer!r}: give input_shape=(height, width, channels)")
    first, *others = _batches(layer, shapes[0], sizes.batch)
    batches = [first, *others] if sizes.shape is None else [first] * 3
    pairs = [(shapes[n % len(shapes)], batches[n % len(batches)]) for n in range(3)]
    made = [of_layer(layer, one, samples, kind) for one, samples in pairs]
    if not any(made):
        _refuse(layer, shapes[0])
    return tuple((s, seed) for seed, s in enumerate(made, start=1) if s is not None)


def _batches(layer: Layer, shape: Shape, batch: int) -> list[int]:
    """Return numbers of samples, as many as are asked for first.

    Two samples of a batch are normalised to numbers that hardly depend on them: where a layer
    needs several, four are taken.
    """
    needs_several = of_layer(layer, shape, _ONE_SAMPLE, "backward") is None
    first = max(batch, _ENOUGH_SAMPLES) if needs_several else batch
    return [first, *(n for n in _BATCHES if n != first and not needs_several), first + 1]


def _refuse(layer: Layer, shape: Shape) -> None:
    layer.output_shape(shape)
    raise SymcnnError(f"{layer!r} does not take an input of shape {shape}: give another shape")


def chosen_shapes(layer: Layer, sizes: Sizes) -> tuple[Shape, ...]:
    """Return up to three input shapes of different sizes that a layer takes."""
    any_rank = _IMAGES_FIRST if sizes.images or _only_moves(layer) else _VECTORS_FIRST
    usual = [len(layer.axes), *any_rank] if layer.axes else any_rank
    for rank in dict.fromkeys(usual) if sizes.axes is None else (sizes.axes,):
        fitting = [shape for shape in _shapes(layer, rank) if _takes(layer, shape)]
        if fitting:
            telling = [shape for shape in fitting if _tells(layer, shape)] or fitting
            return tuple(dict.fromkeys(telling))[:3]
    return ()


def _only_moves(layer: Layer) -> bool:
    """Tell whether a layer copies entries: of a vector it shows little."""
    found = of_layer(layer, _VECTORS[0], 2, "forward") or of_layer(layer, _VECTORS[1], 2, "forward")
    if found is None:
        return False
    return all(equation.value.is_Indexed for equation in found.network.stages[-1].equations)


def _shapes(layer: Layer, rank: int) -> Iterator[Shape]:
    """Run over shapes, each with the first number of channels that the layer takes."""
    if rank == 1:
        yield from _VECTORS
    for number, lengths in enumerate(_LENGTHS.get(rank - 1, [])):
        channels = (*_CHANNELS[number % 3 :], *_CHANNELS[: number % 3])
        fitting = ((*lengths, c) for c in channels if _takes(layer, (*lengths, c)))
        yield from islice(fitting, 1)


def _takes(layer: Layer, shape: Shape) -> bool:
    return of_layer(layer, shape, 2, "backward") is not None


def _tells(layer: Layer, shape: Shape) -> bool:
    """Tell whether every window has several positions, and not the same number along all axes."""
    try:
        positions = [int(window.positions) for window in layer.windows(shape)]
    except SymcnnError:
        return True
    return all(n > 1 for n in positions)


def small_subjects(
    layer: Layer, kind: Kind, sizes: Sizes, largest: int, most: int
) -> list[Subject]:
    """Return a layer at its smallest sizes, the smallest first."""
    taken = chosen_shapes(layer, sizes)[0]
    shapes = sorted(product(range(1, 8), repeat=len(taken)), key=lambda s: (prod(s), max(s), s))
    needs_several = of_layer(layer, taken, _ONE_SAMPLE, kind) is None
    made = list[Subject]()
    for shape, batch in product(shapes, _SEVERAL if needs_several else _FEW):
        if len(made) >= most or prod(shape) > largest:
            break
        found = of_layer(layer, shape, batch, kind)
        if found is not None:
            made.append(found)
    return sorted(made, key=lambda s: prod(map(int, s.network.input.shape)))


def _check_few(subject: Subject) -> None:
    """Refuse what has too many terms to be summed again for every mistake."""
    terms = sum(int(equation.terms) for equation in subject.network.equations)
    if terms > judging.TERMS:
        shape = tuple(subject.network.input_shape)
        raise TooLargeError(
            f"an input of shape {shape} takes {terms:,} products and sums, more than the "
            f"{judging.TERMS:,} that a check computes: give a smaller input_shape or layer"
        )


def trials(found: Sequence[tuple[Subject, int]], *, ties: bool = True) -> list[Trial]:
    """Return the trials of some subjects; where a maximum is taken, one with ties besides."""
    for subject, _ in found:
        _check_few(subject)
    made = [Trial(subject, seed, fine=seed == _FINE) for subject, seed in found]
    if ties and made and made[0].subject.formulas.derivation.routings:
        made += [Trial(trial.subject, 4, tied=True) for trial in (made[0], made[-1])]
    return made
