"""Backwards through a softmax, pair by pair, where its classes are few.

    delta^x[q] = v[q] - w[q] sum over r of v[r],     w[q] = exp(x[q] - ell),  sum over r of w[r] = 1
               = sum over r of (v[q] w[r] - w[q] v[r])

The first form is a difference of nearly equal numbers where one w is almost 1. Terms of the second
that are nearly equal come from nearly equal slopes v/w.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from sympy import Expr, IndexedBase, exp

from symcnn.equations import SUM, Equation, Group, LogSumExp, Loop, accesses, is_one_to_one
from symcnn.equations.formulas import Formulas
from symcnn.equations.functions import uncancelled
from symcnn.equations.notation import about, index, spare_letters
from symcnn.equations.rewriting import as_about

_MOST = 16
"""The classes whose pairs are few: those of more would take longer than all the rest."""


class Pairs:
    """The sums of exponentials of a forward pass, and what goes back through them."""

    def __init__(self, forward: Iterable[Group], formulas: Formulas) -> None:
        """Take the forward equations, and what their entries are equal to."""
        alone = (group[0] for _, group in forward if len(group) == 1)
        self._sums = [equation for equation in alone if _is_small(equation)]
        self._formulas = formulas

    def applied(self, backward: Sequence[Group]) -> list[Group]:
        """Return groups in which both parts of such a derivative are one sum."""
        if not self._sums:
            return [*backward]
        alone = {tensor.base: group[0] for tensor, group in backward if len(group) == 1}
        return [made for group in backward for made in self._groups(group, alone)]

    def _groups(self, group: Group, alone: dict[IndexedBase, Equation]) -> Iterator[Group]:
        tensor, equations = group
        for first, second in permutations(equations, 2):
            for weight, classes in self._paired(first, second, alone):
                rest = (equation for equation in equations if equation not in (first, second))
                values = replace(
                    tensor, name=f"v for {tensor.name}", label=about("v", tensor.label)
                )
                v = values[first.target.indices]
                yield values, (replace(first, target=v),)
                v = as_about(v, first.target, second.target)
                yield tensor, (_pairs(second, v, weight, classes), *rest)
                return
        yield group

    def _paired(
        self, first: Equation, second: Equation, alone: dict[IndexedBase, Equation]
    ) -> Iterator[tuple[Expr, Loop]]:
        """Find w[q] D in the second equation, where D is less the sum of the first's values."""
        for read in accesses(second.value):
            weight, added = second.value / read, alone.get(read.base)
            whole = None if weight.has(read) or added is None else self._of(weight, second)
            if whole is None or added is None or added.loops != first.loops:
                continue
            same = added.value == -first.value and added.target == read
            if same and all(map(is_one_to_one, (first, second))) and added.reduction == SUM:
                yield weight, whole.reduced[0]

    def _of(self, weight: Expr, equation: Equation) -> Equation | None:
        """Return the sum that exp(x - ell) is a share of."""
        made = self._formulas.made(weight) if weight.is_Indexed else weight
        if not isinstance(made, exp):
            return None
        for whole in self._sums:
            if made.args[0] == whole.value - whole.target and whole.loops == equation.loops:
                return whole
        return None


def _is_small(equation: Equation) -> bool:
    """Tell whether an equation is the logarithm of a sum of few exponentials."""
    if not isinstance(equation.reduction, LogSumExp) or equation.guards:
        return False
    sizes = [loop.size for loop in equation.reduced]
    return len(sizes) == 1 and 1 < sizes[0] <= _MOST


def _pairs(equation: Equation, value: Expr, weight: Expr, classes: Loop) -> Equation:
    """Return the sum over r of v[q] w[r] - w[q] v[r], each term as it stands here."""
    letters = {loop.symbol.name for loop in equation.loops}
    other = Loop(index(next(spare_letters(letters))), classes.size)
    put = {classes.symbol: other.symbol}
    term = value * weight.xreplace(put) - weight * value.xreplace(put)
    return replace(equation, value=uncancelled(term), loops=(*equation.loops, other))
