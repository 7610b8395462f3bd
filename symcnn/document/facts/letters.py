r"""Letters for the integers in indices.

Two kinds of index hold several loops. A *window* at i reads with its tap u

    i_u = S i + D u - P          stride S, dilation D, padding P

and *row-major* counting goes through the values of several indices in turn,

    m_ijc = N_j N_c i + N_c j + c         N_c values of c, on an axis whose index is m.

Which is which is read off the equation: a window's tap is an index of a kernel, or of
nothing else. Heads and groups are blocks of channels over which no window slides: they count
row by row. Other integers stay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Symbol

from symcnn.document.facts.windows import NO_AXES, Axes, Window, compound, row_major, window_of
from symcnn.equations import Affine, Equation, Loop
from symcnn.equations.sizes import is_size
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import added, row
from symcnn.writing.printing.names import named

_COUNTING = "mnqlt"
"""Letters for what counts through several indices in turn, on an axis that has none."""


@dataclass(frozen=True)
class NamedIndex:
    """An index with a name: symbol = sum of letters times loops, minus the padding.

    Attributes:
        symbol: Its name, e.g. i_u.
        terms: For each loop, the letters that it is multiplied by, and it.
        padding: The letter that is subtracted, if there is one.
    """

    symbol: Symbol
    terms: tuple[tuple[tuple[Symbol, ...], Symbol], ...]
    padding: Symbol | None

    def value(self, numbers: Mapping[Symbol, Any]) -> Any:
        """Return the index, counted from 0, for numbers of letters and loops."""
        reached = sum(
            prod(numbers[letter] for letter in factors) * numbers[loop]
            for factors, loop in self.terms
        )
        return reached - (numbers[self.padding] if self.padding else 0)

    def form(self, numbers: Mapping[Symbol, int]) -> Affine:
        """Return it as a form of its loops, for numbers of letters."""
        factors = {loop: prod(numbers[letter] for letter in own) for own, loop in self.terms}
        return Affine(factors, -numbers[self.padding] if self.padding else 0)

    def loops_at(self, value: int, numbers: Mapping[Symbol, int]) -> dict[Symbol, int]:
        """Return what the loops of an index that counts row by row are where it has a value."""
        at = dict[Symbol, int]()
        for factors, loop in self.terms:
            at[loop], value = divmod(value, prod(numbers[letter] for letter in factors))
        return at

    def definition(self, base: int) -> Formula:
        """Print what it is, with indices that count from ``base``."""
        text = added([_term(factors, loop, base) for factors, loop in self.terms])
        padding = ("-", named(self.padding.name)) if self.padding else ()
        is_shifted = base and all(factors for factors, _ in self.terms)
        start = ("+", str(base)) if is_shifted else ()
        return row(named(self.symbol.name), "=", text, *padding, *start)


def _term(factors: Sequence[Symbol], loop: Symbol, base: int) -> Formula:
    """Print S (i - 1); a loop without a factor takes the first index along."""
    own = named(loop.name)
    shifted = ("(", own, "-", str(base), ")") if base and factors else (own,)
    return row(*(named(factor.name) for factor in factors), *shifted)


@dataclass(frozen=True)
class Letters:
    """The named indices of some equations, and what the letters are in this network."""

    named_indices: Mapping[Expr, NamedIndex]
    numbers: Mapping[Symbol, int]

    @property
    def windows(self) -> list[NamedIndex]:
        """The indices that a window reads."""
        return [index for index in self.named_indices.values() if index.padding]

    @property
    def taps(self) -> list[Symbol]:
        """The loops over the entries of windows."""
        return [window.terms[1][1] for window in self.windows]

    def is_window(self, index: Expr) -> bool:
        """Tell whether an index is one that a window reads."""
        return index in self.named_indices and self.named_indices[index].padding is not None

    def is_row_major(self, index: Expr) -> bool:
        """Tell whether an index is one that counts through several indices in turn."""
        return index in self.named_indices and self.named_indices[index].padding is None

    def case(self, free: Mapping[Symbol, int]) -> dict[Symbol, int]:
        """Return free indices with the loops of those that count through several in turn."""
        runs = [run for run in self.named_indices.values() if run.symbol in free]
        parts = (run.loops_at(free[run.symbol], self.numbers) for run in runs)
        return {**free, **{loop: value for part in parts for loop, value in part.items()}}

    def slides(self, read: Indexed) -> bool:
        """Tell whether an access is one through a window."""
        return any(map(self.is_window, read.indices))

    def loops(self, index: Expr) -> list[Symbol]:
        """Return the loops that an index, named or not, is made of."""
        own = next((p for p in self.named_indices.values() if p.symbol == index), None)
        return [loop for _, loop in own.terms] if own else sorted(index.free_symbols, key=str)

    def named(self, index: Expr) -> Expr:
        """Return an index by its name, if it has one."""
        return self.named_indices[index].symbol if index in self.named_indices else index


def letters(
    equations: Iterable[Equation],
    parameters: Collection[IndexedBase],
    taken: Collection[str],
    axes: Axes = NO_AXES,
) -> Letters:
    """Return letters for the indices of forward equations; none where two would clash."""
    windows, runs = dict[Expr, Window](), dict[Expr, list[Loop]]()
    names = dict[Expr, str]()
    for equation in equations:
        for index, axis in compound(equation, axes):
            if window := window_of(index, equation, parameters):
                windows[index] = window
            elif order := row_major(index, equation.sizes):
                runs[index] = order
                names.setdefault(index, _row_major_name(order, axis, taken))
    own = _letters_of(list(windows.values()), taken)
    found = {w.index: _window_index(w, own) for w in windows.values()}
    found |= {i: _row_major_index(names[i], order, taken) for i, order in runs.items()}
    pairs = [(own[w, s], n) for w in windows.values() for s, n in w.numbers.items()]
    pairs += [(size_of(x, taken), x.size) for order in runs.values() for x in order[1:]]
    clash = len(set(pairs)) > len(dict(pairs)) or len(set(found.values())) < len(found)
    numbers = {letter: number for letter, number in pairs if letter != number}
    return Letters({}, {}) if clash else Letters(found, numbers)


def size_of(loop: Loop, taken: Collection[str]) -> Symbol:
    """Return the letter for how many values an index takes: N_c, or N'_c beside a tensor N."""
    own = loop.size
    return own if is_size(own) else Symbol(f"{_primed('N', taken)}_{loop.symbol}")


