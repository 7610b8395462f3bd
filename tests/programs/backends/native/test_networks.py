"""Compiled programs find what NumPy's do: random networks, ties, what is no number, and alarms."""

import pickle
import shutil
import warnings
from contextlib import nullcontext

import numpy as np
import pytest

import symcnn as sc
from symcnn.programs.backends.numpy.compiled import forming, lowering
from tests.draws import one_of, seeds
from tests.programs.backends.convolutions import chained
from tests.programs.random_networks import example

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")

FULL = {"float64": 1e-12, "float32": 1e-5}
"""The largest differences, as shares of the largest entry: of sums in another order."""


def found(network, values, backend, **options):
    return sc.lambdify(sc.derive(network), backend, **options)(values)


def assert_equal(made, expected, bound):
    assert np.isclose(made.loss, expected.loss, rtol=bound, atol=bound, equal_nan=True)
    for kind in ("outputs", "gradients"):
        ours, theirs = getattr(made, kind), getattr(expected, kind)
        assert ours.keys() == theirs.keys()
        for name, array in theirs.items():
            scale = max(1.0, np.abs(array[np.isfinite(array)]).max(initial=0))
            np.testing.assert_allclose(ours[name], array, rtol=0, atol=bound * scale, err_msg=name)


def agree(network, values, dtype="float64", **options):
    """Compare programs of one type; where 32 bits lose digits in NumPy, as many are lost here."""
    made, expected = (
        found(network, values, b, dtype=dtype, **options) for b in ("native", "array")
    )
    exact = found(network, values, "array", **options) if dtype == "float32" else expected
    lost = [abs(array - exact.gradients[name]).max() for name, array in expected.gradients.items()]
    assert_equal(made, expected, FULL[dtype] + 10 * max(lost, default=0))


@pytest.mark.parametrize("seed", seeds(0, 0.3))
def test_random_networks(seed):
    agree(*example(seed))


@pytest.mark.parametrize("seed", seeds(4000, 0.2))
def test_random_networks_for_training(seed):
    network, values = example(seed)
    agree(network, values, "float32" if seed % 2 else "float64", results="training")


@pytest.fixture
def everything_is_compiled_and_shared(monkeypatch, everything_is_shared):
    monkeypatch.setattr(lowering, "RECEIVED_ENTRIES", 1)
    monkeypatch.setattr(forming, "TILE", 2)


@pytest.mark.parametrize("unrolled", one_of([0, 16]))
@pytest.mark.parametrize("seed", seeds(8000, 0.2))
def test_large_ones_share_memory_and_are_computed_in_blocks(
    seed, unrolled, everything_is_compiled_and_shared, monkeypatch
):
    monkeypatch.setattr(forming, "UNROLLED", unrolled)
    network, values = example(seed)
    program = sc.lambdify(sc.derive(network), "native")
    program(values)  # What a call leaves behind does no harm to the next one.
    assert_equal(program(values), found(network, values, "array"), FULL["float64"])


POOLED = sc.Network(
    (4, 6, 3),
    [sc.ReLU(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(2)],
    sc.SoftmaxCrossEntropy(),
    batch=5,
)


def numbers(network, seed=0):
    drawn = np.random.default_rng(seed)
    made = {tensor.name: drawn.normal(size=tensor.shape) for tensor in network.given}
    made["target"] = np.eye(2)[[0, 1, 1, 0, 1]]
    return made


def test_of_equal_terms_the_first_is_chosen():
    """Every window holds four equal terms: its derivative goes to the first of them."""
    values = {**numbers(POOLED), "x": np.ones((5, 4, 6, 3))}
    made = found(POOLED, values, "native").gradients["x"]
    first = np.zeros((4, 6), bool)
    first[::2, ::2] = True
    assert np.all(made[:, ~first] == 0)
    assert np.all(made[:, first] != 0)


def test_what_is_no_number_spreads_as_in_numpy():
    values, outputs = numbers(POOLED), {"native": {}, "array": {}}
    values["x"][2, 1, 1, 0] = np.nan
    for backend, made in outputs.items():
        program = sc.lambdify(sc.derive(POOLED), backend)
        loss, _ = program.function(*(values[t.name] for t in program.given), outputs=made)
        assert np.isnan(loss)
    for name, array in outputs["array"].items():
        assert np.isnan(array).any()
        assert np.array_equal(np.isnan(outputs["native"][name]), np.isnan(array)), name


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_long_sums_keep_their_digits(dtype):
    """The gradient of a bias is the sum of as many ones: 1/3 of each is not lost."""
    network = sc.Network((250, 400, 1), [sc.Conv2D(1, 1)], sc.SumOfOutputs())
    values = {"x": np.full((250, 400, 1), 1 / 3), "conv1.weight": [1], "conv1.bias": [0]}
    made = found(network, values, "native", dtype=dtype)
    assert made.gradients["conv1.bias"] == 100_000
    assert np.isclose(made.gradients["conv1.weight"].item(), 100_000 / 3, rtol=1e-6)


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ("raise", pytest.raises(FloatingPointError)),
        ("warn", pytest.warns(RuntimeWarning)),
        ("ignore", nullcontext()),
    ],
)
def test_numpy_is_told_of_an_overflow(asked, heard):
    """The square of 1e200, in a loop, is beyond floats."""
    network = sc.Network((3,), [sc.ReLU()], sc.HalfSquaredError())
    function = sc.lambdify(sc.derive(network), "native").function
    with np.errstate(over=asked), heard:
        function(np.array([1.0, 1e200, 2.0]), np.ones(3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        function(np.ones(3), np.ones(3))  # the alarm is off again


def test_a_program_travels_to_another_process():
    program = sc.lambdify(sc.derive(POOLED), "native")
    values = numbers(POOLED)
    again = pickle.loads(pickle.dumps(program))
    assert again(values).loss == program(values).loss


def test_threads_divide_the_samples():
    pytest.importorskip("threadpoolctl")
    agree(POOLED, numbers(POOLED), results="training", threads=2)


def test_training_and_evaluating_take_it():
    from symcnn.problems.examples import cnn_by_hand

    made, expected = (sc.train(cnn_by_hand(), 3, backend=b) for b in ("native", "auto"))
    assert np.allclose(made.losses, expected.losses, rtol=1e-14)
    assert np.isclose(sc.evaluate(cnn_by_hand(), backend="native").loss, made.losses[0])
    with pytest.raises(sc.SymcnnError, match="leave out exact"):
        sc.evaluate(cnn_by_hand(), exact=True, backend="native")


def test_convolutions_in_strips(everything_is_in_strips):
    agree(*chained())
