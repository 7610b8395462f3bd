"""The functions of Coursera's course on convolutional networks, with channels last."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from symcnn.classroom.checks.suites.suite import Entry, Suite
from symcnn.network.layers import AvgPool2D, Conv2D, MaxPool2D
from symcnn.network.layers.layer import Layer

_CONVOLUTION = (
    partial(Conv2D, 3, 3, stride=2, padding=1),
    partial(Conv2D, 2, 2),
    partial(Conv2D, 2, 3, stride=3, padding=2),
)
_POOLS = {"max": MaxPool2D, "average": AvgPool2D}
_SIZES = ((3, 2), (2, 1), (2, 3))
"""Windows and strides: they overlap, or leave entries out."""


def _pooling(mode: str) -> tuple[Callable[[], Layer], ...]:
    return tuple(partial(_POOLS[mode], size, stride=stride) for size, stride in _SIZES)


_ENTRIES = (
    Entry("conv_forward", _CONVOLUTION, "forward"),
    Entry("conv_backward", _CONVOLUTION, cache="conv_forward"),
    *(
        Entry("pool_forward", _pooling(mode), "forward", title=mode, keywords={"mode": mode})
        for mode in _POOLS
    ),
    *(
        Entry(
            "pool_backward",
            _pooling(mode),
            title=mode,
            cache="pool_forward",
            keywords={"mode": mode},
        )
        for mode in _POOLS
    ),
)

SUITE = Suite("coursera", "Coursera's course on convolutional networks", _ENTRIES)
