"""Deriving all partials of LeNet-5, one sample: by symcnn and by symbolic peers.

    symcnn           the equations, their adjoints, and both written out entry by entry
    casadi           scalar nodes (SX) in matrices, their gradient; no text
    casadi_text      the same, written out as C
    casadi_by_entry  the same gradient of a loss that Python's loops put together; no text
    symengine        staged partials from rules typed in by hand, as expressions; no text

SymPy is left out: with the network composed into one expression it needs more than an
hour for one weight of an image of 8x8.
"""

from __future__ import annotations

import sys
from functools import reduce
from itertools import product
from operator import mul
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

CONVOLUTIONS = ((32, 1, 6), (14, 6, 16))
"""Rows (and columns), channels and filters of both, whose kernels are 5x5."""

DENSE = ((400, 120), (120, 84), (84, 10))
PARTIALS = 61_706


def symcnn() -> float:
    """Return the seconds from the network to the last line of text."""
    from benchmarks.networks import lenet5, seed
    from symcnn import derive
    from symcnn.programs.backends.scalar.partials import scalar_text

    list(scalar_text(derive(seed())))  # SymPy loads some of its parts at the first use.
    network = lenet5(32)
    start = perf_counter()
    lines = list(scalar_text(derive(network)))
    seconds = perf_counter() - start
    assert sum(line.startswith("delta_w") or line.startswith("delta_b") for line in lines) == (
        PARTIALS
    )
    return seconds


def casadi() -> float:
    """Return the seconds from symbols to the gradient with respect to weights and biases."""
    start = perf_counter()
    gradient = _casadi_matrices()[-1]
    assert gradient.numel() == PARTIALS
    return perf_counter() - start


def casadi_text() -> float:
    """Return the seconds from symbols to the text of a C function."""
    import casadi as ca

    start = perf_counter()
    *given, loss, gradient = _casadi_matrices()
    function = ca.Function("f", given, [loss, gradient])
    with TemporaryDirectory() as folder:
        generator = ca.CodeGenerator("f.c")
        generator.add(function)
        generator.generate(f"{folder}/")
    return perf_counter() - start


