"""Settings that differ along the axes: who takes a number for each, and who uses one for both."""

from functools import partial

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.code.source_text import settings_by_axis
from symcnn.classroom.checks.judging.varied import varied

SETTINGS = ("stride", "padding", "dilation", "pool_size")


def conv_backward(dout, x, w, stride, padding, dilation):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j, u, v in np.ndindex(*dout.shape[1:3], *w.shape[:2]):
        row = stride[0] * i + dilation[0] * u - padding[0]
        column = stride[1] * j + dilation[1] * v - padding[1]
        if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
            dx[:, row, column] += dout[:, i, j] @ w[u, v].T
            dw[u, v] += x[:, row, column].T @ dout[:, i, j]
    return dx, dw


def pool_backward(dout, x, pool_size, stride, *, both=None, mean=True):
    """Return the gradient of a pooling, whose window has two lengths or the first one for both."""
    (height, width), dx = pool_size, np.zeros_like(x)
    width = width if both is None else pool_size[both]
    for n, i, j, c in np.ndindex(*dout.shape):
        top, left = stride[0] * i, stride[1] * j
        window = dx[n, top : top + height, left : left + width, c]
        if mean:
            window += dout[n, i, j, c] / (height * width)
        else:
            seen = x[n, top : top + height, left : left + width, c]
            u, v = np.unravel_index(seen.argmax(), seen.shape)
            window[u, v] += dout[n, i, j, c]
    return dx


@pytest.mark.parametrize("setting", ["stride", "padding", "dilation"])
def test_one_number_for_both_axes_is_named(setting):
    settings = {"stride": (2, 3), "padding": (2, 1), "dilation": (2, 3)}
    layer = sc.Conv2D(2, 2, bias=False, **settings)

    def first_for_both(dout, x, w, stride, padding, dilation):
        given = {"stride": stride, "padding": padding, "dilation": dilation}
        return conv_backward(dout, x, w, **{**given, setting: (given[setting][0],) * 2})

    assert sc.check_backward(conv_backward, layer, input_shape=(6, 7, 1))
    verdict = sc.check_backward(first_for_both, layer, input_shape=(6, 7, 1))
    assert {f.mistake for f in verdict.findings} == {f"{setting} of one axis used for both"}


@pytest.mark.parametrize("mean", [True, False])
def test_functions_of_a_class_are_given_unlike_numbers(mean):
    layer = sc.AvgPool2D if mean else sc.MaxPool2D
    right = sc.check_backward(partial(pool_backward, mean=mean), layer)
    assert right, right.to_text()
    assert any("pool_size = (2, 3)" in case for case in right.cases)
    (finding,) = sc.check_backward(partial(pool_backward, mean=mean, both=0), layer).findings
    assert finding.where.startswith("in ")
    assert "only where the kernel is longer along one axis" in finding.where
    named = "kernel size of one axis used for both" if mean else "winners of other windows"
    assert finding.mistake == named
    assert "kernel_size[0] in place" in " ".join(finding.explanation.split())


def by_index(dout, x, stride, padding):
    return x[stride[0] :, padding:]


def by_unpacking(dout, x, params):
    (down, across), pad = params["stride"], params["pad"]
    return x[down + pad :, across:]


def by_a_helper(dout, x, stride, padding):
    rows, columns = len(x), len(dout)
    return _pair(stride)[0] + padding + rows + columns


def _pair(number):
    return (number, number)


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (by_index, {"stride"}),
        (by_unpacking, {"stride"}),
        (by_a_helper, {"stride"}),
        ((by_index, lambda dout, x, pad=(0, 0): x), {"stride", "padding"}),
        (lambda dout, x, stride_h, stride_w, d: x, {"stride"}),
        (lambda dout, x, stride, padding=1: x, set()),
        (np.sin, set()),
    ],
)
def test_what_a_function_takes_for_each_axis(function, found):
    assert settings_by_axis(function, SETTINGS) == found


def test_settings_of_a_class_that_are_tried():
    taken = frozenset({"stride", "padding"})
    tried = [one.settings for one in varied(sc.Conv2D, taken)]
    assert {"kernel_size": 1, "padding": 2} in tried
    assert not any(isinstance(value, tuple) for one in tried for value in one.values())
    pairs = varied(sc.Conv2D, taken, frozenset({"stride"}))
    assert {"stride": (2, 3)} in [one.settings for one in pairs]
    assert all(isinstance(one.layer.stride, tuple) for one in pairs)
    assert all(isinstance(one.layer.padding, int) for one in pairs)
    line = varied(sc.Conv1D, taken, taken)
    assert all(len(one.layer.stride) == len(one.layer.padding) == 1 for one in line)
