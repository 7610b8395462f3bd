"""Error signals through statistics of a batch, without those of the statistics themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.derivation import Derivation
from symcnn.derivation.deviations import (
    is_mean,
    without_deviations,
    without_sums_of_deviations,
)
from symcnn.derivation.general import General, backward_form, put_in
from symcnn.document.blocks import Block, Rows, paragraph
from symcnn.document.context import Context
from symcnn.document.rows.rows import general_row
from symcnn.document.story.substituted import Substituted
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
