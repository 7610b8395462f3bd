"""ONNX: sums, differences, products and quotients."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations.composed import power
from symcnn.imports.operations.entrywise import applied, combined, divided, shifted, stretched
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed
from symcnn.imports.table import Operators
from symcnn.network.layers import Add, Divide, Layer, Multiply, Scale, Subtract

OPERATORS = Operators()


def _pair(b: Builder, n: Node, layer: Layer) -> Placed | None:
    """Return what a layer makes of two tensors, if both depend on the input."""
    first, second = n.arguments["A"], n.arguments["B"]
    if not (isinstance(first, Ref) and isinstance(second, Ref)):
        return None
    return combined(b, [b.tensor_of(n, first), b.tensor_of(n, second)], layer)


def _single(b: Builder, n: Node) -> tuple[Placed, Constant]:
    """Return the tensor that depends on the input, and the constant beside it."""
    keys = ("A", "B") if isinstance(n.arguments["A"], Ref) else ("B", "A")
    x, constant = b.tensor(n, keys[0]), b.array(n, keys[1])
    if len(x.stated) < constant.array.ndim and constant.array.shape[0] == 1:
        x = reshaped(b, x, (x.stated[0], *n.shape[1:]))
    return x, constant


@OPERATORS.of("Add")
def _add(b: Builder, n: Node) -> Placed:
    return _pair(b, n, Add()) or shifted(b, *_single(b, n))


@OPERATORS.of("Sub")
def _subtract(b: Builder, n: Node) -> Placed:
    if made := _pair(b, n, Subtract()):
        return made
    x, constant = _single(b, n)
    if isinstance(n.arguments["A"], Ref):
        return shifted(b, x, constant, -1)
    return shifted(b, applied(b, x, Scale(-1)), constant)


@OPERATORS.of("Mul")
def _multiply(b: Builder, n: Node) -> Placed:
    return _pair(b, n, Multiply()) or stretched(b, *_single(b, n))


@OPERATORS.of("Div")
def _divide(b: Builder, n: Node) -> Placed:
    if made := _pair(b, n, Divide()):
        return made
    if not isinstance(n.arguments["A"], Ref):
        raise SymcnnError("a constant is divided by a tensor: multiply by the inverse instead")
    x, constant = _single(b, n)
    return divided(b, x, constant)


@OPERATORS.of("Pow")
def _power(b: Builder, n: Node) -> Placed:
    exponent = b.array(n, "Y").array
    if exponent.size != 1:
        raise SymcnnError("exponents differ between entries: use one for all")
    return power(b, b.tensor(n, "X"), exponent.item())


@OPERATORS.of("Sum")
def _sum(b: Builder, n: Node) -> Placed:
    given = n.arguments["data_0"]
    xs = [b.tensor_of(n, ref) for ref in given if isinstance(ref, Ref)]
    made = xs[0] if len(xs) == 1 else combined(b, xs, Add())
    for constant in given:
        if isinstance(constant, Constant):
            made = shifted(b, made, constant)
    return made
