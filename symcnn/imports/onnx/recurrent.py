"""ONNX: recurrent operators, one layer in one direction or both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node
from symcnn.imports.operations import recurrent
from symcnn.imports.operations.recurrent import Cell, Weights
from symcnn.imports.operations.reshaping import reshaped, selected
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators()

_GATES = {"RNN": (0,), "GRU": (1, 0, 2), "LSTM": (0, 2, 3, 1)}
"""Where the gates are that PyTorch has first, second, ..."""

_USUAL = {"RNN": ["Tanh"], "GRU": ["Sigmoid", "Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}


@OPERATORS.of("RNN", "GRU", "LSTM")
def _recurrent(b: Builder, n: Node) -> Sequence[Placed]:
    x, batch_first = b.tensor(n, "X"), bool(n.get("layout", 0))
    axis = 1 if batch_first else 0
    if x.merged == (0, 0) and x.samples == axis:
        raise SymcnnError("the first axis is that of steps: transpose behind an input of samples")
    ways = {"forward": [0], "reverse": [1], "bidirectional": [0, 1]}[n.get("direction", "forward")]
    cell, xs, sides = _cell(n, len(ways), x.stated[axis]), recurrent.steps_of(b, x, axis), []
    for at, back in enumerate(ways):
        with b.part("back" if back else ""):
            start = [_start(b, n, key, at, batch_first) for key in _states(n)]
            weights = _weights(b, n, at)
            sides.append(recurrent.unrolled(b, cell, xs, start, weights, back=bool(back)))
    output = recurrent.stacked(b, [h for side in sides for h in side.outputs], "outputs")
    samples, units = output.stated[0], output.stated[-1]
    output = reshaped(b, output, (samples, len(ways), len(xs), units))
    states = zip(*(side.last for side in sides), strict=True)
    made = [recurrent.stacked(b, each, "states") for each in states]
    if batch_first:
        return [output.permuted((0, 2, 1, 3)), *made]
    return [output.permuted((2, 1, 0, 3)), *(state.permuted((1, 0, 2)) for state in made)]


def _states(n: Node) -> Sequence[str]:
    return ("initial_h", "initial_c") if n.operator == "LSTM" else ("initial_h",)


def _cell(n: Node, directions: int, steps: int) -> Cell:
    """Return the cell, if its settings are known.

    Raises:
        SymcnnError: Names the setting.
    """
    for key in ("P", "clip", "input_forget"):
        if n.get(key) not in (None, 0):
            raise SymcnnError(f"{key} is given: leave it out")
    lengths = n.get("sequence_lens")
    if lengths is not None and not (_is_constant(lengths) and (lengths.array == steps).all()):
        raise SymcnnError("sequence_lens differ from the steps: give sequences of one length")
    usual = _USUAL[n.operator] * directions
    given = [_text(name) for name in n.get("activations", usual)][: len(usual)]
    if n.operator == "RNN" and given == ["Relu"] * directions:
        return recurrent.plain(layers.ReLU())
    if given != usual:
        raise SymcnnError(f"activations are {', '.join(given)}: use {', '.join(usual)}")
    if n.operator == "GRU":
        return recurrent.gru if n.get("linear_before_reset", 0) else recurrent.gru_reset_first
    return recurrent.lstm if n.operator == "LSTM" else recurrent.plain(layers.Tanh())


def _is_constant(value: Any) -> bool:
    return isinstance(value, Constant)


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _weights(b: Builder, n: Node, at: int) -> Weights:
    gates = _GATES[n.operator]

    def in_order(rows: Array) -> Array:
        parts = np.split(rows, len(gates))
        made: Array = np.concatenate([parts[gate] for gate in gates])
        return made

    w, r = (b.array(n, key).moved(lambda array: in_order(array[at])) for key in ("W", "R"))
    bias = b.constant(n, "B")
    if bias is None:
        return Weights(w, r)
    of_input = bias.moved(lambda array: in_order(np.split(array[at], 2)[0]))
    return Weights(w, r, of_input, bias.moved(lambda a: in_order(np.split(a[at], 2)[1])))


def _start(b: Builder, n: Node, key: str, at: int, batch_first: bool) -> Placed | Constant | None:
    given, axis = n.get(key), 1 if batch_first else 0
    if given is None:
        return None
    if isinstance(given, Constant):
        return given.moved(lambda array: np.take(array, at, axis))
    return selected(b, b.tensor(n, key), axis, at)
