"""The types that a problem file can name; a new layer is one line here.

A type's keys are its class's declared fields and the numbers of its parameters.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, fields

from symcnn.layers import AvgPool2D, Conv2D, Dense, Flatten, Layer, MaxPool2D, ReLU, Sigmoid, Tanh
from symcnn.losses import HalfSquaredError, Loss


@dataclass(frozen=True)
class Kind:
    """What a type in a file stands for.

    Attributes:
        made: The class that is made of the settings.
        numbers: The keys that hold arrays of numbers.
    """

    made: type[Layer] | type[Loss]
    numbers: tuple[str, ...] = ()

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


LAYERS = {
    "conv2d": Kind(Conv2D, ("weight", "bias_values")),
    "max_pool2d": Kind(MaxPool2D),
    "avg_pool2d": Kind(AvgPool2D),
    "flatten": Kind(Flatten),
    "dense": Kind(Dense, ("weight", "bias_values")),
    "sigmoid": Kind(Sigmoid),
    "tanh": Kind(Tanh),
    "relu": Kind(ReLU),
}
LOSSES = {"half_squared_error": Kind(HalfSquaredError, ("target",))}

PLANNED_LAYERS = (
    *("conv1d", "conv_transpose2d", "max_pool1d", "avg_pool1d", "global_avg_pool2d"),
    *("batch_norm", "leaky_relu", "elu", "softplus", "silu", "gelu", "softmax", "log_softmax"),
    *("add", "concatenate"),
)
PLANNED_LOSSES = (
    *("squared_error", "mean_squared_error", "binary_cross_entropy", "cross_entropy"),
    *("softmax_cross_entropy", "sum", "upstream"),
)
PLANNED_KEYS = ("count_include_pad", "gradient")
"""What the file format names and is still to come."""


def key_of(parameter: str) -> str:
    """Return the key with a parameter's numbers; ``bias`` says whether there is one."""
    return "bias_values" if parameter == "bias" else parameter
