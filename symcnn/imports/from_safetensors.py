"""``with_safetensors``: the weights of a file of safetensors for a network that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from symcnn.errors import Mistakes, SymcnnError, fitted, located, shown
from symcnn.imports.packages import needed
from symcnn.imports.placed import Folded
from symcnn.layers import Activation, Conv1D, Conv2D, ConvTranspose2D, Dense, Dropout, Flatten
from symcnn.network import Network
from symcnn.notation import dimensions
from symcnn.problems import Problem
from symcnn.stage import Stage
from symcnn.values import Array, known

_CALLED = {"mean": "running_mean", "variance": "running_var"}
"""What PyTorch calls given tensors."""

_IGNORED = "num_batches_tracked"


def with_safetensors(problem: Problem, path: str | PathLike[str]) -> Problem:
    """Return the same problem with the weights of a file of safetensors.

    Arrays are found by name, "layer1.0.conv1.weight" for the weight of the layer "layer1.0.conv1",
    and have the layout of PyTorch: kernels change to (height, width, inputs, filters), and columns
    of a dense layer behind a flattened image move with its entries. Running statistics,
    "running_mean" and "running_var", are given tensors.

    Args:
        problem: The network, with any numbers.
        path: The file.

    Raises:
        SymcnnError: If the package safetensors is missing, the file cannot be read, or lists the
            names and shapes that do not fit.
    """
    needed("safetensors", "safetensors")
    with located(path):
        held = _read(Path(path))
        wanted = dict(_wanted(problem.network))
        mistakes, values = Mistakes(), dict(problem.values)
        for name in held:
            if name not in wanted and not name.endswith(_IGNORED):
                with mistakes.collected():
                    raise SymcnnError(f"no layer takes {shown(name)}: {known(name, [*wanted])}")
        for name, (stage, key) in wanted.items():
            with mistakes.collected():
                tensor = {**stage.parameters, **stage.givens}[key]
                values[tensor.name] = _own(name, held, stage, key, problem.network)
        mistakes.end()
        return problem.with_values(values)


def _read(path: Path) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return dict(load_file(path))
    except OSError as error:
        reason = error.strerror or "No such file"
        raise SymcnnError(f"cannot read the file: {reason}: check its name") from None
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        before, after = "this is no file of floats in safetensors (", "): save it in float32"
        raise SymcnnError(fitted(before, shown(str(error)), after)) from None


def _wanted(network: Network) -> Iterator[tuple[str, tuple[Stage, str]]]:
    """Run over what the layers take: its name in a file, the layer, and the key there."""
    for stage in network.stages:
        own = {} if stage.shares else stage.parameters
        for key in (*own, *stage.givens):
            yield f"{stage.output.name}.{_CALLED.get(key, key)}", (stage, key)


def _own(name: str, held: Mapping[str, Array], stage: Stage, key: str, network: Network) -> Array:
    """Return an array in the layout of symcnn."""
    if name not in held:
        raise SymcnnError(f"the file has no {shown(name)}: save the weights of all layers")
    tensor = {**stage.parameters, **stage.givens}[key]
    made = np.asarray(held[name], dtype=np.float64)
    if key == "weight" and isinstance(stage.layer, Conv1D | Conv2D) and made.ndim > 2:
        made = made.transpose(*range(2, made.ndim), 1, 0)
    elif key == "weight" and isinstance(stage.layer, ConvTranspose2D) and made.ndim == 4:
        made = made.transpose(2, 3, 0, 1)
    elif key == "weight" and isinstance(stage.layer, Dense) and made.shape == tensor.shape:
        made = made[:, _columns(stage, network)]
    if made.shape != tensor.shape:
        raise SymcnnError(
            f"{name} has the shape {dimensions(made.shape)} in the layout of symcnn, but "
            f"{dimensions(tensor.shape)} is needed: save the weights of this network"
        )
    return made


def _columns(stage: Stage, network: Network) -> Any:
    """Return the order of the columns of a dense weight: of an image, PyTorch's is another."""
    by_name = {s.output.name: s for s in network.stages}
    (read,) = stage.inputs
    while read.name in by_name:
        before = by_name[read.name]
        (*others, read) = before.inputs
        if isinstance(before.layer, Flatten):
            shape = read.of_one_sample().shape
            last = len(shape) - 1
            return Folded(shape, (last, *range(last))).columns()
        if others or not isinstance(before.layer, Activation | Dropout):
            break
    return slice(None)
