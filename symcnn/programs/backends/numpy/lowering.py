"""Lowering: a plan becomes the intermediate list, and that becomes a listing.

staged        statements, stage by stage
shared        memory for arrays that are not needed at the same time
naming        arrays and views, each of which is made once
emitted       one line a statement
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from symcnn.equations import Tensor
from symcnn.programs.backends.numpy.arrays import Array
from symcnn.programs.backends.numpy.emitter import emitted, helper_of
from symcnn.programs.backends.numpy.layout import Passing
from symcnn.programs.backends.numpy.memory import shared
from symcnn.programs.backends.numpy.naming import Naming
from symcnn.programs.backends.numpy.staging import Stage, Staged, staged
from symcnn.programs.backends.numpy.statements import Allocate, Receive, Setup, Statement
from symcnn.programs.backends.python.listing import Block, Listing
from symcnn.programs.plans.plan import Plan


@dataclass(frozen=True)
class ArrayProgram:
    """A plan in array statements; it prints as the list that it is.

    Attributes:
        setup: Arrays and views, made once.
        made: Arrays that are others in every call.
        load: The copies of the arguments.
        forward: The forward pass.
        backward: The gradients.
        arguments: The name of every tensor that is given.
        results: The name of every tensor that is returned.
        truths: Those of them that hold truth values, such as a routing.
        handed: Those of them that are made in every call.
        called: What the formulas in the statements call.
    """

    setup: tuple[Setup, ...]
    made: tuple[Setup, ...]
    load: tuple[Statement, ...]
    forward: tuple[Stage, ...]
    backward: tuple[Stage, ...]
    arguments: Mapping[Tensor, str]
    results: Mapping[Tensor, str]
    truths: frozenset[Tensor]
    handed: frozenset[Tensor]
    called: frozenset[str]

    def copied(self, tensor: Tensor) -> str:
        """Return a tensor that is returned as an array of its own, of numbers."""
        if tensor in self.handed:
            return self.results[tensor]
        return f"{self.results[tensor]}{'.astype(dtype)' if tensor in self.truths else '.copy()'}"

    def __str__(self) -> str:
        """Return one statement a line."""
        return "\n".join(map(str, self.every))

    @property
    def every(self) -> tuple[Setup | Statement, ...]:
        """All statements."""
        stages = ((*x.views, *x.statements) for x in (*self.forward, *self.backward))
        return (*self.setup, *self.made, *self.load, *chain(*stages))


def arrays(plan: Plan) -> Listing:
    """Write every equation as NumPy statements."""
    program = lowered(plan)
    return listing_of(plan, program, map(_block, program.forward), map(_block, program.backward))


def listing_of(
    plan: Plan, program: ArrayProgram, forward: Iterable[Block], backward: Iterable[Block]
) -> Listing:
    """Return the listing of a plan whose passes are written."""
    result = program.results
    return Listing(
        arguments={name: tensor.shape for tensor, name in program.arguments.items()},
        setup=lines(program.setup),
        made=lines(program.made),
        unpack=lines(program.load),
        forward=tuple(forward),
        backward=tuple(backward),
        loss="np.nan" if plan.loss is None else f"float({result[plan.loss]}[0])",
        outputs={name: program.copied(tensor) for name, tensor in plan.outputs.items()},
        gradients={name: program.copied(tensor) for name, tensor in plan.gradients.items()},
        calls=program.called.union(map(helper_of, program.every)),
    )


def lowered(plan: Plan) -> ArrayProgram:
    """Return the intermediate list of a plan."""
    made = staged(plan)
    return named(made, (layout.array for layout in made.layouts.values()))


def named(made: Staged, first: Iterable[Array]) -> ArrayProgram:
    """Return statements about names; some arrays get theirs first, in an order."""
    layouts, passed, last = made.layouts, made.passed, made.results
    naming = Naming(made.names, shared(*made.timetable, passed.arrays), passed.arrays)
    for array in first:
        naming.name(array)
    return ArrayProgram(
        load=made.load.named(naming).statements,
        forward=tuple(stage.named(naming) for stage in made.forward),
        backward=tuple(stage.named(naming) for stage in made.backward),
        arguments=made.arguments,
        results={tensor: naming.view(layouts[tensor.base].natural) for tensor in last},
        made=tuple(_made(naming, passed, made.arguments)),
        setup=tuple(naming.setup),
        handed=frozenset(passed.made),
        truths=frozenset(tensor for tensor in last if layouts[tensor.base].array.truth),
        called=frozenset(naming.printer.called),
    )


def _made(naming: Naming, passed: Passing, arguments: Mapping[Tensor, str]) -> Iterator[Setup]:
    """Take arrays over from arguments, and make those of gradients."""
    for tensor, array in passed.given.items():
        yield Receive(str(naming.name(array)), arguments[tensor], tensor.shape)
    for array in passed.made.values():
        yield Allocate(str(naming.name(array)), array.shape, array.axes)


def _block(stage: Stage) -> Block:
    notes = ("".join(map(str, note)) for note in stage.notes)
    text = lines((*stage.views, *stage.statements))
    return Block(tuple(notes), text, len(stage.statements))


def lines(statements: Iterable[Setup | Statement]) -> tuple[str, ...]:
    """Write statements."""
    return tuple(map(emitted, statements))
