"""The numbers of a network as its source stores them, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from symcnn.equations.values import Array, Values, float_arrays
from symcnn.network.network import Network
from symcnn.problems.weights.origin import Origin, Stored
from symcnn.problems.weights.usual import usual


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
