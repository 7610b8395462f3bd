"""A plan: what a program computes, in which order, and what it returns.

Backends write down a plan, and know nothing else. Its equations are those of the
derivation, put into a form in which nothing overflows or cancels (``stabilise``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from sympy import IndexedBase

from symcnn.derivation import Derivation, Routing, differentiate
from symcnn.equations import Equation, Group, Tensor, accesses
from symcnn.network.network import Network
from symcnn.programs.plans import order
from symcnn.programs.plans.commute import commute_with_maxima, signs
from symcnn.programs.plans.stabilise import stabilised

Results = Literal["all", "gradients", "training", "stages", "loss", "outputs"]
"""All outputs and gradients; those of input and parameters; those for training; what is on the way
as well; the loss alone; or the outputs alone, without target and loss."""

_HANDED_OUT = ("input", "parameter", "hidden")

_OF_ROLES: Mapping[str, tuple[str, ...]] = {
    "gradients": ("input", "parameter"),
    "training": ("parameter",),
    **{"loss": (), "outputs": ()},
}
"""Of which tensors the gradients are returned, where it is not all."""

_SHORT = ("gradients", "training")
"""Results that need the last output alone: maxima may be taken before functions."""


@dataclass(frozen=True)
class Plan:
    """Tensors to compute from given ones.

    Attributes:
        given: The tensors that need numbers, in the order of the arguments.
        forward: The forward pass.
        backward: What comes after it, the gradients among it.
        routings: The routing of each maximum; known after the forward pass.
        loss: The loss; None where it is not computed.
        outputs: The output of every layer, by its name.
        gradients: Every gradient that is returned, by its name in the result.
        staged: Whether every tensor and routing on the way is returned as well.
        derivatives: The gradients that are returned then besides, such as those with respect to
            auxiliary tensors, by the names of these.
    """

    given: tuple[Tensor, ...]
    forward: tuple[Group, ...]
    backward: tuple[Group, ...]
    routings: tuple[Routing, ...]
    loss: Tensor | None
    outputs: Mapping[str, Tensor]
    gradients: Mapping[str, Tensor]
    staged: bool = False
    derivatives: Mapping[str, Tensor] = field(default_factory=dict)

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
        return sum(equation.terms for equation in self.equations)

    @property
    def results(self) -> tuple[Tensor, ...]:
        """The loss, the outputs and the gradients."""
        return (*self.losses, *self.outputs.values(), *self.gradients.values())

    @property
    def losses(self) -> tuple[Tensor, ...]:
        """The loss, if it is computed."""
        return () if self.loss is None else (self.loss,)

    @property
    def stages(self) -> tuple[Tensor, ...]:
        """What is returned besides: every computed tensor, and every other gradient."""
        if not self.staged:
            return ()
        return (*(tensor for tensor, _ in self.forward), *self.derivatives.values())

    @property
    def unstaged(self) -> Plan:
        """The plan of the results alone."""
        return planned(replace(self, staged=False, derivatives={})) if self.staged else self


def plan_of(
    derivation: Derivation, results: Results = "all", *, stable: bool = True, saturated: bool = True
) -> Plan:
    """Return what computes the loss, and every layer's output and every gradient.

    For training, the last layer's output and the gradients with respect to the parameters
    are enough: then maxima may be taken before functions, and what is not needed is left out.
    As stages, every tensor of the network and every derivative is returned. The loss alone, and
    the outputs alone, are those of the same equations as with everything.

    Args:
        derivation: The derivation.
        results: Which derivatives are returned.
        stable: Whether equations are rewritten so that nothing overflows or cancels; if not,
            they are those of the derivation, layer by layer.
        saturated: Whether the digits of what a function leaves of 1 are kept too, but for
            training. Equations that are differentiated once more are to be without.
    """
    if results in _SHORT:
        also = derivation.requested
        return short_plan(derivation.network, results, also, stable=stable, saturated=saturated)
    network = derivation.network
    network.check_numbers()
    passes = order.forward(network.equations, network.tensors.values()), order.backward(derivation)
    forward, backward = stabilised(*passes, saturated=saturated) if stable else passes
    roles = _OF_ROLES.get(results, _HANDED_OUT)
    wanted = [*_of_roles(network, roles), *(derivation.requested if roles else ())]
    staged = results == "stages"
    others = {name: made for name, made in derivation.adjoints.items() if name not in wanted}
    made = () if results == "loss" else network.stages
    plan = planned(
        Plan(
            given=network.given,
            forward=tuple(forward),
            backward=tuple(backward),
            routings=derivation.routings,
            loss=None if results == "outputs" else network.loss_tensor,
            outputs={stage.output.name: stage.output for stage in made},
            gradients={name: derivation.adjoints[name] for name in wanted},
            staged=staged,
            derivatives=others if staged else {},
        )
    )
    return plan if plan.loss is not None else forward_alone(plan, plan.outputs)


def short_plan(
    network: Network,
    results: Results = "training",
    also: Sequence[str] = (),
    *,
    stable: bool = True,
    saturated: bool = True,
) -> Plan:
    """Return what computes the last output and gradients, for which no derivation is needed.

    Args:
        network: The network.
        results: "training" or "gradients".
        also: The names of given tensors whose gradients are returned besides.
        stable: See ``plan_of``.
        saturated: See ``plan_of``.
    """
    network.check_numbers()
    equations, tensors = network.equations, list(network.tensors.values())
    equations, tensors = commute_with_maxima(equations, tensors, network.output)
    chain = differentiate(equations, tensors, also=also, equal=signs(equations))
    passes = order.forward(equations, tensors), order.backward(chain)
    kept = saturated and results != "training"
    forward, backward = stabilised(*passes, saturated=kept) if stable else passes
    wanted = [*_of_roles(network, _OF_ROLES[results]), *also]
    return planned(
        Plan(
            given=network.given,
            forward=tuple(forward),
            backward=tuple(backward),
            routings=chain.routings,
            loss=network.loss_tensor,
            outputs={network.output.name: network.output},
            gradients={name: chain.adjoints[name] for name in wanted},
        )
    )


def _of_roles(network: Network, roles: Sequence[str]) -> list[str]:
    return [tensor.name for tensor in network.tensors.values() if tensor.role in roles]


def forward_alone(plan: Plan, outputs: Mapping[str, Tensor]) -> Plan:
    """Return the plan of some outputs alone, which takes no target, nor what else the loss reads.

    The input and all parameters are taken, whether the outputs depend on them or not.
    """
    bare = planned(replace(plan, loss=None, outputs=outputs, gradients={}))
    read = {read.base for equation in bare.equations for read in accesses(equation.value)}
    always = ("x", *(t.name for t in plan.given if t.role in ("input", "parameter")))
    kept = tuple(t for t in plan.given if t.name in always or t.base in read)
    return replace(bare, given=kept)


def planned(plan: Plan) -> Plan:
    """Return a plan without unused tensors and routings."""
    wanted = (*plan.results, *plan.stages)
    kept = order.live((*plan.forward, *plan.backward), wanted, plan.routings)
    computed = {tensor.base for tensor, _ in plan.forward}
    read = {read.base for _, group in kept for e in group for read in accesses(e.value)}
    return replace(
        plan,
        forward=tuple(group for group in kept if group[0].base in computed),
        backward=tuple(group for group in kept if group[0].base not in computed),
        routings=tuple(r for r in plan.routings if plan.staged or r.tensor.base in read),
    )
