"""Second order: every equation of a plan once more, differentiated forwards.

Along a direction, the adjoint of w moves with D(dL/dw) = H Dw: the product of the Hessian with
the direction, without the Hessian (Pearlmutter, "Fast exact multiplication by the Hessian",
1994).
"""

from __future__ import annotations

from dataclasses import replace

from symcnn.derivation.jacobians import jacobians
from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.tangents import Tangents
from symcnn.derivation.variables import VARIABLES
from symcnn.equations import Group, Tensor
from symcnn.equations.notation import about
from symcnn.programs.plans.exponentials import with_exponentials
from symcnn.programs.plans.plan import Plan, planned


def along(plan: Plan) -> Plan:
    """Return the plan of the Hessian with respect to input and parameters, times a direction.

    It needs numbers for the directions too, and returns H times the direction under
    the names of the gradients.
    """
    moving = {t.name: velocity_of(t) for t in plan.given if t.role in VARIABLES}
    known = {t.base: moving[t.name] for t in plan.given if t.name in moving}
    tangents = Tangents(plan.routings, velocity_of, known)
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


def entry_by_entry(
    plan: Plan, second: SecondOrder, by: Tensor, *, gauss_newton: bool = False
) -> Plan:
    """Return the plan of a block of the Hessian, which it returns under the block's name.

    Args:
        plan: The plan of the gradients.
        second: The block.
        by: The tensor whose entries move one by one.
        gauss_newton: Whether the layers count as linear.
    """
    tangents = jacobians(second.derivation, by, plan.routings, {}, gauss_newton=gauss_newton)
    passes = tangents.of(plan.forward), tangents.of(plan.backward)
    forward, backward = map(with_exponentials, passes)
    moves = plan.gradients[second.of.name].base in tangents.velocities
    none: list[Group] = [] if moves else [(second.result, ())]
    made = (*forward, *plan.backward, *backward, *none)
    gradients = {second.result.name: second.result}
    return planned(replace(plan, backward=made, outputs={}, gradients=gradients))


def velocity_of(tensor: Tensor) -> Tensor:
    """Return the tensor DT of how fast the entries of T move."""
    return replace(tensor, name=f"direction of {tensor.name}", label=about("D", tensor.label))
