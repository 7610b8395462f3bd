"""Error signals in shorter forms: others are put in where much of both cancels.

Those of the mean and the variance of a batch are, as deviations from a mean sum to 0; and so is
that of the stage behind: sigmoid and cross-entropy together give a - t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Indexed, expand, factor_terms
from sympy import Sum as SymbolicSum

from symcnn.derivation.derived import names_by_signal
from symcnn.derivation.deviations import is_mean, without_deviations, without_sums_of_deviations
from symcnn.derivation.general import General, put_in
from symcnn.derivation.simplification import cancelled
from symcnn.document.facts.derivative import Derivative
from symcnn.equations import Equation, Mean, Tensor, accesses
from symcnn.network.network import Network
from symcnn.network.stage import Stage

_STAGES_PUT_IN = 2
"""How many stages in turn are put in: an error signal's own, and those of these."""

Derivatives = Mapping[str, Derivative]
"""The derivatives with respect to all tensors, by their names."""


class Substituted(NamedTuple):
    """The formula of an error signal without those of some tensors."""

    others: tuple[Tensor, ...]
    general: General


def without_sums(derivative: Derivative) -> General | None:
    """Return an error signal without sums of deviations, if it has any."""
    derivation, tensor = derivative.derivation, derivative.tensor
    for stage in derivation.network.stages:
        if tensor in stage.auxiliaries.values() and derivation.depends_on(tensor):
            general = derivative.general
            short = without_sums_of_deviations(general.right, stage.equations)
            return None if short == general.right else replace(general, right=short, checked=short)
    return None


def compact(derivatives: Derivatives, tensor: Tensor) -> Substituted | None:
    """Return an error signal with those of statistics substituted, if deviations cancel."""
    for stage in derivatives[tensor.name].derivation.network.stages:
        if any(_is_mean_of(tensor, equation) for equation in stage.equations):
            return _compact(derivatives, tensor, stage)
    return None


def _is_mean_of(tensor: Tensor, equation: Equation) -> bool:
    """Tell whether an equation is a mean of entries of a tensor, or of what they alone tell."""
    if is_mean(equation):
        return bool(equation.value.base == tensor.base)
    reads = {read.base for read in accesses(equation.value)}
    return isinstance(equation.reduction, Mean) and not equation.guards and reads == {tensor.base}


def _compact(derivatives: Derivatives, tensor: Tensor, stage: Stage) -> Substituted | None:
    """Put in the error signals of what a stage computes on the way by means."""
    own = derivatives[tensor.name]
    means = {e.target.base for e in stage.equations if isinstance(e.reduction, Mean)}
    statistics = [t for t in stage.auxiliaries.values() if t.base in means]
    adjoints = {own.derivation.adjoints[s.name].base: s for s in statistics}
    right, used = own.general.right, dict[Tensor, None]()
    while read := next((read for read in accesses(right) if read.base in adjoints), None):
        statistic = adjoints[read.base]
        used[statistic] = None
        right = put_in(own.derivation, right, read, derivatives[statistic.name].general)
    short = without_deviations(right, stage.equations)
    if not used or short.count_ops() >= right.count_ops():
        return None
    return Substituted(tuple(used), replace(own.general, right=short, checked=short))


def composed(derivatives: Derivatives, tensor: Tensor) -> Substituted | None:
    """Return a tensor's error signal without that of the stage behind it, if much cancels."""
    derivation, general = derivatives[tensor.name].derivation, derivatives[tensor.name].general
    names = names_by_signal(derivation)
    arriving = [read for read in accesses(general.right) if read.base in names]
    if len(arriving) != 1 or general.right.has(SymbolicSum):
        return None
    (read,) = arriving
    behind = derivatives[names[read.base]].general
    at = dict(zip(behind.left.indices, read.indices, strict=True))
    if behind.right.has(SymbolicSum) or not _is_any_entry(at, behind.left):
        return None
    short = cancelled(put_in(derivation, general.right, read, behind))
    collected = factor_terms(short)  # 1/3 (a - t) is multiplied out
    is_error = output_of(derivation.network, short) is not None
    if not is_error and collected.count_ops() >= general.right.count_ops():
        return None
    stage = derivation.network.tensors[names[read.base]]
    return Substituted((stage,), replace(general, right=short, checked=short))


def all_put_in(derivatives: Derivatives, tensor: Tensor) -> Substituted | None:
    """Return an error signal without all those that it is made of; or None.

    None if there are fewer than two of them, or some of those are too many to be put in.
    """
    derivation, general = derivatives[tensor.name].derivation, derivatives[tensor.name].general
    names = names_by_signal(derivation)
    right, behind = general.right, dict[str, None]()
    for _ in range(_STAGES_PUT_IN):
        arriving = [read for read in accesses(right) if read.base in names]
        for read in arriving:
            right = put_in(derivation, right, read, derivatives[names[read.base]].general)
            behind[names[read.base]] = None
    if len(behind) < 2 or any(read.base in names for read in accesses(right)):
        return None
    others = tuple(derivation.network.tensors[name] for name in behind)
    return Substituted(others, replace(general, right=right, checked=right))


def _is_any_entry(at: Mapping[Expr, Expr], left: Indexed) -> bool:
    """Tell whether an entry's indices are letters that differ, but those of axes of length 1."""
    letters = [index for index in left.indices if index.is_Symbol]
    others = [index for index in left.indices if not index.is_Symbol]
    return len(set(letters)) == len(letters) and all(at[index] == index for index in others)


def output_of(network: Network, right: Expr) -> Indexed | None:
    """Return p if an expression is p - t, with t as it is smoothed, or a multiple of it."""
    target = network.loss_stage.given
    entries = right.atoms(Indexed)
    if target is None or len(entries) != 2 or right.has(SymbolicSum):
        return None
    t, p = sorted(entries, key=lambda entry: entry.base != target.base)
    factor, compared = right.coeff(p), network.loss.compared(t, network.output)
    if t.base != target.base or t.indices != p.indices or not factor.is_positive:
        return None
    return p if expand(factor * (p - compared) - right) == 0 else None
