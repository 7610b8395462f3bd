"""Staging: a plan becomes statements, stage by stage, before anything has a name.

layouts       where every tensor lies
stages        what each equation does, by the first pattern that fits its form
with copies   windows side by side, borders around tensors: once, when first read
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sympy import IndexedBase

from symcnn.derivation import Routing
from symcnn.equations import Equation, Group, Tensor, without_unit_loops
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.backends.numpy.arrays import Array, Hint
from symcnn.programs.backends.numpy.fallback import routed_term_by_term, term_by_term
from symcnn.programs.backends.numpy.layout import (
    Layout,
    Layouts,
    Passing,
    layout_of,
    passing,
    place_of_copy,
)
from symcnn.programs.backends.numpy.maxima import layout_of_routing, logarithms, maxima, routed
from symcnn.programs.backends.numpy.naming import Naming, with_copies
from symcnn.programs.backends.numpy.statements import Copy, Fill, Setup, Statement
from symcnn.programs.backends.numpy.strips import in_strips, read_once
from symcnn.programs.backends.numpy.sums import sums
from symcnn.programs.backends.python.listing import RESERVED
from symcnn.programs.backends.python.names import Names
from symcnn.programs.plans.plan import Plan

KEPT_ENTRIES = 400_000
"""Windows side by side and borders with more entries are copied again on the way back: they are
several times as large as the tensor, which is there anyway."""

_OF_STATEMENTS = {
    "table_of",
    "function_of",
    "place",
    "places",
    "source",
    "share",
    "left",
    "right",
    "part_of_it",
    "dtype",
    "at",
    "number",
}
"""Names that the text of statements uses itself."""


@dataclass(frozen=True)
class Stage:
    """Equations and the statements that compute them."""

    notes: tuple[Hint, ...]
    statements: tuple[Statement, ...]
    views: tuple[Setup, ...] = ()

    def with_copies(self, copied: set[Array]) -> Stage:
        """Return the stage with the copies that its statements need."""
        return replace(self, statements=tuple(with_copies(self.statements, copied)))

    def named(self, naming: Naming) -> Stage:
        """Return the stage about names."""
        notes = tuple((naming.text(note),) for note in self.notes)
        statements = tuple(map(naming.named, self.statements))
        return Stage(notes, statements, naming.passing_views())


@dataclass(frozen=True)
class Staged:
    """A plan in array statements, before anything has a name."""

    plan: Plan
    names: Names
    layouts: Layouts
    passed: Passing
    load: Stage
    forward: Sequence[Stage]
    backward: Sequence[Stage]
    arguments: Mapping[Tensor, str]

    @property
    def results(self) -> tuple[Tensor, ...]:
        """What is returned."""
        plan = self.plan
        return (*plan.losses, *plan.outputs.values(), *plan.gradients.values())

    @property
    def timetable(self) -> tuple[list[Statement], dict[Array, int]]:
        """All statements, and before which of them every result is returned."""
        parts = ([self.load, *self.forward], self.backward)
        first, then = ([s for stage in part for s in stage.statements] for part in parts)
        plan, layouts = self.plan, self.layouts
        last, end = (*plan.losses, *plan.gradients.values()), len(first) + len(then)
        outputs = {layouts[tensor.base].array: len(first) for tensor in plan.outputs.values()}
        return [*first, *then], outputs | {layouts[tensor.base].array: end for tensor in last}


def staged(plan: Plan) -> Staged:
    """Return the statements of a plan."""
    names = Names({*RESERVED, *_OF_STATEMENTS})
    arguments = {tensor: names.fresh(tensor.name) for tensor in plan.given}
    layouts, copied = _layouts(plan, arguments), set[Array]()
    passed = passing(plan, layouts)
    copying = {t: argument for t, argument in arguments.items() if t not in passed.given}
    load = Stage((), tuple(_loaded(layouts, copying))).with_copies(copied)
    forward = [stage.with_copies(copied) for stage in _forward(plan, layouts)]
    copied = {array for array in copied if array.size <= KEPT_ENTRIES}
    stages = [_stage(layouts, group) for group in plan.backward]
    backward = [stage.with_copies(copied) for stage in stages]
    forward, backward = _in_strips(forward), _in_strips(backward)
    return Staged(plan, names, layouts, passed, load, forward, backward, arguments)


def _in_strips(stages: Sequence[Stage]) -> list[Stage]:
    """Return stages without long copies that one product alone reads; strips are in their place."""
    alone = read_once([s for stage in stages for s in stage.statements], KEPT_ENTRIES)
    return [replace(stage, statements=in_strips(stage.statements, alone)) for stage in stages]


def _layouts(plan: Plan, arguments: Mapping[Tensor, str]) -> Layouts:
    """Return where every tensor lies; only copies and routings depend on others."""
    layouts: dict[IndexedBase, Layout] = {}
    for tensor, argument in arguments.items():
        hint = f"{tensor.label}_kept" if tensor.label == argument else ""
        layouts[tensor.base] = layout_of(tensor, hint)
    for tensor, equations in plan.forward:
        layouts[tensor.base] = place_of_copy(layouts, equations) or layout_of(tensor)
    for routing in plan.routings:
        made = layout_of_routing(layouts, routing, without_unit_loops(routing.source))
        layouts[routing.tensor.base] = made or layout_of(routing.tensor)
    for tensor, equations in plan.backward:
        layouts[tensor.base] = place_of_copy(layouts, equations) or layout_of(tensor)
    return layouts


def _loaded(layouts: Layouts, arguments: Mapping[Tensor, str]) -> Iterator[Statement]:
    for tensor, argument in arguments.items():
        sizes = ", ".join(map(str, tensor.shape))
        yield Copy(layouts[tensor.base].natural, f"{argument}.reshape({sizes})")


def _stage(layouts: Layouts, group: Group) -> Stage:
    """Return what computes a tensor; a copy that lies where its original does takes nothing."""
    tensor, equations = group
    notes, array = [(note(equation),) for equation in equations], layouts[tensor.base].array
    if place_of_copy(layouts, equations):
        same = ("Its entries are those of ", array, ", read in another order.")
        return Stage((*notes, same), ())
    parts = [
        _computed(layouts, without_unit_loops(equation), fresh=number == 0)
        for number, equation in enumerate(equations)
    ]
    return Stage(tuple(notes), tuple(chain(*parts)) or (Fill(array.all, "0"),))


def _computed(layouts: Layouts, equation: Equation, *, fresh: bool) -> Iterator[Statement]:
    """Return what an equation adds to its target, by the first pattern that fits.

    Args:
        layouts: Where the tensors lie.
        equation: An equation without loops of length 1.
        fresh: Whether the target holds nothing yet.
    """
    made = sums(layouts, equation, fresh=fresh)
    if fresh and made is None:
        made = maxima(layouts, equation) or logarithms(layouts, equation)
    return made or term_by_term(layouts, equation, fresh=fresh)


def _forward(plan: Plan, layouts: Layouts) -> Iterator[Stage]:
    """Return the forward pass; a routing follows its maximum, whose terms are not kept for it."""
    routings: dict[IndexedBase, list[Routing]] = {}
    for routing in plan.routings:
        routings.setdefault(routing.source.target.base, []).append(routing)
    for group in plan.forward:
        yield _stage(layouts, group)
        yield from (_routing(layouts, made) for made in routings.get(group[0].base, ()))


def _routing(layouts: Layouts, routing: Routing) -> Stage:
    source = without_unit_loops(routing.source)
    made = routed(layouts, routing, source) or routed_term_by_term(layouts, routing, source)
    return Stage(((note_of_routing(routing),),), tuple(made))
