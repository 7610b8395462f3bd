"""Lowering: a plan becomes the intermediate list, and that becomes a listing.

Every tensor gets an array, made once. Each equation is tried against a few patterns, by
its form alone: a maximum over windows, a logarithm of a sum of exponentials, a sum; what
fits none is left to the ``fallback``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import IndexedBase

from symcnn.backends.numpy import exponentials
from symcnn.backends.numpy.emitter import emitted
from symcnn.backends.numpy.fallback import Fallback
from symcnn.backends.numpy.maxima import Maxima
from symcnn.backends.numpy.memory import shared
from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import Copy, Fill, Setup, Statement
from symcnn.backends.numpy.sums import Sums
from symcnn.backends.python.listing import RESERVED, Block, Listing, note
from symcnn.backends.python.names import Names
from symcnn.derivation import Routing
from symcnn.equations import (
    Equation,
    Group,
    LogSumExp,
    Tensor,
    is_maximum,
    units,
    without_unit_loops,
)
from symcnn.plans.plan import Plan

_LOCAL = {"axis", "at", "place", "share", "start", "dtype", "strided", "keep_first"}


@dataclass(frozen=True)
class Stage:
    """Equations and the statements that compute them."""

    notes: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class ArrayProgram:
    """A plan in array statements; it prints as the list that it is.

    Attributes:
        setup: Arrays and views, made once.
        load: The copies of the arguments.
        forward: The forward pass.
        backward: The gradients.
    """

    setup: tuple[Setup, ...]
    load: tuple[Statement, ...]
    forward: tuple[Stage, ...]
    backward: tuple[Stage, ...]

    def __str__(self) -> str:
        """Return one statement a line."""
        stages = (self.load, *(s.statements for s in (*self.forward, *self.backward)))
        return "\n".join(map(str, (*self.setup, *(line for stage in stages for line in stage))))


def arrays(plan: Plan) -> Listing:
    """Write every equation as NumPy statements."""
    return _Lowering(plan).listing()


def lowered(plan: Plan) -> ArrayProgram:
    """Return the intermediate list of a plan."""
    return _Lowering(plan).program


class _Natural(dict[IndexedBase, str]):
    """The views of tensors with their own axes in order, made when they are asked for."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        self._space = space

    def __missing__(self, base: IndexedBase) -> str:
        self[base] = self._space.natural(base)
        return self[base]


class _Lowering:
    """A plan on its way down."""

    def __init__(self, plan: Plan) -> None:
        names = Names({*RESERVED, *_LOCAL})
        self._plan, self._arguments = plan, {t: names.fresh(t.name) for t in plan.given}
        self._space = Space(names)
        self._sums = Sums(self._space)
        self._maxima, self._natural = Maxima(self._space), _Natural(self._space)
        self._fallback = Fallback(self._space)
        load = tuple(self._loaded())
        forward = tuple(map(self._stage, plan.forward))
        backward = (*map(self._routing, plan.routings), *map(self._stage, plan.backward))
        self._results = self._handed_out()
        setup = shared(self._space.setup, *self._timetable(load, forward, backward))
        self.program = ArrayProgram(setup, load, forward, backward)

    def listing(self) -> Listing:
        """Return the whole program as text."""
        program, plan = self.program, self._plan
        return Listing(
            arguments={name: tensor.shape for tensor, name in self._arguments.items()},
            setup=_lines(program.setup),
            unpack=_lines(program.load),
            forward=tuple(map(_block, program.forward)),
            backward=tuple(map(_block, program.backward)),
            loss=f"float({self._results[plan.loss]}[0])",
            outputs={of: f"{self._results[t]}.copy()" for of, t in plan.outputs.items()},
            gradients={of: f"{self._results[t]}.copy()" for of, t in plan.gradients.items()},
        )

    def _timetable(
        self, load: Sequence[Statement], forward: Sequence[Stage], backward: Sequence[Stage]
    ) -> tuple[list[Statement], dict[str, int]]:
        """Return all statements, and before which of them every result is handed out."""
        first = [*load, *(line for stage in forward for line in stage.statements)]
        every = [*first, *(line for stage in backward for line in stage.statements)]
        outputs = {self._results[tensor]: len(first) for tensor in self._plan.outputs.values()}
        last = (self._plan.loss, *self._plan.gradients.values())
        return every, outputs | {self._results[tensor]: len(every) for tensor in last}

    def _loaded(self) -> Iterator[Statement]:
        for tensor, argument in self._arguments.items():
            self._space.keep(tensor, f"{tensor.label}_kept" if tensor.label == argument else "")
            sizes = ", ".join(map(str, tensor.shape))
            yield Copy(self._natural[tensor.base], f"{argument}.reshape({sizes})")

    def _handed_out(self) -> Mapping[Tensor, str]:
        plan = self._plan
        every = (plan.loss, *plan.outputs.values(), *plan.gradients.values())
        return {tensor: self._natural[tensor.base] for tensor in every}

    def _stage(self, group: Group) -> Stage:
        tensor, equations = group
        if len(equations) == 1 and (source := self._space.alias(tensor, equations[0])):
            same = f"Its entries are those of {source}, read in another order."
            return Stage((*map(note, equations), same), ())
        room, fresh = self._space.keep(tensor), True
        for equation in equations:
            self._write(without_unit_loops(equation), fresh)
            fresh = False
        if fresh:
            self._space.do(Fill(room.array, "0"))
        return Stage(tuple(map(note, equations)), self._space.taken())

    def _write(self, equation: Equation, fresh: bool) -> None:
        if fresh and is_maximum(equation) and self._maxima.lowered(equation):
            return
        if fresh and isinstance(equation.reduction, LogSumExp):
            if exponentials.lowered(self._space, equation):
                return
        elif not is_maximum(equation) and self._sums.lowered(equation, fresh=fresh):
            return
        self._fallback.lower(equation, fresh=fresh)

    def _routing(self, routing: Routing) -> Stage:
        source = without_unit_loops(routing.source)
        entry = routing.entry.xreplace(units(routing.source.loops))
        if not self._maxima.routed(routing, source, entry):
            self._fallback.routed(routing, source, entry)
        text = f"{routing.entry} = 1 where {routing.source.target} comes from, else 0"
        return Stage((text,), self._space.taken())


def _block(stage: Stage) -> Block:
    return Block(stage.notes, _lines(stage.statements))


def _lines(statements: Iterable[Setup | Statement]) -> tuple[str, ...]:
    return tuple(line for statement in statements for line in emitted(statement))
