"""What is counted along the axes of arrays, and their order in other layouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symcnn.classroom.checks.vectors.arrays import VectorArray
from symcnn.classroom.checks.vectors.specimens import Specimen
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, shown

_POSITIONS: Mapping[int, tuple[str, ...]] = {
    0: (),
    1: ("position",),
    2: ("row", "column"),
    3: ("depth", "row", "column"),
}
"""What runs over positions, by the number of axes that do."""

_SAMPLE, _CHANNEL, _FEATURE = "sample", "channel", "feature"
_INPUT, _FILTER = "input channel", "filter"

LAYOUTS = ("NHWC", "NCHW")
"""The orders of the axes of images; those of sequences and volumes follow."""

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
        if set(array.axes) >= {_INPUT, _FILTER}:
            return array.transposed(self._kernel_order(array.axes))
        *_, last = array.axes
        if not self.is_first or last != _CHANNEL or len(array.axes) < 3:
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


def axes_of(specimen: Specimen, tensor: Tensor) -> tuple[str, ...]:
    """Return what is counted along the axes of a tensor of a layer."""
    own = {t.name: name for name, t in specimen.parameters.items()}
    if tensor.name not in own:
        return _names(tensor)
    if own[tensor.name] in type(specimen.layer).kernels:
        positions = (f"kernel {axis}" for axis in _POSITIONS[len(tensor.shape) - 2])
        return (*positions, _INPUT, _FILTER)
    return _by_letters(specimen, tensor)


def _names(tensor: Tensor) -> tuple[str, ...]:
    """Return the names for an input or an output: they follow from the number of axes."""
    count = len(tensor.shape) - tensor.batched
    samples = (_SAMPLE,) * tensor.batched
    if count == 1:
        return (*samples, _FEATURE)
    if count - 1 in _POSITIONS:
        return (*samples, *_POSITIONS[count - 1], _CHANNEL)
    return (*samples, *(f"axis {number}" for number in range(1, count + 1)))


def _by_letters(specimen: Specimen, tensor: Tensor) -> tuple[str, ...]:
    """Return the names for a parameter: it shares the letters of its axes with input or output."""
    output, *inputs = specimen.output, *specimen.inputs.values()
    made = dict(zip(output.axes, _names(output), strict=True))
    read = {letter: n for x in inputs for letter, n in zip(x.axes, _names(x), strict=True)}
    known = {letter: read.get(letter) or made.get(letter) for letter in tensor.axes}
    names = list(known.values())
    return tuple(
        f"axis {number}"
        if name is None
        else f"{'input' if letter in read else 'output'} {name}"
        if names.count(name) > 1
        else name
        for number, (letter, name) in enumerate(known.items(), 1)
    )
