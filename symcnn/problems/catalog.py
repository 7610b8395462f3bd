"""The types that a problem file can name; a new layer is one line here.

A type's keys are its class's declared fields and the numbers of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields

from symcnn.layers import (
    ELU,
    GELU,
    Add,
    AvgPool1D,
    AvgPool2D,
    BatchNorm,
    Concatenate,
    Conv1D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Layer,
    LeakyReLU,
    LogSoftmax,
    MaxPool1D,
    MaxPool2D,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from symcnn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    HalfSquaredError,
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    SquaredError,
    SumOfOutputs,
    Upstream,
)


@dataclass(frozen=True)
class Kind:
    """What a type in a file stands for.

    Attributes:
        made: The class that is made of the settings.
        numbers: The keys that hold arrays of numbers, each with the setting that
            turns it off, or an empty text.
    """

    made: type[Layer] | type[Loss]
    numbers: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Field[object]]:
        """The declared fields by name."""
        return {f.name: f for f in fields(self.made)}

    @property
    def required(self) -> tuple[str, ...]:
        """The settings that have no default."""
        return tuple(name for name, f in self.settings.items() if f.default is MISSING)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that a table of this type takes."""
        return ("type", *self.settings, *self.numbers)


_WEIGHT_AND_BIAS = {"weight": "", "bias_values": "bias"}
_TARGET = {"target": ""}

LAYERS = {
    "conv1d": Kind(Conv1D, _WEIGHT_AND_BIAS),
    "conv2d": Kind(Conv2D, _WEIGHT_AND_BIAS),
    "conv_transpose2d": Kind(ConvTranspose2D, _WEIGHT_AND_BIAS),
    "max_pool1d": Kind(MaxPool1D),
    "max_pool2d": Kind(MaxPool2D),
    "avg_pool1d": Kind(AvgPool1D),
    "avg_pool2d": Kind(AvgPool2D),
    "global_avg_pool2d": Kind(GlobalAvgPool2D),
    "batch_norm": Kind(BatchNorm, {"weight": "affine", "bias_values": "affine"}),
    "flatten": Kind(Flatten),
    "dense": Kind(Dense, _WEIGHT_AND_BIAS),
    "sigmoid": Kind(Sigmoid),
    "tanh": Kind(Tanh),
    "relu": Kind(ReLU),
    "leaky_relu": Kind(LeakyReLU),
    "elu": Kind(ELU),
    "softplus": Kind(Softplus),
    "silu": Kind(SiLU),
    "gelu": Kind(GELU),
    "softmax": Kind(Softmax),
    "log_softmax": Kind(LogSoftmax),
    "add": Kind(Add),
    "concatenate": Kind(Concatenate),
}
LOSSES = {
    "half_squared_error": Kind(HalfSquaredError, _TARGET),
    "squared_error": Kind(SquaredError, _TARGET),
    "mean_squared_error": Kind(MeanSquaredError, _TARGET),
    "binary_cross_entropy": Kind(BinaryCrossEntropy, _TARGET),
    "cross_entropy": Kind(CrossEntropy, _TARGET),
    "softmax_cross_entropy": Kind(SoftmaxCrossEntropy, _TARGET),
    "sum": Kind(SumOfOutputs),
    "upstream": Kind(Upstream, {"gradient": ""}),
}


def key_of(parameter: str) -> str:
    """Return the key with a parameter's numbers; ``bias`` says whether there is one."""
    return "bias_values" if parameter == "bias" else parameter
