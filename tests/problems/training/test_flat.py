"""One vector in, loss and gradient out."""

import numpy as np
import pytest

import symcnn as sc
from tests.problems.training.test_descent import line


def test_the_loss_of_a_line_by_hand():
    """L = (8 - 2 w)^2 / 2 and dL/dw = -2 (8 - 2 w) at w = 1 and at w = 3."""
    flat = sc.flat(line())
    assert flat.start.tolist() == [1.0]
    loss, gradient = flat(flat.start)
    assert (loss, gradient.tolist()) == (18.0, [-12.0])
    loss, gradient = flat(np.array([3.0]))
    assert (loss, gradient.tolist()) == (2.0, [-4.0])


def test_what_is_packed_is_unpacked():
    problem = sc.examples.cnn_by_hand()
    flat = sc.flat(sc.lambdify(problem.derivation), problem.values)
    found = flat.unpack(np.arange(9.0))
    assert {name: array.shape for name, array in found.items()} == {
        "conv1.weight": (2, 1, 1, 3),
        "dense1.weight": (1, 3),
    }
    assert flat.pack(found).tolist() == [*range(9)]
    assert found["dense1.weight"].tolist() == [[6, 7, 8]]


def test_scipy_finds_the_minimum():
    optimize = pytest.importorskip("scipy.optimize")
    flat = sc.flat(line())
    found = optimize.minimize(flat, flat.start, jac=True, method="L-BFGS-B")
    assert found.x == pytest.approx([4.0], abs=1e-6)


@pytest.mark.parametrize(
    ("called", "message"),
    [
        (lambda: sc.flat(line())([1.0, 2.0]), "the vector has the shape 2, but 1 is needed"),
        (lambda: sc.flat(line()).pack({}), "dense1.weight is missing"),
        (lambda: sc.flat(line()).pack({"dense1.weight": [1, 2]}), "has 2 entries: give 1"),
        (lambda: sc.flat(3), "the problem is"),
        (lambda: sc.flat(sc.lambdify(line().derivation)), "give the numbers by name"),
    ],
)
def test_what_does_not_fit_is_refused(called, message):
    with pytest.raises(sc.SymcnnError, match=message):
        called()
