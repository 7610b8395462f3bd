"""A stage stands for what it is equal to: sigma'(z) is (1 - a) a, where a = sigma(z).

Without this a derivative would compute again what the forward pass has computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Function, Symbol

from symcnn.derivation import Derivation, Step
from symcnn.equations import Equation, Tensor


def given(derivation: Derivation) -> tuple[Tensor, ...]:
    """Return the tensors that need numbers: the input, the parameters, the target."""
    tensors = derivation.network.tensors.values()
    return tuple(t for t in tensors if t.role in ("input", "parameter", "target"))


def reusing(step: Step, forward: Sequence[Equation]) -> Equation:
    """Return a step's equation with the source's value read from its target.

    The source must be the whole of its target: the only equation, without a sum.
    """
    source = step.source
    alone = sum(e.target.base == source.target.base for e in forward) == 1
    if not (alone and isinstance(source.value, Function) and _one_to_one(source)):
        return step.equation
    value = step.equation.value.xreplace({source.value: source.target})
    return replace(step.equation, value=value)


def backward(derivation: Derivation) -> list[tuple[Tensor, list[Step]]]:
    """Return every adjoint with the steps that add to it, each after those that it reads.

    An adjoint is complete once the last step that adds to it is done; one that no step
    adds to is 0 and comes first.
    """
    received = {step.of.name for step in derivation.steps}
    order: dict[str, list[Step]] = {n: [] for n in derivation.adjoints if n not in received}
    for step in derivation.steps:
        order[step.of.name] = [*order.pop(step.of.name, []), step]
    return [(derivation.adjoints[name], steps) for name, steps in order.items()]


def forward(derivation: Derivation) -> list[tuple[Tensor, list[Equation]]]:
    """Return every output, and the loss, with its equations in order."""
    order: dict[Tensor, list[Equation]] = {}
    for equation in derivation.network.equations:
        order.setdefault(derivation.tensors[equation.target.base], []).append(equation)
    return list(order.items())


def _one_to_one(equation: Equation) -> bool:
    plain = all(isinstance(position, Symbol) for position in equation.target.indices)
    return plain and not equation.reduced and not equation.guards
