"""How the numbers of kernels stand in files: with their filters last, or first.

    layout = "filters-first"           # at the top of a problem, of answers or in [[published]]

Without it a kernel is nested in the shape of its tensor, or one flat list in its order. What shapes
do not tell apart is never guessed: a shape that fits the other layout is refused, and the error
names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Values, check_shape, entries
from symcnn.equations.values.evaluation import (
    FILTERS_FIRST,
    FILTERS_LAST,
    LAYOUTS,
    Layout,
    filters_first,
    filters_last,
    shapes_filters_first,
)
from symcnn.equations.values.exact import flattened, shape_of
from symcnn.errors import SymcnnError, shown
from symcnn.network.network import Network

STATED = f'layout = "{FILTERS_FIRST}"'

_OWN_AXES = 2
"""Those of the channels and the filters: behind them come those of a window."""

_AXES = {1: "length", 2: "height, width", 3: "depth, height, width"}


def kernels_of(network: Network) -> Iterator[Tensor]:
    """Run over the kernels of a network: those of its convolutions, plain and transposed."""
    found = (s.own.get(key) for s in network.stages for key in s.layer.kernels)
    yield from (t for t in found if t is not None and len(t.shape) > _OWN_AXES)


def names_of_kernels(derivation: Derivation) -> frozenset[str]:
    """Return the names of the kernels, and those of the derivatives with respect to them."""
    names = [kernel.name for kernel in kernels_of(derivation.network)]
    slopes = derivation.adjoints
    return frozenset(names) | {slopes[name].name for name in names if name in slopes}


def reordered(values: Values, network: Network, layout: Layout) -> Values:
    """Return numbers in which those of kernels are in the order of their tensors.

    Args:
        values: Numbers by tensor name; others are returned as they are.
        network: The network.
        layout: How those of kernels are written.
    """
    if layout == FILTERS_LAST:
        return values
    given = {t.name: t for t in kernels_of(network) if t.name in values}
    kernels = Kernels(frozenset(given), layout)
    return {**values, **{name: kernels.numbers(values[name], t) for name, t in given.items()}}


def layout_of(value: Any, place: str) -> Layout:
    """Read the name of a layout."""
    for layout in LAYOUTS:
        if value == layout:
            return layout
    choices = " or ".join(f'"{layout}"' for layout in LAYOUTS)
    raise SymcnnError(f"{place} is {shown(value)}: give {choices}")


@dataclass(frozen=True)
class Kernels:
    """How the numbers of kernels are written, and which tensors are kernels.

    Attributes:
        names: The names of the kernels, and of what has their shapes.
        layout: The layout in which they are written.
        place: Where another layout can be stated.
    """

    names: frozenset[str] = frozenset()
    layout: Layout = FILTERS_LAST
    place: str = "at the top of the file"

    def entries(self, value: Any, tensor: Tensor, called: str = "") -> list[Any]:
        """Return the entries of nested or flat lists in the order of the tensor.

        Args:
            value: The lists.
            tensor: What the numbers are for.
            called: What errors call it, if not by its name.

        Raises:
            SymcnnError: If the shape does not fit; it says which layout would.
        """
        named = replace(tensor, name=called) if called else tensor
        if tensor.name not in self.names:
            return entries(value, named)
        nested = value.tolist() if hasattr(value, "tolist") else value
        self._check_kernel(shape_of(nested, named.name), named)
        made: list[Any] = self.ordered([*flattened(nested)], tensor)
        return made

    def numbers(self, value: Any, tensor: Tensor) -> Any:
        """Return the entries of lists or of an array in the order of a tensor."""
        if not isinstance(value, np.ndarray):
            return self.entries(value, tensor)
        self.check(value.shape, tensor)
        return self.ordered(value.ravel(), tensor)

    def check(self, shape: Shape, tensor: Tensor) -> None:
        """Refuse numbers of a shape that a tensor cannot have in this layout."""
        if tensor.name in self.names:
            self._check_kernel(shape, tensor)
        else:
            check_shape(shape, tensor)

    def ordered(self, flat: Any, tensor: Tensor) -> Any:
        """Return the entries of a tensor in its order; an array remains one."""
        if tensor.name not in self.names or self.layout != FILTERS_FIRST:
            return flat
        return filters_last(flat, tensor.shape)

    def _check_kernel(self, shape: Shape, tensor: Tensor) -> None:
        first, last = shape in shapes_filters_first(tensor.shape), shape == tensor.shape
        is_flat = shape == (tensor.size,) or (shape == () and tensor.size == 1)
        if is_flat or (has_one_order(tensor.shape) and (first or last)):
            return
        if self.layout == FILTERS_FIRST:
            if not first:
                raise SymcnnError(_refused(shape, tensor))
        elif first and not last:
            raise SymcnnError(
                f"{tensor.name} has the shape {_written(shape)}: {STATED} {self.place} reads it as "
                f"{_filters(tensor.shape)}"
            )
        else:
            check_shape(shape, replace(tensor, role="parameter"))  # of a derivative too


def has_one_order(shape: Shape) -> bool:
    """Tell whether a kernel's entries are in the same order in both layouts."""
    *kernel, channels, filters = shape
    return [n == 1 for n in (prod(kernel), channels, filters)].count(False) <= 1


def _refused(shape: Shape, tensor: Tensor) -> str:
    """Say what fits filter by filter, and whether the shape is that of the other layout."""
    needed = dimensions(filters_first(tensor.shape))
    if shape == tensor.shape:
        axes = _AXES.get(len(shape) - 2, "kernel")
        return (
            f"{tensor.name} has the shape {_written(shape)}, that of ({axes}, channels, filters): "
            f"give {needed}, or leave out {STATED}"
        )
    return (
        f"{tensor.name} has the shape {dimensions(shape)}, but {needed}, filters first, is needed: "
        f"give nested lists of that shape or one flat list of {tensor.size} numbers"
    )


def _written(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))})"


def _filters(shape: Shape) -> str:
    """Say how many filters a kernel has, and how large they are."""
    *kernel, channels, filters = shape
    several = f"{filters} filter{'s' if filters != 1 else ''}"
    size = " x ".join(map(str, kernel)) if len(kernel) > 1 else f"length {kernel[0]}"
    depth = f"with {channels} channels " if channels > 1 else ""
    return f"{several} {depth}of {size}"
