"""Functions of entries that PyTorch and ONNX both have, by their formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, OfBoth, Operation
from symcnn.imports.graph import Node
from symcnn.imports.operations.elementwise import chosen, computed, written
from symcnn.imports.operations.entrywise import Operand, applied
from symcnn.imports.operations.shared import X, either
from symcnn.imports.placed import Placed
from symcnn.network.layers import Elementwise

OPERATORS = OfBoth()

Formula = Callable[[Node], str]


def _named(*names: str) -> list[str]:
    """Return what PyTorch calls functions of one tensor, in place or not."""
    return [f"{name}{way}.default" for name in names for way in ("", "_")]


_PLAIN = {
    ("exp", "Exp"): "exp(x)",
    ("exp2", ""): "2**x",
    ("expm1", ""): "exp(x) - 1",
    ("log", "Log"): "log(x)",
    ("log1p", ""): "log(1 + x)",
    ("log2", ""): "log2(x)",
    ("log10", ""): "log10(x)",
    ("sqrt", "Sqrt"): "sqrt(x)",
    ("rsqrt", ""): "1/sqrt(x)",
    ("reciprocal", "Reciprocal"): "1/x",
    ("square", ""): "x**2",
    ("abs", "Abs"): "abs(x)",
    ("sign", "Sign"): "sign(x)",
    ("sgn", ""): "sign(x)",
    ("floor", "Floor"): "floor(x)",
    ("ceil", "Ceil"): "ceil(x)",
    ("round", "Round"): "where(x - floor(x) == 0.5, 2*floor((floor(x) + 1)/2), floor(x + 0.5))",
    ("trunc", ""): "sign(x)*floor(abs(x))",
    ("fix", ""): "sign(x)*floor(abs(x))",
    ("frac", ""): "x - sign(x)*floor(abs(x))",
    ("erf", "Erf"): "erf(x)",
    ("erfc", ""): "1 - erf(x)",
    **{
        (f"{way}{name}", f"{way}{name}".capitalize()): f"{way}{name}(x)"
        for way in ("", "a")
        for name in ("sin", "cos", "tan", "sinh", "cosh")
    },
    ("atanh", "Atanh"): "atanh(x)",
    ("softsign", "Softsign"): "x / (1 + abs(x))",
    ("log_sigmoid", ""): "-softplus(-x)",
    ("logical_not", "Not"): "x == 0",
    ("bitwise_not", ""): "x == 0",
    ("deg2rad", ""): "pi/180 * x",
    ("rad2deg", ""): "180/pi * x",
}
"""Functions without settings, by what PyTorch and ONNX call them."""


def _celu(n: Node) -> str:
    alpha = written(n.get("alpha", 1))
    return f"max(x, 0) + {alpha}*(exp(min(x, 0)/{alpha}) - 1)"


_SELU = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""Alpha and the scale of Klambauer et al. (2017)."""


def _selu(n: Node) -> str:
    alpha, scale = n.get("alpha", _SELU[0]), n.get("gamma", _SELU[1])
    return f"{written(scale)}*(max(x, 0) + {written(alpha)}*(exp(min(x, 0)) - 1))"


def _threshold(n: Node) -> str:
    least = written(n.get("threshold", n.get("alpha", 1.0)))
    return f"where(x > {least}, x, {written(n.get('value', 0))})"


def _hard_shrink(n: Node) -> str:
    return f"where(abs(x) > {written(n.get('lambd', 0.5))}, x, 0)"


def _soft_shrink(n: Node) -> str:
    width, bias = written(n.get("lambd", 0.5)), n.get("bias")
    by = width if bias is None else written(bias)
    return f"where(x > {width}, x - {by}, where(x < -{width}, x + {by}, 0))"


def _leaky(n: Node) -> str:
    if n.get("training", False):
        raise SymcnnError("slopes are drawn at random: export the module in evaluation mode")
    return f"where(x > 0, x, {written((n.get('lower', 1 / 8) + n.get('upper', 1 / 3)) / 2)}*x)"


def _logit(n: Node) -> str:
    if n.get("eps") is not None:
        return f"log({_within(n)} / (1 - {_within(n)}))"
    return "log(x / (1 - x))"


def _within(n: Node) -> str:
    return f"min(max(x, {written(n.get('eps'))}), {written(1 - n.get('eps'))})"


_SET: dict[tuple[tuple[str, ...], str], Formula] = {
    (("celu",), "Celu"): _celu,
    (("selu",), "Selu"): _selu,
    (("threshold",), "ThresholdedRelu"): _threshold,
    (("hardshrink",), ""): _hard_shrink,
    (("softshrink",), "Shrink"): _soft_shrink,
    (("rrelu",), ""): _leaky,
    (("logit",), ""): _logit,
}
"""Functions with settings."""


