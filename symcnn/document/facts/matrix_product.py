"""Products of two matrices, read off indices: sums over the index that both have.

s[h, i, j] <- sum over u of k[j, 2 h + u] q[i, 2 h + u]/2  is  s = 1/2 q k^T  for each head h.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from sympy import Expr, Indexed, Mul, Symbol

from symcnn.derivation import Step
from symcnn.document.facts.derivative import Contribution
from symcnn.document.facts.windows import kernels, pointwise
from symcnn.equations import Sum, Tensor, accesses

Pair = tuple[Symbol, ...]
"""The indices of the rows and the columns of a matrix."""


class Factor(NamedTuple):
    """A matrix in a product: a tensor, or the error signal of one.

    Attributes:
        tensor: The tensor.
        is_signal: Whether its error signal is meant.
        is_transposed: Whether it is transposed.
    """

    tensor: Tensor
    is_signal: bool
    is_transposed: bool


class MatrixProduct(NamedTuple):
    """delta^X = scale A B, if what is computed from X is a product of matrices.

    Attributes:
        scale: The number in front.
        factors: The two matrices whose product it is.
        each: The indices for each of which there is such a product; none if the tensors are
            the matrices themselves.
        is_shifted: Whether something is added to the product in the forward pass.
    """

    scale: Expr
    factors: tuple[Factor, Factor]
    each: tuple[Symbol, ...]
    is_shifted: bool


def matrix_product(one: Contribution) -> MatrixProduct | None:
    """Read what one step contributes as the product of an error signal and the other factor."""
    derivation = one.derivative.derivation
    step = pointwise(one.step, kernels(derivation))
    source, other = step.source, _other(step)
    if other is None or not isinstance(source.reduction, Sum) or source.guards:
        return None
    reads = source.target, step.access, other
    if not all(_is_whole(one, step, read) for read in reads):
        return None
    every = [_letters(step, read) for read in reads]
    shared = {*every[0]} & {*every[1]} & {*every[2]}
    made, own, beside = (tuple(s for s in letters if s not in shared) for letters in every)
    common = ({*own} & {*beside}, {*own} & {*made}, {*beside} & {*made})
    if not all(len(letters) == 1 for letters in common) or len({*made, *own, *beside}) != 3:
        return None
    (inner,), (kept,), (away,) = common
    tensors, scale = derivation.tensors, step.local / other
    signal, factor = tensors[source.target.base], tensors[other.base]
    first = (
        Factor(signal, True, made != (kept, away)),
        Factor(factor, False, beside != (away, inner)),
    )
    last = (
        Factor(factor, False, beside != (inner, away)),
        Factor(signal, True, made != (away, kept)),
    )
    factors = first if own == (kept, inner) else last
    holds = scale.is_number and _holds(factors, made, own, beside)
    added = sum(e.target.base == source.target.base for e in derivation.network.equations) > 1
    each = tuple(s for s in every[0] if s in shared)
    return MatrixProduct(scale, factors, each, added) if holds else None


def _other(step: Step) -> Indexed | None:
    """Return the other factor, if an entry is a sum of products of two, and of nothing else."""
    entries = [factor for factor in Mul.make_args(step.source.value) if factor.is_Indexed]
    if len(entries) != 2 or {*entries} != {*accesses(step.source.value)}:
        return None
    others = [entry for entry in entries if entry.base != step.access.base]
    return others[0] if len(others) == 1 else None


def _is_whole(one: Contribution, step: Step, read: Indexed) -> bool:
    """Tell whether indices are letters, or count row by row: nothing slides, and nothing is cut."""
    own, sizes = one.derivative.letters, step.source.sizes
    return all(
        sizes[index] == size if index.is_Symbol else size == 1 or own.is_row_major(index)
        for index, size in zip(read.indices, read.shape, strict=True)
    )


def _letters(step: Step, read: Indexed) -> list[Symbol]:
    """Return the loops of an entry's indices that have several values, axis by axis."""
    every = {loop.symbol for loop in step.source.loops if loop.size > 1}
    return [s for index in read.indices for s in sorted(index.free_symbols & every, key=str)]


def _holds(factors: tuple[Factor, Factor], made: Pair, own: Pair, beside: Pair) -> bool:
    """Try a product on numbers: as it is printed, and as the indices of the step say."""
    letters = sorted({*made, *own, *beside}, key=str)
    numbers: Mapping[Symbol, int] = {s: n for n, s in enumerate(letters)}
    drawn = np.random.default_rng(1)

    def matrix(pair: Pair) -> np.ndarray:
        return drawn.integers(-9, 9, [numbers[s] + 2 for s in pair])

    signal, factor = matrix(made), matrix(beside)
    indices = [[numbers[s] for s in pair] for pair in (made, beside, own)]
    summed = np.einsum(signal, indices[0], factor, indices[1], indices[2])
    read = [signal if one.is_signal else factor for one in factors]
    first, second = (m.T if one.is_transposed else m for one, m in zip(factors, read, strict=True))
    return first.shape[1] == second.shape[0] and np.array_equal(first @ second, summed)
