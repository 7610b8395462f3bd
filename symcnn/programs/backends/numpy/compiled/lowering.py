"""A plan as Python and C: NumPy multiplies matrices, and functions in C do what is between them.

staged       the statements of NumPy's programs
formed       loops in the place of those that can be loops, fused
needed       without what nobody reads any more
named        arrays share memory and have names, as in NumPy's programs
functions    each run of loops, a function that takes a table of arrays
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from math import prod

from symcnn.errors import NotCompiledWarning
from symcnn.programs.backends.numpy.arrays import Array, Nest
from symcnn.programs.backends.numpy.compiled.building import arrays_in
from symcnn.programs.backends.numpy.compiled.compiler import NotCompiledError, library
from symcnn.programs.backends.numpy.compiled.printing import Lying, function_text
from symcnn.programs.backends.numpy.compiled.runs import Made, formed, needed_alone
from symcnn.programs.backends.numpy.compiled.texts import HARM, head
from symcnn.programs.backends.numpy.layout import Passing
from symcnn.programs.backends.numpy.lowering import (
    ArrayProgram,
    arrays,
    lines,
    listing_of,
    named,
)
from symcnn.programs.backends.numpy.staging import Stage, Staged, staged
from symcnn.programs.backends.numpy.statements import Copy, Part, ProductBlocks, Setup, Statement
from symcnn.programs.backends.python.listing import Block, Listing
from symcnn.programs.backends.python.names import Names
from symcnn.programs.plans.plan import Plan

TABLE_OF, FUNCTION_OF = "table_of", "function_of"
"""What makes a table of arrays, and a function that takes one, in a module of such a program."""


RECEIVED_ENTRIES = 10_000
"""A longer argument is read by loops where it is, and not copied before."""


@dataclass(frozen=True)
class Compiled(Listing):
    """A listing that calls functions in C."""

    functions: str = ""


def compiled(plan: Plan, dtype: str) -> Listing:
    """Return a plan's statements, and functions in C; without a compiler, those of NumPy."""
    made = written(plan, dtype)
    try:
        library(made.functions)
    except NotCompiledError as error:
        warnings.warn(f"{error}; NumPy computes alone", NotCompiledWarning, stacklevel=2)
        return arrays(plan)
    return made


def written(plan: Plan, dtype: str) -> Compiled:
    """Return a plan's statements, and functions in C."""
    made = _with_nests(_received(staged(plan)))
    program = named(made, ())
    writing = _Writing(made.names, dtype, program.setup)
    forward, backward = (
        [*map(writing.block, part)] for part in (program.forward, program.backward)
    )
    bare = replace(program, forward=_others(program.forward), backward=_others(program.backward))
    plain = listing_of(plan, bare, forward, backward)
    own = {**vars(plain), "setup": (*plain.setup, *writing.setup(program))}
    own["made"] = (*plain.made, *writing.made(program))
    return Compiled(**own, functions="\n".join(writing.functions))


