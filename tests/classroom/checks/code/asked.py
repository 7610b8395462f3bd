"""Functions made callable, and calls of them, as a check of a convolution asks for them."""

from dataclasses import replace

import numpy as np

from symcnn.classroom.checks.code import functions
from symcnn.classroom.checks.code.callee import Call
from symcnn.classroom.checks.code.layouts import layout_of
from symcnn.classroom.checks.code.recognised import Asked

CONV = {
    "kind": "backward",
    "wanted": ("x", "weight", "bias"),
    "names": ("dout", "x", "weight", "bias"),
    "image_axes": 2,
    "settings": ("stride", "padding"),
}

DENSE = {
    "kind": "backward",
    "wanted": ("x", "weight", "bias"),
    "names": ("dout", "x", "weight", "bias"),
}


def counted(*shape, start=0):
    return np.arange(start, start + np.prod(shape), dtype=float).reshape(shape)


def conv_call(dtype="float64", **settings):
    """Two samples of 4 by 5 entries and 3 channels, and 6 filters of 2 by 1: all axes differ."""
    inputs = {
        "x": counted(2, 4, 5, 3),
        "weight": counted(2, 1, 3, 6),
        "bias": counted(6),
        "dout": counted(2, 3, 5, 6, start=1),
    }
    return Call(inputs, {"stride": 1, "padding": 0, **settings}, dtype)


def dense_call(dtype="float64"):
    inputs = {
        "x": counted(5, 3),
        "weight": counted(2, 3),
        "bias": counted(2),
        "dout": counted(5, 2, start=1),
    }
    return Call(inputs, {}, dtype)


def callee(
    function,
    *,
    layout="NHWC",
    kernel_layout=None,
    image_axes=0,
    flattened=None,
    seconds=10,
    **asked,
):
    known = replace(layout_of(layout, kernel_layout, image_axes), flattened=flattened or {})
    return functions.callee(function, Asked(**asked), known, seconds)


def outcomes(function, asked=CONV, calls=None, **more):
    made = callee(function, **{"seconds": 10, **asked, **more})
    return made.run([conv_call()] if calls is None else calls)


def outcome(function, asked=CONV, call=None, **more):
    (found,) = outcomes(function, asked, [call or conv_call()], **more)
    return found
