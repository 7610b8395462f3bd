"""The functions of the assignments of CS231n: ``layers.py``, with channels first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import numpy as np
from sympy import Expr, Integer

from symcnn.classroom.checks.suites.suite import Entry, Suite
from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import relu
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
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
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.layer import Layer
from symcnn.network.losses import SoftmaxCrossEntropy
from symcnn.network.losses.loss import Reduced


@dataclass(frozen=True)
class MulticlassHinge(Reduced):
    """The loss of a support vector machine of several classes, of which one is right.

        s = sum over k of t[k] y[k]
        L = sum over k of (1 - t[k]) max(0, 1 + y[k] - s)

    The target is 1 at the right class and 0 elsewhere, so that s is the score of the right class.
    """

    called: ClassVar[str] = "hinge loss of several classes"

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the score of the right class."""
        return {"score": Auxiliary((1,), "s", "i", noun="score of the right class")}

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the score of the right class, and the margins that are missed."""
        assert given is not None
        t, read, score = given[y.indices], y[y.indices], auxiliaries["score"][0]
        margin = relu(1 + read - score)
        return define(score, t * read), define(loss[0], (Integer(1) - t) * margin)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no labels."""
        rows = np.asarray(given, dtype=float).reshape(-1, int(shape[-1]))
        if not (np.isin(rows, (0.0, 1.0)).all() and (rows.sum(axis=1) == 1).all()):
            raise SymcnnError("a target is no label: give 1 for the right class, and 0 elsewhere")


Array = np.ndarray[Any, Any]
Function = Callable[..., Any]

_DRAWS = ("rand", "random", "random_sample", "uniform")


def with_mask(kept: float) -> Callable[[Function], Function]:
    """Make a forward pass of dropout, which draws its mask, one that is given the mask.

    The numbers that it draws are below the probability of keeping an entry where the mask is 1.

    Args:
        kept: That probability, the setting p of the course.
    """

    def adapted(function: Function) -> Function:
        def forward(x: Array, mask: Array) -> Any:
            with _drawing(np.where(mask > 0, kept / 2, (1 + kept) / 2), mask):
                return function(x, {"p": kept, "mode": "train", "seed": 1})

        return forward

    return adapted


@contextmanager
def _drawing(numbers: Array, mask: Array) -> Iterator[None]:
    """Let NumPy draw these numbers from 0 to 1, and this mask where it draws zeros and ones."""
    drawn = {**dict.fromkeys(_DRAWS, numbers), "binomial": mask}
    own = {name: getattr(np.random, name) for name in drawn}
    for name, array in drawn.items():
        setattr(np.random, name, partial(_copy, array))
    try:
        yield
    finally:
        for name, function in own.items():
            setattr(np.random, name, function)


def _copy(array: Array, *_: Any, **__: Any) -> Array:
    return array.copy()


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
