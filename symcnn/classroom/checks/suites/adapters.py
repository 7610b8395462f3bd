"""Functions of courses that draw random numbers, called in the usual way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Function = Callable[..., Any]

_DRAWS = ("rand", "random", "random_sample", "uniform")


def with_mask(kept: float) -> Callable[[Function], Function]:
    """Make a forward pass of dropout, which draws its mask, one that is given the mask.

    The numbers that it draws are below the probability of keeping an entry where the mask is 1.

    Args:
        kept: That probability, the setting p of the course.
    """

    def adapted(function: Function) -> Function:
        def forward(x: Array, mask: Array) -> Any:
            with _drawing(np.where(mask > 0, kept / 2, (1 + kept) / 2), mask):
                return function(x, {"p": kept, "mode": "train", "seed": 1})

        return forward

    return adapted


@contextmanager
def _drawing(numbers: Array, mask: Array) -> Iterator[None]:
    """Let NumPy draw these numbers from 0 to 1, and this mask where it draws zeros and ones."""
    drawn = {**dict.fromkeys(_DRAWS, numbers), "binomial": mask}
    own = {name: getattr(np.random, name) for name in drawn}
    for name, array in drawn.items():
        setattr(np.random, name, partial(_copy, array))
    try:
        yield
    finally:
        for name, function in own.items():
            setattr(np.random, name, function)


def _copy(array: Array, *_: Any, **__: Any) -> Array:
    return array.copy()
