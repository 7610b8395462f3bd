"""Layers as one would write them: exact numbers, and no input where it is the layer before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from symcnn.equations.values import exact
from symcnn.network.layers import Layer


def exact_layer(layer: Layer) -> Layer:
    """Return a layer with exact numbers in place of floats, as a problem file has them."""
    usual = {setting.name: setting.default for setting in fields(layer)}
    floats = {n: Decimal(repr(v)) for n, v in layer.settings().items() if isinstance(v, float)}
    given: dict[str, Any] = {n: v if v == usual[n] else exact(v, n) for n, v in floats.items()}
    return replace(layer, **given)


def chained(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Leave out the input of a layer that reads the one before it, as every layer does."""
    for before, layer in zip(("x", *(layer.name for layer in layers)), layers, strict=False):
        yield replace(layer, inputs=None) if layer.inputs == (before,) else layer
