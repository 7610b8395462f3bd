"""Arrays that are others in every call: long arguments as they are, long gradients as returned.

The weights of a dense layer may be most of what a network holds. Their copy, and that of their
gradient, would double it. Views of such arrays are made in every call, which costs some
microseconds, less than the copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from symcnn.equations import Tensor
from symcnn.programs.backends.numpy.arrays import Array
from symcnn.programs.backends.numpy.layout import Layout, Layouts
from symcnn.programs.plans.plan import Plan

PASSED_ENTRIES = 100_000
"""An array of fewer entries is copied."""


@dataclass(frozen=True)
class Passing:
    """The arrays that are others in every call.

    Attributes:
        given: The tensors that lie where the argument does, and their arrays.
        made: The gradients that are returned as they are, and their arrays.
    """

    given: Mapping[Tensor, Array]
    made: Mapping[Tensor, Array]

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All of them."""
        return (*self.given.values(), *self.made.values())


def passing(plan: Plan, layouts: Layouts) -> Passing:
    """Return which arrays of a plan need no copy."""
    returned = [layouts[tensor.base] for tensor in plan.results]
    parts = {layout.array for layout in returned if not _is_whole(layout)}
    given = _of(plan.given, layouts, parts)
    others = {layouts[tensor.base].array for tensor in plan.given}
    shared = {array for array, n in Counter(each.array for each in returned).items() if n > 1}
    return Passing(given, _of(plan.gradients.values(), layouts, parts | others | shared))


def _of(tensors: Iterable[Tensor], layouts: Layouts, excluded: set[Array]) -> dict[Tensor, Array]:
    """Return the tensors that are long arrays of their own, in the order of their axes."""
    found = {tensor: layouts[tensor.base] for tensor in tensors}
    return {
        tensor: layout.array
        for tensor, layout in found.items()
        if _is_whole(layout) and layout.array.size >= PASSED_ENTRIES
        if layout.array not in excluded
    }


def _is_whole(layout: Layout) -> bool:
    """Tell whether a tensor is its array, in the order of its axes."""
    return layout.natural == layout.array.all and not layout.array.truth
