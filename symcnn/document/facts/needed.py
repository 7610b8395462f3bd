"""From which error signals the derivatives of the parameters are computed.

dL/dw  reads  delta^z,  z = w x,  and this reads others nearer to the loss; what lies before the
first layer with parameters, such as the input, is read by neither. Nor is the error signal of a
log-sum-exp where a theorem states that of a softmax without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from symcnn.derivation import Derivation
from symcnn.derivation.derived import names_by_signal
from symcnn.document.facts.softmax import Softmax
from symcnn.equations import accesses


class Needed(NamedTuple):
    """The names of tensors whose error signals parameters need.

    Attributes:
        directly: Those in the formula of a parameter's derivative.
        every: Those, and what they are computed from themselves.
    """

    directly: frozenset[str]
    every: frozenset[str]


def needed(derivation: Derivation, stated: Mapping[str, Softmax]) -> Needed:
    """Go from the parameters to the loss, once along every step.

    Args:
        derivation: The derivation.
        stated: The error signals that are stated without others, by the names of their tensors.
    """
    names = names_by_signal(derivation)

    def read_by(name: str) -> set[str]:
        found = stated.get(name)
        steps = [step.upstream for step in derivation.steps_by(name)]
        formulas = [found.form.general.right] if found else steps
        bases = {read.base for formula in formulas for read in accesses(formula)}
        return {names[base] for base in bases if base in names} | constant_for(name)

    def constant_for(name: str) -> set[str]:
        """Return the tensors whose error signals are numbers that a formula has in their place."""
        tensors = derivation.network.tensors.values()
        of = {tensor.base: tensor for tensor in tensors if tensor.role != "loss"}
        fixed = (s for s in derivation.steps_by(name) if s.upstream.is_number)
        targets = (step.source.target.base for step in fixed)
        return {of[base].name for base in targets if base in of}

    parameters = derivation.network.parameters
    directly = frozenset[str]().union(*(read_by(tensor.name) for tensor in parameters))
    every, ahead = set(directly), list(directly)
    while ahead:
        new = read_by(ahead.pop()) - every
        every |= new
        ahead += new
    return Needed(directly, frozenset(every))
