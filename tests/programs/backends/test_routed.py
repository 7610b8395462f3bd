"""What a window passes on, where an entry reaches the entry that it took on several paths."""

import numpy as np
import pytest

import symcnn as sc

SQUARED = sc.Network((2, 2), [sc.MatMul(inputs=("x", "x")), sc.MaxPool1D(2)], sc.SumOfOutputs())
ENTRIES = [[5, 2], [-1, 1]]
"""X^2 = (23, 12; -6, -1), whose largest entries by column are 23 = x_11^2 + x_12 x_21 and
12 = x_11 x_12 + x_12 x_22."""


@pytest.mark.parametrize("backend", ["scalar", "array"])
def test_an_entry_with_two_factors_of_one_product(backend):
    made = sc.lambdify(sc.derive(SQUARED), backend)({"x": ENTRIES})
    assert made.outputs["pool1"].tolist() == [[23, 12]]
    # (2 x_11 + x_12, x_21 + x_11 + x_22; x_12, x_12)
    assert made.gradients["x"].tolist() == [[12, 5], [2, 2]]


@pytest.mark.parametrize("backend", ["scalar", "array"])
def test_a_quotient_that_is_constant_has_no_second_derivative(backend):
    """x / clip(x) is 1 between the limits."""
    layers = [sc.Clip(low=0.5, high=2), sc.Divide(inputs=("x", "clip1")), sc.MaxPool1D(2)]
    derivation = sc.derive(sc.Network((2, 1), layers, sc.SumOfOutputs()))
    product = sc.HessianVectorProduct(derivation, backend)
    found = product({"x": [0.3, 0.9]}, {"x": [1.3, 0.4]})["x"]
    assert np.abs(found).max() < 1e-15
