r"""One equation as a sum over all loop assignments that reach an entry.

    A[e]  <-  sum over loops of f          (scatter)
    A[a]   =  sum over loops of f [e = a]   (as it stands in a theorem)

Unlike the general form it solves nothing. It keeps the equation: the terms that this sends to an
entry are what it claims, and what is printed of it is read back against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Function, Indexed, Symbol

from symcnn.document.facts.letters import Letters
from symcnn.equations import Equation, Loop, Max, Tensor, accesses, along_axes, further_guards
from symcnn.equations.sizes import is_at_least


class slope(Function):  # type: ignore[misc]  # noqa: N801  # SymPy is untyped
    """The derivative of a function of one entry, whichever it is."""


@dataclass(frozen=True)
class EntryFunction:
    """The function of every entry: value = phi(argument), and its derivative."""

    argument: Symbol
    value: Expr
    slope: Expr


@dataclass(frozen=True)
class Part:
    """REDUCE over ``loops`` of ``value``, where each condition's sides are equal.

    Attributes:
        loops: The loops; the free indices are none of them.
        value: The summand with named indices and letters.
        conditions: Pairs of an index and the free index that it must equal.
        equation: What it states.
    """

    loops: tuple[Loop, ...]
    value: Expr
    conditions: tuple[tuple[Expr, Symbol], ...]
    equation: Equation

    @property
    def is_maximum(self) -> bool:
        """Whether it is the largest of its terms."""
        return isinstance(self.equation.reduction, Max)

    @property
    def over(self) -> tuple[Symbol, ...]:
        """The loops' symbols."""
        return tuple(loop.symbol for loop in self.loops)


@dataclass(frozen=True)
class EntryFormula:
    """left = the sum of the parts.

    Attributes:
        tensor: What is computed, or what the loss is differentiated with respect to.
        left: An entry of it, or of the derivative.
        free: What its indices run over.
        parts: What it is the sum of.
    """

    tensor: Tensor
    left: Indexed
    free: tuple[Loop, ...]
    parts: tuple[Part, ...]


def part(equation: Equation, free: Sequence[Expr], letters: Letters, stated: Expr) -> Part:
    """Return an equation for the entry ``free`` of its target.

    Args:
        equation: The equation.
        free: A free index for each axis of the target, or the target's own.
        letters: The names of its indices.
        stated: What is printed in place of its value, with letters for numbers and functions.
    """
    renamed: dict[Expr, Expr] = {}
    conditions: list[tuple[Expr, Symbol]] = []
    for (index, size), own in zip(along_axes(equation.target), free, strict=True):
        if not own.is_Symbol and index == own:
            renamed |= {loop: loop for loop in index.free_symbols}
        elif index in equation.sizes and index not in renamed:
            renamed[index] = letters.named(own)
        elif size != 1 or index.free_symbols:
            conditions.append((index, own))
    here = tuple(equation.target.indices)

    def names(read: Indexed) -> list[Expr]:
        """Name indices; the derivative of a penalty reads its own entry, on short axes as well."""
        found = [_name(index, letters, renamed) for index in read.indices]
        own = zip(found, free, strict=True) if tuple(read.indices) == here else ()
        return [axis if not index.free_symbols else index for index, axis in own] or found

    named = {read: read.base[tuple(names(read))] for read in accesses(stated)}
    loops = tuple(loop for loop in equation.loops if loop.symbol not in renamed)
    brackets = ((_name(index, letters, renamed), own) for index, own in conditions)
    return Part(loops, stated.xreplace(named), tuple(brackets), equation)


def _name(index: Expr, letters: Letters, renamed: Mapping[Expr, Expr]) -> Expr:
    """Return an index by its name; one that holds a loop by another letter has none."""
    moved = any(renamed.get(loop, loop) != loop for loop in index.free_symbols)
    return index.xreplace(renamed) if moved else letters.named(index)


def shows_all(equation: Equation, *factors: Expr) -> bool:
    """Tell whether what limits the terms can be read off the subscripts.

    A guard of an index that the value does not hold cannot, nor can a loop that ends
    before its axis does.

    Args:
        equation: The equation.
        factors: What stands beside its value.
    """
    reads = (equation.target, *(r for part in (equation.value, *factors) for r in accesses(part)))
    ends = (equation.sizes.get(i, n) - n for i, n in along_axes(equation.target))
    short = not all(is_at_least(beyond, 0) for beyond in ends)
    return not short and not further_guards(equation.guards, *reads)
