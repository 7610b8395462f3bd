"""Inputs that are given for a network from elsewhere, in the layout of its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError


def check_input(x: Any, shape: Sequence[int | None]) -> None:
    """Refuse what is no array of real numbers of the shape that the source takes.

    Raises:
        SymcnnError: Says how it gets that shape, if its axes alone stand in another order.
    """
    if x.dtype.kind not in "biuf":
        raise SymcnnError(f"x is an array of {x.dtype}: give real numbers")
    if not _fits(x.shape, shape):
        wanted = f"({', '.join('any' if n is None else str(n) for n in shape)})"
        raise SymcnnError(
            f"the input has the shape {x.shape}, but the model takes {wanted}: give "
            f"{_moved(x.shape, shape)}"
        )


def _fits(own: Sequence[int], shape: Sequence[int | None]) -> bool:
    return len(own) == len(shape) and all(n in (None, m) for m, n in zip(own, shape, strict=True))


def _moved(own: Sequence[int], shape: Sequence[int | None]) -> str:
    """Return what of an array has the shape, if anything has."""
    one = np.broadcast_to(np.int8(0), own)
    if _fits((1, *own), shape):
        return "x[None], one sample"
    if len(own) > 2 and _fits(np.moveaxis(one, -1, 1).shape, shape):
        return "np.moveaxis(x, -1, 1)"
    return "an array of that shape"
