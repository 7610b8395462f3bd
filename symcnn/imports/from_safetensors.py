"""``with_safetensors``: the weights of a file of safetensors for a network that is there."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symcnn.equations.notation import dimensions
from symcnn.equations.values import Array, known
from symcnn.errors import Mistakes, SymcnnError, located, shown
from symcnn.imports.packages import needed
from symcnn.imports.placed import Folded
from symcnn.network.layers import (
    Activation,
    Conv1D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Dropout,
    Flatten,
)
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems import Problem

if TYPE_CHECKING:
    from symcnn.imports.safetensors_file import Stored

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
    from symcnn.imports.safetensors_file import Stored

    with located(path):
        held = Stored(Path(path))
        wanted = dict(_wanted(problem.network))
        mistakes, values = Mistakes(), dict(problem.values)
        others = [n for n in held.names if n not in wanted and not n.endswith(_IGNORED)]
        for name in mistakes.first(others):
            with mistakes.collected():
                raise SymcnnError(f"no layer takes {shown(name)}: {known(name, [*wanted])}")
        for name, (stage, key) in wanted.items():
            with mistakes.collected():
                tensor = {**stage.parameters, **stage.givens}[key]
                values[tensor.name] = _own(name, held, stage, key, problem.network)
        mistakes.end()
        return problem.with_values(values)


def _wanted(network: Network) -> Iterator[tuple[str, tuple[Stage, str]]]:
    """Run over what the layers take: its name in a file, the layer, and the key there."""
    for stage in network.stages:
        own = {} if stage.shares else stage.parameters
        for key in (*own, *stage.givens):
            yield f"{stage.output.name}.{_CALLED.get(key, key)}", (stage, key)


def _own(name: str, held: Stored, stage: Stage, key: str, network: Network) -> Array:
    """Return an array in the layout of symcnn."""
    if name not in held.names:
        raise SymcnnError(f"the file has no {shown(name)}: save the weights of all layers")
    tensor, stated = {**stage.parameters, **stage.givens}[key], held.shape(name)
    axes = _axes(stage, key, len(stated))
    shape = tuple(stated[axis] for axis in axes)
    if shape != tensor.shape:
        raise SymcnnError(
            f"{name} has the shape {dimensions(shape)} in the layout of symcnn, but "
            f"{dimensions(tensor.shape)} is needed: save the weights of this network"
        )
    made: Array = held.array(name).transpose(axes)
    is_matrix = key == "weight" and isinstance(stage.layer, Dense)
    return made[:, _columns(stage, network)] if is_matrix else made


def _axes(stage: Stage, key: str, rank: int) -> tuple[int, ...]:
    """Return the order in which an array has the axes of PyTorch."""
    if key == "weight" and isinstance(stage.layer, Conv1D | Conv2D) and rank > 2:
        return (*range(2, rank), 1, 0)
    if key == "weight" and isinstance(stage.layer, ConvTranspose2D) and rank == 4:
        return (2, 3, 0, 1)
    return tuple(range(rank))


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
