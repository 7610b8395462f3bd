"""What a program computes: the loss, every layer's output, every gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import prod
from typing import Any, Literal, TypeVar, overload

import numpy as np

from symcnn.equations.notation import Shape

Array = np.ndarray[Any, np.dtype[Any]]
"""An array; NumPy's own name for this, NDArray, would take longer to import."""


class Compared:
    """Data with arrays in tables: two are equal if their numbers are; what is no number, too."""

    def __eq__(self, other: object) -> bool:
        """Tell whether both have the same numbers by the same names."""
        if type(other) is not type(self):
            return NotImplemented
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        return all(_same(getattr(self, name), getattr(other, name)) for name in names)

    __hash__ = None  # type: ignore[assignment]  # arrays can be changed


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return bool(one == other)
    one, other = np.asarray(one), np.asarray(other)
    return np.array_equal(one, other, equal_nan=one.dtype.kind == other.dtype.kind == "f")


@dataclass(frozen=True, eq=False)
class Evaluation(Compared):
    """The numbers of one forward and backward pass.

    Arrays have the layouts of the tensors, the batch axis first where there is one. Those of the
    backend "jax" stay arrays of JAX when they are copied; a pickle has them as NumPy's, since JAX
    would read them in 32 bits wherever it has not been told otherwise.

    Attributes:
        loss: L; no number where it was not computed.
        outputs: The output of every layer, by its name.
        gradients: dL/dT for the input "x", every layer's output and every parameter,
            by the name of T. Factors 1/a and 1/(1 - a), where a is an exponential or a sigmoid,
            are bounded by exp(700), about 1e304: a derivative that is larger on paper, such as
            dL/da = -1/a for an a that has underflowed, remains a float.
    """

    loss: float
    outputs: dict[str, Array]
    gradients: dict[str, Array]

    def __repr__(self) -> str:
        """Say what it holds; the arrays themselves would fill screens."""
        return held(self, f"{self.loss:.6g}")

    def __copy__(self) -> Evaluation:
        """Return another with the same arrays."""
        return type(self)(self.loss, {**self.outputs}, {**self.gradients})

    def __deepcopy__(self, memo: dict[int, Any]) -> Evaluation:
        """Return another with arrays of its own; those of JAX never change."""
        return type(self)(self.loss, _own(self.outputs), _own(self.gradients))

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as arrays of NumPy."""
        loss = self.loss if isinstance(self.loss, float) else np.asarray(self.loss).item()
        made = ({n: np.asarray(a) for n, a in t.items()} for t in (self.outputs, self.gradients))
        return type(self), (loss, *made)


def _own(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {n: a.copy() if isinstance(a, np.ndarray) else a for n, a in arrays.items()}


def held(evaluation: Any, loss: str) -> str:
    """Return a line on what an evaluation holds: the loss, and what has arrays."""
    kinds = {"outputs": evaluation.outputs, "gradients": evaluation.gradients}
    parts = (f"{kind} of {', '.join(arrays)}" for kind, arrays in kinds.items() if arrays)
    return f"<{type(evaluation).__name__}: {'; '.join([f'loss {loss}', *parts])}>"


# The numbers of a kernel, filter by filter: (filters, channels, height, width).


Layout = Literal["filters-last", "filters-first"]
"""Along which axis of what is written a kernel's filters lie."""

FILTERS_LAST: Layout = "filters-last"
FILTERS_FIRST: Layout = "filters-first"
LAYOUTS: tuple[Layout, ...] = (FILTERS_FIRST, FILTERS_LAST)

_Entry = TypeVar("_Entry")


def filters_first(shape: Shape) -> Shape:
    """Return the shape filter by filter of a kernel whose filters are last.

    >>> filters_first((5, 4, 3, 2))
    (2, 3, 5, 4)
    """
    *kernel, channels, filters = shape
    return (filters, channels, *kernel)


def shapes_filters_first(shape: Shape) -> list[Shape]:
    """Return the shapes that a kernel can be written in filter by filter, but for a flat list.

    >>> shapes_filters_first((3, 3, 1, 2)), shapes_filters_first((3, 3, 2, 1))
    ([(2, 1, 3, 3), (2, 3, 3)], [(1, 2, 3, 3), (2, 3, 3)])
    >>> shapes_filters_first((3, 3, 1, 1))
    [(1, 1, 3, 3), (1, 3, 3), (3, 3)]
    """
    filters, channels, *kernel = filters_first(shape)
    found: list[Shape] = [(filters, channels, *kernel)]
    if channels == 1:
        found.append((filters, *kernel))
    if filters == 1:
        found.append((channels, *kernel))
    if filters == channels == 1:
        found.append(tuple(kernel))
    return [*dict.fromkeys(found)]


@overload
def filters_last(entries: Array, shape: Shape) -> Array: ...
@overload
def filters_last(entries: Sequence[_Entry], shape: Shape) -> list[_Entry]: ...
def filters_last(entries: Array | Sequence[_Entry], shape: Shape) -> Array | list[_Entry]:
    """Return a kernel's entries in the order of its tensor, of entries filter by filter.

    Args:
        entries: The entries in row-major order, as an array or as a list.
        shape: The shape of the tensor, (height, width, channels, filters).

    >>> filters_last(["a1", "a2", "b1", "b2"], (2, 1, 1, 2))
    ['a1', 'b1', 'a2', 'b2']
    """
    if isinstance(entries, np.ndarray):
        return _turned(entries, shape)
    return [entries[at] for at in _turned(np.arange(prod(shape)), shape).tolist()]


def _turned(entries: Array, shape: Shape) -> Array:
    axes = len(shape)
    blocks = entries.reshape(filters_first(shape))
    return blocks.transpose(*range(2, axes), 1, 0).ravel()
