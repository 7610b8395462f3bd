"""Numbers that are wrong or missing are refused in one line."""

import numpy as np
import pytest

from symcnn import (
    Conv2D,
    HalfSquaredError,
    Network,
    Problem,
    SymcnnError,
    TooLargeError,
    derive,
    gradcheck,
    lambdify,
)
from symcnn.reference import Forward
from tests.programs import seed


def refused(values, message):
    with pytest.raises(SymcnnError, match=message) as caught:
        lambdify(derive(seed.NETWORK))(values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -np.inf, True, "1", None, 1j])
def test_what_is_no_finite_number(bad):
    refused({**seed.VALUES, "x": [1, bad, 0.7]}, "x, number 2,.* finite number is needed")


def test_infinities_in_arrays():
    refused({**seed.VALUES, "x": np.array([1, 0.4, np.inf])}, "x, number 3, is inf")


def test_missing_and_unknown_names():
    refused({k: v for k, v in seed.VALUES.items() if k != "target"}, "'target' are missing")
    refused({**seed.VALUES, "conv1.wieght": [1]}, "did you mean 'conv1.weight'")


@pytest.mark.parametrize("x", [[1, 2], [[1, 2, 3]], np.ones((1, 3)), np.ones(4), 3])
def test_wrong_shapes(x):
    refused({**seed.VALUES, "x": x}, "x has the shape .* 3x1x1 is needed")


def test_unknown_backend():
    with pytest.raises(SymcnnError, match="'fortran' is unknown"):
        lambdify(derive(seed.NETWORK), "fortran")


def test_straight_lines_are_for_small_networks():
    network = Network((16, 16, 3), [Conv2D(2, 3)], HalfSquaredError())
    with pytest.raises(TooLargeError, match='use backend="array"'):
        lambdify(derive(network), "scalar")


def test_a_name_that_the_forward_pass_does_not_know():
    with pytest.raises(SymcnnError, match="no tensor 'conv2'"):
        Forward(seed.NETWORK, seed.VALUES).derivative("conv2", (0,))


def test_the_check_wants_all_numbers():
    with pytest.raises(SymcnnError, match="missing"):
        gradcheck(Problem(seed.NETWORK, {}))
