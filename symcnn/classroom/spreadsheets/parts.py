"""A formula that is too long for a cell, as several: each part has a cell of its own.

    x_1 + ... + x_900  =  p_1 + p_2,    p_1 = x_1 + ... + x_450,    p_2 = x_451 + ... + x_900

A spreadsheet takes 8,192 characters in a formula and 255 arguments of a function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sympy import Add, Expr, Mul, Symbol

from symcnn.equations.functions import Iverson, maximum

LONGEST = 8_000
"""The characters of a formula."""

MOST_ARGUMENTS = 200
"""The arguments of a function."""

_JOINING = (Add, Mul, maximum, Iverson)
"""What of several parts is the same of the wholes: [a, b, c] is [a, b] [c]."""


class Parts:
    """Takes formulas apart that are too long.

    Attributes:
        made: Every part: its symbol, its formula over parts, and what it is in entries.
    """

    def __init__(self, text: Callable[[Expr], str], symbol: Callable[[int], Symbol]) -> None:
        """Take what writes formulas, and what makes the symbol of a part by its number."""
        self._text, self._symbol = text, symbol
        self.made: list[tuple[Symbol, Expr, Expr]] = []

    def written(self, formula: Expr) -> str:
        """Return what stands in the cell of a formula."""
        text = self._text(formula)
        return text if self._fits(formula, text) else self._text(self._fitted(formula))

    def _fitted(self, formula: Expr) -> Expr:
        """Return a formula that fits into a cell, over the parts that it is made of."""
        if self._fits(formula, self._text(formula)):
            return formula
        short = [self._fitted(argument) for argument in formula.args]
        if isinstance(formula, _JOINING):
            return self._joined(formula, short)
        named = (self._part(s, whole) for s, whole in zip(short, formula.args, strict=True))
        return formula.func(*named)

    def _fits(self, formula: Expr, text: str) -> bool:
        calls = formula.atoms(maximum, Iverson) if len(text) > MOST_ARGUMENTS else ()
        return len(text) <= LONGEST and all(len(call.args) <= MOST_ARGUMENTS for call in calls)

    def _joined(self, formula: Expr, short: Sequence[Expr]) -> Expr:
        """Return the sum of partial sums, or the maximum of maxima."""
        runs = [*self._runs(formula, short)]
        join = Mul if isinstance(formula, Iverson) else formula.func
        if len(runs) == 1:
            return formula.func(*short)
        parts, start = list[Expr](), 0
        for run in runs:
            whole = formula.args[start : start + len(run)]
            parts.append(self._part(formula.func(*run), formula.func(*whole)))
            start += len(run)
        return self._fitted(join(*parts))

    def _runs(self, formula: Expr, short: Sequence[Expr]) -> Iterator[Sequence[Expr]]:
        """Split arguments into runs that fit."""
        run, length = list[Expr](), 0
        for argument in short:
            size = len(self._text(argument)) + 3
            if run and (length + size > LONGEST // 2 or len(run) == MOST_ARGUMENTS):
                yield run
                run, length = [], 0
            run, length = [*run, argument], length + size
        yield run

    def _part(self, formula: Expr, whole: Expr) -> Expr:
        """Return the symbol of a part; what is short already has none."""
        if formula.is_Atom:
            return formula
        symbol = self._symbol(len(self.made) + 1)
        self.made.append((symbol, formula, whole))
        return symbol
