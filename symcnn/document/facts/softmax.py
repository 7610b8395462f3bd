r"""Softmaxes: as the quotients that they are, and their error signals without the log-sum-exp's.

    p_k = e^{z_k} / (sum over q of e^{z_q}),   computed as   e^{z_k - ell}
    \delta^z_k = p_k (\delta^p_k - sum over q of \delta^p_q p_q)

Nothing here knows that: formulas are put into one another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Symbol, factor_terms
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General, put_in
from symcnn.document.facts.operation import Operation
from symcnn.document.facts.substituted import Derivatives, Substituted
from symcnn.equations import Tensor, accesses
from symcnn.reference.enclosures import to_decimal

_SOFTMAX = {"softmax", "log-softmax"}

_LARGEST = 10_000
"""Exponentials of larger numbers are not written out."""


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
    if not short.has(SymbolicSum):  # of a single entry, which is 1 whatever its argument is
        return None
    form = Substituted((normaliser,), replace(own.general, right=short, checked=short))
    axes = zip(own.general.left.indices, source.value.indices, strict=True)
    along = [i for i, index in axes if i.is_Symbol and index not in source.target.indices]
    alone = len(own.general.free) < 2 or len(along) != 1
    return Softmax(operation, None if alone else along[0], form)


def quotient(operations: Mapping[str, Operation], operation: Operation) -> General | None:
    """Return e^(z - l) with l = log(sum of e^z) as e^z / (sum of e^z); None for a single z."""
    general, normaliser = operation.general, operation.part("normaliser")
    (place,) = (r for r in accesses(general.right) if r.base == normaliser.base)
    behind = operations[normaliser.name].general
    right = put_in(operation.derivation, general.right, place, behind)
    return replace(general, right=right, checked=right) if right.has(SymbolicSum) else None


def is_small(tensor: Tensor, value: Callable[[Expr], Expr]) -> bool:
    """Tell whether the exponentials of a tensor's entries can be written out."""
    symbols = map(tensor.symbol, tensor.positions())
    return all(abs(to_decimal(value(symbol))) <= _LARGEST for symbol in symbols)
