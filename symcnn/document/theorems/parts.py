r"""One equation as a sum over all loop assignments that reach an entry.

    A[e]  <-  sum over loops of f          (scatter)
    A[a]   =  sum over loops of f [e = a]   (as it stands in a theorem)

Evaluating it tries every assignment: unlike the general form it solves nothing, so each
is a check of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Symbol

from symcnn.derivation import Derivation
from symcnn.document.facts.letters import Letters
from symcnn.equations import (
    Equation,
    Loop,
    accesses,
    affine,
    along_axes,
    columns,
    further_guards,
)
from symcnn.equations.reduction import Reduction


@dataclass(frozen=True)
class Part:
    """REDUCE over ``loops`` of ``value``, where each condition's sides are equal.

    Attributes:
        loops: The loops; the free indices are none of them.
        value: The summand with named indices and letters.
        exact: The same with its functions written out.
        conditions: Pairs of an index and the free index that it must equal.
        reduction: How the terms combine.
    """

    loops: tuple[Loop, ...]
    value: Expr
    exact: Expr
    conditions: tuple[tuple[Expr, Symbol], ...]
    reduction: Reduction

    @property
    def terms(self) -> int:
        """The number of loop assignments."""
        return prod(loop.size for loop in self.loops)

    @property
    def over(self) -> tuple[Symbol, ...]:
        """The loops' symbols."""
        return tuple(loop.symbol for loop in self.loops)


def part(
    equation: Equation,
    free: Sequence[Expr],
    letters: Letters,
    stated: Expr | None = None,
) -> Part:
    """Return an equation for the entry ``free`` of its target.

    Args:
        equation: The equation.
        free: A free index for each axis of the target, or the target's own.
        letters: The names of its indices.
        stated: What is printed in place of its value, if that has names for functions.
    """
    renamed: dict[Expr, Expr] = {}
    conditions: list[tuple[Expr, Symbol]] = []
    for (index, size), own in zip(along_axes(equation.target), free, strict=True):
        if not own.is_Symbol and index == own:
            renamed |= {loop: loop for loop in index.free_symbols}
        elif index in equation.sizes and index not in renamed:
            renamed[index] = letters.named(own)
        elif size > 1 or index.free_symbols:
            conditions.append((index, own))
    conditions = [(_name(index, letters, renamed), own) for index, own in conditions]
    exact = _named(equation.value, letters, renamed)
    value = exact if stated is None else _named(stated, letters, renamed)
    loops = tuple(loop for loop in equation.loops if loop.symbol not in renamed)
    return Part(loops, value, exact, tuple(conditions), equation.reduction)


def shows_all(equation: Equation, *factors: Expr) -> bool:
    """Tell whether what limits the terms can be read off the subscripts.

    A guard of an index that the value does not hold cannot, nor can a loop that ends
    before its axis does.

    Args:
        equation: The equation.
        factors: What stands beside its value.
    """
    reads = (equation.target, *(r for part in (equation.value, *factors) for r in accesses(part)))
    short = any(equation.sizes.get(i, n) < n for i, n in along_axes(equation.target))
    return not short and not further_guards(equation.guards, *reads)


def _named(value: Expr, letters: Letters, renamed: Mapping[Expr, Expr]) -> Expr:
    """Name the indices that an expression reads."""
    named = {
        read: read.base[tuple(_name(index, letters, renamed) for index in read.indices)]
        for read in accesses(value)
    }
    return value.xreplace(named)


def _name(index: Expr, letters: Letters, renamed: Mapping[Expr, Expr]) -> Expr:
    """Return an index by its name; one that holds a loop by another letter has none."""
    moved = any(renamed.get(loop, loop) != loop for loop in index.free_symbols)
    return index.xreplace(renamed) if moved else letters.named(index)


def total(part: Part, free: Mapping[Symbol, int], letters: Letters, derivation: Derivation) -> Expr:
    """Return what a part comes to at one entry, by trying every loop assignment.

    A term that reads outside of a tensor is left out.

    Args:
        part: The part.
        free: The free indices' values.
        letters: The indices that it names, and the letters' values.
        derivation: Whose tensors it reads.
    """
    numbers = _numbers(part, free, letters)
    reads = {read: [affine(i).at(numbers) for i in read.indices] for read in accesses(part.exact)}
    value = part.exact.xreplace(dict(letters.numbers))
    rows = np.flatnonzero(_counted(part, numbers, reads))
    return part.reduction.combine([_term(value, reads, row, derivation) for row in rows])


def _numbers(part: Part, free: Mapping[Symbol, int], letters: Letters) -> dict[Symbol, Any]:
    """Return the values of letters, loops and named indices in all loop assignments."""
    numbers: dict[Symbol, Any] = {**free, **letters.numbers, **columns(part.loops)}
    for index in letters.named_indices.values():
        if all(loop in numbers for _, loop in index.terms):
            numbers[index.symbol] = index.value(numbers)
    return numbers


def _counted(
    part: Part, numbers: Mapping[Symbol, Any], reads: Mapping[Indexed, Sequence[Any]]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which assignments reach the entry and read inside of every tensor."""
    kept = np.ones(part.terms, dtype=bool)
    for index, own in part.conditions:
        kept &= affine(index).at(numbers) == numbers[own]
    for read, indices in reads.items():
        for index, size in zip(indices, read.shape, strict=True):
            kept &= (index >= 0) & (index < int(size))
    return kept


def _term(value: Expr, reads: Mapping[Indexed, Sequence[Any]], row: Any, by: Derivation) -> Expr:
    """Put entries in for what is read at one loop assignment."""
    entries = {
        read: _entry(read, [int(i[row] if np.ndim(i) else i) for i in indices], by)
        for read, indices in reads.items()
    }
    return value.xreplace(entries)


def _entry(read: Indexed, position: list[int], derivation: Derivation) -> Expr:
    tensor = derivation.tensors[read.base]
    if tensor.role == "selector":
        return derivation.entries.scalar(read.base[position])
    return tensor.symbol(position)
