"""The numbers of a network as its source stores them, and the other way round.

Those of one that was written here have the names and layouts of PyTorch:

conv1.weight        (filters, channels, height, width)
bn1.running_mean    the mean that a batch normalisation is given; running_var its variance
dense1.weight       (units, inputs); behind a flattened image the inputs stand channel by channel
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

import numpy as np
import numpy.typing as npt

from symcnn.equations.notation import Shape
from symcnn.equations.values import Array, Values, float_arrays
from symcnn.equations.values.evaluation import filters_first
from symcnn.network import layers
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems.weights.origin import (
    Origin,
    Part,
    Places,
    Stored,
    places_of,
    transposed,
    whole,
)


def held_tensors(network: Network, values: Values) -> dict[str, Array]:
    """Return the numbers of what a network learns or is given, by name, but not of samples."""
    of_samples = {tensor.name for tensor in network.of_samples}
    held = [t for t in network.given if t.role in ("parameter", "given")]
    return float_arrays(values, [t for t in held if t.name not in of_samples])


def state_of(
    network: Network, values: Values, origin: Origin | None, dtype: npt.DTypeLike | None
) -> dict[str, Array]:
    """Return the arrays of a source by name; see ``Problem.state_dict``."""
    known = origin or usual(network)
    filled = known.filled(held_tensors(network, values))
    return {name: _typed(array, known.arrays[name], dtype) for name, array in filled}


def _typed(array: Array, stored: Stored, dtype: npt.DTypeLike | None) -> Array:
    """Return an array in the type that it has in the source; a float in the one that is given."""
    is_float = stored.dtype.kind == "f"
    made: Array = array.astype(dtype if is_float and dtype is not None else stored.dtype)
    return made


def tensors_of(stored: Mapping[str, Stored], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the numbers of tensors, flat, of arrays by name."""
    return {
        part.tensor: part.places.taken(np.ascontiguousarray(arrays[name]).ravel())
        for name, held in stored.items()
        for part in held.parts
        if name in arrays
    }


_CALLED = {"mean": "running_mean", "variance": "running_var"}
"""What PyTorch calls given tensors."""

_TRANSPOSED = layers.ConvTranspose1D, layers.ConvTranspose2D, layers.ConvTranspose3D


def usual(network: Network) -> Origin:
    """Return what PyTorch would store for a network whose layers are called so."""
    return Origin(dict(_arrays(network)))


def _arrays(network: Network) -> Iterator[tuple[str, Stored]]:
    of_samples = {tensor.name for tensor in network.of_samples}
    for stage in network.stages:
        own = {**stage.own, **stage.givens}
        for key, tensor in own.items():
            if tensor.name not in of_samples:
                shape, places = _layout(stage, key, tensor.shape, network)
                name = f"{stage.output.name}.{_CALLED.get(key, key)}"
                yield name, Stored(shape, "float64", (Part(tensor.name, places),))


def _layout(stage: Stage, key: str, shape: Shape, network: Network) -> tuple[Shape, Places]:
    """Return the shape in PyTorch, and the places of the tensor there."""
    layer = stage.layer
    if key in layer.kernels:
        return _of_kernel(layer, shape)
    if key == "weight" and isinstance(layer, layers.Dense):
        number, columns = np.arange(prod(shape)).reshape(shape), _columns(stage, network)
        return shape, whole(prod(shape)) if columns is None else places_of(number[:, columns])
    return shape, whole(prod(shape))


def _of_kernel(layer: layers.Layer, shape: Shape) -> tuple[Shape, Places]:
    rank = len(shape)
    if not isinstance(layer, _TRANSPOSED):
        stored = filters_first(shape)
        return stored, transposed(stored, (*range(2, rank), 1, 0))
    *kernel, channels, filters = shape
    groups, split = int(layer.groups), (int(layer.groups), channels, filters // layer.groups)
    number = np.arange(prod(shape)).reshape(*split, *kernel)
    turned = number.transpose(*range(3, rank + 1), 1, 0, 2)
    return (groups * channels, filters // groups, *kernel), places_of(turned)


def _columns(stage: Stage, network: Network) -> Array | None:
    """Return the order of the columns of a dense weight: of an image, PyTorch's is another."""
    by_name = {s.output.name: s for s in network.stages}
    (read,) = stage.inputs
    while read.name in by_name:
        before = by_name[read.name]
        (*others, read) = before.inputs
        if isinstance(before.layer, layers.Flatten):
            *image, channels = read.of_one_sample().shape
            number = np.arange(prod((*image, channels))).reshape(channels, *image)
            order: Array = np.moveaxis(number, 0, -1).ravel()
            return order
        if others or not isinstance(before.layer, layers.Activation | layers.Dropout):
            break
    return None
