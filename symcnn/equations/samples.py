"""The batch axis: the same equations for every sample n."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Indexed, IndexedBase

from symcnn.equations.equation import Equation, Loop, accesses
from symcnn.equations.tensor import SAMPLE, Tensor
from symcnn.errors import SymcnnError


def for_every_sample(equation: Equation, batched: Mapping[IndexedBase, Tensor]) -> Equation:
    """Give every access to a batched tensor the sample index n as its first index.

    Where the target has no sample axis, as the mean over a batch, n is reduced too.

    Args:
        equation: An equation about one sample.
        batched: For the base of each one-sample tensor, the tensor with a batch axis.
    """
    if SAMPLE in equation.sizes:
        raise SymcnnError(f"the index {SAMPLE} counts the samples: name a layer's loops otherwise")
    reads = (equation.target, *accesses(equation.value))
    moved: dict[Indexed, Indexed] = {
        read: batched[read.base][(SAMPLE, *read.indices)] for read in reads if read.base in batched
    }
    if not moved:
        return equation  # an equation about no sample is not repeated for each
    batch = next(iter(batched.values())).shape[0]
    return Equation(
        moved.get(equation.target, equation.target),
        equation.value.xreplace(moved),
        (Loop(SAMPLE, batch), *equation.loops),
        equation.guards,
        equation.reduction,
    )