def _formula(text: Formula) -> Operation:
    return lambda b, n: applied(b, b.tensor(n, *X), Elementwise(text(n)))


def _always(text: str) -> Formula:
    return lambda n: text


for (_torch, _onnx), _text in _PLAIN.items():
    OPERATORS.of(_named(_torch), [_onnx] if _onnx else [])(_formula(_always(_text)))
for (_names, _onnx), _made in _SET.items():
    OPERATORS.of(_named(*_names), [_onnx] if _onnx else [])(_formula(_made))


def _of_two(*names: str) -> list[str]:
    """Return what PyTorch calls functions of a tensor and another, or a number."""
    kinds = ("Tensor", "Scalar", "default")
    return [f"{name}{way}.{kind}" for name in names for way in ("", "_") for kind in kinds]


_PAIRS: dict[tuple[Iterable[str], Iterable[str]], str] = {
    (("gt", "greater"), ("Greater",)): "{0} > {1}",
    (("ge", "greater_equal"), ("GreaterOrEqual",)): "{0} >= {1}",
    (("lt", "less"), ("Less",)): "{0} < {1}",
    (("le", "less_equal"), ("LessOrEqual",)): "{0} <= {1}",
    (("eq",), ("Equal",)): "{0} == {1}",
    (("ne", "not_equal"), ()): "{0} != {1}",
    (("logical_and", "bitwise_and", "__and__"), ("And",)): "{0} != 0 and {1} != 0",
    (("logical_or", "bitwise_or", "__or__"), ("Or",)): "{0} != 0 or {1} != 0",
    (("logical_xor", "bitwise_xor", "__xor__"), ("Xor",)): "abs(({0} != 0) - ({1} != 0))",
    (("maximum", "fmax"), ()): "max({0}, {1})",
    (("minimum", "fmin"), ()): "min({0}, {1})",
    (("xlogy",), ()): "where({0} == 0, 0, {0}*log({1}))",
    (("heaviside",), ()): "where({0} == 0, {1}, {0} > 0)",
    (("atan2", "arctan2"), ()): "where({1} > 0, atan({0}/{1}), "
    "where({0} > 0, pi/2, -pi/2) - atan({1}/{0}))",
    (("remainder",), ()): "{0} - {1}*floor({0}/{1})",
    (("fmod",), ()): "{0} - {1}*sign({0}/{1})*floor(abs({0}/{1}))",
    (("floor_divide",), ()): "floor({0}/{1})",
    (("hypot",), ()): "sqrt({0}**2 + {1}**2)",
    (("logaddexp",), ()): "max({0}, {1}) + log(1 + exp(-abs({0} - {1})))",
}
"""Functions of two tensors, or of a tensor and a number."""


def _pair(text: str) -> Operation:
    return lambda b, n: computed(b, text, *either(b, n))


for (_both, _others), _text in _PAIRS.items():
    OPERATORS.of(_of_two(*_both), [*_others])(_pair(_text))


@OPERATORS.of(
    ["pow.Tensor_Scalar", "pow.Tensor_Tensor", "pow.Scalar", "pow_.Scalar", "pow_.Tensor"], ["Pow"]
)
def _power(b: Builder, n: Node) -> Placed:
    base, exponent = b.operand(n, "self", "X"), b.operand(n, "exponent", "Y")
    return computed(b, "{0}**{1}", base, exponent)


@OPERATORS.of(["where.self", "where.ScalarOther", "where.ScalarSelf", "where.Scalar"], ["Where"])
def _where(b: Builder, n: Node) -> Placed:
    one, other = b.operand(n, "self", "X"), b.operand(n, "other", "Y")
    return chosen(b, b.operand(n, "condition"), one, other)


@OPERATORS.of(
    [f"masked_fill{way}.{kind}" for way in ("", "_") for kind in ("Scalar", "Tensor")], []
)
def _masked(b: Builder, n: Node) -> Placed:
    return chosen(b, b.operand(n, "mask"), b.operand(n, "value"), b.operand(n, "self"))


@OPERATORS.of(
    [f"{name}{way}.Tensor" for name in ("clamp", "clamp_min", "clamp_max") for way in ("", "_")], []
)
def _clamp(b: Builder, n: Node) -> Placed:
    low, high = (b.operand(n, key) if n.get(key) is not None else None for key in ("min", "max"))
    made: Operand = b.operand(n, "self")
    if high is None:
        assert low is not None, "PyTorch asks for one of the two"
        return computed(b, "max({0}, {1})", made, low)
    made = made if low is None else computed(b, "max({0}, {1})", made, low)
    return computed(b, "min({0}, {1})", made, high)
