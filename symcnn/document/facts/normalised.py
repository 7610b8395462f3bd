r"""The error signal of a normalisation, without those of its mean and its variance.

\delta^x = (\delta^{xhat} - mean(\delta^{xhat}) - xhat mean(\delta^{xhat} xhat))/s

Nothing here knows that: error signals are put into one another, and what comes out is compared.
"""

from __future__ import annotations

from itertools import permutations
from math import prod
from typing import NamedTuple

from sympy import Expr, Indexed, IndexedBase, Mul, S, Symbol, expand
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General
from symcnn.equations import accesses


class Normalised(NamedTuple):
    """scale (signal - mean(signal) - normal mean(signal normal)), with means over some axes.

    Attributes:
        scale: What is in front.
        signal: The error signal of the normalised tensor.
        normal: This tensor.
        over: The letters of the axes of the means.
        is_centred: Whether the mean of the error signal is subtracted: not where no mean is.
    """

    scale: Expr
    signal: IndexedBase
    normal: IndexedBase
    over: tuple[Symbol, ...]
    is_centred: bool


def normalised(general: General) -> Normalised | None:
    """Read an error signal as the compact form of a normalisation, if it is that exactly."""
    sums = sorted(general.right.atoms(SymbolicSum), key=lambda total: len(accesses(total)))
    if not 1 <= len(sums) <= 2:
        return None
    *alone, both = sums
    reads = [factor for factor in Mul.make_args(both.function) if factor.is_Indexed]
    rest = general.right.xreplace(dict.fromkeys(sums, Symbol("total")))
    entries = {read.base: read for read in accesses(rest)}
    if len(reads) != 2 or both.function != Mul(*reads) or len(entries) != len(accesses(rest)):
        return None
    for signal_read, normal_read in permutations(reads):
        signal, normal = (entries.get(read.base) for read in (signal_read, normal_read))
        if signal is None or normal is None or signal.indices != normal.indices:
            continue
        over = _averaged(both, signal)
        number = prod(high - low + 1 for _, low, high in both.limits)
        means = [total for total in alone if total.function == signal_read]
        if not over or len(means) != len(alone) or any(m.limits != both.limits for m in means):
            continue
        scale = expand(general.right.xreplace(dict.fromkeys(sums, S.Zero))).coeff(signal)
        found = scale * (signal - sum(means) / number - normal * both / number)
        if scale != 0 and expand(found - general.right) == 0:
            return Normalised(scale, signal.base, normal.base, over, bool(means))
    return None


def _averaged(total: SymbolicSum, entry: Indexed) -> tuple[Symbol, ...]:
    """Return the letters of an entry's axes that a sum runs over whole; none if it does not."""
    (inside,) = (read for read in accesses(total.function) if read.base == entry.base)
    runs = {symbol: (low, high) for symbol, low, high in total.limits}
    over = list[Symbol]()
    for own, index, size in zip(entry.indices, inside.indices, entry.shape, strict=True):
        if own == index:
            continue
        if not own.is_Symbol or runs.pop(index, None) != (0, size - 1):
            return ()
        over.append(own)
    return () if runs else tuple(over)
