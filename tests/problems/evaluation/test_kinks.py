"""Kinks that floats meet, or miss by their rounding, are told; others are not."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli.results import evaluated
from symcnn.equations.functions import relu
from symcnn.network.layers.declarations import Auxiliary
from symcnn.problems.evaluation import near_kinks

JUMPS = "is at a kink, or within rounding of one"
SLOPES = [sc.ReLU(), sc.LeakyReLU(), sc.ELU(alpha=0.5)]
SMOOTH = [sc.ELU(), sc.Tanh(), sc.Sigmoid(), sc.SiLU(), sc.GELU(), sc.Softplus()]


def problem(layer, weight, x=(1, 1, 1), target=0.8):
    network = sc.Network((3,), [sc.Dense(1, bias=False), layer], sc.HalfSquaredError())
    return sc.Problem(network, {"x": list(x), "dense1.weight": weight, "target": [target]})


def found(stated):
    return list(map(str, near_kinks(stated, sc.evaluate(stated))))


@pytest.mark.parametrize("layer", SLOPES)
def test_zero_on_paper_is_told_where_floats_miss_it(layer):
    """0.1 + 0.2 - 0.3 is 5.6e-17 in floats."""
    (said,) = found(problem(layer, [0.1, 0.2, -0.3]))
    assert said == f"{layer.prefix}1, entry a: z {JUMPS}"


def test_the_exact_value_decides_otherwise_and_the_table_says_so():
    stated = problem(sc.ReLU(), [0.1, 0.2, -0.3])
    results = evaluated(stated)
    assert results.evaluation.gradients["dense1.weight"].ravel() == pytest.approx([-0.8] * 3)
    assert results.warnings == (
        f"relu1, entry a: z {JUMPS}: rounding decides which one-sided derivative is used "
        "(evaluate --exact is not affected)",
    )
    exact = sc.evaluate(stated, exact=True)
    assert exact.gradients["dense1.weight"].ravel().tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("layer", "scale"),
    [*product(SMOOTH, [1, 1e6]), *((layer, 1e13) for layer in SMOOTH if layer != sc.ELU())],
)
def test_a_smooth_function_has_no_kink(layer, scale):
    assert found(problem(layer, [0.1 * scale, 0.2 * scale, -0.3 * scale])) == []


@pytest.mark.parametrize("layer", [sc.Softmax(), sc.LogSoftmax()])
def test_a_softmax_of_large_numbers_has_none(layer):
    """It is computed from parts that no layer has: their slopes are of no interest."""
    network = sc.Network((1,), [sc.Dense(3, bias=False), layer], sc.HalfSquaredError())
    weight, target = [[-0.5], [1e12], [0.25]], [0, 1, 0]
    assert found(sc.Problem(network, {"x": [-1], "dense1.weight": weight, "target": target})) == []


@dataclass(frozen=True)
class Rectified(sc.Layer):
    """y[m] = max(0, x[m] - log(sum over q of exp(x[q]))), a logarithm of the layer's own."""

    def auxiliaries(self, shape):
        return {"total": Auxiliary((1,), "s", "r")}

    def forward(self, y, x, total):
        (m,), q = y.indices, sc.index("q")
        whole = sc.define(total[0], x[q], over={q: x.shape[-1]}, reduction=sc.LogSumExp())
        return whole, sc.define(y[m], relu(x[m] - total[0]))


def test_a_kink_of_a_layers_own_parts_is_no_fault():
    network = sc.Network((3,), [sc.Dense(3, bias=False), Rectified()], sc.SumOfOutputs())
    weight = [[1e12, 0, 0], [0, 1, 0], [0, 0, 0.25]]
    assert evaluated(sc.Problem(network, {"x": [1, 1, 1], "dense1.weight": weight})).warnings == ()


@pytest.mark.parametrize("layer", SLOPES)
def test_what_is_far_from_the_kink_is_not_told(layer):
    assert found(problem(layer, [0.1, 0.2, -0.31])) == []


def test_what_nothing_moves_or_nothing_comes_back_to_is_not_told():
    stated = problem(sc.ReLU(), [0.1, 0.2, -0.3], target=0)
    assert sc.evaluate(stated).gradients["relu1"] == pytest.approx(0, abs=1e-16)
    network = sc.Network((1,), [sc.ReLU(), sc.ReLU()], sc.SumOfOutputs())
    cut_off = sc.Problem(network, {"x": [-1]})
    assert found(cut_off) == []


def test_a_given_zero_is_at_the_kink_and_its_neighbour_is_not():
    network = sc.Network((2,), [sc.ReLU()], sc.SumOfOutputs())
    assert found(sc.Problem(network, {"x": [0, 1e-200]})) == [f"relu1, entry a_1: x_1 {JUMPS}"]


def test_many_kinks_are_counted():
    network = sc.Network((9,), [sc.ReLU()], sc.SumOfOutputs())
    *told, last = evaluated(sc.Problem(network, {"x": np.zeros(9)})).warnings
    assert len(told) == 4
    assert last == "5 more entries are at a kink, or nearly so"
