"""PyTorch: recurrent layers and cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node
from symcnn.imports.operations import recurrent
from symcnn.imports.operations.recurrent import Cell, Start, Weights
from symcnn.imports.operations.reshaping import concatenated, selected
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators("aten.")

_CELLS: dict[str, Cell] = {
    "rnn_tanh": recurrent.plain(layers.Tanh()),
    "rnn_relu": recurrent.plain(layers.ReLU()),
    "gru": recurrent.gru,
    "lstm": recurrent.lstm,
}


@OPERATORS.of(*(f"{name}.input" for name in _CELLS))
def _layers(b: Builder, n: Node) -> Sequence[Placed]:
    """Each direction of each layer is a cell; the next layer reads both directions side by side."""
    if n.get("train", False) and n.get("dropout", 0):
        raise SymcnnError("dropout is in training mode: export the module in evaluation mode")
    x, axis = b.tensor(n, "input"), 1 if n.arguments["batch_first"] else 0
    if x.merged == (0, 0) and x.samples == axis:
        raise SymcnnError("the first axis is that of steps: set batch_first=True")
    cell, directions = _CELLS[n.operator.split(".")[1]], 2 if n.arguments["bidirectional"] else 1
    weights = [*_weights(n, n.arguments["num_layers"] * directions)]
    xs, finals = recurrent.steps_of(b, x, axis), []
    for at in range(0, len(weights), directions):
        sides = []
        for back in range(directions):
            with b.part(_named(at // directions, back, len(weights))):
                start = _start(b, n, at + back)
                made = recurrent.unrolled(b, cell, xs, start, weights[at + back], back=bool(back))
            sides.append(made.outputs)
            finals.append(made.last)
        xs = [concatenated(b, both, 1) for both in zip(*sides, strict=True)]
    output = recurrent.stacked(b, xs, "outputs")
    states = [recurrent.stacked(b, each, "states") for each in zip(*finals, strict=True)]
    turned = [state.permuted((1, 0, 2)) for state in states]
    return [output if axis == 1 else output.permuted((1, 0, 2)), *turned]


def _named(layer: int, back: int, cells: int) -> str:
    return f"layer{layer + 1}{'.back' if back else ''}" if cells > 1 else ""


def _weights(n: Node, cells: int) -> Sequence[Weights]:
    given = n.arguments["params"]
    count = 4 if n.arguments["has_biases"] else 2
    if len(given) != count * cells:
        raise SymcnnError("a projection of the state is not supported: leave proj_size out")
    return [Weights(*given[at : at + count]) for at in range(0, len(given), count)]


def _start(b: Builder, n: Node, at: int) -> Start:
    """Return the state before the first step of a cell, of (cells, samples, units)."""
    given = n.arguments["hx"]
    return [_of_cell(b, n, each, at) for each in (given if isinstance(given, list) else [given])]


def _of_cell(b: Builder, n: Node, given: Any, at: int) -> Placed | Constant:
    if isinstance(given, Constant):
        return given.moved(lambda array: array[at])
    return selected(b, b.tensor_of(n, given), 0, at)


@OPERATORS.of(*(f"{name}_cell.default" for name in _CELLS))
def _cell(b: Builder, n: Node) -> Sequence[Placed]:
    x, given = b.tensor(n, "input"), n.arguments["hx"]
    matrices, biases = (b.array(n, key) for key in ("w_ih", "w_hh")), ("b_ih", "b_hh")
    weights = Weights(*matrices, *(b.constant(n, key) for key in biases))
    listed = given if isinstance(given, list) else [given]
    start = [g if isinstance(g, Constant) else b.tensor_of(n, g) for g in listed]
    cell = _CELLS[n.operator.split(".")[1].removesuffix("_cell")]
    return cell(b, x, recurrent.begun(b, x, start, weights), weights)
