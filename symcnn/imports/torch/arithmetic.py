"""PyTorch: sums, differences, products and quotients."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations.entrywise import applied, combined, shifted, stretched
from symcnn.imports.placed import Placed
from symcnn.imports.table import Operators
from symcnn.layers import Add, Divide, Multiply, Scale, Subtract

OPERATORS = Operators("aten.")


def _names(name: str) -> list[str]:
    return [f"{name}{way}.{kind}" for way in ("", "_") for kind in ("Tensor", "Scalar")]


@OPERATORS.of(*_names("add"), *_names("sub"))
def _add(b: Builder, n: Node) -> Placed:
    sign = -1 if ".sub" in n.operator else 1
    by = sign * n.get("alpha", 1)
    first, second = n.arguments["self"], n.arguments["other"]
    if isinstance(first, Ref) and isinstance(second, Ref):
        xs = [b.tensor_of(n, first), b.tensor_of(n, second)]
        if abs(by) != 1:
            raise SymcnnError("alpha is not 1: multiply the tensor instead")
        return combined(b, xs, Add() if by == 1 else Subtract())
    if isinstance(first, Ref):
        return shifted(b, b.tensor_of(n, first), b.array(n, "other"), by)
    x = b.tensor_of(n, second)
    return shifted(b, x if by == 1 else applied(b, x, Scale(by)), b.array(n, "self"), 1)


@OPERATORS.of("rsub.Scalar")
def _reversed_difference(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "self"), Scale(-n.get("alpha", 1), n.arguments["other"]))


@OPERATORS.of(*_names("mul"))
def _multiply(b: Builder, n: Node) -> Placed:
    first, second = n.arguments["self"], n.arguments["other"]
    if isinstance(first, Ref) and isinstance(second, Ref):
        return combined(b, [b.tensor_of(n, first), b.tensor_of(n, second)], Multiply())
    key = "other" if isinstance(first, Ref) else "self"
    x = first if isinstance(first, Ref) else second
    return stretched(b, b.tensor_of(n, x), b.array(n, key))


@OPERATORS.of(*_names("div"))
def _divide(b: Builder, n: Node) -> Placed:
    first, second = n.arguments["self"], n.arguments["other"]
    if isinstance(first, Ref) and isinstance(second, Ref):
        return combined(b, [b.tensor_of(n, first), b.tensor_of(n, second)], Divide())
    if not isinstance(first, Ref):
        raise SymcnnError("a constant is divided by a tensor: multiply by the inverse instead")
    divisor = b.array(n, "other")
    return stretched(b, b.tensor_of(n, first), Constant(1 / divisor.array))


@OPERATORS.of("neg.default")
def _negative(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "self"), Scale(-1))
