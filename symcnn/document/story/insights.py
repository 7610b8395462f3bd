"""What the numbers say: sentences that hold at them, each said only where it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Paragraph, Row, Text, heading, joined
from symcnn.document.context import Context
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
_ZEROS = "{share} of the {count} derivatives {are} 0{reason}."
_NAMED_ZEROS = "The derivatives with respect to {names} are 0{reason}."
_ONE_ZERO = "The derivative with respect to {names} is 0{reason}."
_REASONS: Mapping[Kind, str] = {
    "met": ", because everything by which {this_is} multiplied is 0",
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


def insights(context: Context) -> Iterator[Block]:
    """Say what is to be seen in the numbers, unless these are to be changed."""
    own = _Insights(context)
    found = [] if context.bindings.may_change else [*own.signs(), *own.largest(), *own.zeros()]
    found += [] if context.bindings.may_change else [*own.closest(), *own.step()]
    if found:
        yield heading(1, "What we have learned")
        text, figures = (
            joined(text for text, _ in found),
            [row for _, rows in found for row in rows],
        )
        yield Paragraph(text, figures=tuple(figures))


def _merged(
    groups: Mapping[Zero, Sequence[Symbol]], alike: Callable[[Zero], Zero]
) -> dict[Zero, list[Symbol]]:
    """Put weights together whose reasons are alike."""
    merged = dict[Zero, list[Symbol]]()
    for reason, weights in groups.items():
        merged.setdefault(alike(reason), []).extend(weights)
    return merged


_Insight = tuple[Text, Sequence[Row]]
"""A sentence, with what its figures claim."""


@dataclass(frozen=True)
class _Insights:
    """The derivatives with respect to all weights, and what is true of them."""

    context: Context

    @cached_property
    def _slopes(self) -> list[tuple[Symbol, Symbol]]:
        """Every weight with its derivative; none where they are too many to be looked at."""
        parameters = self.context.derivation.network.parameters
        adjoints = self.context.derivation.adjoints
        if sum(tensor.size for tensor in parameters) > limits.ALL_WORKED_ENTRIES:
            return []
        return [
            (tensor.symbol(position), adjoints[tensor.name].symbol(position))
            for tensor in parameters
            if tensor.name in adjoints
            for position in tensor.positions()
        ]

    @property
    def _count(self) -> str:
        return spelled(len(self._slopes))

    @property
    def _all(self) -> str:
        """All derivatives, at the beginning of a sentence."""
        return (
            "Both derivatives are"
            if len(self._slopes) == 2
            else f"All {self._count} derivatives are"
        )

    @property
    def _number(self) -> str:
        return learned_number(self.context.derivation.network)

    def signs(self) -> Iterator[_Insight]:
        """Say that all derivatives have one sign, if they have."""
        values = [self.context.value(slope) for _, slope in self._slopes]
        kinds = {
            _ALL_NEGATIVE: all(bool(value.is_negative) for value in values),
            _ALL_POSITIVE: all(bool(value.is_positive) for value in values),
            _ALL_ZERO: all(bool(value.is_zero) for value in values),
        }
        for said, holds in kinds.items():
            if holds and len(values) > 1:
                yield filled(said, all=self._all, number=self._number), ()

    def largest(self) -> Iterator[_Insight]:
        """Name the weight with the largest derivative, if there is one such weight."""
        sizes = [(abs(to_decimal(self.context.value(s))), w, s) for w, s in self._slopes]
        if len(sizes) < 2:
            return
        (most, weight, slope), (next_, _, _) = sorted(sizes, key=lambda s: s[0], reverse=True)[:2]
        if most > next_ * (1 + _SURELY):
            made = figure(self.context, slope.name, slope, self.context.value(slope))
            named = Inline(self.context.printed(weight))
            of = "larger of the two" if len(sizes) == 2 else f"largest of all {self._count}"
            said = filled(_LARGEST, weight=named, slope=cell(made), largest=of, number=self._number)
            yield said, (made,)

    def zeros(self) -> Iterator[_Insight]:
        """Say which derivatives are 0, and why."""
        context, groups = self.context, dict[Zero, list[Symbol]]()
        none = [(w, slope) for w, slope in self._slopes if context.value(slope).is_zero]
        if not 0 < len(none) < len(self._slopes):
            return
        for weight, slope in none:
            reason = why_zero(context.derivation, context.value, slope)
            groups.setdefault(reason, []).append(weight)
        for alike in (lambda why: why._replace(entry=None), lambda _: Zero("unknown")):
            if len(groups) > _GROUPS:
                groups = _merged(groups, alike)
        for reason, weights in groups.items():
            yield self._zeros(weights, self._reason(reason, len(weights))), ()

    def _zeros(self, weights: Sequence[Symbol], reason: Text) -> Text:
        """Name the weights whose derivatives are 0 for a reason, or count them."""
        if len(weights) > _LISTED:
            share = spelled(len(weights)).capitalize()
            return filled(_ZEROS, share=share, count=self._count, are="are", reason=reason)
        names = listed([Inline(self.context.printed(weight)) for weight in weights])
        return filled(_NAMED_ZEROS if len(weights) > 1 else _ONE_ZERO, names=names, reason=reason)

    def _reason(self, why: Zero, weights: int) -> Text:
        number = self._number
        this, s, verb = ("this", "", "is") if weights == 1 else ("these", "s", "are")
        said = {
            "this_is": f"{this} {number}{s} {verb}",
            "this_contributes": f"{this} {number}{s} contribute{'s' if weights == 1 else ''}",
            "its_sum": "its sum" if weights == 1 else "their sums",
            "layer": why.layer,
        }
        if why.entry is not None:
            return filled(_MET, entry=Inline(self.context.printed(why.entry)), **said)
        return filled(_REASONS[why.kind], **said)

    def closest(self) -> Iterator[_Insight]:
        """Name the maximum whose winner is the least ahead, if none is tied."""
        leads = [*self._leads()]
        if len(leads) < 2:
            return
        least, maximum, winner, loser = min(leads, key=lambda lead: lead[0])
        if least > 0:
            context, lead = self.context, winner - loser
            made = figure(context, "the lead", lead, context.value(lead))
            names = {"maximum": maximum, "winner": winner, "loser": loser}
            shown = {key: Inline(context.printed(entry)) for key, entry in names.items()}
            yield filled(_CLOSEST, lead=cell(made), **shown), (made,)

    def _leads(self) -> Iterator[tuple[Decimal, Symbol, Expr, Expr]]:
        """Run over maxima that have rivals: the lead, the maximum, its winner and the second."""
        context, tensors = self.context, self.context.derivation.tensors
        maxima = [
            (route, tensors[route.source.target.base]) for route in context.derivation.routings
        ]
        if sum(tensor.size for _, tensor in maxima) > limits.LISTED_ENTRIES:
            return
        for route, tensor in maxima:
            for position in tensor.positions():
                terms = context.derivation.entries.terms(route.source, tensor, position)
                first, *others = context.falling(terms)
                for second in others[:1]:
                    lead = to_decimal(context.value(terms[first] - terms[second]))
                    yield lead, tensor.symbol(position), terms[first], terms[second]

    def step(self) -> Iterator[_Insight]:
        """Say what one step of gradient descent does to the loss."""
        if (made := self.context.descent) is None or made.after == made.before:
            return
        loss = self.context.derivation.network.loss_tensor.symbol((0,))
        before = figure(self.context, "before", loss, made.before)
        after = figure(self.context, "after", made.after, made.after)
        said = _LOWERED if made.after < made.before else _RAISED
        yield filled(said, before=cell(before), after=cell(after)), (before, after)
