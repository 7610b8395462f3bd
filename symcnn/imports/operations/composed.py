"""Layers that were recognised by their formulas, and powers."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.imports import composed
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations import norms
from symcnn.imports.operations.entrywise import applied, combined
from symcnn.imports.placed import Placed
from symcnn.network.layers import GELU, Multiply

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


def power(b: Builder, x: Placed, exponent: float) -> Placed:
    """Return a whole power of every entry, as a product."""
    if exponent not in (1, 2, 3, 4):
        raise SymcnnError(f"a power of {exponent} is not supported: use one from 1 to 4")
    return x if exponent == 1 else combined(b, [x] * int(exponent), Multiply())
