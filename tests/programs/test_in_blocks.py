"""A batch in blocks of samples, on threads: what is computed is the same."""

import pickle
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import symcnn as sc
from symcnn.programs import threads as threads_module
from tests.draws import one_of, seeds
from tests.programs import random_networks

LAYERS = [sc.Conv2D(2, 3), sc.ReLU(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(3)]
LOSSES = {
    "a mean": sc.SoftmaxCrossEntropy(),
    "a sum": sc.SquaredError(reduction="sum"),
    "a mean and a penalty": sc.SoftmaxCrossEntropy(l2=0.1),
    "none, and a penalty": sc.Upstream(l2=0.1),
}


@pytest.fixture(autouse=True)
def needed(request):
    """Several threads need threadpoolctl, and blocks alone nothing."""
    if "threads" in request.fixturenames and request.getfixturevalue("threads") > 1:
        pytest.importorskip("threadpoolctl")


def network(loss=LOSSES["a mean"], batch=5, layers=LAYERS):
    return sc.Network((6, 6, 1), layers, loss, batch=batch)


def numbers(net):
    random = np.random.default_rng(3)
    return {tensor.name: random.normal(size=tensor.shape) for tensor in net.given}


def sum_of_samples(net, values):
    """The loss and gradients of every sample alone, added up: those of a mean weigh 1/N."""
    one = sc.lambdify(sc.derive(sc.Network(net.input_shape, net.layers, net.loss, batch=1)))
    own = {tensor.name for tensor in net.of_samples}
    weight = float(net.loss.share(net.batch))
    found = [
        one({name: array[n : n + 1] if name in own else array for name, array in values.items()})
        for n in range(net.batch)
    ]
    penalty = net.loss.l2 * sum((values[f"{n}.weight"] ** 2).sum() for n in ("conv1", "dense1"))
    loss = weight * sum(made.loss - penalty for made in found) + penalty
    gradients = {}
    for tensor in net.parameters:
        twice = 2 * net.loss.l2 * values[tensor.name] * tensor.name.endswith("weight")
        each = sum(made.gradients[tensor.name] - twice for made in found)
        gradients[tensor.name] = weight * each + twice
    name = net.output.name
    return loss, gradients, np.concatenate([made.outputs[name] for made in found])


CASES = [*product(LOSSES, (2, 5, 8), (1, 2, 3), (1, 2, 3))]


@pytest.mark.parametrize(("loss", "batch", "threads", "block"), one_of(CASES))
@pytest.mark.parametrize("backend", one_of(["scalar", "array"]))
def test_blocks_add_up_to_the_samples(loss, batch, threads, block, backend):
    net = network(LOSSES[loss], batch)
    values = numbers(net)
    asked = {"results": "training", "threads": threads, "block": block}
    program = sc.lambdify(sc.derive(net), backend, **asked)
    expected, gradients, output = sum_of_samples(net, values)
    for made in (program(values), pickle.loads(pickle.dumps(program))(values)):
        assert made.loss == pytest.approx(expected, rel=1e-12)
        assert made.gradients.keys() == gradients.keys()
        for name, gradient in gradients.items():
            np.testing.assert_allclose(made.gradients[name], gradient, rtol=0, atol=1e-12)
        np.testing.assert_allclose(made.outputs[net.output.name], output, rtol=0, atol=1e-12)


def batched(seed):
    """A random network with four samples, and numbers."""
    net = replace(random_networks.example(seed, most=4).network, batch=4)
    return net, random_networks.numbers_of(net, seed)


@pytest.mark.parametrize("seed", seeds(31_000, 0.5))
def test_random_networks_in_blocks(seed):
    """Every layer and loss: blocks add up to the whole batch, or are refused."""
    net, values = batched(seed)
    derivation = sc.derive(net)
    try:
        program = sc.lambdify(derivation, "array", results="training", block=3)
    except sc.SymcnnError as error:
        if "evaluate the whole batch" not in str(error):
            raise
        return
    with np.errstate(all="ignore"):
        made = program(values)
        whole = sc.lambdify(derivation, "array", results="training")(values)
    largest = max((float(np.abs(array).max()) for array in whole.gradients.values()), default=1)
    assert made.loss == pytest.approx(whole.loss, rel=1e-11)
    assert made.gradients.keys() == whole.gradients.keys()
    for name, gradient in whole.gradients.items():
        np.testing.assert_allclose(made.gradients[name], gradient, 1e-9, 1e-11 * (1 + largest))
    for name, output in whole.outputs.items():
        np.testing.assert_allclose(made.outputs[name], output, 1e-11, 1e-12)


def test_results_are_kept_when_a_program_is_called_again():
    net = network(batch=4)
    program = sc.lambdify(sc.derive(net), "array", results="training", block=2)
    values = numbers(net)
    first = program(values)
    before = {name: gradient.copy() for name, gradient in first.gradients.items()}
    program({name: array * 2 for name, array in values.items()})
    for name, gradient in first.gradients.items():
        np.testing.assert_array_equal(gradient, before[name])


@pytest.mark.parametrize("threads", [1, 2])
def test_an_overflow_in_another_thread_is_seen(threads):
    """exp(-z) in the sigmoid overflows for the last sample alone, and does no harm."""
    net = sc.Network((1,), [sc.Dense(1), sc.Sigmoid()], sc.SquaredError(), batch=2)
    values = {"x": [[1.0], [-1e6]], "dense1.weight": [[1.0]], "dense1.bias": [0.0]}
    asked = {"results": "training", "threads": threads, "block": 1}
    made = sc.lambdify(sc.derive(net), "array", **asked)({**values, "target": [[0.0], [0.0]]})
    assert made.loss == pytest.approx((1 / (1 + np.exp(-1.0))) ** 2 / 2, rel=1e-12)


def test_a_program_takes_the_threads_it_was_made_for():
    pytest.importorskip("threadpoolctl")
    threads = threads_module.Threads(7, 3, 2)
    assert [[(b.start, b.stop) for b in blocks] for blocks in threads.blocks] == [
        [(0, 1)],
        [(1, 3)],
        [(3, 5), (5, 7)],
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"threads": 0}, "threads = 0 is invalid: give a positive integer"),
        ({"block": 2.5}, "block = 2.5 is invalid: give a positive integer"),
        ({"block": 2, "results": "all"}, 'apply to programs of NumPy with results="training"'),
    ],
)
def test_what_does_not_divide_a_batch_is_refused(asked, message):
    with pytest.raises(sc.SymcnnError, match=message):
        sc.lambdify(sc.derive(network()), **{"results": "training", **asked})


@pytest.mark.parametrize("batch", [None, 4])
def test_samples_that_do_not_add_up_are_refused(batch):
    layers = LAYERS if batch is None else [sc.BatchNorm(), *LAYERS]
    with pytest.raises(sc.SymcnnError, match=r"give the network a batch|evaluate the whole batch"):
        sc.lambdify(sc.derive(network(batch=batch, layers=layers)), results="training", block=2)


def test_what_is_missing_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    threads_module._controller.cache_clear()
    with pytest.raises(sc.SymcnnError, match=r"pip install 'symcnn\[threads\]'$"):
        sc.lambdify(sc.derive(network()), results="training", threads=2)