def casadi_by_entry() -> float:
    """Return the seconds from symbols to the gradient, the forward pass entry by entry."""
    import casadi as ca

    start = perf_counter()
    x = _casadi_symbols("x", 32, 32, 1)
    parameters: list[np.ndarray] = []
    for rows, channels, filters in CONVOLUTIONS:
        w, b = _casadi_symbols("w", 5, 5, channels, filters), _casadi_symbols("b", filters)
        parameters += [w, b]
        a = np.empty((rows - 4, rows - 4, filters), dtype=object)
        for i, j, k in np.ndindex(*a.shape):
            window = x[i : i + 5, j : j + 5].ravel()
            a[i, j, k] = ca.tanh(sum(map(mul, window, w[..., k].ravel()), b[k]))
        x = np.empty((a.shape[0] // 2, a.shape[1] // 2, filters), dtype=object)
        for i, j, k in np.ndindex(*x.shape):
            x[i, j, k] = reduce(ca.fmax, a[2 * i : 2 * i + 2, 2 * j : 2 * j + 2, k].ravel())
    y = x.ravel()
    for number, (inputs, units) in enumerate(DENSE):
        w, b = _casadi_symbols("w", units, inputs), _casadi_symbols("b", units)
        parameters += [w, b]
        z = [sum(map(mul, row, y), bias) for row, bias in zip(w, b, strict=True)]
        y = z if number == 2 else [ca.tanh(one) for one in z]
    loss = sum((one - ca.SX.sym("t")) ** 2 for one in y) / 2
    by = [entry for parameter in parameters for entry in parameter.ravel()]
    assert ca.gradient(loss, ca.vertcat(*by)).numel() == PARTIALS
    return perf_counter() - start


def _casadi_symbols(name: str, *shape: int) -> np.ndarray:
    import casadi as ca

    made = np.empty(shape, dtype=object)
    for position in np.ndindex(*shape):
        made[position] = ca.SX.sym(name)
    return made


def _casadi_matrices() -> list:
    """Return the parameters, the input, the target, the loss and its gradient."""
    import casadi as ca

    parameters, x, target = [], ca.SX.sym("x", 32 * 32, 1), ca.SX.sym("t", 10, 1)
    y = x
    for rows, channels, filters in CONVOLUTIONS:
        w, b = ca.SX.sym("w", 25 * channels, filters), ca.SX.sym("b", 1, filters)
        patches, places = _patches(rows, channels), (rows - 4) ** 2
        flat = ca.reshape(y.T, -1, 1)[patches.ravel().tolist()]
        z = ca.mtimes(ca.reshape(flat, 25 * channels, places).T, w) + ca.repmat(b, places, 1)
        a = ca.tanh(z)
        first, *others = (a[window.tolist(), :] for window in _windows(rows - 4))
        for other in others:
            first = ca.fmax(first, other)
        y, parameters = first, [*parameters, w, b]
    y = ca.reshape(y.T, -1, 1)
    for number, (inputs, units) in enumerate(DENSE):
        w, b = ca.SX.sym("w", units, inputs), ca.SX.sym("b", units, 1)
        z = ca.mtimes(w, y) + b
        y, parameters = z if number == 2 else ca.tanh(z), [*parameters, w, b]
    loss = ca.sumsqr(y - target) / 2
    by = ca.vertcat(*(ca.reshape(p, -1, 1) for p in parameters))
    return [by, x, target, loss, ca.gradient(loss, by)]


def symengine() -> float:
    """Return the seconds from symbols to the last staged partial."""
    import symengine as se

    def array(name: str, *shape: int) -> np.ndarray:
        made = np.empty(shape, dtype=object)
        for position in np.ndindex(*shape):
            made[position] = se.Symbol(f"{name}_{'_'.join(map(str, position))}")
        return made

    start = perf_counter()
    count = 0
    for rows, channels, filters in CONVOLUTIONS:
        out = rows - 4
        x, w = array("x", rows, rows, channels), array("w", 5, 5, channels, filters)
        delta = array("delta", out, out, filters)
        for u, v, c, k in product(range(5), range(5), range(channels), range(filters)):
            shifted = x[u : u + out, v : v + out, c]
            se.Add(*(delta[:, :, k] * shifted).ravel())
            count += 1
        gathered = np.full((rows, rows, channels), None, dtype=object)
        terms: dict[tuple[int, ...], list] = {p: [] for p in np.ndindex(gathered.shape)}
        for i, j, u, v, c in product(range(out), range(out), range(5), range(5), range(channels)):
            terms[i + u, j + v, c].extend(delta[i, j] * w[u, v, c])
        for position, parts in terms.items():
            gathered[position] = se.Add(*parts)
        count += len([se.Add(*delta[:, :, k].ravel()) for k in range(filters)])
    for inputs, units in DENSE:
        a, w, delta = array("a", inputs), array("w", units, inputs), array("delta", units)
        count += np.outer(delta, a).size + units  # a bias has delta itself
        for q in range(inputs):
            se.Add(*(delta * w[:, q]))
    assert count == PARTIALS
    return perf_counter() - start


def _patches(rows: int, channels: int) -> np.ndarray:
    """Return the numbers of the entries under the kernel, one row for each of its places."""
    numbers = np.arange(rows * rows * channels).reshape(rows, rows, channels)
    windows = np.lib.stride_tricks.sliding_window_view(numbers, (5, 5), (0, 1))
    return windows.transpose(0, 1, 3, 4, 2).reshape((rows - 4) ** 2, 25 * channels)


def _windows(rows: int) -> list[np.ndarray]:
    """Return for each entry of a 2x2 window its numbers in all windows."""
    numbers = np.arange(rows * rows).reshape(rows, rows)
    return [numbers[u::2, v::2].ravel() for u, v in product(range(2), range(2))]


PEERS = {peer.__name__: peer for peer in (symcnn, casadi, casadi_text, casadi_by_entry, symengine)}

if __name__ == "__main__":
    print(PEERS[sys.argv[1]]())
