"""What names in a model say: what its layers are called, and which numbers are not learned."""

from __future__ import annotations

import re
from typing import Any

from onnx import helper

_OWNED = re.compile(r"(?!onnx::)(.+)\.(weight|bias|running_mean)")


_BY_CONVERTER = re.compile(r"val_\d+|onnx::\w+|.*Constant\w*|")
"""What converters call numbers that they compute themselves."""


def is_factor(tensor: Any) -> bool:
    """Tell whether an array is a single number of the formulas, such as 1/2, and not learned."""
    single = [*tensor.dims] == [1] and _BY_CONVERTER.fullmatch(tensor.name)
    return not tensor.dims or bool(single)


def operator_of(node: Any) -> str:
    """Return the type of a node, with its domain if that is not ONNX's own."""
    is_own = node.domain in ("", "ai.onnx")
    return str(node.op_type) if is_own else f"{node.domain}::{node.op_type}"


def layer_name(node: Any) -> str:
    """Return what the layer of a node is called; several may be called alike.

    PyTorch calls a weight "layer1.0.conv1.weight", and the node that reads it
    "/layer1/layer1.0/conv1/Conv" or "node_conv2d_1".
    """
    for tensor in node.input[1:]:
        if found := _OWNED.fullmatch(tensor):
            return found[1]
    *owners, last = [part for part in node.name.split("/") if part] or [""]
    if not owners:
        return str(last).removeprefix("node_")
    path, operator = _path(owners), node.op_type.lower()
    is_own = operator in owners[-1].lower() or owners[-1].isdigit() or _has_weights(node)
    return path if is_own else f"{path}.{operator}"


def _path(owners: list[str]) -> str:
    """Return layer1.0.conv1 for layer1, layer1.0, conv1."""
    path, before = "", ""
    for owner in owners:
        if before and owner.startswith(f"{before}."):
            path, before = path.removesuffix(before) + owner, owner
        else:
            path, before = f"{path}.{owner}" if path else owner, owner
    return path


def _has_weights(node: Any) -> bool:
    return node.op_type in ("Conv", "ConvTranspose", "Gemm", "BatchNormalization", "PRelu")


def type_name(tensor: Any) -> str:
    """Return what NumPy calls the type of an array's numbers.

    Raises:
        TypeError: If ONNX has no such type.
    """
    try:
        return str(helper.tensor_dtype_to_np_dtype(tensor.data_type).name)
    except KeyError:
        raise TypeError(f"its numbers are of the unknown type {tensor.data_type}") from None
