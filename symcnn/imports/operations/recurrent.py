"""Recurrent cells, unrolled: a step is dense layers of its input and of the state before it.

All steps share their weights, so that a derivative with respect to a weight is a sum over steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import NamedTuple

import numpy as np

from symcnn.equations.values import Array
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant
from symcnn.imports.operations.entrywise import applied, combined, shifted, summed
from symcnn.imports.operations.matrices import dense
from symcnn.imports.operations.reshaping import concatenated, reshaped, selected, sliced
from symcnn.imports.operations.tables import back as in_place
from symcnn.imports.placed import Placed
from symcnn.network import layers

State = Sequence[Placed]
"""What a step leaves to the next: h, and c of an LSTM."""

Start = Sequence[Placed | Constant | None]
"""What the first step is given, of shape (samples, units); None stands for zeros."""


@dataclass(frozen=True)
class Weights:
    """What a cell learns, the rows of its gates one below the other.

    Attributes:
        input: The matrix W of its input, of shape (gates units, inputs).
        state: The matrix U of the state before, of shape (gates units, units).
        input_bias: What is added to W x.
        state_bias: What is added to U h.
    """

    input: Constant
    state: Constant
    input_bias: Constant | None = None
    state_bias: Constant | None = None

    @property
    def units(self) -> int:
        """The entries of the state."""
        return int(self.state.array.shape[1])


Cell = Callable[[Builder, Placed, State, Weights], State]
"""Computes a state of an input and the state before."""


def plain(activation: layers.Layer) -> Cell:
    """Return the cell h' = f(W x + U h)."""

    def step(b: Builder, x: Placed, state: State, w: Weights) -> State:
        total = summed(b, _of_input(b, x, w), _of_state(b, state[0], w))
        with b.part("output"):
            return [applied(b, total, activation)]

    return step


def lstm(b: Builder, x: Placed, state: State, w: Weights) -> State:
    """Return c' = s(f) c + s(i) tanh(g), h' = s(o) tanh(c'), where W x + U h = (i, f, g, o)."""
    h, c = state
    total = summed(b, _of_input(b, x, w), _of_state(b, h, w))
    named = ("input_gate", "forget_gate", "update", "output_gate")
    i, f, g, o = (_gate(b, [total], at, w, name) for at, name in enumerate(named))
    with b.part("cell"):
        c = summed(b, _product(b, f, c), _product(b, i, g))
    with b.part("output"):
        return [_product(b, o, applied(b, c, layers.Tanh())), c]


def gru(b: Builder, x: Placed, state: State, w: Weights) -> State:
    """Return h' = n + s(z) (h - n), n = tanh(W_n x + s(r) U_n h), where W x + U h = (r, z, .)."""
    h, read, kept = state[0], _of_input(b, x, w), _of_state(b, state[0], w)
    r, z = (_gate(b, [read, kept], at, w, name) for at, name in enumerate(_GATES))
    with b.part("update"):
        past = _product(b, r, _rows(b, kept, 2, w))
        n = applied(b, summed(b, _rows(b, read, 2, w), past), layers.Tanh())
    return _mean(b, h, n, z)


def gru_reset_first(b: Builder, x: Placed, state: State, w: Weights) -> State:
    """Return the same with n = tanh(W_n x + U_n s(r) h): the state is reset, then multiplied."""
    h, read = state[0], _of_input(b, x, w)
    kept = _of_state(b, h, _of_gates(w, 0, 2))
    r, z = (_gate(b, [read, kept], at, w, name) for at, name in enumerate(_GATES))
    with b.part("update"):
        past = _of_state(b, _product(b, r, h), _of_gates(w, 2, 3))
        n = applied(b, summed(b, _rows(b, read, 2, w), past), layers.Tanh())
    return _mean(b, h, n, z)


_GATES = "reset_gate", "update_gate"


