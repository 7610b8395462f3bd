"""Long sums, which are computed from arrays and never written out.

    L  =  sum over n of f(a[i_n], b[j_n]),    such as  f(a, b) = c a b

A sum over an image has a term for each of its pixels: the arrays i and j say which entries these
are, so that the work in symbols does not depend on how large an image is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, AtomicExpr, Expr, Indexed

from symcnn.equations.row_major import position_of
from symcnn.equations.tensor import Tensor

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
