"""Steps of a program that a network of real numbers, the same for every input, does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch

from symcnn.errors import SymcnnError, shown
from symcnn.imports.graph import Node, Ref
from symcnn.imports.torch.program import Call
from symcnn.imports.unknown import RANDOM, unknown

_WINDOWS = re.compile(r"(?:conv|conv_transpose|pool)([123])d\b")

_ROUNDED = {torch.float16, torch.bfloat16}


def check_constant(call: Call) -> None:
    """Refuse numbers that are others whenever they are computed."""
    if unknown(call.target) == RANDOM:
        raise SymcnnError(f"node {shown(call.name)} ({call.target}): {RANDOM[0]}: {RANDOM[1]}")


def check_number(call: Call) -> None:
    """Refuse a number of Python that is read from what depends on the input."""
    if call.target.startswith(("aten.item", "aten._local_scalar_dense")):
        raise SymcnnError(
            f"node {shown(call.name)} ({call.target}): a number of Python depends on the input, "
            "and would be fixed: keep it a tensor, without .item()"
        )


def check_node(node: Node, made: Sequence[Any], x: Any) -> None:
    """Refuse casts that change numbers, and windows over what has no axis of samples.

    Args:
        node: The operator.
        made: The tensors that it makes.
        x: The first tensor that it reads.
    """
    if any(tensor.dtype in _ROUNDED for tensor in made):
        kind = str(made[0].dtype).removeprefix("torch.")
        node.refused(f"it rounds to {kind}", "remove the cast, which changes the numbers")
    is_cast = re.match(r"aten\.(_to_copy|to|type)\b", node.operator)
    if is_cast and x.is_floating_point() and not made[0].is_floating_point():
        node.refused("it rounds to whole numbers, whose derivatives are 0", "remove the cast")
    window = _WINDOWS.search(node.operator)
    if window and isinstance(next(node.reads, None), Ref) and x.ndim == int(window[1]) + 1:
        node.refused("its input has no axis of samples", "give x.unsqueeze(0), one sample")
