"""The layers of a source as one would write them, and what symcnn calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from itertools import count
from typing import Any

from symcnn import limits
from symcnn.equations.values import exact
from symcnn.network.layers import Layer
from symcnn.writing.lettering import RESERVED


def cleaned(name: str) -> str:
    """Return what symcnn can call a layer: at most 60 printable letters, of long names the end."""
    printable = "".join(c for c in name if c.isprintable())
    parts = [part for part in re.split(r"[./]", printable) if part.strip()]
    while len(".".join(parts)) > limits.NAME_LETTERS - 4 and len(parts) > 1:
        parts = parts[1:]
    joined = ".".join(parts)[: limits.NAME_LETTERS - 4] or "layer"
    return f"net.{joined}" if parts and parts[0] == "loss" else joined


class Names:
    """The names of layers and of their tensors, of which none is given twice."""

    def __init__(self) -> None:
        """Begin with those of tensors that are no layer's."""
        self._taken, self._numbered = {*RESERVED}, dict[str, int]()

    def free(self, wanted: str, tensors: Iterable[str]) -> str:
        """Return a name that neither a layer nor one of its tensors has, and take it.

        Names that differ by a capital are one.
        """
        base = cleaned(wanted)
        known = base.casefold()
        for number in count(self._numbered.get(known, 0)):
            name = f"{base}_{number}" if number else base
            names = {own.casefold() for own in (name, *(f"{name}.{key}" for key in tensors))}
            if not names & self._taken:
                self._taken |= names
                self._numbered[known] = number + 1
                return name
        raise AssertionError("numbers do not end")


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
