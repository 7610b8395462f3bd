"""The forward pass and its two derivatives: closed forms, laws, and each other."""

import sys
import tracemalloc
from dataclasses import dataclass, replace

import numpy as np
import pytest
from sympy import Piecewise, Rational, exp, log

import symcnn as sc
from symcnn.equations import LogSumExp, Max, Mean, Sum, Tensor, define
from symcnn.reference import FLOATS, Dual, ExactForward, Forward, complex_step, exact_numbers
from symcnn.reference.enclosures import Precision, ends
from symcnn.reference.windows import Windows
from tests.document.networks import NETWORKS, problem
from tests.draws import seeds, slow
from tests.programs.random_networks import tiny_example

EXAMPLES = {
    **{name: problem(name) for name in NETWORKS},
    **{f"random {n}": sc.Problem(*tiny_example(n)) for n in seeds(0, 0.3)},
}


PRECISION = Precision(70)
EXACT = exact_numbers(PRECISION)


def entries(network):
    roles = ("input", "parameter", "hidden", "auxiliary")
    wanted = [t for t in network.tensors.values() if t.role in roles]
    return [(tensor.name, position) for tensor in wanted for position in tensor.positions()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_paths_add_up_to_complex_steps(name):
    """One moves each entry and computes everything again, the other never does."""
    example = EXAMPLES[name]
    passed, every = Forward(example.network, example.values), entries(example.network)
    by_paths = [passed.derivative(*entry) for entry in every]
    assert by_paths == pytest.approx(passed.complex_steps(every), rel=1e-11, abs=1e-14)


def test_directions_at_once_are_those_one_by_one():
    example = EXAMPLES["batch normalisation"]
    every = entries(example.network)[::5]
    together = Forward(example.network, example.values).complex_steps(every)
    alone = [complex_step(example.network, example.values, *entry) for entry in every]
    assert together == pytest.approx(alone, rel=1e-14)


def test_a_deep_chain_of_dense_layers_has_the_product_of_its_matrices():
    random, depth = np.random.default_rng(0), 30
    layers = [sc.Dense(3, bias=False) for _ in range(depth)]
    network = sc.Network((3,), layers, sc.SumOfOutputs())
    matrices = {f"dense{n + 1}.weight": random.normal(size=(3, 3)) for n in range(depth)}
    values = {"x": random.normal(size=3), **matrices}
    passed, product = Forward(network, values), np.eye(3)
    for n in range(depth, 0, -1):
        product = product @ matrices[f"dense{n}.weight"]
        if n > 1:
            slopes = [passed.derivative(f"dense{n - 1}", (m,)) for m in range(3)]
            assert slopes == pytest.approx(product.sum(axis=0), rel=1e-12)
    assert [passed.derivative("x", (m,)) for m in range(3)] == pytest.approx(product.sum(axis=0))


def test_a_softmax_with_its_logarithm_has_the_difference_as_its_slope():
    network = sc.Network((4,), [sc.Softmax()], sc.CrossEntropy())
    x, target = np.array([0.5, -1, 2, 700]), np.array([0.1, 0.2, 0.3, 0.4])
    passed = Forward(network, {"x": x, "target": target})
    shares = np.exp(x - 700) / np.exp(x - 700).sum()
    slopes = [passed.derivative("x", (m,)) for m in range(4)]
    assert slopes == pytest.approx(shares - target, rel=1e-12)
    assert float(passed.values["loss"][0]) == pytest.approx(-(target @ (x - 700)), rel=1e-12)


def test_an_unknown_tensor_is_an_error():
    example = EXAMPLES["logits"]
    with pytest.raises(sc.SymcnnError, match="there is no tensor 'conv9'"):
        Forward(example.network, example.values).derivative("conv9", (0,))


i, u = (sc.index(name) for name in "iu")
X, Z = (Tensor(name, (size,), "hidden", name, ("i",)) for name, size in (("x", 6), ("z", 3)))
NUMBERS = [1, 3, 3, -2, 5, 0.5]  # in the windows (1, 3), (3, 3, -2) and (-2, 5, 0.5)
HALVES, THIRDS = [1 / 2, 1 / 2], [1 / 3, 1 / 3, 1 / 3]
SUMS = [np.exp([1, 3]).sum(), np.exp([3, 3, -2]).sum(), np.exp([-2, 5, 0.5]).sum()]
REDUCTIONS = {
    "sum": (Sum(), [4, 4, 3.5], [1] * 8),
    "mean": (Mean(), [2, 4 / 3, 3.5 / 3], [*HALVES, *THIRDS, *THIRDS]),
    "first": (Max(), [3, 3, 5], [0, 1, 1, 0, 0, 0, 1, 0]),
    "split": (Max("split"), [3, 3, 5], [0, 1, 1 / 2, 1 / 2, 0, 0, 1, 0]),
    "log-sum-exp": (
        LogSumExp(),
        np.log(SUMS),
        np.exp([1, 3, 3, 3, -2, -2, 5, 0.5]) / np.repeat(SUMS, [2, 3, 3]),
    ),
}


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("kind", [FLOATS, EXACT], ids=["floats", "exact"])
def test_windows_are_reduced_and_their_weights_are_shares(name, kind):
    """z[i] <- x[2 i + u - 1] over u < 3; what lies before x counts for nothing."""
    reduction, results, weights = REDUCTIONS[name]
    summed = define(Z[i], X[2 * i + u - 1], over={i: 3, u: 3})
    listed = Windows(replace(summed, reduction=reduction))
    (at,) = listed.reads.values()
    assert at.tolist() == [0, 1, 1, 2, 3, 3, 4, 5]
    terms = np.array([kind.number(Rational(number)) for number in NUMBERS])[at]
    assert floats(listed.combined(terms, kind)) == pytest.approx(results, rel=1e-15)
    assert floats(listed.weights(terms, kind)) == pytest.approx(weights, rel=1e-15)


def floats(numbers):
    """The floats of duals, or of floats."""
    return [
        float(ends(number.value, PRECISION)[0]) if isinstance(number, Dual) else float(number)
        for number in numbers
    ]


@pytest.mark.parametrize(
    ("beside", "shares"),
    [(None, [0, 1]), ({"conv1": [0.3, 0.3]}, [1 / 2, 1 / 2]), ({"conv1": [0.4, 0.5]}, [0, 1])],
)
def test_floats_that_tie_on_paper_tie_beside_the_exact_ones(beside, shares):
    """0.1 + 0.2 is larger than 0.3 in floats; 0.4 and 0.5 are no roundings of it."""
    pool = sc.MaxPool1D(2, ties="split")
    network = sc.Network((2, 2), [sc.Conv1D(1, 1, bias=False), pool], sc.SumOfOutputs())
    values = {"x": [0.3, 0, 0.1, 0.2], "conv1.weight": [1, 1]}
    passed = Forward(network, values, beside)
    assert [passed.derivative("conv1", (n, 0)) for n in range(2)] == shares
    steps = passed.complex_steps([("conv1", (n, 0)) for n in range(2)])
    assert steps == pytest.approx(shares)


def test_ties_are_found():
    pool = sc.MaxPool1D(2)
    network = sc.Network((4, 1), [pool], sc.SumOfOutputs())
    values = {"x": [Rational(number) for number in (0, 1, 2, 2)]}
    (tie,) = ExactForward(network, values).ties()
    assert (tie.entry, tie.places) == (1, [0, 1])
    assert [tie.entry for tie in Forward(network, values).ties(1.0)] == [0, 1]


def test_cases_that_are_not_taken_overflow_without_a_warning():
    """y = log x and 1/x beyond 0, e^x - 1 and e^x below it: e^900 is beyond floats."""
    x = [900.0, -900.0, 1.0, 0.0]

    @dataclass(frozen=True)
    class Cases(sc.Layer):
        def forward(self, y, x):
            at = x[x.indices]
            return (define(y[y.indices], Piecewise((log(at), at > 0), (exp(at) - 1, True))),)

    passed = Forward(sc.Network((4,), [Cases()], sc.SumOfOutputs()), {"x": x})
    assert passed.values["layer1"].tolist() == pytest.approx([np.log(900), -1, 0, 0])
    slopes = passed.complex_steps([("x", (position,)) for position in range(4)])
    assert slopes == pytest.approx([1 / 900, 0, 1, 1])
    assert [passed.derivative("x", (n,)) for n in range(4)] == pytest.approx(slopes)
    assert [(kink.base.name, kink.read) for kink in passed.kinks(1e-12)] == [("x", 3)]


def test_infinite_terms_are_no_warning():
    """w x of 1e200 each is beyond floats: the loss is infinite."""
    network = sc.Network((2,), [sc.Dense(1)], sc.SquaredError())
    values = {"x": [1e200, 1], "dense1.weight": [1e200, 1], "dense1.bias": [0], "target": [0]}
    passed = Forward(network, values)
    assert passed.values["loss"].tolist() == [np.inf]
    assert not np.isfinite(passed.derivative("x", (0,)))
    assert [*passed.ties(1e-9)] == []


@slow
def test_steps_of_a_deep_network_are_taken_in_a_bounded_memory(monkeypatch):
    """All directions together hold every tensor for every entry: the square of the depth."""
    layers = [layer for _ in range(100) for layer in (sc.Dense(2, bias=False), sc.Tanh())]
    network = sc.Network((2,), layers, sc.SumOfOutputs())
    given = [tensor for tensor in network.tensors.values() if tensor.is_given]
    passed = Forward(network, {tensor.name: np.linspace(-2, 2, tensor.size) for tensor in given})
    every = [(tensor.name, place) for tensor in given for place in tensor.positions()]
    together = passed.complex_steps(every)
    monkeypatch.setattr(sys.modules["symcnn.reference.forward"], "_KEPT_AT_ONCE", 2**14)
    tracemalloc.start()
    assert passed.complex_steps(every) == pytest.approx(together, rel=1e-12, abs=1e-300)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(every) * sum(tensor.size for tensor in network.tensors.values()) * 16 > 5 * 10**6
    assert peak < 2 * 10**6
