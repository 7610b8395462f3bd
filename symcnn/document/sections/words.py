"""Words and small formulas that several sections use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.document.blocks import Inline
from symcnn.document.rows import printed
from symcnn.equations import Loop, Tensor


def times(shape: Sequence[int]) -> Inline:
    """Return 3 x 1 x 1."""
    return Inline(r" \times ".join(map(str, shape)))


def ranges(loops: Iterable[Loop]) -> Inline:
    """Return i = 1, ..., 3; k = 1, 2."""
    return Inline(r",\; ".join(f"{loop.symbol} = {_run(loop.size)}" for loop in loops))


def named(tensor: Tensor) -> Inline:
    """Return the letter of a tensor, e.g. z^{(2)}."""
    return Inline(printed(tensor.base.label))


def _run(size: int) -> str:
    return ", ".join(map(str, range(1, size + 1))) if size <= 3 else rf"1, \dots, {size}"
