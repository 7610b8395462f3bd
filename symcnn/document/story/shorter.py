"""Error signals in shorter forms: others are substituted where much of both cancels.

Those of the mean and the variance of a batch are, as deviations from a mean sum to 0; and so is
that of the stage behind: sigmoid and cross-entropy together give a - t.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy import Expr, Indexed, factor_terms
from sympy import Sum as SymbolicSum

from symcnn.derivation import Derivation
from symcnn.derivation.deviations import (
    is_mean,
    without_deviations,
    without_sums_of_deviations,
)
from symcnn.derivation.general import General, backward_form, put_in
from symcnn.derivation.simplification import cancelled
from symcnn.document.blocks import Block, Citation, Rows, Text, paragraph
from symcnn.document.context import Context
from symcnn.document.rows.rows import general_row
from symcnn.document.story import canonical
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, wherever
from symcnn.equations import Equation, Mean, Tensor, accesses
from symcnn.network.stage import Stage


def without_statistics(context: Context, tensor: Tensor) -> Iterator[Block]:
    """Substitute the error signals of mean and variance, whose deviations sum to 0."""
    found = compact(context.derivation, tensor)
    if found is None:
        return
    yield paragraph(
        "Substituting the error signals of ",
        *listed([context.named(statistic) for statistic in found.others]),
        " gives",
        *wherever(context, found.general.free),
        ":",
    )
    yield Rows((general_row(context, found.general),))


def shortened(derivation: Derivation, tensor: Tensor) -> General | None:
    """Return an error signal without sums of deviations, if it has any."""
    for stage in derivation.network.stages:
        if tensor in stage.auxiliaries.values() and derivation.depends_on(tensor):
            general = backward_form(derivation, tensor.name)
            short = without_sums_of_deviations(general.right, stage.equations)
            return None if short == general.right else replace(general, right=short, checked=short)
    return None


def sums_left_out(context: Context, general: General) -> Iterator[Block]:
    """Give an error signal without sums that are 0."""
    over = wherever(context, general.free)
    yield paragraph("Deviations from a mean sum to 0, which leaves", *over, ":")
    yield Rows((general_row(context, general),))


def compact(derivation: Derivation, tensor: Tensor) -> Substituted | None:
    """Return an error signal with those of statistics substituted, if deviations cancel."""
    for stage in derivation.network.stages:
        statistics = _statistics(stage)
        if any(_is_mean_of(tensor, e) for e in stage.equations):
            return _compact(derivation, tensor, statistics, stage.equations)
    return None


def _statistics(stage: Stage) -> tuple[Tensor, ...]:
    """Return what a stage computes on the way by means."""
    means = {e.target.base for e in stage.equations if isinstance(e.reduction, Mean)}
    return tuple(tensor for tensor in stage.auxiliaries.values() if tensor.base in means)


def _is_mean_of(tensor: Tensor, equation: Equation) -> bool:
    return is_mean(equation) and equation.value.base == tensor.base


def _compact(
    derivation: Derivation,
    tensor: Tensor,
    statistics: tuple[Tensor, ...],
    equations: tuple[Equation, ...],
) -> Substituted | None:
    general = backward_form(derivation, tensor.name)
    adjoints = {derivation.adjoints[s.name].base: s for s in statistics}
    right, used = general.right, dict[Tensor, None]()
    while read := next((read for read in accesses(right) if read.base in adjoints), None):
        statistic = adjoints[read.base]
        used[statistic] = None
        behind = backward_form(derivation, statistic.name)
        right = put_in(derivation, right, read, behind)
    short = without_deviations(right, equations)
    if not used or short.count_ops() >= right.count_ops():
        return None
    return Substituted(tuple(used), replace(general, right=short, checked=short))


class Substituted(NamedTuple):
    """The formula of an error signal without those of some tensors.

    Attributes:
        others: The tensors whose error signals were substituted.
        general: The formula.
    """

    others: tuple[Tensor, ...]
    general: General


def with_the_stage_behind(
    context: Context, tensor: Tensor, mentioned: Mentioned
) -> Iterator[Block]:
    """Put the error signal that a stage's own is made of into it, if much of both cancels."""
    found = composed(context.derivation, tensor)
    if found is None:
        return
    (behind,), general = found
    row = general_row(context, general)
    theorem = list(canonical.stated(context, tensor, general, row, mentioned))
    yield paragraph(
        "Substituting the error signal of ",
        context.named(behind),
        Citation(context.derivation.adjoints[behind.name].label, " from {}"),
        " gives",
        *((" a theorem of its own.",) if theorem else (*wherever(context, general.free), ":")),
    )
    yield from theorem or [Rows((row,))]


def composed(derivation: Derivation, tensor: Tensor) -> Substituted | None:
    """Return a tensor's error signal without that of the stage behind it, if much cancels."""
    general = backward_form(derivation, tensor.name)
    names = {derivation.adjoints[name].base: name for name in derivation.adjoints}
    arriving = [read for read in accesses(general.right) if read.base in names]
    if len(arriving) != 1 or general.right.has(SymbolicSum):
        return None
    (read,) = arriving
    behind = backward_form(derivation, names[read.base])
    at = dict(zip(behind.left.indices, read.indices, strict=True))
    if behind.right.has(SymbolicSum) or not _is_any_entry(at, behind.left):
        return None
    short = cancelled(put_in(derivation, general.right, read, behind))
    collected = factor_terms(short)  # 1/3 (a - t) is multiplied out
    is_error = canonical.output_of(derivation.network, short) is not None
    if not is_error and collected.count_ops() >= general.right.count_ops():
        return None
    stage = derivation.network.tensors[names[read.base]]
    return Substituted((stage,), replace(general, right=short, checked=short))


def _is_any_entry(at: Mapping[Expr, Expr], left: Indexed) -> bool:
    """Tell whether an entry's indices are letters that differ, but those of axes of length 1."""
    letters = [index for index in left.indices if index.is_Symbol]
    others = [index for index in left.indices if not index.is_Symbol]
    return len(set(letters)) == len(letters) and all(at[index] == index for index in others)


_SIMPLIFIED = "The {last} formula for {names} follows from the first by substituting {others}."


def shortened_forms(derivation: Derivation, tensor: Tensor) -> list[Substituted]:
    """Return an error signal with others substituted, in the ways that make it shorter."""
    forms = (made(derivation, tensor) for made in (composed, compact))
    return [form for form in forms if form is not None]


def simplified(
    context: Context, shorter: Mapping[Tensor, Sequence[Substituted]]
) -> Iterator[Block]:
    """Say of error signals that are given twice that the last formula follows from the first."""

    def signals(tensors: Iterable[Tensor]) -> Text:
        adjoints = (context.derivation.adjoints[tensor.name] for tensor in tensors)
        return listed([context.named(adjoint) for adjoint in adjoints])

    twice = [tensor for tensor, forms in shorter.items() if forms]
    last = "second" if all(len(shorter[tensor]) == 1 for tensor in twice) else "last"
    if len(twice) == 1:
        behind = dict.fromkeys(t for form in shorter[twice[0]] for t in form.others)
        yield paragraph(
            *filled(_SIMPLIFIED, last=last, names=signals(twice), others=signals(behind))
        )
    elif twice:
        each, others = ("each of ", *signals(twice)), "the other error signals"
        yield paragraph(*filled(_SIMPLIFIED, last=last, names=each, others=others))
