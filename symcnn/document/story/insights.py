"""What the numbers say: sentences that hold at them, each said only where it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Paragraph, Row, Text, heading, joined
from symcnn.document.context import Context
from symcnn.document.facts.slopes import TINY, Slopes
from symcnn.document.facts.zeros import Kind, Zero, why_zero
from symcnn.document.rows.rows import cell, figure
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, listed
from symcnn.reference.enclosures import to_decimal

_ALL_NEGATIVE = "{all} negative: a small increase of any {number} lowers the loss."
_ALL_POSITIVE = "{all} positive: a small decrease of any {number} lowers the loss."
_ALL_ZERO = "{all} 0: to first order, no {number} changes the loss."
_LARGEST = (
    "The {number} that matters most is {weight}: its derivative, {slope}, is the {largest} in "
    "absolute value."
)
_ZEROS = "{share} of the {count} derivatives are 0{reason}."
_NAMED_ZEROS = "The derivatives with respect to {names} are 0{reason}."
_ONE_ZERO = "The derivative with respect to {names} is 0{reason}."
_REASONS: Mapping[Kind, str] = {
    "met": ", because everything by which {this_is} multiplied is 0",
    "unselected": ", because no entry of {selecting} selects {these}",
    "bracket": ", because a bracket is 0 in every term of {its_sum}",
    "lost": ", because every entry to which {this_contributes} lost its window",
    "slope": ", because {layer} has slope 0 at every entry to which {this_contributes}",
    "signal": ", because the error signals of all entries to which {this_contributes} are 0",
    "product": ", because a factor is 0 in every term of {its_sum}",
    "cancel": ", because the terms of {its_sum} cancel",
    "unknown": "",
}
"""Why derivatives are 0."""

_MET = ", because {entry}, all that {this_is} multiplied by, is 0"
_GROUPS = 3
"""The most reasons that are given."""
_CLOSEST = "The closest call is that of {maximum}: {winner} beats {loser} by {lead}."
_LOWERED = "One step of gradient descent lowers the loss from {before} to {after}."
_RAISED = (
    "One step of gradient descent raises the loss from {before} to {after}: with this learning "
    "rate the step is too long."
)
_SURELY = Decimal("1e-9")
"""By which share a number has to be larger than another that it is called larger than."""

_LISTED = 4
"""The most zeros that are named."""


Insight = tuple[Text, Sequence[Row]]
"""A sentence that is true of the numbers, with what its figures claim."""


def signs(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Say that all derivatives have one sign, if they have."""
    kinds = {
        _ALL_NEGATIVE: all(bool(value.is_negative) for value in slopes.values),
        _ALL_POSITIVE: all(bool(value.is_positive) for value in slopes.values),
        _ALL_ZERO: all(bool(value.is_zero) for value in slopes.values),
    }
    number = len(slopes.values)
    every = "Both derivatives are" if number == 2 else f"All {spelled(number)} derivatives are"
    for said, holds in kinds.items():
        if holds and number > 1:
            yield filled(said, all=every, number=_number(context)), ()


