"""Which entry of a tensor shows most: the one that is worked out where no other is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

from sympy import Expr, Integer, Mul

from symcnn import limits
from symcnn.derivation.entries import Entries
from symcnn.equations import Tensor, position_of
from symcnn.reference.enclosures import to_decimal
from symcnn.writing.printing.summands import summands

Position = tuple[int, ...]

Value = Callable[[Expr], Expr]
"""The value of an expression of entries."""

Choose = Callable[[Tensor], Position]
"""What chooses an entry of a tensor."""

_DIGIT = 10


def example_entry(entries: Entries, value: Value) -> Choose:
    """Return what chooses an entry of a tensor: the first with the most terms that are not 0.

    Among these, terms that nearly cancel are avoided, as printed figures lose their digits there,
    and then factors of 1: a product with one does not show what is multiplied.

    With values that do not depend on the numbers, such as ``alike``, nor does the choice.

    Args:
        entries: The formulas of the entries.
        value: The value of an expression of entries.
    """

    def shown(tensor: Tensor, position: Position) -> tuple[int, int, bool, int]:
        symbol = tensor.symbol(position)
        if entries.count(symbol) > limits.TELLING_TERMS:
            return 0, 0, False, 0
        formula = entries.formula(symbol)
        terms = [] if formula is None else summands(formula)
        if len(terms) > limits.WRITTEN_TERMS:
            return 0, 0, False, 0
        values = [(term, value(term)) for term in terms]
        counted = [term for term, number in values if not is_nothing(number)]
        ones = sum(is_one(value(factor)) for term in counted for factor in Mul.make_args(term))
        return len(counted), len(terms), not are_cancelling([n for _, n in values]), -ones

    @cache
    def chosen(tensor: Tensor) -> Position:
        return max(candidates(tensor), key=lambda position: shown(tensor, position))

    return chosen


def are_cancelling(numbers: Sequence[Expr]) -> bool:
    """Tell whether a sum is so much smaller than its terms that it has a digit less than they."""
    terms = [*map(to_decimal, numbers)]
    return _DIGIT * abs(sum(terms, Decimal(0))) < max(map(abs, terms), default=0)


def is_one(number: Expr) -> bool:
    """Tell whether a number is 1 or -1."""
    return is_nothing(number - 1) or is_nothing(number + 1)


def is_nothing(number: Expr) -> bool:
    """Tell whether a value is 0; of a number that is seen without asking SymPy's assumptions."""
    return not number if number.is_Number else bool(number.is_zero)


def alike(term: Expr) -> Expr:
    """Give every expression the same value."""
    return Integer(1)


def candidates(tensor: Tensor) -> Sequence[Position]:
    """Return all entries of a small tensor; of a large one the middle and some others."""
    if tensor.size <= limits.WORKED_ENTRIES:
        return list(tensor.positions())
    middle = tuple(size // 2 for size in tensor.shape)
    spread = range(0, tensor.size, max(1, tensor.size // limits.TELLING_ENTRIES))
    return [middle, *(position_of(entry, tensor.shape) for entry in spread)]
