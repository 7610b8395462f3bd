r"""Softmaxes: as the quotients that they are, and their error signals without the log-sum-exp's.

    p_k = e^{z_k} / (sum over q of e^{z_q}),   computed as   e^{z_k - ell}
    \delta^z_k = p_k (\delta^p_k - sum over q of \delta^p_q p_q)

Nothing here knows that: formulas are put into one another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy import Eq, Symbol, factor_terms
from sympy import Sum as SymbolicSum

from symcnn.derivation.general import General, put_in
from symcnn.document.facts.example_entry import Value
from symcnn.document.facts.operation import Operation
from symcnn.document.facts.substituted import Derivatives, Substituted
from symcnn.equations import Tensor, accesses
from symcnn.network.network import Network
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


class Softmaxes(NamedTuple):
    """How a document gives the softmaxes of a network.

    Attributes:
        quotients: Those that can be written as quotients of exponentials, by their names.
        stated: The error signals that a theorem states without that of a log-sum-exp, by tensor.
        alone: The names of those that are given as quotients alone.
        within: The names of their log-sum-exps, which are not told.
        given: Those that are given as quotients where a tensor of a layer is told, by its name:
            before their log-sum-exp, or alone in place of their own formula.
    """

    quotients: Mapping[str, General]
    stated: Mapping[str, Softmax]
    alone: frozenset[str]
    within: frozenset[str]
    given: Mapping[str, Sequence[Operation]]


def softmaxes(
    derivatives: Derivatives,
    operations: Mapping[str, Operation],
    network: Network,
    value: Value,
    *,
    abridges: bool,
) -> Softmaxes:
    """Find the softmaxes, and those that are given as quotients alone.

    These are all of which nothing that is told reads the error signal of the log-sum-exp; a loss
    that is computed from it is told in its usual form, if what that supposes is so.

    Args:
        derivatives: The derivatives with respect to all tensors, by their names.
        operations: What the equations of each tensor do, by its name.
        network: The network.
        value: The value of an expression of entries.
        abridges: Whether anything is left out.
    """
    forms = {made.result.name: _quotient(operations, made, value) for made in operations.values()}
    quotients = {name: form for name, form in forms.items() if form is not None}
    if not abridges:
        given = _given(quotients, operations, network)
        return Softmaxes(quotients, {}, frozenset(), frozenset(), given)
    told = {name: made.general for name, made in derivatives.items() if made.contributions}
    arguments = (network.tensors[name] for name in told)
    found = {
        t.name: softmax(derivatives, operations, t) for t in arguments if t.role != "parameter"
    }
    stated = {n: one for n, one in found.items() if one and one.made.result.name in quotients}
    told |= {name: one.form.general for name, one in stated.items()}
    read = {one.base for general in told.values() for one in accesses(general.right)}
    stage = network.loss_stage
    own = () if has_usual_form(network, value) else stage.auxiliaries.values()
    needed = {tensor.name for tensor in own}

    def is_alone(name: str) -> bool:
        made = derivatives[operations[name].part("normaliser").name]
        return name not in needed and made.derivation.adjoints[made.tensor.name].base not in read

    alone = frozenset(filter(is_alone, quotients))
    within = frozenset(operations[name].part("normaliser").name for name in alone)
    given = _given(quotients, operations, network, alone)
    return Softmaxes(quotients, stated, alone, within, given)


def _given(
    quotients: Collection[str],
    operations: Mapping[str, Operation],
    network: Network,
    alone: Collection[str] = (),
) -> Mapping[str, Sequence[Operation]]:
    """Group softmaxes by the tensor with which each is given; a loss that has others gives them."""
    end, given = network.loss_stage.auxiliaries.values(), dict[str, list[Operation]]()
    for made in map(operations.__getitem__, quotients):
        name = made.result.name
        if name in alone or made.result not in end:
            at = name if name in alone else made.part("normaliser").name
            given.setdefault(at, []).append(made)
    return given


def _quotient(
    operations: Mapping[str, Operation], operation: Operation, value: Value
) -> General | None:
    """Return e^(z - l) with l = log(sum of e^z) as e^z / (sum of e^z); None for a single z.

    Nor has one with conditions a quotient, or one of very large numbers.
    """
    if operation.name != "softmax" or operation.first.guards:
        return None
    if not _is_small(operation.part("x"), value):
        return None
    general, normaliser = operation.general, operation.part("normaliser")
    (place,) = (r for r in accesses(general.right) if r.base == normaliser.base)
    behind = operations[normaliser.name].general
    right = put_in(operation.derivation, general.right, place, behind)
    return replace(general, right=right, checked=right) if right.has(SymbolicSum) else None


def _is_small(tensor: Tensor, value: Value) -> bool:
    """Tell whether the exponentials of a tensor's entries can be written out."""
    symbols = map(tensor.symbol, tensor.positions())
    return all(abs(to_decimal(value(symbol))) <= _LARGEST for symbol in symbols)


def has_usual_form(network: Network, value: Value) -> bool:
    """Tell whether the loss has a usual form, and what that supposes of its targets is so."""
    stage = network.loss_stage
    if not stage.usual or stage.given is None:
        return False
    return all(holds(condition, value) for condition in network.loss.supposes(stage.given))


def holds(condition: Eq, value: Value) -> bool:
    """Tell whether the problem's numbers are such: targets that are rounded do not sum to 1."""
    return bool((value(condition.lhs) - condition.rhs).is_zero)