def _primed(letter: str, taken: Collection[str]) -> str:
    return f"{letter}'" if letter in taken else letter


def _letters_of(
    windows: Sequence[Window], taken: Collection[str]
) -> dict[tuple[Window, str], Symbol]:
    """Give all windows one stride S, or each its own, S_i and S_j; what is a letter keeps it."""
    together = {s: len({w.numbers[s] for w in windows}) == 1 for s in "SDP"}
    letter = {s: _primed(s, taken) for s in "SDP"}
    return {
        (w, s): number
        if is_size(number)
        else Symbol(letter[s] if together[s] else f"{letter[s]}_{w.position}")
        for w in windows
        for s, number in w.numbers.items()
    }


def _window_index(window: Window, own: Mapping[tuple[Window, str], Symbol]) -> NamedIndex:
    stride, dilation, padding = (own[window, sign] for sign in "SDP")
    symbol = Symbol(f"{window.position}_{window.tap}", integer=True)
    return NamedIndex(symbol, (((stride,), window.position), ((dilation,), window.tap)), padding)


def _row_major_name(order: Sequence[Loop], axis: Symbol | None, taken: Collection[str]) -> str:
    """Return k_gm for g and m on the axis k, and m_rsk where the axis has no letter of its own."""
    loops = [loop.symbol.name for loop in order]
    free = (letter for letter in _COUNTING if letter not in {*loops, *taken})
    own = str(axis) if axis is not None and str(axis) not in loops else next(free, loops[0])
    return f"{own}_{''.join(loops)}"


def _row_major_index(name: str, order: Sequence[Loop], taken: Collection[str]) -> NamedIndex:
    finer = [tuple(size_of(x, taken) for x in order[n + 1 :]) for n in range(len(order))]
    terms = tuple((own, loop.symbol) for own, loop in zip(finer, order, strict=True))
    return NamedIndex(Symbol(name, integer=True), terms, None)