def _mean(b: Builder, h: Placed, n: Placed, z: Placed) -> State:
    """Return n + z (h - n), between the new and the old state."""
    with b.part("output"):
        return [summed(b, n, _product(b, z, combined(b, [h, n], layers.Subtract())))]


def _gate(b: Builder, parts: Sequence[Placed], at: int, w: Weights, name: str) -> Placed:
    """Return a function of the rows of one gate, which may be sums."""
    function = layers.Tanh() if name == "update" else layers.Sigmoid()
    with b.part(f"{name}.input"):
        total = reduce(partial(summed, b), [_rows(b, part, at, w) for part in parts])
    with b.part(name):
        return applied(b, total, function)


def _of_input(b: Builder, x: Placed, w: Weights) -> Placed:
    with b.part("input"):
        return b.plain(dense(b, x, w.input, w.input_bias))


def _of_state(b: Builder, h: Placed, w: Weights) -> Placed:
    with b.part("state"):
        return dense(b, h, w.state, w.state_bias)


def _of_gates(w: Weights, first: int, last: int) -> Weights:
    """Return the weights of some gates, of which those of the state alone are read."""
    rows = slice(first * w.units, last * w.units)
    bias = w.state_bias and w.state_bias.moved(lambda array: array[rows])
    return Weights(w.input, w.state.moved(lambda array: array[rows]), None, bias)


def _rows(b: Builder, x: Placed, at: int, w: Weights) -> Placed:
    return sliced(b, x, 1, at * w.units, (at + 1) * w.units)


def _product(b: Builder, x: Placed, y: Placed) -> Placed:
    return combined(b, [x, y], layers.Multiply())


class Unrolled(NamedTuple):
    """What one cell computes of a sequence.

    Attributes:
        outputs: Its h at each step, in the order of the inputs.
        last: The state that the last step leaves.
    """

    outputs: Sequence[Placed]
    last: State


def unrolled(
    b: Builder, cell: Cell, xs: Sequence[Placed], start: Start, w: Weights, *, back: bool = False
) -> Unrolled:
    """Return what a cell computes of inputs, one after the other, or from the last to the first.

    Each input has the shape (samples, inputs).
    """
    order = [*enumerate(xs)][:: -1 if back else 1]
    state = begun(b, order[0][1], start, w)
    outputs: dict[int, Placed] = {}
    for at, x in order:
        with b.part(f"step{at + 1}"):
            state = cell(b, x, state, w)
        outputs[at] = state[0]
    return Unrolled([outputs[at] for at in range(len(xs))], state)


def begun(b: Builder, x: Placed, start: Start, w: Weights) -> State:
    """Return the state before the first step; what is neither computed nor learned is given."""
    zeros, made = np.zeros((x.stated[0], w.units)), list[Placed]()
    with b.part("start"):
        for each in start:
            if isinstance(each, Placed):
                made.append(each)
            elif each is not None and each.parameter:
                made.append(shifted(b, _given(b, x, zeros), each))
            else:
                made.append(_given(b, x, zeros if each is None else zeros + each.array))
    return made


def _given(b: Builder, x: Placed, state: Array) -> Placed:
    """Return a state that is given, whose samples are merged as those of the input."""
    apart = x.apart(state)
    given = b.given(np.moveaxis(apart, x.samples, 0))
    return replace(given.permuted(in_place(apart.ndim, x.samples)), merged=x.merged)


def steps_of(b: Builder, x: Placed, axis: int) -> list[Placed]:
    """Return the parts of a sequence, one for each step."""
    made = []
    for at in range(x.stated[axis]):
        with b.part(f"step{at + 1}.x"):
            made.append(b.plain(selected(b, x, axis, at)))
    return made


def stacked(b: Builder, parts: Sequence[Placed], part: str) -> Placed:
    """Return parts of shape (samples, entries) as one tensor of shape (samples, parts, entries)."""
    samples, entries = parts[0].stated
    with b.part(part):
        return reshaped(b, concatenated(b, parts, 1), (samples, len(parts), entries))
