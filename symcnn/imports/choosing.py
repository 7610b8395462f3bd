"""What an import is given: inputs, which of several outputs is meant, and packages."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError, shown

Output = int | str | None
"""The number of an output, counted from 0, or its name; None stands for the only one."""


def chosen(names: Sequence[str], output: Output, whose: str = "module") -> int:
    """Return which of the outputs of these names is meant.

    Raises:
        SymcnnError: Names the outputs, if there are several or none is meant.
    """
    if output is None and len(names) == 1:
        return 0
    if isinstance(output, int) and not isinstance(output, bool) and 0 <= output < len(names):
        return output
    if isinstance(output, str) and output in names:
        return names.index(output)
    if not names:
        raise SymcnnError(f"the {whose} returns no tensor: let it return a layer's output")
    listed = shown([*names])
    first = names[0] if names[0].isdecimal() else f'"{names[0]}"'
    if output is None:
        raise SymcnnError(
            f"the {whose} returns {len(names)} tensors, {listed}: choose one, output={first}"
        )
    raise SymcnnError(
        f"the {whose} returns no {shown(output)}, but {listed}: choose one, output={first}"
    )


def needed(package: str, extra: str) -> None:
    """Refuse to go on without a package.

    Raises:
        SymcnnError: Says how it is installed.
    """
    if find_spec(package) is None:
        raise SymcnnError(f'this needs {package}: pip install "symcnn[{extra}]"')


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
