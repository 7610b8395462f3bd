"""What a tensor only tells places for: it is read in conditions, through which nothing comes back.

y[i] = p[i] [x[2 i] >= x[2 i + 1]]  does not change with x, while the same condition holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import IndexedBase

from symcnn.document.facts.derivative import Derivative
from symcnn.equations import Tensor, accesses
from symcnn.network.network import Network


def placed(derivative: Derivative) -> Sequence[Tensor]:
    """Return what is computed from a tensor on the way to the loss, but has no derivative."""
    derivation = derivative.derivation
    own, leading = derivative.tensor.base, _leading(derivation.network)
    known = {one.result.base for one in derivative.contributions}
    reading = dict.fromkeys(
        equation.target.base
        for equation in derivation.network.equations
        if own in {read.base for read in accesses(equation.value)}
    )
    return [derivation.tensors[base] for base in reading if base in leading and base not in known]


def _leading(network: Network) -> set[IndexedBase]:
    """Return the tensors that the loss is computed from, and the loss."""
    found, new = set[IndexedBase](), {network.loss_tensor.base}
    while new:
        found |= new
        equations = (e for e in network.equations if e.target.base in new)
        new = {read.base for e in equations for read in accesses(e.value)} - found
    return found
