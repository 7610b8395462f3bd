"""Layers of users, whose equations no built-in layer has, against exact arithmetic."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import slow, some
from tests.programs.backends.javascript.node import evaluation, module, needs_node, run
from tests.programs.test_user_layers import CASES

pytestmark = needs_node


@slow
def test_layers_of_users(tmp_path):
    """At few different numbers, so that maxima are tied."""
    problems, texts = [], []
    for shape, layers in some(CASES.values(), 2):
        network = sc.Network(shape, layers, sc.HalfSquaredError())
        drawn = np.random.default_rng(2)
        values = {t.name: drawn.integers(-2, 3, t.shape) / 4 for t in network.given}
        problems.append(sc.Problem(network, values))
        texts += [module(problems[-1].derivation, values, way) for way in ("entries", "loops")]
    made = run(texts, tmp_path)
    for number, problem in enumerate(problems):
        exact = sc.evaluate(problem, exact=True).rounded()
        for result in made[2 * number : 2 * number + 2]:
            got = evaluation(result)
            assert got.loss == pytest.approx(exact.loss, rel=1e-13)
            for mine, theirs in ((got.outputs, exact.outputs), (got.gradients, exact.gradients)):
                for name, array in theirs.items():
                    assert mine[name] == pytest.approx(array, rel=1e-12, abs=1e-14), name
