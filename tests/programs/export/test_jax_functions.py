"""Functions of JAX with custom gradients: against differences and NumPy, differentiated twice."""

from importlib import import_module

import numpy as np
import pytest

import symcnn as sc
from tests.draws import THOROUGH
from tests.programs.export.differentiated import CASES, arguments_of, executed, moves, of_samples

jax = pytest.importorskip("jax")
jnp = jax.numpy

THREE = sc.Network(
    (2, 1),
    [sc.Conv1D(1, 2, padding=1), sc.Tanh(), sc.Flatten(), sc.Dense(2)],
    sc.MeanSquaredError(),
)


@pytest.fixture(autouse=True)
def _in_64_bits():
    home = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")
    with home.enable_x64(True):
        yield


@pytest.mark.parametrize("case", CASES)
def test_equals_numpy_on_every_layer(case):
    """The layer is written without a batch, and computes three samples."""
    network, values = of_samples(case, 3)
    layer = executed(of_samples(case, None)[0], values, "jax")["layer"]
    tensors = arguments_of(network)
    moving = [n for n, t in enumerate(tensors) if moves(t)]
    given = [jnp.asarray(values[t.name], float) for t in tensors]
    g = jnp.asarray(values["gradient"])
    along = {
        tensors[n].name: np.random.default_rng(n).normal(size=tensors[n].shape) for n in moving
    }

    def slopes(*held):
        arguments = list(given)
        for n, array in zip(moving, held, strict=True):
            arguments[n] = array
        y, back = jax.vjp(layer, *arguments)
        return y, [back(g)[n] for n in moving]

    @jax.jit
    def both(*held):
        (y, found), back = jax.vjp(slopes, *held)
        return y, found, back((jnp.zeros_like(y), [jnp.asarray(v) for v in along.values()]))

    y, found, bends = both(*(given[n] for n in moving))
    derivation = sc.derive(network)
    ours = sc.lambdify(derivation, "array")(values)
    product = sc.hessian_vector_product(derivation, values, along)
    assert np.allclose(y, ours.outputs[network.output.name], 1e-11, 1e-12)
    for name, slope, bend in zip(along, found, bends, strict=True):
        assert np.allclose(slope, ours.gradients[name], 1e-10, 1e-12), name
        assert np.allclose(bend, product[name], 1e-10, 1e-12), name


@pytest.mark.parametrize("results", ["outputs", "loss"])
def test_three_layers_pass_the_check_of_jax_twice(results):
    from jax.test_util import check_grads

    drawn = np.random.default_rng(3)
    values = {t.name: drawn.normal(size=t.shape) for t in THREE.given}
    made = executed(THREE, values, "jax", results)
    weights, x = made["parameters"](), jnp.asarray(drawn.normal(size=(2, 2, 1)))
    if results == "loss":
        target = jnp.asarray(drawn.normal(size=(2, 2)))
        loss = jax.jit(lambda *a: made["loss"](*a, target))
        check_grads(loss, (x, *weights.values()), 2, ["rev"])
        return
    layer = made["layer"]
    check_grads(jax.jit(layer), (x, *weights.values()), 3 if THOROUGH else 2, ["rev"])
    y = jax.jit(layer)(x, **weights)
    each = jax.vmap(lambda one: layer(one[None], **weights)[0])(x)
    assert np.allclose(each, y)
    with pytest.raises(ValueError, match=r"^x has the shape \(2, 1\), but \(2, 2, 1\) is needed"):
        layer(x[0], **weights)
