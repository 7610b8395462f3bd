"""The functions of the assignments of CS231n: ``layers.py``, with channels first."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from symcnn.classroom.checks.suites.adapters import of_scores, with_mask
from symcnn.classroom.checks.suites.losses import LabelledSoftmax, MulticlassHinge
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
    Scale,
)
from symcnn.network.losses.loss import Loss
from symcnn.network.network import Network

_RATE = Decimal("0.25")
_CLASSES, _SAMPLES = 4, 5

_dense = partial(Dense, 3)
_convolution = partial(Conv2D, 3, (3, 2), stride=2, padding=1)
_pooling = partial(MaxPool2D, (3, 2), stride=2)
_batch_norm = partial(BatchNorm, mode="training")


def _loss(loss: Loss) -> Network:
    return Network((_CLASSES,), [Scale()], loss, batch=_SAMPLES)


_ENTRIES = (
    Entry("affine_forward", _dense, "forward", kernel_layout="IO"),
    Entry("affine_backward", _dense, cache="affine_forward", kernel_layout="IO"),
    Entry("relu_forward", ReLU, "forward"),
    Entry("relu_backward", ReLU, cache="relu_forward"),
    Entry("softmax_loss", partial(_loss, LabelledSoftmax()), "gradients", adapter=of_scores),
    Entry("svm_loss", partial(_loss, MulticlassHinge()), "gradients", adapter=of_scores),
    Entry("batchnorm_forward", _batch_norm, "forward"),
    Entry("batchnorm_backward", _batch_norm, cache="batchnorm_forward"),
    Entry("batchnorm_backward_alt", _batch_norm, cache="batchnorm_forward"),
    Entry("layernorm_forward", LayerNorm, "forward"),
    Entry("layernorm_backward", LayerNorm, cache="layernorm_forward"),
    Entry(
        "dropout_forward",
        partial(Dropout, _RATE),
        "forward",
        adapter=with_mask(float(1 - _RATE)),
    ),
    Entry("dropout_backward", partial(Dropout, _RATE), cache="dropout_forward"),
    Entry("conv_forward_naive", _convolution, "forward", layout="NCHW"),
    Entry("conv_backward_naive", _convolution, cache="conv_forward_naive", layout="NCHW"),
    Entry("max_pool_forward_naive", _pooling, "forward", layout="NCHW"),
    Entry("max_pool_backward_naive", _pooling, cache="max_pool_forward_naive", layout="NCHW"),
    Entry("spatial_batchnorm_forward", _batch_norm, "forward", layout="NCHW"),
    Entry(
        "spatial_batchnorm_backward",
        _batch_norm,
        cache="spatial_batchnorm_forward",
        layout="NCHW",
    ),
    Entry("spatial_groupnorm_forward", partial(GroupNorm, 2), "forward", layout="NCHW"),
    Entry(
        "spatial_groupnorm_backward",
        partial(GroupNorm, 2),
        cache="spatial_groupnorm_forward",
        layout="NCHW",
    ),
)

SUITE = Suite("cs231n", "CS231n", _ENTRIES)
