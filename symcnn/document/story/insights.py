"""What the numbers say: sentences that hold at them, each said only where it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Paragraph, Row, Text, heading, joined
from symcnn.document.context import Context
from symcnn.document.facts.idle import is_of_one_number
from symcnn.document.facts.slopes import TINY, Slopes
from symcnn.document.facts.zeros import Zero, why_zero
from symcnn.document.rows.rows import cell, figure
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, listed
from symcnn.document.words.zeros import LISTED, about_zeros
from symcnn.reference.enclosures import to_decimal

_ALL_NEGATIVE = "{all} negative: a small increase of any {number} lowers the loss."
_ALL_POSITIVE = "{all} positive: a small decrease of any {number} lowers the loss."
_ALL_ZERO = "{all} 0: to first order, no {number} changes the loss."
_CONSTANT = (
    "The softmax of a single number is always 1, so no {number} changes the loss: {all} 0{rounded}."
)
_ROUNDED = " up to rounding"
_LARGEST = (
    "The {number} that matters most is {weight}: its derivative, {slope}, is the {largest} in "
    "absolute value."
)
_GROUPS = 3
"""The most reasons that are given."""
_CLOSEST = "The closest call is that of {maximum}: {winner} beats {loser} by {lead}."
_SURELY = Decimal("1e-9")
"""By which share a number has to be larger than another that it is called larger than."""

Insight = tuple[Text, Sequence[Row]]
"""A sentence that is true of the numbers, with what its figures claim."""


def signs(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Say that all derivatives have one sign, if they have."""
    kinds = {
        _ALL_NEGATIVE: all(bool(value.is_negative) for value in slopes.values),
        _ALL_POSITIVE: all(bool(value.is_positive) for value in slopes.values),
    }
    for said, holds in kinds.items():
        if holds and len(slopes.values) > 1:
            yield (
                filled(said, all=_every(context, slopes).capitalize(), number=_number(context)),
                (),
            )


def _every(context: Context, slopes: Slopes) -> str:
    """Return "all nine derivatives are"."""
    of = "" if context.derivation.network.parameters else " with respect to the input"
    kinds = {1: "the derivative{} is", 2: "both derivatives{} are"}
    number = len(slopes.values)
    return kinds.get(number, f"all {spelled(number)} derivatives{{}} are").format(of)


def idle(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Say that all derivatives are 0, and why, where they are no more than rounding leaves."""
    is_exact, every = len(slopes.zeros) == len(slopes.pairs), _every(context, slopes)
    number = _number(context)
    if is_of_one_number(context.derivation, context.operations.values()):
        rounded = "" if is_exact else _ROUNDED
        yield filled(_CONSTANT, all=every, number=number, rounded=rounded), ()
    elif is_exact and len(slopes.pairs) > 1:
        yield filled(_ALL_ZERO, all=every.capitalize(), number=number), ()


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
    """Say which derivatives are 0, and why: first those that are named."""
    groups = dict[Zero, list[Symbol]]()
    for weight, slope in slopes.zeros:
        reason = why_zero(context.derivation, context.value, slope)
        groups.setdefault(reason, []).append(weight)
    kinds = Counter(why._replace(entry=None) for why in groups)

    def without_entries(why: Zero) -> Zero:
        whole = why._replace(entry=None)
        return whole if kinds[whole] > 1 else why

    groups = _merged(groups, without_entries)
    if len(groups) > _GROUPS:
        groups = _merged(groups, lambda _: Zero("unknown"))
    ordered = sorted(groups.items(), key=lambda group: len(group[1]) > LISTED)
    for place, (why, weights) in enumerate(ordered):
        count, is_first = len(slopes.pairs), place == 0
        yield about_zeros(context, why, weights, count, is_first=is_first), ()


def _merged(
    groups: Mapping[Zero, Sequence[Symbol]], alike: Callable[[Zero], Zero]
) -> dict[Zero, list[Symbol]]:
    """Put weights together whose reasons are alike."""
    merged = dict[Zero, list[Symbol]]()
    for reason, weights in groups.items():
        merged.setdefault(alike(reason), []).extend(weights)
    return merged


def _number(context: Context) -> str:
    network = context.derivation.network
    return learned_number(network) if network.parameters else "entry of the input"


def closest(context: Context, slopes: Slopes) -> Iterator[Insight]:
    """Name the maximum whose winner is the least ahead, if none is tied."""
    leads = [*_leads(context)]
    if len(leads) < 2:
        return
    least, maximum, winner, losers = min(leads, key=lambda lead: lead[0])
    if 0 < least and len(losers) <= LISTED:
        lead = winner - losers[0]
        made = figure(context, "the lead", lead, context.value(lead))
        names = {"maximum": maximum, "winner": winner}
        shown = {key: Inline(context.printed(entry)) for key, entry in names.items()}
        seconds = listed([Inline(context.printed(loser)) for loser in losers])
        yield filled(_CLOSEST, lead=cell(made), loser=seconds, **shown), (made,)


def _leads(context: Context) -> Iterator[tuple[Decimal, Symbol, Expr, Sequence[Expr]]]:
    """Run over maxima that have rivals: the lead, the maximum, its winner and all that follow."""
    tensors = context.derivation.tensors
    maxima = [(route, tensors[route.source.target.base]) for route in context.derivation.routings]
    if sum(tensor.size for _, tensor in maxima) > limits.LISTED_ENTRIES:
        return
    for route, tensor in maxima:
        for position in tensor.positions():
            terms = context.derivation.entries.terms(route.source, tensor, position)
            first, *others = (terms[n] for n in context.falling(terms))
            if others:
                lead = to_decimal(context.value(first - others[0]))
                equal = [t for t in others if context.value(others[0] - t).is_zero]
                yield lead, tensor.symbol(position), first, equal


INSIGHTS: Sequence[Callable[[Context, Slopes], Iterator[Insight]]] = (
    signs,
    largest,
    zeros,
    closest,
)
"""What there may be to be seen, in the order in which it is said; each is said where it is so."""


def insights(context: Context) -> Iterator[Block]:
    """Say what is to be seen in the numbers, unless these are to be changed."""
    network = context.derivation.network
    slopes = Slopes(context.derivation, context.value, network.parameters or [network.input])
    told = (idle,) if slopes.are_tiny else INSIGHTS if network.parameters else ()
    shown = () if context.bindings.may_change else told
    if found := [insight for say in shown for insight in say(context, slopes)]:
        yield heading(1, "What we have learned")
        figures = tuple(row for _, rows in found for row in rows)
        yield Paragraph(joined(text for text, _ in found), figures=figures)
