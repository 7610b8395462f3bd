"""exp(z) - 1 near 0 and exp(-z^2) far out, as floats hold them: against mpmath and PyTorch."""

from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Symbol, exp

from symcnn import Layer, Network, SumOfOutputs, define, derive, lambdify
from symcnn.equations.functions import complement
from symcnn.network import layers
from symcnn.programs.hessian import hessian_vector_product

pytestmark = pytest.mark.filterwarnings("error")

NEEDS_JAX = pytest.mark.skipif(find_spec("jax") is None, reason="needs jax")
BACKENDS = pytest.mark.parametrize(
    "backend", ["scalar", "array", pytest.param("jax", marks=NEEDS_JAX)]
)
IN_NUMPY = pytest.mark.parametrize("backend", ["scalar", "array"])
NEAR = [1e-20, -1e-300, -1e-20, -1e-10, -3e-5, -0.1, -1.0, 0.0, 2.0, -1e300, 1e300]
FAR = [1e300, -1e300, 1e160, -1e160, 1e20, -1e20, 40, -40, -37, 5, -5, 1e-10, -1e-300, 0]


class Vanishing(Layer):
    """y = 1 - exp(-x), with the one in front."""

    def forward(self, y, x):
        return (define(y[y.indices], 1 - exp(-x[x.indices])),)


class Bell(Layer):
    """y = exp(-3 x^2)."""

    def forward(self, y, x):
        return (define(y[y.indices], exp(-3 * x[x.indices] ** 2)),)


def cumulative(z):
    """Return Phi(z); mpmath has it of numbers that are not too large."""
    return mp.ncdf(max(-1000, min(z, 1000)))


@cache
def derived(layer, size):
    return derive(Network((size,), [layer], SumOfOutputs()))


def evaluated(layer, x, backend, dtype="float64"):
    """Return the layer's output and its slopes."""
    made = lambdify(derived(layer, len(x)), backend, dtype=dtype)({"x": np.array(x, float)})
    (output,) = made.outputs.values()
    return np.asarray(output), np.asarray(made.gradients["x"])


def near(numbers, rel=4e-15):
    return pytest.approx(np.array([float(number) for number in numbers]), rel=rel, abs=0)


@BACKENDS
@pytest.mark.parametrize("alpha", [1, 0.5])
def test_elu_keeps_its_digits_near_0(alpha, backend):
    output, slope = evaluated(layers.ELU(alpha), NEAR, backend)
    assert output == near(z if z > 0 else alpha * mp.expm1(z) for z in NEAR)
    assert slope == near(1 if z > 0 else alpha * mp.exp(z) for z in NEAR)
    torch = pytest.importorskip("torch")
    z = torch.tensor(NEAR, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.elu(z, alpha).sum().backward()
    assert slope[:-4] == near(z.grad[:-4])  # at 0 they may differ


@IN_NUMPY
def test_an_exponential_of_ones_own_keeps_them_too(backend):
    x = [1e-20, -1e-10, 1e-300, 3]
    output, slope = evaluated(Vanishing(), x, backend)
    assert output == near(-mp.expm1(-z) for z in x)
    assert slope == near(mp.exp(-z) for z in x)


def test_the_identity_is_found_in_sums():
    z, c = Symbol("z", real=True), Symbol("c", real=True)
    for total, value in [
        (3 * exp(z) - 3 + c, mpf(3e-30) + 2),
        (c * exp(z) - c, mpf(2e-30)),
        (c - c * exp(z) + z, mpf(-1e-30)),
    ]:
        found = complement(total).subs({c: 2}).evalf(30, subs={z: 1e-30})
        assert float(found) == float(value)
    assert complement(exp(z) - 2) is None
    assert complement(exp(z) + c) is None


@BACKENDS
def test_gelu_of_the_largest_numbers(backend):
    """PyTorch squares too, but the infinity vanishes in its exponential."""
    output, slope = evaluated(layers.GELU(), FAR, backend)
    near_0 = 1e-300  # JAX has no smaller floats
    expected = [z * cumulative(z) for z in FAR]
    assert output == pytest.approx(np.array(expected, float), rel=2e-13, abs=near_0)
    expected = [cumulative(z) + z * mp.npdf(z) for z in FAR]
    assert slope == pytest.approx(np.array(expected, float), rel=2e-13, abs=near_0)
    torch = pytest.importorskip("torch")
    z = torch.tensor(FAR, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.gelu(z).sum().backward()
    assert slope == pytest.approx(z.grad.numpy(), rel=1e-12, abs=1e-15)


def test_gelu_of_the_largest_numbers_in_32_bits():
    x = [1e38, -1e38, 1e20, -1e20, 13, -13, 2]
    output, slope = evaluated(layers.GELU(), x, "array", "float32")
    assert output == pytest.approx([max(z, 0) for z in x[:-1]] + [1.9544997], rel=1e-6, abs=1e-30)
    assert slope == pytest.approx([float(z > 0) for z in x[:-1]] + [1.0852318], rel=1e-6, abs=1e-30)


@IN_NUMPY
def test_a_bell_of_ones_own(backend):
    x = [1e300, -1e160, 15, 9, -0.5]
    output, slope = evaluated(Bell(), x, backend)
    assert output == pytest.approx([float(mp.exp(-3 * mpf(z) ** 2)) for z in x], rel=1e-13)
    expected = [float(-6 * z * mp.exp(-3 * mpf(z) ** 2)) for z in x]
    assert slope == pytest.approx(expected, rel=1e-13)


def test_second_derivatives_of_gelu():
    x = [1e299, -1e200, 30, -2, 0]
    made = hessian_vector_product(derived(layers.GELU(), 5), {"x": x}, {"x": [1] * 5})
    expected = [float((2 - mpf(z) ** 2) * mp.npdf(z)) for z in x]
    assert made["x"] == pytest.approx(np.array(expected), rel=1e-12, abs=1e-300)
