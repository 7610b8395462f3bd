"""Equations drawn at random: both programs equal the naive forward pass, and all is explained."""

from random import Random

import numpy as np
import pytest

import symcnn as sc
from symcnn.reference import Forward
from tests.document.test_own_layers import numbers
from tests.draws import one_of, seeds
from tests.programs.random_equations import Drawn, drawn, shape_of

LOSSES = (sc.HalfSquaredError(), sc.SumOfOutputs(), sc.Upstream())


def network(seed):
    draw = Random(seed)
    layer = Drawn(seed)
    among = [layer] if draw.random() < 0.5 else [sc.Tanh(), layer, sc.Flatten(), sc.Dense(2)]
    batch = draw.choice((None, None, 2))
    return sc.Network(shape_of(draw), among, draw.choice(LOSSES), batch=batch)


@pytest.mark.parametrize(("seed", "network"), one_of([*drawn(network, seeds(750, 1 / 2))]))
def test_programs_and_documents(seed, network):
    problem = sc.Problem(network, numbers(network))
    naive = Forward(network, problem.values)
    for backend in ("scalar", "array"):
        made = sc.lambdify(problem.derivation, backend)(problem.values)
        for name, output in made.outputs.items():
            np.testing.assert_allclose(output, naive.values[name], rtol=1e-11, atol=1e-12)
        for name, gradient in made.gradients.items():
            for at in np.ndindex(gradient.shape):
                expected = naive.derivative(name, at)
                assert gradient[at] == pytest.approx(expected, rel=1e-10, abs=1e-11), name
    assert sc.explain(problem).to_latex()
