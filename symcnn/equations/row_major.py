"""Row-major order: entries are counted with the last index running fastest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, AtomicExpr, Expr, Indexed

from symcnn.equations.notation import Shape
from symcnn.equations.sizes import number_of, plain
from symcnn.equations.tensor import Tensor


@cache
def strides(shape: Shape) -> Shape:
    """Return by how many entries a step along each axis moves.

    >>> strides((2, 3, 4))
    (12, 4, 1)
    """
    return tuple(number_of(map(plain, shape[axis + 1 :])) for axis in range(len(shape)))


def entry_at(position: Sequence[int], shape: Shape) -> int:
    """Return which entry stands at a position.

    >>> entry_at((1, 2, 3), (2, 3, 4))
    23
    """
    return sum(p * step for p, step in zip(position, strides(shape), strict=True))


def position_of(entry: Any, shape: Shape) -> tuple[Any, ...]:
    """Return the position of an entry, or of all entries of an array.

    >>> position_of(23, (2, 3, 4))
    (1, 2, 3)
    """
    return tuple(entry // step % int(n) for step, n in zip(strides(shape), shape, strict=True))


def are_injective(loops: Iterable[tuple[int, int]]) -> bool:
    """Tell whether loops of (size, step) surely lead to different entries.

    That is so where each step is longer than all shorter ones reach together.

    >>> are_injective([(2, 12), (3, 4), (4, 1)]), are_injective([(2, 2), (3, 1)])
    (True, False)
    """
    reach = 0
    for step, size in sorted((abs(step), size) for size, step in loops if size > 1):
        if step <= reach:
            return False
        reach += step * (size - 1)
    return True


# Long sums, which are computed from arrays and never written out.


Array = np.ndarray[Any, np.dtype[Any]]


class Read(NamedTuple):
    """What terms read: a tensor, and which of its entries, counted in row-major order."""

    tensor: Tensor
    entries: Array


class Summands(NamedTuple):
    """Terms that differ in nothing but their entries.

    Attributes:
        value: A term.
        reads: For each access of it, the entries that the terms have there.
    """

    value: Expr
    reads: Mapping[Indexed, Read]

    @property
    def size(self) -> int:
        """How many terms there are."""
        return int(next(iter(self.reads.values())).entries.size)

    def term(self, n: int) -> Expr:
        """Return a term in symbols."""
        symbols = {
            access: tensor.symbol(position_of(int(entries[n]), tensor.shape))
            for access, (tensor, entries) in self.reads.items()
        }
        return self.value.xreplace(symbols)

    def taken(self, rows: Array) -> Summands:
        """Return some of the terms, in some order."""
        reads = {access: Read(of, entries[rows]) for access, (of, entries) in self.reads.items()}
        return self._replace(reads=reads)


class Total(AtomicExpr):  # type: ignore[misc]
    """The sum of all terms of some kinds; two are equal that have the same terms."""

    parts: tuple[Summands, ...]

    is_real = True

    def __new__(cls, parts: tuple[Summands, ...]) -> Total:
        """Take the terms."""
        made: Total = AtomicExpr.__new__(cls)
        made.parts = parts
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what it is made of, for another process."""
        return Total, (self.parts,)

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self._key,)

    @cached_property
    def _key(self) -> str:
        digest = blake2b(digest_size=16)
        for value, reads in self.parts:
            digest.update(str(value).encode())
            for access, (tensor, entries) in reads.items():
                digest.update(f"{access} {tensor.label}".encode())
                digest.update(np.asarray(entries, np.int64).tobytes())
        return digest.hexdigest()

    @property
    def size(self) -> int:
        """How many terms there are."""
        return sum(part.size for part in self.parts)

    @property
    def tensors(self) -> Iterator[Tensor]:
        """The tensors whose entries it holds."""
        return (read.tensor for part in self.parts for read in part.reads.values())

    def written_out(self) -> Expr:
        """Return the sum in symbols."""
        return Add(*(part.term(n) for part in self.parts for n in range(part.size)))

    def _sympystr(self, printer: Any) -> str:
        return f"(a sum of {self.size:,} terms)"


def written_out(expression: Expr) -> Expr:
    """Return an expression whose long sums are written out."""
    return expression.xreplace({t: t.written_out() for t in expression.atoms(Total)})
