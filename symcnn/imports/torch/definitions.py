"""Functions by their definitions in float64, where PyTorch has constants of 32 bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class InFloat64(TorchFunctionMode):  # type: ignore[misc]  # it is read as untyped
    """Lets autograd differentiate the hard sigmoid as it is defined.

    PyTorch's own derivative of it is 1/6 rounded to 32 bits, also for numbers of 64 bits.
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
        if not name.startswith("hardsigmoid"):
            return func(*args, **(kwargs or {}))
        made = _hard_sigmoid(args[0])
        in_place = name.startswith("hardsigmoid_") or (kwargs or {}).get("inplace", False)
        return args[0].copy_(made) if in_place else made


def _hard_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Return min(max(0, x + 3), 6) / 6."""
    made: torch.Tensor = (x + 3).clamp(0, 6) / 6
    return made
