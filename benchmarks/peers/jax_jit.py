"""JAX, jit-compiled."""

from __future__ import annotations

import os
from importlib.metadata import version

from benchmarks.specs import Conv, Dense, Pool

VERSION = f"JAX {version('jax')}"


def _import(threads):
    """Import JAX so that it uses so many threads: it reads this once."""
    one = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    if threads == 1:
        os.environ["XLA_FLAGS"] = one
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", "cpu")
    return jax


def step(spec, threads):
    """Return a function for loss and gradients."""
    jax = _import(threads)
    jnp, lax = jax.numpy, jax.lax
    x, weights, target = (jax.tree.map(jnp.asarray, part) for part in spec.numbers())

    def run(weights):
        y, numbers = x, iter(weights)
        for layer in spec.layers:
            if isinstance(layer, Conv):
                form = ("NHWC", "HWIO", "NHWC")
                w = next(numbers)
                y = lax.conv_general_dilated(y, w, (1, 1), "VALID", dimension_numbers=form)
            elif isinstance(layer, Pool):
                window, stride = (1, *layer.window, 1), (1, layer.stride, layer.stride, 1)
                y = lax.reduce_window(y, -jnp.inf, lax.max, window, stride, "VALID")
            elif isinstance(layer, Dense):
                y = y.reshape(len(y), -1) @ next(numbers).T
            else:
                y = jnp.tanh(y) if layer == "tanh" else jax.nn.sigmoid(y)
            if isinstance(layer, Conv | Dense) and layer.bias:
                y = y + next(numbers)
        if spec.loss == "half_squared_error":
            return ((target - y) ** 2).sum() / 2
        return -(target * jax.nn.log_softmax(y)).sum() / len(y)

    function = jax.jit(jax.value_and_grad(run))

    def evaluate():
        loss, gradients = jax.block_until_ready(function(weights))
        return float(loss), gradients

    return evaluate
