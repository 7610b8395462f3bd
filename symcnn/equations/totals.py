"""Long sums of products of entries, which are computed from arrays and never written out.

    L  =  sum over n of c a[i_n] b[j_n]

A sum over an image has a term for each of its pixels: the arrays i and j say which entries these
are, so that the work in symbols does not depend on how large an image is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property, reduce
from hashlib import blake2b
from operator import mul
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, AtomicExpr, Expr, Mul, Rational

from symcnn.equations.row_major import position_of
from symcnn.equations.tensor import Tensor

Array = np.ndarray[Any, np.dtype[Any]]


class Products(NamedTuple):
    """Terms with the same number, each the product of an entry of every tensor.

    Attributes:
        number: The number.
        reads: The tensors, and which of their entries the terms hold, counted in row-major order.
    """

    number: Fraction
    reads: tuple[tuple[Tensor, Array], ...]

    @property
    def count(self) -> int:
        """How many terms there are."""
        return int(self.reads[0][1].size)

    def term(self, n: int) -> Expr:
        """Return a term in symbols."""
        number = Rational(self.number.numerator, self.number.denominator)
        return Mul(number, *(_symbol(tensor, entries[n]) for tensor, entries in self.reads))

    def taken(self, rows: Array) -> Products:
        """Return some of the terms, in some order."""
        return self._replace(reads=tuple((tensor, found[rows]) for tensor, found in self.reads))

    def at(self, arrays: Callable[[Tensor, Array], Any]) -> Any:
        """Return the sum of the terms, whose entries are given along the last axis."""
        made = reduce(mul, (arrays(tensor, entries) for tensor, entries in self.reads))
        return float(self.number) * np.sum(made, axis=-1)


class Total(AtomicExpr):
    """The sum of all terms of some products; two are equal that have the same terms."""

    is_real = True

    def __new__(cls, parts: tuple[Products, ...]) -> Total:
        """Take the terms."""
        made: Total = AtomicExpr.__new__(cls)
        made.parts = parts
        return made

    parts: tuple[Products, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what it is made of, for another process."""
        return Total, (self.parts,)

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self._key,)

    @cached_property
    def _key(self) -> str:
        digest = blake2b(digest_size=16)
        for number, reads in self.parts:
            digest.update(str(number).encode())
            for tensor, entries in reads:
                digest.update(tensor.label.encode() + np.asarray(entries, np.int64).tobytes())
        return digest.hexdigest()

    @property
    def count(self) -> int:
        """How many terms there are."""
        return sum(part.count for part in self.parts)

    def at(self, arrays: Callable[[Tensor, Array], Any]) -> Any:
        """Return the value, from what gives the numbers of some entries of a tensor."""
        return sum(part.at(arrays) for part in self.parts)

    @property
    def tensors(self) -> Iterator[Tensor]:
        """The tensors whose entries it holds."""
        return (tensor for part in self.parts for tensor, _ in part.reads)

    def written_out(self) -> Expr:
        """Return the sum in symbols."""
        return Add(*(part.term(n) for part in self.parts for n in range(part.count)))

    def _sympystr(self, printer: Any) -> str:
        return f"(a sum of {self.count:,} terms)"


def written_out(expression: Expr) -> Expr:
    """Return an expression whose long sums are written out."""
    return expression.xreplace({t: t.written_out() for t in expression.atoms(Total)})


def _symbol(tensor: Tensor, entry: int) -> Expr:
    return tensor.symbol(position_of(int(entry), tensor.shape))
