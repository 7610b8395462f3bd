"""What arrays, loops and entries are called, expressions of them, and loops inside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from sympy import Expr, Indexed, IndexedBase, Symbol

from symcnn.equations import Affine, Equation, Guard, Loop, Tensor, affine, entry_at
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


INDENT = "  "


def nest(
    texts: Texts,
    equation: Equation,
    loops: Sequence[Loop],
    body: Iterable[str],
    outer: int = 0,
    row: Loop | None = None,
) -> Iterator[str]:
    """Write loops one inside the other around some lines.

    Args:
        texts: What is called how.
        equation: The equation whose guards leave assignments out.
        loops: All loops that are open at the lines, the outer ones first.
        body: The lines.
        outer: How many of these loops are open already, with their guards.
        row: The loop that runs over a row, if one does.
    """
    depth = len(loops) - outer
    for number in range(outer, len(loops)):
        margin, loop = INDENT * (number - outer), loops[number]
        name = texts.loop(loop.symbol)
        spelled = texts.language.row if loop == row else texts.language.loop
        yield f"{margin}{spelled.format(name=name, size=loop.size)}"
        for guard in _decided(equation.guards, loops, number):
            yield f"{margin}{INDENT}{_skipped(texts, guard, equation)}"
    yield from (INDENT * depth + line for line in body)
    yield from (INDENT * number + "}" for number in reversed(range(depth)))


def never(equation: Equation) -> bool:
    """Tell whether guards without a loop in them leave out every assignment."""
    plain = (guard for guard in equation.guards if guard.expression.is_Integer)
    return any(not 0 <= guard.expression < guard.size for guard in plain)


def _decided(guards: Iterable[Guard], loops: Sequence[Loop], number: int) -> Iterator[Guard]:
    """Run over the guards that depend on a loop and on no inner one."""
    known = [loop.symbol for loop in loops[: number + 1]]
    for guard in guards:
        own = guard.expression.free_symbols
        if own <= {*known} and loops[number].symbol in own:
            yield guard


def _skipped(texts: Texts, guard: Guard, equation: Equation) -> str:
    """Write that an assignment outside of the range of a guard is left out."""
    form = affine(guard.expression)
    low, high = form.bounds(equation.sizes) or (-1, guard.size)
    text = texts.form(form)
    tests = [f"{text} < 0"] * (low < 0) + [f"{text} >= {guard.size}"] * (high >= guard.size)
    return f"if ({' || '.join(tests)}) continue;"
