"""The types that a file can name."""

import pytest

from symcnn.problems.catalog import LAYERS, LOSSES, PLANNED_LAYERS, PLANNED_LOSSES
from symcnn.problems.reading import SETTINGS

KINDS = {**LAYERS, **LOSSES}


@pytest.mark.parametrize("name", KINDS)
def test_every_setting_can_be_read(name: str) -> None:
    for setting in KINDS[name].settings.values():
        assert setting.type in SETTINGS


def test_a_type_is_there_or_still_to_come() -> None:
    assert not set(LAYERS) & set(PLANNED_LAYERS)
    assert not set(LOSSES) & set(PLANNED_LOSSES)


def test_the_keys_are_those_of_the_format() -> None:
    conv = {"filters", "kernel_size", "stride", "padding", "dilation", "groups", "bias"}
    every = {"type", "name", "inputs", "weight_from"}
    numbers = {"weight", "bias_values"}
    assert set(LAYERS["conv2d"].keys) == every | conv | numbers
    assert set(LAYERS["max_pool2d"].keys) == every | {"pool_size", "stride", "padding", "ties"}
    assert set(LAYERS["avg_pool2d"].keys) == every | {"pool_size", "stride", "padding"}
    assert set(LAYERS["dense"].keys) == every | {"units", "bias"} | numbers
    assert set(LAYERS["flatten"].keys) == every
    assert set(LOSSES["half_squared_error"].keys) == {"type", "target", "reduction", "l2"}
    assert LAYERS["conv2d"].required == ("filters", "kernel_size")
