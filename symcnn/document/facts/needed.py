"""From which error signals the derivatives of the parameters are computed.

dL/dw  reads  delta^z,  z = w x,  and this reads others nearer to the loss; what lies before the
first layer with parameters, such as the input, is read by neither.
"""

from __future__ import annotations

from typing import NamedTuple

from symcnn.derivation import Derivation
from symcnn.equations import accesses


class Needed(NamedTuple):
    """The names of tensors whose error signals parameters need.

    Attributes:
        directly: Those in the formula of a parameter's derivative.
        every: Those, and what they are computed from themselves.
    """

    directly: frozenset[str]
    every: frozenset[str]


def needed(derivation: Derivation) -> Needed:
    """Go from the parameters to the loss, once along every step."""
    names = {adjoint.base: name for name, adjoint in derivation.adjoints.items()}

    def read_by(name: str) -> set[str]:
        bases = {r.base for step in derivation.steps_by(name) for r in accesses(step.upstream)}
        return {names[base] for base in bases if base in names}

    parameters = derivation.network.parameters
    directly = frozenset[str]().union(*(read_by(tensor.name) for tensor in parameters))
    every, ahead = set(directly), list(directly)
    while ahead:
        new = read_by(ahead.pop()) - every
        every |= new
        ahead += new
    return Needed(directly, frozenset(every))
