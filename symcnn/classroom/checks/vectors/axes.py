"""What is counted along the axes of arrays."""

from __future__ import annotations

from collections.abc import Mapping

from symcnn.classroom.checks.vectors.layouts import CHANNEL, FILTER, INPUT_CHANNEL
from symcnn.classroom.checks.vectors.specimens import Specimen
from symcnn.equations import Tensor

_POSITIONS: Mapping[int, tuple[str, ...]] = {
    0: (),
    1: ("position",),
    2: ("row", "column"),
    3: ("depth", "row", "column"),
}
"""What runs over positions, by the number of axes that do."""

_SAMPLE, _FEATURE = "sample", "feature"


def axes_of(specimen: Specimen, tensor: Tensor) -> tuple[str, ...]:
    """Return what is counted along the axes of a tensor of a layer."""
    own = {t.name: name for name, t in (*specimen.parameters.items(), *specimen.givens.items())}
    if tensor.name not in own or tensor.batched:
        return _names(tensor)
    if own[tensor.name] in type(specimen.layer).kernels:
        positions = (f"kernel {axis}" for axis in _POSITIONS[len(tensor.shape) - 2])
        return (*positions, INPUT_CHANNEL, FILTER)
    return _by_letters(specimen, tensor)


def _names(tensor: Tensor) -> tuple[str, ...]:
    """Return the names for an input or an output: they follow from the number of axes."""
    count = len(tensor.shape) - tensor.batched
    samples = (_SAMPLE,) * tensor.batched
    if count == 1:
        return (*samples, _FEATURE)
    if count - 1 in _POSITIONS:
        return (*samples, *_POSITIONS[count - 1], CHANNEL)
    return (*samples, *(f"axis {number}" for number in range(1, count + 1)))


def _by_letters(specimen: Specimen, tensor: Tensor) -> tuple[str, ...]:
    """Return the names for a parameter: it shares the letters of its axes with input or output."""
    output, *inputs = specimen.output, *specimen.inputs.values()
    made = dict(zip(output.axes, _names(output), strict=True))
    read = {letter: n for x in inputs for letter, n in zip(x.axes, _names(x), strict=True)}
    known = {letter: read.get(letter) or made.get(letter) for letter in tensor.axes}
    names = list(known.values())

    def called(letter: str, name: str | None, number: int) -> str:
        if name is None:
            return "index" if specimen.layer.takes_indices else f"axis {number}"
        side = "input" if letter in read else "output"
        return f"{side} {name}" if names.count(name) > 1 else name

    return tuple(called(*pair, number) for number, pair in enumerate(known.items(), 1))
