"""From a plan to a program: what both ways of writing it have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from symcnn import limits
from symcnn.derivation import Routing
from symcnn.equations import Tensor, indexing
from symcnn.programs.backends.javascript.entries import Entries
from symcnn.programs.backends.javascript.loops import Loops
from symcnn.programs.backends.javascript.program import Block, Program
from symcnn.programs.plans.plan import Plan


class Writer(Protocol):
    """Writes the statements of a plan."""

    @property
    def unpack(self) -> Sequence[str]:
        """Statements that read the rows of the given numbers."""

    @property
    def forward(self) -> Sequence[Block]:
        """The forward pass."""

    @property
    def backward(self) -> Sequence[Block]:
        """The gradients."""

    @property
    def further(self) -> Sequence[Block]:
        """What only the stages need."""

    def row(self, tensor: Tensor) -> str:
        """Return the row of all entries of a tensor, as an expression."""

    def winners(self, routing: Routing) -> str:
        """Return for every entry of a maximum the place of its winner in the routing."""


def lowered(plan: Plan, dtype: str = "float64") -> Program:
    """Write a plan of all stages: entry by entry if it is small, as Python's programs are."""
    is_small = plan.unstaged.terms <= limits.USUAL_SCALAR_TERMS
    writer: Writer = Entries(plan) if is_small else Loops(plan)
    computed = {tensor.name: tensor for tensor, _ in plan.forward}
    derivatives = {**plan.gradients, **plan.derivatives}
    tensors = {**{tensor.name: tensor for tensor in plan.given}, **computed}
    lengths = indexing(plan.equations)
    return Program(
        given=plan.given,
        indices={t.name: lengths[t.base] for t in plan.given if t.base in lengths},
        unpack=writer.unpack,
        forward=writer.forward,
        backward=writer.backward,
        further=writer.further,
        values=_rows(tensors, writer.row),
        derivatives=_rows(derivatives, writer.row),
        routings={_name(plan, routing): writer.row(routing.tensor) for routing in plan.routings},
        winners={_name(plan, routing): writer.winners(routing) for routing in plan.routings},
        shapes={name: tensor.shape for name, tensor in {**derivatives, **tensors}.items()},
        outputs=[*plan.outputs],
        gradients=[*plan.gradients],
    )


def _rows(tensors: Mapping[str, Tensor], row: Callable[[Tensor], str]) -> dict[str, str]:
    return {name: row(tensor) for name, tensor in tensors.items()}


def _name(plan: Plan, routing: Routing) -> str:
    """Return the name of the tensor of a maximum."""
    return plan.tensors[routing.source.target.base].name
