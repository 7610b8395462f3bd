"""A program's outputs, loss and gradients are those of PyTorch."""

import numpy as np
import pytest

from tests.programs.torch_reference import Reference


def assert_close(ours, theirs, name, terms):
    """Compare to 1e-12; what is 0 on paper, to the rounding of the terms that cancel."""
    assert ours.shape == theirs.shape, name
    tolerance = 1e-12 * np.abs(theirs).max() + 4e-15 * max(1.0, terms)
    assert np.abs(ours - theirs).max() <= tolerance, name


def assert_equal_to_pytorch(evaluation, network, values):
    """Compare whatever an evaluation holds."""
    reference = Reference(network, values)
    largest = max(np.abs(gradient).max() for gradient in reference.gradients.values())
    assert evaluation.loss == pytest.approx(reference.loss.item(), rel=1e-12, abs=1e-14)
    for name, output in evaluation.outputs.items():
        assert_close(output, reference.outputs[name], name, 1.0)
    for name, gradient in evaluation.gradients.items():
        assert_close(gradient, reference.gradients[name], f"gradient of {name}", 10 * largest)
    return reference
