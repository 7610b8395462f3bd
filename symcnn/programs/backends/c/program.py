"""A program as data: the members of its structures and the bodies of its functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symcnn import limits
from symcnn.equations import Tensor, indexing
from symcnn.errors import TooLargeError
from symcnn.programs.backends.c.bodies import Body, entries_body, loops_body
from symcnn.programs.backends.c.language import REALS, Real, language_of
from symcnn.programs.backends.loops.language import Fresh
from symcnn.programs.plans.plan import Plan, forward_alone, planned


@dataclass(frozen=True)
class Member:
    """An array in a structure.

    Attributes:
        name: What it is called.
        about: The full name of the tensor, or what it is.
        shape: Its shape.
        length: Of indices, the length of the axis that they select from; else 0.
    """

    name: str
    about: str
    shape: tuple[int, ...]
    length: int = 0

    @property
    def size(self) -> int:
        """The number of entries."""
        size = 1
        for length in self.shape:
            size *= int(length)
        return size


@dataclass(frozen=True)
class Program:
    """What a program computes, and how: a pass for each of its functions.

    Attributes:
        real: The type of its numbers.
        values: The given tensors.
        gradients: The gradients, and the outputs of layers where they are returned.
        parameters: The members of the values that a step moves, each with its gradient.
        output: The output of the last layer.
        both: The loss and the gradients; None of a program of the outputs alone.
        loss: The loss alone, likewise.
        outputs: The output of the last layer alone.
    """

    real: Real
    values: Sequence[Member]
    gradients: Sequence[Member]
    parameters: Sequence[tuple[Member, Member]]
    output: Member
    both: Body | None
    loss: Body | None
    outputs: Body

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The bodies of all functions."""
        return tuple(body for body in (self.both, self.loss, self.outputs) if body is not None)

    @property
    def entries(self) -> int:
        """The entries of the workspace."""
        return max(body.entries for body in self.bodies)


def _members(tensors: Mapping[str, Tensor], real: Real) -> dict[str, Member]:
    """Return an array for each tensor, called like it as far as identifiers can be."""
    fresh = Fresh(language_of(real, 0))
    return {name: Member(fresh(name), name, _shape(tensor)) for name, tensor in tensors.items()}


def _shape(tensor: Tensor) -> tuple[int, ...]:
    return tuple(int(length) for length in tensor.shape)


def lowered(plan: Plan, dtype: str = "float64") -> Program:
    """Write a plan: entry by entry if it is small, as Python's programs are.

    Raises:
        TooLargeError: If there are more numbers than ``limits.GIVEN_NUMBERS``.
    """
    _check_size(plan)
    real = REALS[dtype]
    lengths = indexing(plan.equations)
    values = _members({t.name: t for t in plan.given}, real)
    indexed = {t.base: int(lengths[t.base]) for t in plan.given if t.base in lengths}
    given = {t.base: f"values->{values[t.name].name}" for t in plan.given}
    returned = dict(plan.gradients)
    # Who asks for the gradients with respect to outputs gets the outputs, too.
    also = plan.outputs if plan.outputs.keys() & plan.gradients.keys() else {}
    members = _members({**returned, **{f"output of {n}": t for n, t in also.items()}}, real)
    homes = {t.base: f"gradients->{members[n].name}" for n, t in returned.items()}
    homes |= {t.base: f"gradients->{members[f'output of {n}'].name}" for n, t in also.items()}
    last = [*plan.outputs][-1]
    inner = forward_alone(plan, {last: plan.outputs[last]})
    body = entries_body if plan.terms <= limits.USUAL_SCALAR_TERMS else loops_body
    computes = plan.loss is not None
    alone = planned(replace(plan, outputs={}, gradients={}))
    return Program(
        real=real,
        values=[replace(values[t.name], length=indexed.get(t.base, 0)) for t in plan.given],
        gradients=[*members.values()] if computes else [],
        parameters=[
            (values[t.name], members[t.name])
            for t in plan.given
            if t.role == "parameter" and t.name in plan.gradients
        ],
        output=Member("output", last, _shape(plan.outputs[last])),
        both=body(plan, real, given, homes) if computes else None,
        loss=body(alone, real, given, {}) if computes else None,
        outputs=body(inner, real, given, {plan.outputs[last].base: "output"}),
    )


def _check_size(plan: Plan) -> None:
    """Refuse more numbers than can stand in a source."""
    numbers, most = sum(int(tensor.size) for tensor in plan.given), limits.GIVEN_NUMBERS
    if numbers > most:
        raise TooLargeError(
            f"the program would hold {numbers:,} numbers, more than the {most:,} of a program of "
            "C: use a smaller network, or some layers of it"
        )
