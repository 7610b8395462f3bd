"""The functions of the assignments of CS231n: ``layers.py``, with channels first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from symcnn.classroom.checks.suites.adapters import with_mask
from symcnn.classroom.checks.suites.losses import MulticlassHinge
from symcnn.classroom.checks.suites.suite import Entry, Suite
from symcnn.network.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    GroupNorm,
    LayerNorm,
    MaxPool2D,
    ReLU,
)
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import SoftmaxCrossEntropy

_RATE = Decimal("0.25")

_DENSE = (partial(Dense, 3),)
_RELU = (ReLU,)
_CONVOLUTION = (
    partial(Conv2D, 3, (3, 2), stride=2, padding=1),
    partial(Conv2D, 2, 3),
    partial(Conv2D, 2, (2, 3), stride=3, padding=2),
)
_POOLING = (
    partial(MaxPool2D, (3, 2), stride=2),
    partial(MaxPool2D, 2, stride=1),
    partial(MaxPool2D, (2, 3), stride=3),
)
_BATCH_NORM = (partial(BatchNorm, mode="training"), partial(BatchNorm, 0.25, mode="training"))
_LAYER_NORM = (LayerNorm, partial(LayerNorm, epsilon=0.25))
_GROUP_NORM = (partial(GroupNorm, 2), partial(GroupNorm, 3, epsilon=0.25))
_DROPOUT = (partial(Dropout, _RATE),)


def _images(
    backward: str, subjects: Sequence[Callable[[], Layer]], forward: str
) -> Iterator[Entry]:
    """Yield a forward pass on images, and its backward pass."""
    yield Entry(forward, subjects, "forward", layout="NCHW")
    yield Entry(backward, subjects, cache=forward, layout="NCHW")


_ENTRIES = (
    Entry("affine_forward", _DENSE, "forward", kernel_layout="IO"),
    Entry("affine_backward", _DENSE, cache="affine_forward", kernel_layout="IO"),
    Entry("relu_forward", _RELU, "forward"),
    Entry("relu_backward", _RELU, cache="relu_forward"),
    Entry("softmax_loss", (SoftmaxCrossEntropy,)),
    Entry("svm_loss", (MulticlassHinge,)),
    Entry("batchnorm_forward", _BATCH_NORM, "forward"),
    Entry("batchnorm_backward", _BATCH_NORM, cache="batchnorm_forward"),
    Entry("batchnorm_backward_alt", _BATCH_NORM, cache="batchnorm_forward"),
    Entry("layernorm_forward", _LAYER_NORM, "forward"),
    Entry("layernorm_backward", _LAYER_NORM, cache="layernorm_forward"),
    Entry("dropout_forward", _DROPOUT, "forward", adapter=with_mask(float(1 - _RATE))),
    Entry("dropout_backward", _DROPOUT, cache="dropout_forward"),
    *_images("conv_backward_naive", _CONVOLUTION, "conv_forward_naive"),
    *_images("max_pool_backward_naive", _POOLING, "max_pool_forward_naive"),
    *_images("spatial_batchnorm_backward", _BATCH_NORM, "spatial_batchnorm_forward"),
    *_images("spatial_groupnorm_backward", _GROUP_NORM, "spatial_groupnorm_forward"),
)

SUITE = Suite("cs231n", "CS231n", _ENTRIES)
