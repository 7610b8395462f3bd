"""Second order in numbers: the Hessian of the loss times a direction.

Every equation of a plan is differentiated once more, forwards. Along a direction, the adjoint of
w moves with D(dL/dw) = H Dw: the product of the Hessian with the direction, without the Hessian
(Pearlmutter, "Fast exact multiplication by the Hessian", 1994).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.derivation.jacobians import Tangents, jacobians
from symcnn.derivation.second_order import VARIABLES, SecondOrder, block, variable, variables
from symcnn.equations import Group, Tensor
from symcnn.equations.notation import about
from symcnn.equations.values import Array, Values, check_indices
from symcnn.errors import TooLargeError
from symcnn.programs.plans.exponentials import with_exponentials
from symcnn.programs.plans.plan import Plan, plan_of, planned
from symcnn.programs.program import Program, program_of


class HessianVectorProduct:
    """H v as a function of the numbers, at about twice the cost of the gradients.

    H is the Hessian of the loss with respect to the input and all parameters together.

    Attributes:
        derivation: The derivation of the loss.
        backend: See ``lambdify``.
    """

    def __init__(self, derivation: Derivation, backend: str = "auto") -> None:
        """Take the derivation; the program is written when it is first called."""
        self.derivation, self.backend = derivation, backend

    def __call__(self, values: Values, direction: Mapping[str, Any]) -> dict[str, Array]:
        """Return H v by tensor name.

        Args:
            values: Numbers by tensor name, as for ``lambdify``.
            direction: v by the names of input and parameters; omitted tensors are 0.

        Raises:
            SymcnnError: If a name, a shape or a number is wrong.
        """
        moving = variables(self.derivation.network).values()
        check_indices(values, self.derivation.network.indexing)
        zeros = {velocity_of(t).name: np.zeros(t.shape) for t in moving}
        given = {f"direction of {name}": numbers for name, numbers in direction.items()}
        return self._program({**values, **zeros, **given}).gradients

    @cached_property
    def _program(self) -> Program:
        return program_of(along(plan_of(self.derivation, saturated=False)), self.backend)


def hessian_vector_product(
    derivation: Derivation, values: Values, direction: Mapping[str, Any]
) -> dict[str, Array]:
    """Return the Hessian of the loss with respect to input and parameters, times a direction.

    The equations of the gradients are differentiated again along the direction; the
    Hessian itself is never formed. For several products with one derivation, call one
    ``HessianVectorProduct(derivation)``.

    Args:
        derivation: The result of ``derive(network)``.
        values: Numbers by tensor name.
        direction: v by the names of input and parameters; omitted tensors are 0.

    Returns:
        H v for the input "x" and every parameter, by name.

    Raises:
        SymcnnError: If a name, a shape or a number is wrong.

    >>> from symcnn import Dense, HalfSquaredError, Network, derive
    >>> linear = derive(Network((2,), [Dense(1, bias=False)], HalfSquaredError()))
    >>> values = {"x": [3, 4], "dense1.weight": [[1, 0]], "target": [3]}
    >>> product = hessian_vector_product(linear, values, {"dense1.weight": [[1, 0]]})
    >>> product["dense1.weight"].tolist()  # x x^T (1, 0)
    [[9.0, 12.0]]
    """
    return HessianVectorProduct(derivation)(values, direction)


def hessian_block(
    derivation: Derivation, values: Values, of: str, by: str, *, gauss_newton: bool = False
) -> Array:
    """Return the block d^2 L / dW dV of the Hessian, for every entry of W and of V.

    Args:
        derivation: The result of ``derive(network)``.
        values: Numbers by tensor name.
        of: W, the input or a parameter, by its name.
        by: V, likewise.
        gauss_newton: Whether the layers count as linear, so that only the loss is differentiated
            twice: the Gauss-Newton matrix.

    Returns:
        An array with the axes of W, followed by those of V.

    Raises:
        TooLargeError: If the derivatives of all stages with respect to V are too many.
        SymcnnError: If a name, a shape or a number is wrong.

    >>> from symcnn import Dense, HalfSquaredError, Network, derive
    >>> linear = derive(Network((2,), [Dense(1, bias=False)], HalfSquaredError()))
    >>> values = {"x": [3, 4], "dense1.weight": [[1, 0]], "target": [3]}
    >>> hessian_block(linear, values, "dense1.weight", "dense1.weight").reshape(2, 2).tolist()
    [[9.0, 12.0], [12.0, 16.0]]
    """
    second = block(derivation, of, by, gauss_newton=gauss_newton)
    moving = variable(derivation.network, by)
    largest = max(tensor.size for tensor in derivation.tensors.values()) * moving.size
    if largest > limits.HESSIAN_ENTRIES:
        raise TooLargeError(
            f"the derivatives of a stage with respect to {by} have {largest:,} entries, more than "
            f"the {limits.HESSIAN_ENTRIES:,} that are computed: use hessian_vector_product"
        )
    stable = not gauss_newton  # which layers are linear is told
    gradients = plan_of(derivation, stable=stable, saturated=False)
    plan = entry_by_entry(gradients, second, moving, gauss_newton=gauss_newton)
    program = program_of(plan, "array")
    return program(values).gradients[second.result.name]


def along(plan: Plan, outputs: Iterable[Tensor] = ()) -> Plan:
    """Return the plan of the Hessian with respect to input and parameters, times a direction.

    It needs numbers for the directions too, and returns H times the direction under
    the names of the gradients.

    Args:
        plan: The plan of the gradients.
        outputs: Tensors of the forward pass whose derivatives along the direction are returned
            too, as outputs of their names.
    """
    moving = {t.name: velocity_of(t) for t in plan.given if t.role in VARIABLES}
    known = {t.base: moving[t.name] for t in plan.given if t.name in moving}
    tangents = Tangents(plan.routings, velocity_of, known)
    passes = tangents.of(plan.forward), tangents.of(plan.backward)
    forward, backward = map(with_exponentials, passes)
    wanted = {name: plan.gradients[name] for name in moving}
    also = {tensor.name: tensor for tensor in outputs}
    every = (*wanted.values(), *also.values())
    still = [tensor for tensor in every if tensor.base not in tangents.velocities]
    none: list[Group] = [(velocity_of(tensor), ()) for tensor in still]
    return planned(
        replace(
            plan,
            given=(*plan.given, *moving.values()),
            backward=(*forward, *plan.backward, *backward, *none),
            outputs={name: velocity_of(tensor) for name, tensor in also.items()},
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
