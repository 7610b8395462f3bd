"""A plan: what a program computes, in which order, and what it hands out.

Both backends write down a plan, and know nothing else. Its equations are those of the
derivation, put into a form in which nothing overflows or cancels (``cancelling``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from sympy import IndexedBase

from symcnn.derivation import Derivation, Routing
from symcnn.equations import Equation, Tensor, accesses
from symcnn.numeric import stages
from symcnn.numeric.cancelling import stable
from symcnn.numeric.stages import Group

_HANDED_OUT = ("input", "parameter", "hidden")


@dataclass(frozen=True)
class Plan:
    """Tensors to compute from given ones.

    Attributes:
        given: The tensors that need numbers, in the order of the arguments.
        forward: The forward pass.
        backward: What comes after it, the gradients among it.
        routings: Who answers for each maximum; known once the forward pass is done.
        loss: The loss.
        outputs: Every layer's output, by the layer's name.
        gradients: Every gradient that is handed out, by the name it has there.
    """

    given: tuple[Tensor, ...]
    forward: tuple[Group, ...]
    backward: tuple[Group, ...]
    routings: tuple[Routing, ...]
    loss: Tensor
    outputs: Mapping[str, Tensor]
    gradients: Mapping[str, Tensor]

    @cached_property
    def tensors(self) -> dict[IndexedBase, Tensor]:
        """Every tensor, adjoint and routing, by its base."""
        computed = (tensor for tensor, _ in (*self.forward, *self.backward))
        routings = (routing.tensor for routing in self.routings)
        return {tensor.base: tensor for tensor in (*self.given, *computed, *routings)}

    @property
    def equations(self) -> Iterator[Equation]:
        """All equations."""
        return (equation for _, group in (*self.forward, *self.backward) for equation in group)

    @property
    def terms(self) -> int:
        """The number of loop assignments of all equations."""
        return sum(prod(loop.size for loop in equation.loops) for equation in self.equations)


def plan_of(derivation: Derivation) -> Plan:
    """Return what computes the loss, every layer's output and every gradient."""
    network, adjoints = derivation.network, derivation.adjoints
    forward, backward = stable(stages.forward(derivation), stages.backward(derivation))
    roles = {name: tensor.role for name, tensor in network.tensors.items()}
    return planned(
        Plan(
            given=stages.given(derivation),
            forward=tuple(forward),
            backward=tuple(backward),
            routings=derivation.routings,
            loss=network.loss_tensor,
            outputs={stage.output.name: stage.output for stage in network.stages},
            gradients={n: a for n, a in adjoints.items() if roles[n] in _HANDED_OUT},
        )
    )


def planned(plan: Plan) -> Plan:
    """Return a plan without what nobody needs: dead tensors and routings."""
    wanted = (plan.loss, *plan.outputs.values(), *plan.gradients.values())
    kept = stages.live((*plan.forward, *plan.backward), wanted, plan.routings)
    computed = {tensor.base for tensor, _ in plan.forward}
    read = {read.base for _, group in kept for e in group for read in accesses(e.value)}
    return Plan(
        plan.given,
        tuple(group for group in kept if group[0].base in computed),
        tuple(group for group in kept if group[0].base not in computed),
        tuple(routing for routing in plan.routings if routing.tensor.base in read),
        plan.loss,
        plan.outputs,
        plan.gradients,
    )
