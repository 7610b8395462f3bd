"""Functions are right for any number of axes, and wherever the entries of arrays lie in memory."""

import ctypes

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import symcnn as sc
from symcnn.classroom.checks.code.memory import EXPANDED, WAYS, stored
from tests.classroom.checks.faults.elsewhere import ELSEWHERE
from tests.classroom.checks.judging.test_every_layer import ALONE, by_complex_steps, names_of
from tests.draws import MANY, NETWORKS, slow

READ = "read as if it were contiguous"


@pytest.mark.parametrize("fault", ELSEWHERE, ids=lambda fault: fault.name)
def test_a_published_fault_is_found(fault):
    verdict = sc.check_backward(fault.wrong, fault.layer, input_shape=fault.shape)
    wrong = [finding for finding in verdict.findings if finding.verdict == "wrong"]
    assert wrong
    assert all(fault.where in finding.where for finding in wrong)
    assert all(finding.mistake == fault.mistake for finding in wrong if fault.mistake)


@pytest.mark.parametrize("fault", ELSEWHERE, ids=lambda fault: fault.name)
def test_the_mended_function_is_right(fault):
    verdict = sc.check_backward(fault.right, fault.layer, input_shape=fault.shape)
    assert verdict, verdict.to_text()
    assert any("not contiguous" in case for case in verdict.cases)


def test_the_layout_that_shows_it_is_told():
    fault = ELSEWHERE[1]
    first, *_ = sc.check_backward(fault.wrong, fault.layer).findings
    assert first.explanation == (
        "Here dout is transposed: its strides, counted in entries, are (1, 2), and not (5, 1), as "
        "those of a contiguous array. Its entries are the same, and so the result has to be. Each "
        "of its rows is read as if it were contiguous. np.ascontiguousarray(dout) copies its "
        "entries into contiguous memory."
    )
    assert first.where == "only where dout is transposed"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (2, 1, 3, 2)])
def test_stored_entries_are_the_same_and_others_lie_between_them(way, shape):
    array = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    if way == EXPANDED:
        array = np.broadcast_to(array[:1], shape).copy()
    view = stored(array, way)
    assert np.array_equal(view, array)
    axes = [length > 1 for length in shape]
    if sum(axes) > 1 or "transposed" not in way:
        assert not view.flags.c_contiguous
        read = as_strided(view, shape, array.strides)
        assert not np.array_equal(read, array)


def _misreading(function, argument, kept):
    """Return a function that reads an argument as if it were contiguous, in some memory alone."""

    def wrong(*arrays):
        arrays = list(arrays)
        view = arrays[argument]
        if kept(view):
            arrays[argument] = as_strided(view, view.shape, np.empty(view.shape).strides)
        return function(*arrays)

    return wrong


KEPT = {
    "transposed": lambda a: a.flags.f_contiguous and not a.flags.c_contiguous,
    "a part of longer rows": lambda a: a.strides[-1] == a.itemsize and not a.flags.c_contiguous,
    "every second entry of longer rows": lambda a: a.strides[-1] == 2 * a.itemsize,
    "reversed, with negative strides": lambda a: min(a.strides) < 0,
    "expanded, with stride 0": lambda a: 0 in a.strides,
}
"""For each way a test of memory that no other way of those before it passes."""

