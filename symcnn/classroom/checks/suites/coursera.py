"""The functions of Coursera's course on convolutional networks, with channels last."""

from __future__ import annotations

from functools import partial

from symcnn.classroom.checks.suites.suite import Entry, Suite
from symcnn.network.layers import AvgPool2D, Conv2D, MaxPool2D

_convolution = partial(Conv2D, 3, (3, 3), stride=2, padding=1)
_POOLS = {"max": partial(MaxPool2D, (3, 3), stride=2), "average": partial(AvgPool2D, 3, stride=2)}

_ENTRIES = (
    Entry("conv_forward", _convolution, "forward"),
    Entry("conv_backward", _convolution, cache="conv_forward"),
    *(
        Entry("pool_forward", pool, "forward", title=mode, keywords={"mode": mode})
        for mode, pool in _POOLS.items()
    ),
    *(
        Entry(
            "pool_backward",
            pool,
            title=mode,
            cache="pool_forward",
            keywords={"mode": mode},
        )
        for mode, pool in _POOLS.items()
    ),
)

SUITE = Suite("coursera", "Coursera's course on convolutional networks", _ENTRIES)
