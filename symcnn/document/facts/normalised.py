r"""Error signals that a layer's own statistics shorten: of a normalisation, and of a softmax.

    \delta^x = (\delta^{xhat} - mean(\delta^{xhat}) - xhat mean(\delta^{xhat} xhat))/s
    \delta^z_k = p_k (\delta^p_k - sum over q of \delta^p_q p_q)

Nothing here knows that: error signals are put into one another, and what comes out is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from math import prod
from typing import NamedTuple

from sympy import Expr, Indexed, IndexedBase, Mul, S, Symbol, expand, factor_terms
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General, put_in
from symcnn.document.facts.operation import Operation
from symcnn.document.facts.substituted import Derivatives, Substituted
from symcnn.equations import Tensor, accesses

_SOFTMAX = {"softmax", "log-softmax"}


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


class Softmax(NamedTuple):
    """A softmax, or its logarithm, and its derivative.

    Attributes:
        made: What is computed: the softmax.
        over: The letter of the axis along which it is one; None if there is no other axis.
        form: The error signal of its argument without that of the log-sum-exp.
    """

    made: Operation
    over: Symbol | None
    form: Substituted


def softmax(
    derivatives: Derivatives, operations: Mapping[str, Operation], tensor: Tensor
) -> Softmax | None:
    """Put the error signal of the log-sum-exp into that of what a softmax is made of."""
    own, derivation = derivatives[tensor.name], derivatives[tensor.name].derivation
    results = {one.result.name for one in own.contributions}
    made = [one for name in results if (one := operations.get(name)) and one.name in _SOFTMAX]
    if len(made) != 1 or len(results) != 2 or made[0].part("x") != tensor:
        return None
    (operation,), normaliser = made, made[0].part("normaliser")
    if normaliser.name not in results or len(derivatives[normaliser.name].steps) != 1:
        return None
    source = operations[normaliser.name].first
    base = derivation.adjoints[normaliser.name].base
    reads = [read for read in accesses(own.general.right) if read.base == base]
    if source.guards or operation.first.guards or len(reads) != 1:
        return None
    right = put_in(derivation, own.general.right, reads[0], derivatives[normaliser.name].general)
    short = factor_terms(right)
    form = Substituted((normaliser,), replace(own.general, right=short, checked=short))
    axes = zip(own.general.left.indices, source.value.indices, strict=True)
    along = [i for i, index in axes if i.is_Symbol and index not in source.target.indices]
    alone = len(own.general.free) < 2 or len(along) != 1
    return Softmax(operation, None if alone else along[0], form)
