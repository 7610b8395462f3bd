"""float32: the same numbers to its own precision, on both backends."""

import numpy as np
import pytest

from symcnn import MaxUnpool2D, Network, SymcnnError, derive, lambdify
from symcnn.network import layers, losses
from tests.draws import seeds
from tests.programs import seed
from tests.programs.random_networks import example, tiny_example

torch_reference = pytest.importorskip("tests.programs.torch_reference")


def assert_close(ours, theirs, scale, name):
    assert ours.dtype == np.float32, name
    assert ours.shape == theirs.shape, name
    assert np.abs(ours - theirs).max() <= 1e-5 * max(np.abs(theirs).max(), scale), name


def assert_equal_to_pytorch(network, values, backend):
    """Compare with float64 at the numbers that float32 can hold."""
    values = {name: np.float32(value).astype(float) for name, value in values.items()}
    reference = torch_reference.Reference(network, values)
    evaluation = lambdify(derive(network), backend, dtype=np.float32)(values)
    assert evaluation.loss == pytest.approx(reference.loss.item(), rel=1e-5, abs=1e-5)
    for name, output in evaluation.outputs.items():
        assert_close(output, reference.outputs[name], 1.0, name)
    largest = max(np.abs(gradient).max() for gradient in reference.gradients.values())
    for name, gradient in evaluation.gradients.items():
        assert_close(gradient, reference.gradients[name], largest, name)


@pytest.mark.parametrize("number", seeds(6000, 0.2))
def test_arrays_on_random_networks(number):
    network, values = example(number)
    if any(isinstance(layer, MaxUnpool2D) for layer in network.layers):
        pytest.skip("rounding decides between entries that are nearly equal")
    assert_equal_to_pytorch(network, values, "array")


@pytest.mark.parametrize("number", seeds(7000, 0.1))
def test_scalars_on_tiny_random_networks(number):
    assert_equal_to_pytorch(*tiny_example(number), "scalar")


def test_the_type_by_its_names():
    for dtype in ("float32", np.float32, np.dtype("f4")):
        evaluation = lambdify(derive(seed.NETWORK), "array", dtype=dtype)(seed.VALUES)
        assert evaluation.gradients["x"].dtype == np.float32
    assert lambdify(derive(seed.NETWORK), dtype=float)(seed.VALUES).loss == seed.LOSS


@pytest.mark.parametrize("dtype", ["int64", "float16", complex])
def test_other_types_are_refused(dtype):
    with pytest.raises(SymcnnError, match='choose "float64" or "float32"'):
        lambdify(derive(seed.NETWORK), dtype=dtype)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("backend", ["scalar", "array"])
def test_what_is_infinite_on_paper_is_kept_within_floats(backend):
    """By the probability itself the slope is -1/a = -exp(2000): it stays at exp(80)."""
    network = Network((2,), [layers.Softmax()], losses.CrossEntropy())
    program = lambdify(derive(network), backend, dtype="float32")
    gradients = program({"x": [1000, -1000], "target": [0, 1]}).gradients
    assert gradients["softmax1"].tolist() == pytest.approx([0, -np.exp(80)], rel=1e-5)
    assert gradients["x"].tolist() == [1, -1]
