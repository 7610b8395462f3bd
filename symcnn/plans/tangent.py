r"""Along a direction: every equation once more, differentiated forwards.

When the input and the parameters move with the velocities Dx, Dw, ..., the target of

    T[a]  <-  REDUCE over loops of f(A[e], B[g], ...)

moves with

    DT[a]  <-  sum over the same loops of  S * (df/dA[e] DA[e] + df/dB[g] DB[g] + ...)

with S the selector of the reduction. Selectors of maxima are constant between their
jumps. Adjoints have equations too, so the adjoint of w moves with D(dL/dw) = H Dw: the
product of the Hessian with the direction, without the Hessian (Pearlmutter, "Fast exact
multiplication by the Hessian", 1994).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Expr, IndexedBase

from symcnn.derivation.adjoint import partial_by
from symcnn.equations import SUM, Equation, Group, Tensor, accesses
from symcnn.notation import about
from symcnn.plans.exponentials import with_exponentials
from symcnn.plans.plan import Plan, planned

DIRECTIONS = ("input", "parameter")
"""The roles of the tensors that a direction moves."""


def along(plan: Plan) -> Plan:
    """Return the plan of the Hessian with respect to input and parameters, times a direction.

    It needs numbers for the directions too, and returns H times the direction under
    the names of the gradients.
    """
    moving = {t.name: velocity_of(t) for t in plan.given if t.role in DIRECTIONS}
    tangents = _Tangents(plan, {t.base: moving[t.name] for t in plan.given if t.name in moving})
    passes = tangents.of(plan.forward), tangents.of(plan.backward)
    forward, backward = map(with_exponentials, passes)
    wanted = {name: plan.gradients[name] for name in moving}
    still = [g for g in wanted.values() if g.base not in tangents.velocities]
    none: list[Group] = [(velocity_of(gradient), ()) for gradient in still]
    return planned(
        replace(
            plan,
            given=(*plan.given, *moving.values()),
            backward=(*forward, *plan.backward, *backward, *none),
            outputs={},
            gradients={name: velocity_of(gradient) for name, gradient in wanted.items()},
        )
    )


def velocity_of(tensor: Tensor) -> Tensor:
    """Return the tensor DT of how fast the entries of T move."""
    return replace(tensor, name=f"direction of {tensor.name}", label=about("D", tensor.label))


class _Tangents:
    """The velocities so far, by the bases of the tensors that move."""

    def __init__(self, plan: Plan, velocities: Mapping[IndexedBase, Tensor]) -> None:
        self.velocities = dict(velocities)
        self._selectors = {routing.source: routing.entry for routing in plan.routings}

    def of(self, groups: Sequence[Group]) -> list[Group]:
        """Return the velocity of every tensor that moves, with its equations."""
        made: list[Group] = []
        for tensor, equations in groups:
            velocity = velocity_of(tensor)
            moving = [t for e in equations for t in self._equations(e, velocity)]
            if moving:
                self.velocities[tensor.base] = velocity
                made.append((velocity, tuple(moving)))
        return made

    def _equations(self, equation: Equation, velocity: Tensor) -> Iterator[Equation]:
        """Run over the terms of an equation's derivative along the direction."""
        target = velocity[equation.target.indices]
        for access in accesses(equation.value):
            if access.base not in self.velocities:
                continue
            moved = self.velocities[access.base][access.indices]
            value = self._selector(equation) * partial_by(equation.value, access) * moved
            if value != 0:
                yield replace(equation, target=target, value=value, reduction=SUM)

    def _selector(self, equation: Equation) -> Expr:
        slope = equation.reduction.slope(equation.value, equation.target, equation.terms_of_entry)
        return self._selectors[equation] if slope is None else slope
