"""JavaScript: statements on single numbers, or loops over typed arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation import Routing
from symcnn.equations import Assignments, Tensor, indexing
from symcnn.programs.backends import Backend
from symcnn.programs.backends.javascript.loops import Loops
from symcnn.programs.backends.javascript.module import Block, Program, module_text
from symcnn.programs.backends.javascript.names import identifier, string
from symcnn.programs.backends.javascript.printing import Printer
from symcnn.programs.backends.straight.assignments import Stage, straight
from symcnn.programs.backends.straight.identifiers import Identifiers
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import filled, wrapped


def lowered(plan: Plan, dtype: str = "float64") -> Program:
    """Write a plan of all stages: entry by entry if it is small, as Python's programs are."""
    is_small = plan.unstaged.terms <= limits.USUAL_SCALAR_TERMS
    writer: Entries | Loops = Entries(plan) if is_small else Loops(plan)
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
    return plan.tensors[routing.source.target.base].name


class Entries:
    """The statements of a plan, entry by entry."""

    def __init__(self, plan: Plan) -> None:
        """Write them."""
        self._names, self._printer = Identifiers(plan.given), Printer()
        self._read: set[Symbol] = set()
        code = straight(plan)
        self.forward = [*map(self._block, code.forward)]
        self.backward = [*map(self._block, code.backward)]
        self.further = [*map(self._block, code.further)]
        self.unpack = [*self._unpacked()]

    def row(self, tensor: Tensor) -> str:
        """Return the row of all entries of a tensor."""
        if tensor.is_given:
            return f"given[{string(tensor.name)}]"
        return _row("Float64Array", self._entries(tensor))

    def winners(self, routing: Routing) -> str:
        """Return, for every window, the first place at which the routing is not 0."""
        entries = self._entries(routing.tensor)
        places = Assignments(replace(routing.source, target=routing.entry)).targets.tolist()
        windows = Assignments(routing.source).by_target()
        return _row(
            "Int32Array", [_first(entries, [places[r] for r in rows]) for _, rows in windows]
        )

    def _block(self, stage: Stage) -> Block:
        return Block(stage.notes, [self._statement(*made) for made in stage.assignments])

    def _statement(self, symbol: Symbol, value: Expr) -> str:
        self._read |= value.free_symbols
        text = self._printer.code(self._names.written(value))
        return f"{wrapped(f'const {identifier(self._names.name(symbol))} = {text}')};"

    def _unpacked(self) -> Iterator[str]:
        """Read the entries of the given tensors that statements read."""
        for argument, tensor in self._names.arguments.items():
            numbered = enumerate(map(tensor.symbol, tensor.positions()))
            row = identifier(argument)
            read = [f"{self._entry(s)} = {row}[{n}]" for n, s in numbered if s in self._read]
            if read:
                yield f"const {row} = given[{string(tensor.name)}];"
                yield f"const {filled(', '.join(read))};"

    def _entries(self, tensor: Tensor) -> list[str]:
        return [*map(self._entry, map(tensor.symbol, tensor.positions()))]

    def _entry(self, symbol: Symbol) -> str:
        return identifier(self._names.name(symbol))


def _row(kind: str, entries: Iterable[str]) -> str:
    text = f"{kind}.of({', '.join(entries)})"
    return filled(text).replace("\n", "\n  ")


def _first(entries: list[str], places: list[int]) -> str:
    """Return the first place whose entry is not 0; one of them is not."""
    *others, last = places
    return "".join(f"{entries[n]} !== 0 ? {n} : " for n in others) + str(last)


BACKEND = Backend(lowered, module_text, results="stages")
