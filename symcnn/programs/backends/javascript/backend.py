"""JavaScript: statements on single numbers, or loops over typed arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from symcnn import limits
from symcnn.derivation import Routing
from symcnn.equations import Assignments, Group, Tensor, indexing
from symcnn.programs.backends import Backend
from symcnn.programs.backends.javascript.language import JAVASCRIPT, Printer, string
from symcnn.programs.backends.javascript.module import Program, module_text
from symcnn.programs.backends.loops.language import Block
from symcnn.programs.backends.loops.routings import Entries, routed
from symcnn.programs.backends.loops.sums import made
from symcnn.programs.backends.loops.texts import Texts
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import filled


class Loops:
    """The statements of a plan, equation by equation."""

    def __init__(self, plan: Plan) -> None:
        """Write them."""
        self._texts = Texts(plan.tensors, JAVASCRIPT, Printer)
        self.unpack = [f"const {self.row(t)} = given[{string(t.name)}];" for t in plan.given]
        self.forward = [*map(self._group, plan.forward)]
        self.backward = [*map(self._routing, plan.routings), *map(self._group, plan.backward)]
        self.further: Sequence[Block] = ()

    def row(self, tensor: Tensor) -> str:
        """Return the array of a tensor."""
        return self._texts.array(tensor.base)

    def winners(self, routing: Routing) -> str:
        """Return the array of the places of a routing that are not 0."""
        return self._texts.beside("winner", routing.tensor.base)

    def _group(self, group: Group) -> Block:
        """Write the equations that add up to a tensor; without one it is 0."""
        return Block([*map(note, group[1])], [*made(self._texts, group)])

    def _routing(self, routing: Routing) -> Block:
        return Block([note_of_routing(routing)], [*routed(self._texts, routing)])


def lowered(plan: Plan, dtype: str = "float64") -> Program:
    """Write a plan of all stages: entry by entry if it is small, as Python's programs are."""
    is_small = plan.unstaged.terms <= limits.USUAL_SCALAR_TERMS
    writer: Statements | Loops = Statements(plan) if is_small else Loops(plan)
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
        has_loss=plan.loss is not None,
    )


def _rows(tensors: Mapping[str, Tensor], row: Callable[[Tensor], str]) -> dict[str, str]:
    return {name: row(tensor) for name, tensor in tensors.items()}


def _name(plan: Plan, routing: Routing) -> str:
    return plan.tensors[routing.source.target.base].name


class Statements(Entries):
    """The statements of a plan, entry by entry, and rows of them."""

    def __init__(self, plan: Plan) -> None:
        """Write them."""
        super().__init__(plan, JAVASCRIPT, Printer())
        self.unpack = [*self._unpacked()]

    def row(self, tensor: Tensor) -> str:
        """Return the row of all entries of a tensor."""
        if tensor.is_given:
            return f"given[{string(tensor.name)}]"
        return _row("Float64Array", self.entries(tensor))

    def winners(self, routing: Routing) -> str:
        """Return, for every window, the first place at which the routing is not 0."""
        entries = self.entries(routing.tensor)
        places = Assignments(replace(routing.source, target=routing.entry)).targets.tolist()
        windows = Assignments(routing.source).by_target()
        return _row(
            "Int32Array", [_first(entries, [places[r] for r in rows]) for _, rows in windows]
        )

    def _unpacked(self) -> Iterator[str]:
        """Read the entries of the given tensors that statements read."""
        for row, tensor, read in self.given():
            yield f"const {row} = given[{string(tensor.name)}];"
            yield f"const {filled(', '.join(read))};"


def _row(kind: str, entries: Iterable[str]) -> str:
    text = f"{kind}.of({', '.join(entries)})"
    return filled(text).replace("\n", "\n  ")


def _first(entries: list[str], places: list[int]) -> str:
    """Return the first place whose entry is not 0; one of them is not."""
    *others, last = places
    return "".join(f"{entries[n]} !== 0 ? {n} : " for n in others) + str(last)


BACKEND = Backend(lowered, module_text, results="stages", offers=("outputs",))