LAYERS = {
    "relu": (sc.ReLU(), (4, 2), (4, 2, 3)),
    "tanh": (sc.Tanh(), (3,), (3, 4)),
    "softmax": (sc.Softmax(), (4,), (3, 4), (2, 3, 4)),
    "layer norm": (sc.LayerNorm(epsilon=0.25), (4,), (3, 4), (2, 3, 4)),
    "dense": (sc.Dense(3), (4,)),
    "convolution": (sc.Conv2D(2, 2), (3, 4, 2)),
    "max-pooling": (sc.MaxPool2D(2), (4, 4, 2)),
}
CASES = [
    (name, shape, way) for name, (_, *shapes) in LAYERS.items() for shape in shapes for way in KEPT
]
DRAWN = np.random.default_rng(50).permutation(len(CASES))[: len(CASES) if MANY else NETWORKS // 2]


@pytest.mark.parametrize(("name", "shape", "way"), [CASES[number] for number in DRAWN])
def test_an_error_signal_that_is_misread_is_found_in_every_memory(name, shape, way):
    layer = LAYERS[name][0]
    names, wanted = names_of(layer, shape)
    right = by_complex_steps(layer, names, wanted)
    function = _misreading(right, 0, KEPT[way])
    asked = {"input_shape": shape, "arguments": names, "returns": wanted}
    verdict = sc.check_backward(function, layer, **asked)
    wrong = [finding for finding in verdict.findings if finding.verdict != "right"]
    assert wrong, verdict.to_text()
    assert {finding.mistake for finding in wrong} == {READ}
    assert all("dout is" in finding.where for finding in wrong)
    assert sc.check_backward(right, layer, **asked)


@slow
@pytest.mark.parametrize("case", ALONE)
def test_right_gradients_are_right_at_every_number_of_axes(case):
    layer, shape = ALONE[case].layer, ALONE[case].input_shape
    names, wanted = names_of(layer, shape)
    function = by_complex_steps(layer, names, wanted)
    try:
        verdict = sc.check_backward(function, layer, arguments=names, returns=wanted, seconds=60)
    except sc.SymcnnError as error:  # of few shapes none is tried unless it is stated
        assert "give input_shape" in str(error)  # noqa: PT017
        return
    assert verdict, verdict.to_text()


def _signal_at_its_address(dout, x):
    pointer = ctypes.cast(dout.ctypes.data, ctypes.POINTER(ctypes.c_double))
    return np.array(pointer[: dout.size]).reshape(x.shape) * (x > 0)


def _in_the_order_of_memory(dout, x):
    return (dout.ravel(order="K") * (x > 0).ravel()).reshape(x.shape)


@pytest.mark.parametrize("function", [_signal_at_its_address, _in_the_order_of_memory])
def test_memory_is_misread_in_many_ways(function):
    (finding,) = sc.check_backward(function, sc.ReLU()).findings
    assert (finding.mistake, finding.where) == (READ, "only where dout is transposed")


def test_numpy_may_refuse_memory_that_is_not_contiguous():
    def backward(dout, x):
        return np.frombuffer(dout).reshape(x.shape) * (x > 0)

    verdict = sc.check_backward(backward, sc.ReLU())
    assert verdict
    assert "Where an array is transposed, there is no result. " in verdict.notes[-1]


def test_a_function_for_vectors_is_not_accused():
    def layer_norm(x, weight, bias, eps):
        deviation = x - x.mean(axis=1, keepdims=True)
        return weight * deviation / np.sqrt(x.var(axis=1, keepdims=True) + eps) + bias

    def batch_norm(x, weight, bias, eps):
        return weight * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + bias

    def softmax_backward(dout, x):
        shares = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        return shares * (dout - (dout * shares).sum(axis=1, keepdims=True))

    said = (
        "Inputs with several axes, such as (5, 3), are left out. "
        "The function takes another axis for that of the channels."
    )
    for verdict in (
        sc.check_forward(layer_norm, sc.LayerNorm()),
        sc.check_forward(batch_norm, sc.BatchNorm()),
        sc.check_backward(softmax_backward, sc.Softmax()),
    ):
        assert verdict, verdict.to_text()
        assert said in verdict.notes


def test_tensors_must_be_taken_in_any_memory():
    torch = pytest.importorskip("torch")

    class Rectified(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return (grad.view(-1) * (x > 0).reshape(-1)).reshape(x.shape)

    class Copied(Rectified):
        @staticmethod
        def backward(ctx, grad):
            return Rectified.backward(ctx, grad.contiguous())

    class Misread(Rectified):
        @staticmethod
        def backward(ctx, grad):
            rows = grad.as_strided(grad.shape, torch.empty(grad.shape).stride())
            return Copied.backward(ctx, rows)

    (crashed,) = sc.check_backward(Rectified, sc.ReLU()).findings
    assert (crashed.verdict, crashed.where) == ("crashed", "only where dout is transposed")
    assert "The function raised RuntimeError in line" in crashed.explanation
    (misread,) = sc.check_backward(Misread, sc.ReLU()).findings
    assert (misread.mistake, misread.where) == (READ, "only where dout is transposed")
    assert sc.check_backward(Copied, sc.ReLU())
