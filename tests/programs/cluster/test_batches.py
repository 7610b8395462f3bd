"""Gradients of chunks of samples, added up on a cluster of two processes and without one."""

import sys
import weakref
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

import symcnn as sc
from symcnn import SymcnnError, define, derive, lambdify, limits
from symcnn.programs.cluster import batches
from tests.draws import one_of

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
distributed = pytest.importorskip("distributed")
cloudpickle = pytest.importorskip("cloudpickle")

CHUNKS = (3, 5, 2, 4, 3, 5, 1, 2, 2, 3)  # more than one task of the tree adds up
LAYERS = [sc.Conv2D(2, 3), sc.Tanh(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(3)]
LOSSES = {
    "mean": sc.SoftmaxCrossEntropy(),
    "mean, penalty": sc.SoftmaxCrossEntropy(l2=0.1),
    "sum, penalty": sc.SquaredError(reduction="sum", l2=0.1),
    "no reduction, penalty": sc.Upstream(l2=0.1),
}


@pytest.fixture(scope="module")
def client():
    """Both processes come from one that has imported what they need."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}),
        distributed.LocalCluster(**options, dashboard_address=":0") as cluster,
        distributed.Client(cluster, set_as_default=False) as found,
    ):
        yield found


def network(loss="mean, penalty", batch=None):
    return sc.Network((6, 6, 1), LAYERS, LOSSES[loss], batch=batch)


def numbers(whole):
    drawn = np.random.default_rng(7)
    return {t.name: drawn.normal(size=t.shape) for t in whole.tensors.values() if t.is_given}


def in_chunks(values):
    """The samples as Dask arrays, in chunks along the first axis."""
    names = [name for name in values if "." not in name]
    return values | {
        name: da.from_array(values[name], chunks=(CHUNKS, *values[name].shape[1:]))
        for name in names
    }


def assert_close(ours, theirs, tolerance=1e-12):
    assert ours.loss == pytest.approx(theirs.loss, rel=tolerance)
    assert ours.outputs == {}
    for name, gradient in ours.gradients.items():
        assert gradient.dtype == theirs.gradients[name].dtype
        largest = np.abs(theirs.gradients[name]).max()
        assert np.abs(gradient - theirs.gradients[name]).max() <= tolerance * largest, name


def plain(loss, dtype="float64"):
    """The numbers, and the gradients of all samples at once."""
    whole = network(loss, sum(CHUNKS))
    values = numbers(whole)
    return values, lambdify(derive(whole), dtype=dtype, results="training")(values)


@pytest.mark.parametrize("loss", one_of(LOSSES))
def test_a_cluster_of_two_processes(loss, client):
    values, expected = plain(loss)
    program = lambdify(derive(network(loss)))
    ours = program.map_batches(in_chunks(values), client)
    assert_close(ours, expected)
    assert ours.gradients.keys() == {t.name for t in network(loss).parameters}


def programs_made():
    return batches._program.cache_info().misses


def test_both_processes_work(client):
    values, _ = plain("mean")
    lambdify(derive(network())).map_batches(in_chunks(values), client)
    before = programs_made()
    made_there = client.run(programs_made)
    assert len(made_there) == 2
    assert all(made_there.values())
    assert programs_made() == before


def test_32_bits_on_the_cluster(client):
    values, expected = plain("mean", "float32")
    program = lambdify(derive(network("mean")), dtype="float32")
    assert_close(program.map_batches(in_chunks(values), client), expected, 1e-5)


@pytest.mark.parametrize("loss", one_of(["mean, penalty", "sum, penalty"]))
def test_without_a_cluster(loss):
    values, expected = plain(loss)
    assert_close(lambdify(derive(network(loss, 4))).map_batches(in_chunks(values)), expected)


def test_arrays_and_iterables_of_chunks():
    values, expected = plain("sum, penalty")
    program = lambdify(derive(network("sum, penalty", 4)))
    ends = [0, *np.cumsum(CHUNKS)]
    cut = {n: [values[n][a:b] for a, b in pairwise(ends)] for n in ("x", "target")}
    assert_close(program.map_batches(values), expected)
    assert_close(program.map_batches(values | cut), expected)
    assert_close(program.map_batches(in_chunks(values) | {"target": values["target"]}), expected)


def test_arrays_are_sent_ahead(client):
    """Numbers within tasks are what distributed warns of, from 10 MB on."""
    net = sc.Network((1000,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": np.ones((2000, 1000)), "dense1.weight": [0.001] * 1000}
    ours = lambdify(derive(net)).map_batches(values | {"target": np.zeros((2000, 1))}, client)
    assert ours.loss == pytest.approx(0.5, rel=1e-12)
    assert ours.gradients["dense1.weight"] == pytest.approx(np.ones((1, 1000)), rel=1e-12)


def line():
    """Fit t = w x: the mean of 1/2 (t - w x)^2."""
    net = sc.Network((3,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    return lambdify(derive(net))


def made(first, rows):
    """Samples number ``first`` and so on: what a file or a generator would give."""
    n = np.arange(first, first + rows)[:, None]
    return np.hstack([np.sin(n), np.cos(n), n / 20_000]), np.cos(2 * n)


def test_samples_that_are_made_chunk_by_chunk_on_the_cluster(client):
    """Against the normal equations: dL/dw = (w x - t) x^T / N."""
    rows, samples, weight = 500, 20_000, np.array([[0.5, -1.0, 2.0]])

    def block(part, columns):
        return lambda block_info: made(block_info[None]["array-location"][0][0], rows)[part]

    x, t = (
        da.map_blocks(block(part, n), chunks=((rows,) * (samples // rows), (n,)), dtype=float)
        for part, n in ((0, 3), (1, 1))
    )
    ours = line().map_batches({"dense1.weight": weight, "x": x, "target": t}, client)
    all_x, all_t = made(0, samples)
    error = all_x @ weight.T - all_t
    assert ours.loss == pytest.approx((error**2).mean() / 2, rel=1e-12)
    assert ours.gradients["dense1.weight"] == pytest.approx(error.T @ all_x / samples, rel=1e-11)


def test_chunks_of_a_generator_are_not_all_held_at_once():
    references, most = [], []

    def chunks(part):
        for number in range(60):
            chunk = made(10 * number, 10)[part]
            references.append(weakref.ref(chunk))
            most.append(sum(reference() is not None for reference in references))
            yield chunk
            del chunk

    line().map_batches({"dense1.weight": [1, 2, 3], "x": chunks(0), "target": chunks(1)})
    assert len(most) == 2 * 60
    assert max(most) <= 2 * (2 * limits.CHUNKS_AT_ONCE + 1)  # one list in work, and one that goes


def test_what_goes_wrong_in_a_generator_is_not_hidden():
    def chunks():
        raise ValueError("the file ends here")
        yield

    with pytest.raises(ValueError, match="the file ends here"):
        line().map_batches({"dense1.weight": [1, 2, 3], "x": chunks(), "target": []})


def test_a_layer_of_one_s_own_travels_as_it_is(client):
    @dataclass(frozen=True)
    class Cube(sc.Layer):
        def forward(self, y, x):
            return (define(y[y.indices], x[x.indices] ** 3),)

    net = sc.Network((3,), [sc.Dense(2), Cube()], sc.HalfSquaredError(), batch=6)
    values = numbers(net)
    expected = lambdify(derive(net), "array")(values)
    chunked = values | {n: da.from_array(values[n], chunks=(2, -1)) for n in ("x", "target")}
    assert_close(lambdify(derive(net)).map_batches(chunked, client), expected)


def test_nothing_compiled_travels():
    recipe = lambdify(derive(network())).recipe
    assert len(cloudpickle.dumps(recipe)) < 2000
    assert cloudpickle.loads(cloudpickle.dumps(recipe)) == recipe


def refused(net, change, message):
    values = numbers(replace(net, batch=6))
    with pytest.raises(SymcnnError, match=message) as caught:
        lambdify(derive(net)).map_batches(values | change)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("batch", [None, 6])
def test_samples_that_take_part_in_each_other(batch):
    net = sc.Network((6, 6, 1), [sc.BatchNorm(), *LAYERS], sc.HalfSquaredError(), batch=batch)
    refused(net, {}, "batch_norm1.mean depends on all samples of a batch.* do not add up")


def test_losses_that_are_no_sums_over_samples():
    @dataclass(frozen=True)
    class Largest(sc.Loss):
        def forward(self, loss, y, given, **auxiliaries):
            return (define(loss[0], y[y.indices], reduction=sc.LogSumExp()),)

    refused(sc.Network((3,), [sc.Dense(2)], Largest()), {}, "loss depends on all samples")


def test_parts_of_a_loss_that_are_no_sample_s():
    @dataclass(frozen=True)
    class Shrinking(sc.HalfSquaredError):
        def penalty(self, loss, weights):
            return tuple(define(loss[0], w[w.indices] ** 4) for w in weights)

    refused(sc.Network((3,), [sc.Dense(2)], Shrinking()), {}, "a term without samples")


def test_wrong_chunks():
    net, short = network(), np.ones((5, 3))
    refused(net, {"target": short}, "the numbers of samples differ: x 6, target 5")
    refused(
        net, {"x": [np.ones((3, 6, 6, 1))] * 2, "target": [np.ones((3, 3))]}, "numbers of chunks"
    )
    nothing = {"x": np.ones((0, 6, 6, 1)), "target": np.ones((0, 3))}
    refused(net, nothing, "x and target contain no samples")
    refused(net, {"x": [], "target": []}, "x and target contain no samples")
    refused(net, {"conv1.wieght": 1}, "did you mean 'conv1.weight'")
    refused(net, {"x": np.ones((6, 6, 5, 1))}, "x has the shape 6x6x5x1, but 6x6x6x1 is needed")


def test_without_dask_one_line_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask", None)
    monkeypatch.setitem(sys.modules, "dask.array", None)
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    refused(network(), {}, r"^map_batches needs dask: pip install 'symcnn\[dask\]'$")
