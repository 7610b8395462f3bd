"""The chain rule on a list of equations, from the last one to the first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, S

from symcnn.derivation.adjoint import Routing, Step, adjoint_of, chain_rule, names, routing_of
from symcnn.equations import Equation, Tensor, is_maximum, is_one_to_one, recurring

_DIFFERENTIATED = ("input", "parameter", "hidden", "auxiliary")


@dataclass(frozen=True)
class Chain:
    """dL/dT for every tensor T of a list of equations.

    Attributes:
        steps: Every application of the chain rule, from the loss backwards.
        adjoints: The tensor of the partials dL/dT, by the name of T.
        routings: The routing of each maximum.
    """

    steps: tuple[Step, ...]
    adjoints: Mapping[str, Tensor]
    routings: tuple[Routing, ...]


def differentiate(
    equations: Sequence[Equation],
    tensors: Iterable[Tensor],
    signal: str = "delta",
    also: Collection[str] = (),
    equal: Mapping[Expr, Expr] | None = None,
) -> Chain:
    """Differentiate the loss, which the last equations define, with respect to every tensor.

    Reverse-mode differentiation on the list of forward equations, from the last to
    the first; its cost depends on the number of equations, not on any shape.

    Args:
        equations: The forward equations.
        tensors: What they read and define.
        signal: The letter of error signals.
        also: The names of given tensors that are differentiated as well.
        equal: What stands in the place of expressions in derivatives, besides entries that are
            equal to functions.
    """
    by_base = {tensor.base: tensor for tensor in tensors}
    wanted = [t for t in by_base.values() if t.role in _DIFFERENTIATED or t.name in also]
    adjoints = {tensor.name: adjoint_of(tensor, signal) for tensor in wanted}
    receivers = {tensor.base: (tensor, adjoints[tensor.name]) for tensor in wanted}
    named, routings, steps = {**names(equations), **(equal or {})}, list[Routing](), list[Step]()
    received: dict[str, list[Equation]] = {}
    together = {base: one.order for one in recurring(equations) for base in one.order}
    for equation in reversed(equations):
        target, routing = by_base[equation.target.base], None
        if target.role == "loss":
            upstream = S.One
        elif target.base in together:  # every step receives something if one of them does
            group = (by_base[base].name for base in together[target.base])
            reached = any(name in received for name in group)
            upstream = adjoints[target.name][equation.target.indices] if reached else S.Zero
        else:
            upstream = _upstream(adjoints, target, equation, received)
        if upstream == 0:
            continue  # nothing that the loss depends on
        if is_maximum(equation):
            routing = routing_of(equation, target)
            routings.append(routing)
        for step in chain_rule(equation, upstream, receivers, routing, named):
            received.setdefault(step.of.name, []).append(step.equation)
            steps.append(step)
    return Chain(tuple(steps), adjoints, tuple(routings))


def _upstream(
    adjoints: Mapping[str, Tensor],
    target: Tensor,
    equation: Equation,
    received: Mapping[str, Sequence[Equation]],
) -> Expr:
    """Return the adjoint of an equation's target; one that is constant by its value."""
    parts = received.get(target.name, ())
    if not parts or target.name not in adjoints:
        return S.Zero
    if len(parts) == 1 and parts[0].value.is_Rational and is_one_to_one(parts[0]):
        return parts[0].value
    return adjoints[target.name][equation.target.indices]