def largest(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Name the weight with the largest derivative, if there is one such weight."""
    found = zip(slopes.values, slopes.pairs, strict=True)
    sizes = [(abs(to_decimal(value)), *pair) for value, pair in found]
    if len(sizes) < 2:
        return
    (most, weight, slope), (next_, _, _) = sorted(sizes, key=lambda s: s[0], reverse=True)[:2]
    if most > max(next_ * (1 + _SURELY), TINY):
        made = figure(context, slope.name, slope, context.value(slope))
        of = "larger of the two" if len(sizes) == 2 else f"largest of all {spelled(len(sizes))}"
        named = Inline(context.printed(weight))
        number = _number(context)
        yield filled(_LARGEST, number=number, weight=named, slope=cell(made), largest=of), (made,)


def zeros(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Say which derivatives are 0, and why."""
    if not 0 < len(slopes.zeros) < len(slopes.pairs):
        return
    groups = dict[Zero, list[Symbol]]()
    for weight, slope in slopes.zeros:
        reason = why_zero(context.derivation, context.value, slope)
        groups.setdefault(reason, []).append(weight)
    for alike in (lambda why: why._replace(entry=None), lambda _: Zero("unknown")):
        if len(groups) > _GROUPS:
            groups = _merged(groups, alike)
    for reason, weights in groups.items():
        why = _why(context, reason, len(weights))
        yield _zeros(context, weights, len(slopes.pairs), why), ()


def _merged(
    groups: Mapping[Zero, Sequence[Symbol]], alike: Callable[[Zero], Zero]
) -> dict[Zero, list[Symbol]]:
    """Put weights together whose reasons are alike."""
    merged = dict[Zero, list[Symbol]]()
    for reason, weights in groups.items():
        merged.setdefault(alike(reason), []).extend(weights)
    return merged


def _zeros(context: Context, weights: Sequence[Symbol], count: int, reason: Text) -> Text:
    """Name the weights whose derivatives are 0 for a reason, or count them."""
    if len(weights) > _LISTED:
        share = spelled(len(weights)).capitalize()
        return filled(_ZEROS, share=share, count=spelled(count), reason=reason)
    names = listed([Inline(context.printed(weight)) for weight in weights])
    return filled(_NAMED_ZEROS if len(weights) > 1 else _ONE_ZERO, names=names, reason=reason)


def _why(context: Context, why: Zero, weights: int) -> Text:
    """Say why the derivatives with respect to some weights are 0."""
    is_one = weights == 1
    these = f"this {_number(context)}" if is_one else f"these {_number(context)}s"
    said = {
        "this_is": f"{these} {'is' if is_one else 'are'}",
        "this_contributes": f"{these} contribute{'s' if is_one else ''}",
        "its_sum": "its sum" if is_one else "their sums",
        "these": these,
        "layer": why.layer,
    }
    if why.kind == "unselected":
        read = context.derivation.network.tensors[why.layer]
        return filled(_REASONS[why.kind], selecting=context.named(read), **said)
    if why.entry is not None:
        return filled(_MET, entry=Inline(context.printed(why.entry)), **said)
    return filled(_REASONS[why.kind], **said)


def _number(context: Context) -> str:
    return learned_number(context.derivation.network)


def closest(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Name the maximum whose winner is the least ahead, if none is tied."""
    leads = [*_leads(context)]
    if len(leads) < 2:
        return
    least, maximum, winner, loser = min(leads, key=lambda lead: lead[0])
    if least > 0:
        lead = winner - loser
        made = figure(context, "the lead", lead, context.value(lead))
        names = {"maximum": maximum, "winner": winner, "loser": loser}
        shown = {key: Inline(context.printed(entry)) for key, entry in names.items()}
        yield filled(_CLOSEST, lead=cell(made), **shown), (made,)


def _leads(context: Context) -> Iterator[tuple[Decimal, Symbol, Expr, Expr]]:
    """Run over maxima that have rivals: the lead, the maximum, its winner and the second."""
    tensors = context.derivation.tensors
    maxima = [(route, tensors[route.source.target.base]) for route in context.derivation.routings]
    if sum(tensor.size for _, tensor in maxima) > limits.LISTED_ENTRIES:
        return
    for route, tensor in maxima:
        for position in tensor.positions():
            terms = context.derivation.entries.terms(route.source, tensor, position)
            first, *others = context.falling(terms)
            for second in others[:1]:
                lead = to_decimal(context.value(terms[first] - terms[second]))
                yield lead, tensor.symbol(position), terms[first], terms[second]


def step(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Say what one step of gradient descent does to the loss."""
    if (made := context.descent) is None or made.after == made.before:
        return
    loss = context.derivation.network.loss_tensor.symbol((0,))
    before = figure(context, "before", loss, made.before)
    after = figure(context, "after", made.after, made.after)
    said = _LOWERED if made.after < made.before else _RAISED
    yield filled(said, before=cell(before), after=cell(after)), (before, after)


INSIGHTS: Sequence[Callable[[Context, Slopes], Iterator[Insight]]] = (
    signs,
    largest,
    zeros,
    closest,
    step,
)
"""What there may be to be seen, in the order in which it is said; each is said where it is so."""


def insights(context: Context) -> Iterator[Block]:
    """Say what is to be seen in the numbers, unless these are to be changed."""
    slopes = Slopes(context.derivation, context.value)
    told = () if context.bindings.may_change else INSIGHTS
    if found := [insight for say in told for insight in say(context, slopes)]:
        yield heading(1, "What we have learned")
        figures = tuple(row for _, rows in found for row in rows)
        yield Paragraph(joined(text for text, _ in found), figures=figures)
