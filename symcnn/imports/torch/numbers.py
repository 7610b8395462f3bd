"""Tensors of PyTorch as arrays, in float64 if they are of floats; functions as they are defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from symcnn.equations.values import Array

IN_64_BITS = {torch.float32: torch.float64, torch.complex64: torch.complex128}
"""What stands in place of a type of numbers that a module casts to."""


def float64(value: Any) -> Any:
    """Return a tensor of floats in 64 bits; whole numbers stay as they are, wherever they are."""
    if not isinstance(value, torch.Tensor):
        return value
    return value.detach().cpu().to(torch.float64 if value.is_floating_point() else value.dtype)


def array_of(tensor: torch.Tensor) -> Array:
    """Return the numbers of a tensor."""
    array: Array = float64(tensor).detach().cpu().numpy()
    return array


def _in_64_bits(values: Iterable[Any]) -> list[Any]:
    return [IN_64_BITS.get(v, v) if isinstance(v, torch.dtype) else v for v in values]


def _named_in_64_bits(values: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(values, _in_64_bits(values.values()), strict=True))


class InFloat64(TorchFunctionMode):  # type: ignore[misc]  # it is read as untyped
    """Lets autograd differentiate some functions, and batch normalisation, as they are defined.

    Casts to 32 bits keep the 64 that everything is computed in.

    PyTorch's own derivative of a hard sigmoid is 1/6 rounded to 32 bits, also for numbers of 64
    bits, and that of a CELU has 1/alpha in 32 bits. Its derivatives of a batch normalisation in
    evaluation mode are wrong for a single sample where those that arrive stand in memory with the
    channels last (seen in PyTorch 2.13).
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call a function of PyTorch, or what stands in its place."""
        name = str(getattr(func, "__name__", ""))
        if name.startswith("batch_norm"):
            normal = func(*args, **(kwargs or {}))
            if normal.requires_grad:
                normal.register_hook(torch.Tensor.contiguous)
            return normal
        if name == "float":
            return args[0].double()
        plain = name.split(".")[0]
        if plain.rstrip("_") not in _DEFINED:
            return func(*_in_64_bits(args), **_named_in_64_bits(kwargs or {}))
        given = {**(kwargs or {})}
        in_place = given.pop("inplace", False) or plain.endswith("_")
        made = _DEFINED[plain.rstrip("_")](*args, **given)
        return args[0].copy_(made) if in_place else made


def _celu(x: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    """Return max(0, x) + min(0, alpha (exp(x / alpha) - 1))."""
    x = x.clone()  # what is written in place is not what it is computed of
    return x.clamp(min=0) + alpha * torch.expm1(x.clamp(max=0) / alpha)


def _hard_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Return min(max(0, x + 3), 6) / 6."""
    made: torch.Tensor = (x + 3).clamp(0, 6) / 6
    return made


_DEFINED: Mapping[str, Callable[..., torch.Tensor]] = {"hardsigmoid": _hard_sigmoid, "celu": _celu}