def _others(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """Return stages without what is no statement of NumPy's."""
    return tuple(
        replace(s, statements=tuple(x for x in s.statements if not isinstance(x, _OWN)))
        for s in stages
    )


_OWN = (Nest, ProductBlocks)


def _received(made: Staged) -> Staged:
    """Take long arguments as they are, so that loops put their entries in another order."""
    given, own, others = dict(made.passed.given), list[Statement](), list[Statement]()
    places = {made.layouts[t.base].natural: t for t in made.arguments}
    for statement in made.load.statements:
        tensor = places.get(statement.out) if isinstance(statement, Copy) else None  # type: ignore[arg-type]
        if tensor is None or tensor.size < RECEIVED_ENTRIES:
            others.append(statement)
            continue
        hint = (f"{made.arguments[tensor]}_given",)
        given[tensor] = Array(hint, tuple(map(int, tensor.shape)))
        own.append(Copy(made.layouts[tensor.base].natural, given[tensor].all))
    load, forward = replace(made.load, statements=tuple(others)), [*made.forward]
    if own:
        forward[0] = replace(forward[0], statements=(*own, *forward[0].statements))
    return replace(made, load=load, forward=forward, passed=Passing(given, made.passed.made))


def _with_nests(made: Staged) -> Staged:
    """Return a plan with loops in the place of statements."""
    forward, backward = (formed(_numbered(part)) for part in (made.forward, made.backward))
    first = [*made.load.statements, *(x.statement for x in forward)]
    every = [*first, *(x.statement for x in backward)]
    layouts, plan = made.layouts, made.plan
    last = {layouts[t.base].array for t in made.results} | {*made.passed.made.values()}
    outputs = {layouts[t.base].array for t in plan.outputs.values()}
    needed = needed_alone(every, last, {len(first): outputs})
    ends = len(made.load.statements), len(first), len(every)
    parts = zip((forward, backward), (needed[ends[0] : ends[1]], needed[ends[1] :]), strict=True)
    made_of = zip((made.forward, made.backward), parts, strict=True)
    one, other = (tuple(_regrouped(old, *part)) for old, part in made_of)
    return replace(made, forward=one, backward=other)


def _numbered(stages: Iterable[Stage]) -> Iterator[Made]:
    for number, stage in enumerate(stages):
        yield from (Made(statement, frozenset({number})) for statement in stage.statements)


def _regrouped(
    stages: Sequence[Stage], made: Sequence[Made], needed: Sequence[Statement | None]
) -> Iterator[Stage]:
    """Return what is needed in stages again: a run of loops is one, with all its equations."""
    said, pairs = set[int](), [*zip(made, needed, strict=True)]
    left = ((m, n) for m, n in pairs)
    for _, group in groupby(
        left, key=lambda pair: isinstance(pair[0].statement, Nest) or min(pair[0].stages)
    ):
        run = [*group]
        own = sorted({number for m, _ in run for number in m.stages} - said)
        said |= {*own}
        notes = tuple(note for number in own for note in stages[number].notes)
        yield Stage(notes, tuple(n for _, n in run if n is not None))


class _Writing:
    """Blocks of statements, and the functions that they call: the same text is one function."""

    def __init__(self, names: Names, dtype: str, setup: Iterable[Setup]) -> None:
        self._names, self._dtype = names, dtype
        self._functions: dict[str, str] = {}
        self._tables: dict[str, tuple[str, ...]] = {}
        self._lie: dict[str, Lying] = {
            made.name: (made.memory, made.start, made.start + prod(made.shape))
            for made in setup
            if isinstance(made, Part)
        }

    @property
    def functions(self) -> Iterator[str]:
        """The text of all functions."""
        yield head(self._dtype)
        yield from (f"void {name}{text}" for text, name in self._functions.items())

    def block(self, stage: Stage) -> Block:
        """Write a stage; loops that follow each other are one function."""
        notes = tuple("".join(map(str, note)) for note in stage.notes)
        text = [*lines(stage.views)]
        for is_nest, run in groupby(stage.statements, key=lambda s: isinstance(s, Nest)):
            if is_nest:
                function, table = self._called([s for s in run if isinstance(s, Nest)])
                text.append(f"{function}({table})")
            else:
                text += chain(*map(self._lines, run))
        return Block(notes, tuple(text), len(stage.statements))

    def _lines(self, statement: Statement) -> Sequence[str]:
        if not isinstance(statement, ProductBlocks):
            return lines([statement])
        lists = f"{statement.left}, {statement.right}, {statement.out}"
        calls = [
            f"    {function}({table}, number)"
            for nest, arrays in zip(
                (statement.before, statement.after), statement.arrays, strict=True
            )
            if nest is not None
            for function, table in [self._called([replace(nest, arrays=arrays)])]
        ]
        product = "    np.matmul(left, right, out=share)"
        each = f"for number, (left, right, share) in enumerate(zip({lists})):"
        first = 1 if statement.before is not None else 0
        return ["\n".join([each, *calls[:first], product, *calls[first:]])]

    def _called(self, nests: Sequence[Nest]) -> tuple[str, str]:
        """Return the names of a function that runs some nests, and of the table of its arrays."""
        names: dict[Array, str] = {}
        for nest in nests:
            pairs = zip(arrays_in(nest.body), nest.arrays, strict=True)
            names |= {array: str(name) for array, name in pairs}
        places = {array: place for place, array in enumerate(names, HARM + 1)}
        lie = {array: self._lie.get(name, (name, 0, 1)) for array, name in names.items()}
        text = function_text(nests, places, lie, self._dtype)
        if text not in self._functions:
            self._functions[text] = self._names.fresh("loops")
        table = self._names.fresh("table")
        self._tables[table] = tuple(names.values())
        return self._functions[text], table

    def setup(self, program: ArrayProgram) -> Iterator[str]:
        """Write what makes the tables, in which arrays that are others in every call come later."""
        passed = {made.name for made in program.made}
        yield from (f'{name} = {FUNCTION_OF}("{name}")' for name in self._functions.values())
        for table, names in self._tables.items():
            given = ("None" if name in passed else name for name in names)
            yield f"{table} = {TABLE_OF}({', '.join(given)})"

    def made(self, program: ArrayProgram) -> Iterator[str]:
        """Write what puts the arrays of a call into the tables."""
        passed = {made.name for made in program.made}
        for table, names in self._tables.items():
            for place, name in enumerate(names, HARM + 1):
                if name in passed:
                    yield f"{table}[{place}] = {name}.ctypes.data"
