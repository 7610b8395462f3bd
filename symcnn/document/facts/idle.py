"""Whether all that is learned reaches the loss through a softmax of one number, which is 1.

p = e^(x - l),  l = log e^x = x:   whatever x is, p is 1, and no derivative before it is more than
what rounding leaves of 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import prod

from sympy import IndexedBase

from symcnn.derivation import Derivation
from symcnn.document.facts.operation import Operation
from symcnn.equations import Equation, LogSumExp, accesses


def is_of_one_number(derivation: Derivation, every: Iterable[Operation]) -> bool:
    """Tell whether parameters, or the input where there are none, act only through such softmaxes.

    Args:
        derivation: The derivation.
        every: What the equations of each tensor do.
    """
    network = derivation.network
    found = {made.result.base for made in every if _is_of_one(network.equations, made)}
    own = {tensor.base for tensor in network.loss_stage.auxiliaries.values()}
    constant = {network.loss_tensor.base} if found & own else found
    starts = {tensor.base for tensor in network.parameters or [network.input]}
    return bool(constant) and not _reaches(derivation, starts, constant)


def _is_of_one(equations: Iterable[Equation], made: Operation) -> bool:
    """Tell whether something is the softmax of one number, or its logarithm."""
    if made.name not in {"softmax", "log-softmax"}:
        return False
    normaliser = made.part("normaliser").base
    sums = [e for e in equations if e.target.base == normaliser]
    return all(
        isinstance(e.reduction, LogSumExp) and prod(int(loop.size) for loop in e.reduced) == 1
        for e in sums
    )


def _reaches(
    derivation: Derivation, starts: Collection[IndexedBase], constant: Collection[IndexedBase]
) -> bool:
    """Tell whether the loss is computed from some tensors in a way past those that are constant."""
    reached = {*starts}
    for equation in derivation.network.equations:  # each stands behind what it reads
        target = equation.target.base
        if target not in constant and any(r.base in reached for r in accesses(equation.value)):
            reached.add(target)
    return derivation.network.loss_tensor.base in reached
