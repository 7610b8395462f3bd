"""Smaller plans: one statement for each entry."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Symbol

from symcnn.equations import Tensor
from symcnn.programs.backends.loops.language import Block, Language
from symcnn.programs.backends.loops.texts import Printing
from symcnn.programs.backends.straight.assignments import Stage, straight
from symcnn.programs.backends.straight.functions import Argmax
from symcnn.programs.backends.straight.identifiers import Identifiers
from symcnn.programs.plans.plan import Plan
from symcnn.writing.wrapping import wrapped


class Entries:
    """The statements of a plan, entry by entry."""

    def __init__(self, plan: Plan, language: Language, printer: Printing) -> None:
        """Write them."""
        self._names, self._language, self._printer = Identifiers(plan.given), language, printer
        self._read: set[Symbol] = set()
        self.code = straight(plan)
        self.forward = [*map(self._block, self.code.forward)]
        self.backward = [*map(self._block, self.code.backward)]
        self.further = [*map(self._block, self.code.further)]

    def entries(self, tensor: Tensor) -> list[str]:
        """Return what the entries of a tensor are called."""
        return [*map(self._entry, map(tensor.symbol, tensor.positions()))]

    def given(self) -> Iterator[tuple[str, Tensor, list[str]]]:
        """Run over the given tensors that statements read: the row, and how entries are read."""
        for argument, tensor in self._names.arguments.items():
            numbered = enumerate(map(tensor.symbol, tensor.positions()))
            row = self._language.identifier(argument)
            read = [f"{self._entry(s)} = {row}[{n}]" for n, s in numbered if s in self._read]
            if read:
                yield row, tensor, read

    def _block(self, stage: Stage) -> Block:
        return Block(stage.notes, [self._statement(*made) for made in stage.assignments])

    def _statement(self, symbol: Symbol, value: Expr) -> str:
        self._read |= value.free_symbols
        language = self._language
        spelled = language.place if isinstance(value, Argmax) else language.number
        text = self._printer.code(self._names.written(value))
        name = language.identifier(self._names.name(symbol))
        return f"{wrapped(spelled.format(name=name, value=text).removesuffix(';'))};"

    def _entry(self, symbol: Symbol) -> str:
        return self._language.identifier(self._names.name(symbol))
