"""What the numbers say: sentences that hold at them, each said only where it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sympy import Expr, Mul, Symbol

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Paragraph, Row, Text, heading, joined
from symcnn.document.context import Context
from symcnn.document.rows.rows import cell, figure
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, listed
from symcnn.reference.enclosures import to_decimal
from symcnn.writing.printing.order import summands

_ALL_NEGATIVE = (
    "All {count} derivatives are negative: a small increase of any one {number} lowers the loss."
)
_ALL_POSITIVE = (
    "All {count} derivatives are positive: a small decrease of any one {number} lowers the loss."
)
_ALL_ZERO = "All {count} derivatives are 0: to first order, no {number} changes the loss."
_LARGEST = (
    "The loss is most sensitive to {weight}: among the {count} derivatives, "
    "{slope} is the largest in absolute value."
)
_ZEROS = "{share} of the {count} derivatives are 0{reason}."
_NAMED_ZEROS = "The derivatives with respect to {names} are 0"
_ONE_ZERO = "The derivative with respect to {names} is 0"
_REASONS = {
    "signal": ", because the error signals of all entries to which {they} are 0",
    "met": ", because everything by which {met} multiplied is 0",
}
"""Why derivatives are 0, by the factors of their terms that are."""

_ONE, _SEVERAL = (
    {"they": "this weight contributes", "met": "this weight is"},
    {"they": "these weights contribute", "met": "these weights are"},
)
_CLOSEST = "The closest comparison is that of {maximum}: {winner} is ahead of {loser} by {lead}."
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
        yield heading(1, "What the numbers say")
        text, figures = (
            joined(text for text, _ in found),
            [row for _, rows in found for row in rows],
        )
        yield Paragraph(text, figures=tuple(figures))


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
        return f"{len(self._slopes):,}"

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
                yield filled(said, count=self._count, number=self._number), ()

    def largest(self) -> Iterator[_Insight]:
        """Name the weight with the largest derivative, if there is one such weight."""
        sizes = [(abs(to_decimal(self.context.value(s))), w, s) for w, s in self._slopes]
        if len(sizes) < 2:
            return
        (most, weight, slope), (next_, _, _) = sorted(sizes, key=lambda s: s[0], reverse=True)[:2]
        if most > next_ * (1 + _SURELY):
            made = figure(self.context, slope.name, slope, self.context.value(slope))
            named = Inline(self.context.printed(weight))
            said = filled(_LARGEST, weight=named, count=self._count, slope=cell(made))
            yield said, (made,)

    def zeros(self) -> Iterator[_Insight]:
        """Say which derivatives are 0, and why, if there is one reason for all of them."""
        none = [(w, slope) for w, slope in self._slopes if self.context.value(slope).is_zero]
        if not 0 < len(none) < len(self._slopes):
            return
        plural = len(none) > 1
        reason, *others = {self._reason(slope) for _, slope in none}
        why = "" if others else _REASONS.get(reason, "").format(**(_SEVERAL if plural else _ONE))
        if len(none) <= _LISTED:
            names = listed([Inline(self.context.printed(weight)) for weight, _ in none])
            said = _NAMED_ZEROS if plural else _ONE_ZERO
            yield (*filled(said, names=names), f"{why}."), ()
        else:
            share = f"{len(none):,}"
            yield filled(_ZEROS, share=share, count=self._count, reason=why), ()

    def _reason(self, slope: Symbol) -> str:
        """Return which factor of all terms of a derivative is 0: error signals, or the others."""
        entries = self.context.derivation.entries
        formula = entries.formula(slope) if entries.count(slope) <= limits.TELLING_TERMS else None
        if formula is None:
            return ""
        pairs = [self._parted(term) for term in summands(formula)]
        if all(self.context.value(signal).is_zero for signal, _ in pairs):
            return "signal"
        return "met" if all(self.context.value(met).is_zero for _, met in pairs) else ""

    def _parted(self, term: Expr) -> tuple[Expr, Expr]:
        """Return the error signals in a term, and what they are multiplied by."""
        adjoints = {adjoint.label for adjoint in self.context.derivation.adjoints.values()}
        where = self.context.derivation.entries.where

        def is_signal(factor: Expr) -> bool:
            return any((at := where(s)) and at[0].label in adjoints for s in factor.free_symbols)

        factors = Mul.make_args(term)
        signals = [factor for factor in factors if is_signal(factor)]
        return Mul(*signals), Mul(*(factor for factor in factors if factor not in signals))

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
