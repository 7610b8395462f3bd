"""The types that a file can name."""

import pytest

from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.problems.reading import SETTINGS

KINDS = {**LAYERS, **LOSSES}


@pytest.mark.parametrize("name", KINDS)
def test_every_setting_can_be_read(name: str) -> None:
    for setting in KINDS[name].settings.values():
        assert setting.type in SETTINGS


CONVOLUTION = "filters kernel_size stride padding dilation groups bias weight bias_values"
POOL = "pool_size stride padding"

# As the format states them: beside type, name, inputs and weight_from.
LAYER_KEYS = {
    "conv1d": CONVOLUTION,
    "conv2d": CONVOLUTION,
    "conv_transpose2d": "filters kernel_size stride padding bias weight bias_values",
    "dense": "units bias weight bias_values",
    "flatten": "",
    "max_pool1d": f"{POOL} ties dilation",
    "max_pool2d": f"{POOL} ties dilation",
    "avg_pool1d": f"{POOL} count_include_pad",
    "avg_pool2d": f"{POOL} count_include_pad",
    "global_avg_pool2d": "",
    "batch_norm": "epsilon affine weight bias_values",
    "sigmoid": "",
    "tanh": "",
    "relu": "",
    "leaky_relu": "alpha",
    "elu": "alpha",
    "softplus": "",
    "silu": "",
    "gelu": "",
    "softmax": "",
    "log_softmax": "",
    "add": "",
    "concatenate": "",
}
# Beside type and l2.
LOSS_KEYS = {
    "half_squared_error": "target reduction",
    "squared_error": "target reduction",
    "mean_squared_error": "target reduction",
    "binary_cross_entropy": "target reduction",
    "cross_entropy": "target reduction",
    "softmax_cross_entropy": "target reduction",
    "sum": "",
    "upstream": "gradient",
}


def test_the_keys_are_those_of_the_format() -> None:
    every = {"type", "name", "inputs", "weight_from"}
    assert {name: set(kind.keys) - every for name, kind in LAYERS.items()} == {
        name: set(keys.split()) for name, keys in LAYER_KEYS.items()
    }
    assert {name: set(kind.keys) - {"type", "l2"} for name, kind in LOSSES.items()} == {
        name: set(keys.split()) for name, keys in LOSS_KEYS.items()
    }


def test_what_has_no_default_is_required() -> None:
    assert LAYERS["conv2d"].required == ("filters", "kernel_size")
    assert LAYERS["max_pool1d"].required == ("pool_size",)
    assert LAYERS["dense"].required == ("units",)
    assert LAYERS["batch_norm"].required == LOSSES["upstream"].required == ()


def test_a_number_key_is_turned_off_by_a_setting() -> None:
    for kind in KINDS.values():
        assert set(kind.numbers.values()) <= {"", *kind.settings}
