"""Layers that were recognised by their formulas."""

from __future__ import annotations

from symcnn.imports import composed
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations import norms
from symcnn.imports.operations.entrywise import applied
from symcnn.imports.placed import Placed
from symcnn.network.layers import GELU

OPERATORS = Operators()


@OPERATORS.of(composed.GELU)
def _gelu(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "x"), GELU())


@OPERATORS.of(composed.LAYER_NORM)
def _layer_norm(b: Builder, n: Node) -> Placed:
    x, axes = b.tensor(n, "x"), n.arguments["axes"]
    numbers = {key: b.constant(n, key) for key in ("weight", "bias")}
    return norms.layer_norm(b, x, numbers, axes, n.arguments["epsilon"])


@OPERATORS.of(composed.RMS_NORM)
def _rms_norm(b: Builder, n: Node) -> Placed:
    x, axes = b.tensor(n, "x"), n.arguments["axes"]
    return norms.rms_norm(b, x, b.constant(n, "weight"), axes, n.arguments["epsilon"])
