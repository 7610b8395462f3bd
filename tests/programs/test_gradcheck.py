"""The gradient check sees what is right and what is not."""

from types import SimpleNamespace

import numpy as np
import pytest

from symcnn import (
    Conv2D,
    HalfSquaredError,
    MaxPool2D,
    Network,
    Problem,
    derive,
    gradcheck,
    lambdify,
)
from symcnn.reference import complex_step, forward
from tests.programs import seed


@pytest.fixture
def problem():
    return Problem(seed.NETWORK, seed.VALUES)


def test_the_forward_pass_gives_the_published_numbers():
    outputs = forward(seed.NETWORK, seed.VALUES)
    assert outputs["sigmoid1"] == pytest.approx([seed.OUTPUT], abs=1e-15, rel=0)
    assert outputs["loss"] == pytest.approx([seed.LOSS], abs=1e-15, rel=0)


def test_complex_steps_give_the_published_derivatives():
    for name, published in seed.PUBLISHED.items():
        shape = seed.NETWORK.tensors[name].shape
        steps = [complex_step(seed.NETWORK, seed.VALUES, name, p) for p in np.ndindex(shape)]
        assert steps == pytest.approx(published, abs=6e-12, rel=0)


def test_the_seed_passes_with_every_entry(problem):
    check = gradcheck(problem)
    assert len(check.rows) == 3 + 6 + 3
    assert "every entry" in check.method
    assert check.max_abs_error < 1e-16


def test_analytic_stands_beside_numeric(problem):
    rows = str(gradcheck(problem)).splitlines()
    assert rows[0].split() == ["with", "respect", "to", "analytic", "numeric"]
    assert rows[4].split() == ["conv1.weight[0,", "0,", "0,", "0]", *rows[4].split()[4:]]
    assert rows[4].count("-0.0060975039288246") == 2


@pytest.mark.parametrize("name", ["x", "conv1.weight", "dense1.weight"])
def test_a_planted_error_is_caught(problem, name):
    gradients = lambdify(problem.derivation)(problem.values).gradients
    wrong = {**gradients, name: gradients[name] * (1 + 1e-6)}
    assert gradcheck(problem, wrong).max_abs_error > 1e-9


def test_the_derivation_of_another_loss_is_caught():
    layers, values = [Conv2D(1, 1, bias=False)], {"x": [1] * 4, "conv1.weight": [2]}
    mean, total = (
        Network((2, 1, 1), layers, HalfSquaredError(r), batch=2) for r in ("mean", "sum")
    )
    mixed = SimpleNamespace(
        network=mean, derivation=derive(total), values={**values, "target": [0] * 4}
    )
    assert gradcheck(mixed).max_abs_error > 0.1


def test_split_ties_share():
    network = Network((2, 2, 1), [MaxPool2D(2, ties="split")], HalfSquaredError())
    check = gradcheck(Problem(network, {"x": [3, 3, 1, 3], "target": [0]}))
    assert [row.numeric for row in check.rows] == pytest.approx([1, 1, 0, 1])
    assert check.max_abs_error < 1e-15


def test_a_large_network_is_sampled_evenly():
    network = Network((32, 32, 4), [Conv2D(16, 5, padding="same")], HalfSquaredError())
    drawn = np.random.default_rng(1)
    given = [t for t in network.tensors.values() if t.role in ("input", "parameter", "target")]
    values = {t.name: drawn.normal(size=t.shape) for t in given}

    numbers = SimpleNamespace(network=network, derivation=derive(network), values=values)
    check = gradcheck(numbers, most_terms=0)
    assert f"6 of {32 * 32 * 4 + 5 * 5 * 4 * 16 + 16} entries" in check.method
    assert {row.tensor for row in check.rows} == {"x", "conv1.weight", "conv1.bias"}
    assert check.rows[0].position == (0, 0, 0)
    assert check.max_abs_error < 1e-10
