"""A program: the derivation as Python source, compiled, numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.numeric.evaluation import Array, Evaluation
from symcnn.numeric.floats import float_arrays
from symcnn.numeric.listing import FUNCTION, Listing, module_text
from symcnn.numeric.operations import Operations, operations
from symcnn.numeric.plan import Plan, plan_of
from symcnn.numeric.scalar import straight_line
from symcnn.values import Values

Backend = Literal["auto", "scalar", "array"]

FEW_TERMS = 500
"""Up to this many terms straight-line code is quicker to make and to run than arrays."""


@dataclass(frozen=True)
class Program:
    """The loss, all outputs and all gradients as a function of the numbers.

    Attributes:
        listing: The statements.
        given: The tensors that need numbers, in the order of the arguments.
    """

    listing: Listing
    given: tuple[Tensor, ...]

    def __call__(self, values: Values) -> Evaluation:
        """Evaluate at numbers by the tensors' names: "x", "target", the parameters.

        Args:
            values: Nested lists, flat row-major lists or arrays.

        Raises:
            SymcnnError: If a name, a shape or a number is wrong.
        """
        outputs: dict[str, Array] = {}
        arguments = float_arrays(values, self.given)
        loss, gradients = self._function(*arguments, outputs=outputs)
        return Evaluation(loss, outputs, gradients)

    @cached_property
    def source(self) -> str:
        """The text of a module that imports NumPy alone and holds the one function."""
        return module_text(self.listing)

    @property
    def operations(self) -> Operations:
        """How many operations the forward pass and the gradients take."""
        return operations(self.listing)

    @cached_property
    def _function(self) -> Callable[..., tuple[float, dict[str, Array]]]:
        namespace: dict[str, Any] = {}
        exec(compile(self.source, "<symcnn>", "exec"), namespace)
        return namespace[FUNCTION]  # type: ignore[no-any-return]


def lambdify(derivation: Derivation, backend: Backend = "auto") -> Program:
    """Turn a derivation into a NumPy program.

    Args:
        derivation: What ``derive(network)`` returned.
        backend: "scalar" writes one statement for each entry, the fastest for a
            handful of numbers; "array" one for each equation; "auto" chooses by size.
    """
    plan = plan_of(derivation)
    return Program(listed(plan, backend), plan.given)


def listed(plan: Plan, backend: Backend) -> Listing:
    """Write a plan down with the one backend or the other."""
    if backend not in ("auto", "scalar", "array"):
        raise SymcnnError(f'backend = {backend!r} is not known: "auto", "scalar" and "array" are')
    if backend == "scalar" or (backend == "auto" and plan.terms <= FEW_TERMS):
        return straight_line(plan)
    # Loaded when it is needed: tiny networks are done before this would be imported.
    from symcnn.numeric.array import arrays

    return arrays(plan)
