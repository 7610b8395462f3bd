"""Tensors whose entries are indices, and the positions that these are compared with.

    y[n, c] <- sum over v of [ids[n] = iota[v]] x[v, c]      so that  y[n, c] = x[ids[n], c]

The positions are themselves made by an equation, which counts those before v:

    iota[v]  <-  sum over u < n of 1,  where 0 <= v - u - 1 < n
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isqrt

from sympy import Eq, Indexed, IndexedBase, Integer, S

from symcnn.equations.access import accesses
from symcnn.equations.equation import Equation, define
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import index
from symcnn.equations.sizes import Size, is_symbolic, plain
from symcnn.equations.tensor import Tensor, is_position, positions

_COUNTED_ONE_BY_ONE = 100
"""The length of an axis up to which every position counts all those before it."""


def positions_in(equations: Iterable[Equation]) -> tuple[Tensor, ...]:
    """Return every iota that equations read."""
    reads = (read for equation in equations for read in accesses(equation.value))
    sizes = (plain(read.shape[0]) for read in reads if is_position(read))
    return tuple(positions(size) for size in dict.fromkeys(sizes))


def counted(numbers: Tensor) -> tuple[Equation, ...]:
    """Return the equations that make iota: one, or of a long axis two that count in digits.

    With v = B a + b, the positions before v are B for each block before a, and those before b.
    """
    (size,), (v,), u = numbers.shape, numbers.indices, index("u")
    if is_symbolic(size) or size <= _COUNTED_ONE_BY_ONE:
        return (define(numbers[v], S.One, over={u: size}, inside=[(v - u - 1, size)]),)
    block = isqrt(int(size) - 1) + 1
    a, b, over = index("a"), index("b"), {index(letter): block for letter in "abu"}
    entry = numbers[block * a + b]
    return (
        define(entry, Integer(block), over=over, inside=[(a - u - 1, block)]),
        define(entry, S.One, over=over, inside=[(b - u - 1, block)]),
    )


def indices_in(equation: Equation) -> Iterator[tuple[Indexed, Size]]:
    """Run over the entries of an equation that are indices, with the lengths of the axes."""
    for bracket in equation.value.atoms(Iverson):
        for condition in bracket.args:
            number = next(filter(is_position, accesses(condition)), None)
            if isinstance(condition, Eq) and number is not None:
                others = (read for read in accesses(condition) if read != number)
                yield from ((other, plain(number.shape[0])) for other in others)


def indexing(equations: Iterable[Equation]) -> dict[IndexedBase, Size]:
    """Return the tensors whose entries are indices, and the lengths of the axes: 0 <= e < n."""
    found = (pair for equation in equations for pair in indices_in(equation))
    return {read.base: size for read, size in found}
