"""Steps through functions of single entries."""

from __future__ import annotations

from symcnn.derivation import Derivation, Step
from symcnn.equations import accesses


def is_function(step: Step, derivation: Derivation) -> bool:
    """Tell whether every entry of a tensor is one function of an entry that the step is about."""
    source = step.source
    bent = bool(step.local.free_symbols) and accesses(source.value) == (step.access,)
    return bent and not source.reduced and is_alone(step, derivation)


def is_alone(step: Step, derivation: Derivation) -> bool:
    """Tell whether a step's source is the only equation of its target."""
    target = step.source.target.base
    return [e.target.base for e in derivation.network.equations].count(target) == 1
