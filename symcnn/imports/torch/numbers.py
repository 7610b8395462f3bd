"""Tensors of PyTorch as arrays, in float64 if they are of floats."""

from __future__ import annotations

from typing import Any

import torch

from symcnn.equations.values import Array


def float64(value: Any) -> Any:
    """Return a tensor of floats in 64 bits; anything else stays."""
    is_float = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.detach().cpu().to(torch.float64) if is_float else value


def array_of(tensor: torch.Tensor) -> Array:
    """Return the numbers of a tensor."""
    array: Array = float64(tensor).detach().cpu().numpy()
    return array
