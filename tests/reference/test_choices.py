"""At ties and kinks: one-sided derivatives by difference quotients, and what choices change."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from sympy import Integer

import symcnn as sc
from symcnn.reference import ExactForward, Forward
from tests.draws import seeds

H = 1e-6
LAYERS = {
    "relu": [sc.Conv1D(2, 2), sc.ReLU(), sc.MaxPool1D(2, 1), sc.Flatten(), sc.Dense(2)],
    "leaky": [sc.Dense(4), sc.LeakyReLU(), sc.Dense(2), sc.ReLU(), sc.Dense(1)],
    "two pools": [sc.MaxPool1D(2, 1), sc.ReLU(), sc.MaxPool1D(2, 1, ties="split"), sc.Flatten()],
    "elu": [sc.Conv1D(1, 2), sc.ELU(alpha=2), sc.MaxPool1D(2, 1), sc.Flatten(), sc.Sigmoid()],
}


def tied(name, seed):
    """A network at numbers from -1, 0 and 1, where ties and kinks abound, and a direction."""
    random = Random(seed)
    shape = (6,) if name == "leaky" else (5, 1)
    network = sc.Network(shape, LAYERS[name], sc.HalfSquaredError())

    def drawn():
        return {t.name: [random.choice((-1, 0, 1)) for _ in t.positions()] for t in network.given}

    return sc.Problem(network, drawn()), drawn() | {"target": [0] * network.target.size}


@pytest.mark.parametrize("seed", seeds(0, 0.5))
@pytest.mark.parametrize("name", LAYERS)
def test_one_sided_derivatives_are_limits_of_difference_quotients(name, seed):
    problem, direction = tied(name, seed)

    def loss(step):
        moved = {
            of: [float(n) + step * d for n, d in zip(numbers, direction[of], strict=True)]
            for of, numbers in problem.values.items()
        }
        return Forward(problem.network, moved).value("loss", (0,))

    expected = (loss(H) - loss(0)) / H
    in_floats = Forward(problem.network, problem.values).departure(direction)
    rational = {name: [Integer(n) for n in numbers] for name, numbers in direction.items()}
    exact = ExactForward(problem.network, problem.values).departure(rational)
    exact = exact if isinstance(exact, Fraction) else exact.upper
    assert in_floats == pytest.approx(expected, abs=1e-4, rel=1e-4)
    assert float(exact) == pytest.approx(in_floats, abs=1e-12)


def gradients(x, w, b, winner):
    """Those of L = 1/2 (max(a_1, a_2) - 1)^2, a_n = max(0, w x_n + b), with a winner, by hand."""
    z = [w * x_n + b for x_n in x]
    towards = max(0, z[winner]) - 1
    share = [towards if n == winner else 0 for n in (0, 1)]
    through = [s if z_n > 0 else 0 for s, z_n in zip(share, z, strict=True)]
    return {
        "relu1": share,
        "conv1": through,
        "x": [s * w for s in through],
        "conv1.weight": sum(s * x_n for s, x_n in zip(through, x, strict=True)),
        "conv1.bias": sum(through),
    }


@pytest.mark.parametrize(("w", "b"), [(3, -2), (0, 2), (0, 1), (-1, -1), (0, -1)])
@pytest.mark.parametrize("x", [(2, 2), (2, 5), (2, 1)])
def test_another_winner_changes_the_derivatives_that_differ_by_hand(x, w, b):
    layers = [sc.Conv1D(1, 1), sc.ReLU(), sc.MaxPool1D(2), sc.Flatten()]
    network = sc.Network((2, 1), layers, sc.HalfSquaredError())
    values = {"x": x, "conv1.weight": [w], "conv1.bias": [b], "target": [1]}
    problem = sc.Problem(network, values)
    first, second = (gradients(x, w, b, winner) for winner in (0, 1))
    expected = {name for name in first if first[name] != second[name]}
    z = [max(0, w * n + b) for n in x]
    for passed in (
        ExactForward(network, problem.values).choices(),
        Forward(network, problem.values).choices(1e-9),
    ):
        changed = [made.changed for made in passed if made.read is None]
        assert len(changed) == (z[0] == z[1])
        if changed:
            names = {t.name for t in network.tensors.values() if t.base in changed[0]}
            assert names == expected


def test_a_kink_is_found_where_an_argument_is_exactly_0():
    """z = (0, 2, 0): the first and the third entry, and what moves with their slopes."""
    network = sc.Network((3,), [sc.LeakyReLU(), sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [0, 2, 0], "dense1.weight": [1, 1, 0], "target": [0]}
    problem = sc.Problem(network, values)
    for found in (
        ExactForward(network, problem.values).choices(),
        Forward(network, problem.values).choices(1e-9),
    ):
        (made,) = found
        assert (made.entries, made.places) == ((0, 2), (0, 2))
        # nothing comes back to the third entry, whose weight is 0
        assert made.changed == {network.input.base: (0,)}


def test_without_ties_and_kinks_nothing_is_chosen():
    problem = sc.examples.cnn_by_hand()
    assert [*ExactForward(problem.network, problem.values).choices()] == []
    assert np.isclose(
        Forward(problem.network, problem.values).departure(
            {"x": [1, 2, 3], **{t.name: np.zeros(t.size) for t in problem.network.parameters}}
        ),
        -0.01036575668 + 2 * 0.00609750393 - 3 * 0.00731700471,
    )
