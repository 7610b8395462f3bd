"""symcnn: the derived program, called with arrays."""

from __future__ import annotations

import symcnn as sc
from benchmarks.specs import Conv, Dense, Pool

VERSION = f"symcnn {sc.__version__}"
_FUNCTIONS = {"tanh": sc.Tanh, "sigmoid": sc.Sigmoid}
_LOSSES = {
    "softmax_cross_entropy": sc.SoftmaxCrossEntropy,
    "half_squared_error": sc.HalfSquaredError,
}


def network(spec):
    """Return the network of a specification."""
    layers, flat = [], False
    for layer in spec.layers:
        if isinstance(layer, Dense) and not flat:
            layers.append(sc.Flatten())
            flat = True
        layers.append(_layer(layer))
    batch = spec.batch if spec.batch > 1 else None
    return sc.Network(spec.shape, layers, _LOSSES[spec.loss](), batch=batch)


def _layer(layer):
    if isinstance(layer, Conv):
        return sc.Conv2D(layer.filters, layer.kernel, bias=layer.bias)
    if isinstance(layer, Pool):
        return sc.MaxPool2D(layer.window, layer.stride)
    if isinstance(layer, Dense):
        return sc.Dense(layer.units, bias=layer.bias)
    return _FUNCTIONS[layer]()


def step(spec, threads, backend="auto"):
    """Return a function for loss and gradients; threads are NumPy's own affair."""
    derivation = sc.derive(network(spec))
    program = sc.lambdify(derivation, backend, dtype=spec.dtype, results="training")
    x, weights, target = spec.numbers()
    numbers = iter(weights)
    arrays = [
        {"input": x, "target": target}[t.role].reshape(t.shape)
        if t.role != "parameter"
        else next(numbers)
        for t in program.given
    ]
    function = program.function

    def evaluate():
        loss, gradients = function(*arrays)
        return loss, [*gradients.values()]

    return evaluate
