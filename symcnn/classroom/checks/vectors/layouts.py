"""The order of the axes of arrays and of kernels in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symcnn.classroom.checks.vectors.arrays import VectorArray
from symcnn.errors import SymcnnError, shown

CHANNEL, INPUT_CHANNEL, FILTER = "channel", "input channel", "filter"
"""The axes that layouts place; what is counted along the others keeps its order."""

_FIRST = ("NCHW", "NCW", "NCDHW")
_LAST = ("NHWC", "NWC", "NDHWC")


@dataclass(frozen=True)
class Layout:
    """The order of the axes of arrays and of kernels.

    Attributes:
        is_first: Whether the channels come before the positions.
        kernel: The order of a kernel's axes, such as "HWIO", where "HW" stands for all positions.
    """

    is_first: bool
    kernel: str

    def placed(self, array: VectorArray) -> VectorArray:
        """Return an array in this layout."""
        if set(array.axes) >= {INPUT_CHANNEL, FILTER}:
            return array.transposed(self._kernel_order(array.axes))
        *_, last = array.axes
        if not self.is_first or last != CHANNEL or len(array.axes) < 3:
            return array
        axes = range(len(array.axes))
        return array.transposed((0, axes[-1], *axes[1:-1]))

    def _kernel_order(self, axes: Sequence[str]) -> list[int]:
        *positions, channel, unit = range(len(axes))
        found = {"I": [channel], "O": [unit], "H": positions}
        return [axis for letter in self.kernel if letter != "W" for axis in found[letter]]


def layout_of(layout: str, kernel_layout: str | None) -> Layout:
    """Read the names of layouts.

    Raises:
        SymcnnError: If there is no such layout.
    """
    if layout not in (*_FIRST, *_LAST):
        raise SymcnnError(
            f"there is no layout {shown(str(layout))}: choose NHWC, with the channels last, or NCHW"
        )
    kernel = "HWIO" if kernel_layout is None else kernel_layout
    if sorted(str(kernel)) != sorted("HWIO") or "HW" not in kernel:
        raise SymcnnError(
            f"there is no layout of kernels {shown(str(kernel_layout))}: write HWIO in the "
            "order of the axes, such as OIHW; HW stands for all axes with positions"
        )
    return Layout(layout in _FIRST, kernel)
