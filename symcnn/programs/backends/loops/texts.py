"""What arrays, loops and entries are called, and expressions made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from sympy import Expr, Indexed, IndexedBase, Symbol

from symcnn.equations import Affine, Tensor, affine, entry_at
from symcnn.programs.backends.loops.language import Fresh, Language


class Printing(Protocol):
    """What prints expressions in a language."""

    def code(self, expression: Expr, *, alone: bool = True) -> str:
        """Return the text of an expression; one that stands alone needs no brackets."""


class Texts:
    """What arrays, loops and entries are called."""

    def __init__(
        self,
        tensors: Mapping[IndexedBase, Tensor],
        language: Language,
        printer: Callable[[Callable[[Indexed], str]], Printing],
    ) -> None:
        """Take all tensors, by their bases, and what makes a printer for what prints an entry."""
        self.language, self.fresh, self._tensors = language, Fresh(language), tensors
        self.arrays: dict[tuple[str, IndexedBase], str] = {}
        self._loops: dict[Symbol, str] = {}
        self._printer = printer(self.entry)
        for base in tensors:
            self.array(base)

    def array(self, base: IndexedBase) -> str:
        """Return what the array of a tensor is called."""
        return self.beside("", base)

    def beside(self, what: str, base: IndexedBase) -> str:
        """Return what an array that belongs to a tensor is called."""
        if (what, base) not in self.arrays:
            wanted = f"{what}_{self._tensors[base].label}" if what else self._tensors[base].label
            self.arrays[what, base] = self.fresh(wanted)
        return self.arrays[what, base]

    def size(self, base: IndexedBase) -> int:
        """Return the number of entries of a tensor."""
        return int(self._tensors[base].size)

    def loop(self, symbol: Symbol) -> str:
        """Return what the variable of a loop is called."""
        if symbol not in self._loops:
            self._loops[symbol] = self.fresh(symbol.name)
        return self._loops[symbol]

    def place(self, read: Indexed) -> str:
        """Return the place of an entry in the array, counted in row-major order."""
        return self.form(affine(entry_at(read.indices, read.shape)))

    def entry(self, read: Indexed) -> str:
        """Return an entry of an array."""
        return f"{self.array(read.base)}[{self.place(read)}]"

    def value(self, value: Expr, *, alone: bool = True) -> str:
        """Return an expression in entries of arrays; one that stands alone needs no brackets."""
        return self._printer.code(value, alone=alone)

    def form(self, form: Affine) -> str:
        """Return an affine form of loops, such as 2*i - u - 1."""
        terms = [(n, self.loop(symbol)) for symbol, n in form.coefficients.items() if n]
        terms.sort(key=lambda term: -abs(term[0]))
        parts = [(n, name if abs(n) == 1 else f"{abs(n)}*{name}") for n, name in terms]
        if form.constant or not parts:
            parts.append((form.constant, str(abs(form.constant))))
        text = "".join(f" {'-' if n < 0 else '+'} {part}" for n, part in parts)
        return text.removeprefix(" + ") if text.startswith(" + ") else f"-{text[3:]}"
