"""Small plans: one statement for each entry, in the order and with the rounding of Python's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Symbol

from symcnn.derivation import Routing
from symcnn.equations import Assignments, Tensor
from symcnn.programs.backends.javascript.names import identifier, string
from symcnn.programs.backends.javascript.printing import Printer
from symcnn.programs.backends.javascript.program import Block
from symcnn.programs.backends.straight.assignments import Stage, straight
from symcnn.programs.backends.straight.identifiers import Identifiers
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import filled, wrapped


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
