"""The closed form of every weight in x, w and t, with a "where" list.

The derivatives of the stages are put into each other; what the forward pass computes
keeps its name and is listed, so that the formulas fit the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from symcnn import limits
from symcnn.document.blocks import Block, Paragraph, Row, Rows, Text, heading, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.rows.layout import beside, is_readable, lines
from symcnn.document.story.closed import Closed, Forms
from symcnn.document.story.validity import validity
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor
from symcnn.errors import TooLargeError

_TOO_LONG = "The remaining closed forms are too long to print."
_ONE = "the derivative with respect to one entry"
_EXAMPLE = (
    "For {names}, the derivative with respect to one entry{each} is given as an example; the same "
    "substitutions give the others."
)

_OF_GIVEN = "in the given quantities"
_OF_BEFORE = "in which values of the forward pass keep their symbols"
_WITH_STAGES = "in which values of the forward pass, defined below, keep their symbols"


def closed_forms(context: Context) -> Iterator[Block]:
    """Give each weight's derivative in one formula; outside of full detail on part of a page."""
    yield from _every(context) if context.is_full else _some(context)


def _every(context: Context) -> Iterator[Block]:
    """Give all closed forms, what the stages in them are, and where they hold."""
    forms, parameters = Forms(context), context.derivation.network.parameters
    weights = sum(len(context.closed_derivatives(tensor)) for tensor in parameters)
    closed = [form for tensor in parameters for form in forms.of(tensor)]
    if not closed:
        return
    printed = [form for form in closed if is_readable(form.row)]
    rows = [form.row for form in printed]
    try:
        stages = forms.stages(rows)
    except TooLargeError:  # a stage alone, such as a unit that reads a whole image
        rows, stages = [], {}
    rows = rows if len(stages) <= limits.PRINTED_STAGES else []
    if not rows:
        yield from _some(context)
        return
    yield heading(1, "Closed forms" if weights > 1 else "The closed form")
    which = "each derivative" if len(rows) > 1 else "the derivative" if weights == 1 else _ONE
    yield from _written(rows, which, _WITH_STAGES if stages else _OF_GIVEN)
    if stages:
        yield paragraph("where")
        listed = tuple(forms.stage(symbol, formula) for symbol, formula in stages.items())
        yield Rows(listed, alike=True)
    if len(rows) < weights:
        yield Paragraph((_TOO_LONG,), task=())
    yield from validity(context, printed)


def _some(context: Context) -> Iterator[Block]:
    """Give the closed forms of whole tensors where they are few, and of others one.

    At full detail, and where numbers are changed later, add where they hold.
    """
    forms = Forms(context)
    offers = _fitting(context, forms)
    closed = [form for offer in offers for form in offer.forms]
    if not closed:
        return
    is_one = len(closed) == 1 and not any(offer.is_example or offer.is_partial for offer in offers)
    keeps = any(forms.has_stages(form.formula) for form in closed)
    yield heading(1, "The closed form" if is_one else "Closed forms")
    rows = [form.row for form in closed]
    which = "each derivative" if len(rows) > 1 else "the derivative" if is_one else _ONE
    yield from _written(rows, which, _OF_BEFORE if keeps else _OF_GIVEN)
    if said := list(_left_out(context, offers)):
        yield Paragraph(joined(said), task=())
    if context.is_full or context.bindings.may_change:
        yield from validity(context, closed)


def _left_out(context: Context, offers: Sequence[_Offer]) -> Iterator[Text]:
    """Say which closed forms are not given, and why."""
    if names := [context.named(offer.tensor) for offer in offers if offer.is_example]:
        each = " each" if len(names) > 1 else ""
        yield filled(_EXAMPLE, names=listed(names), each=each)
    if any(offer.is_partial for offer in offers) or len(offers) < _differentiated(context):
        yield (_TOO_LONG,)


def _differentiated(context: Context) -> int:
    """Return of how many parameters entries are worked out."""
    parameters = context.derivation.network.parameters
    return sum(bool(context.worked_derivatives(tensor)) for tensor in parameters)


class _Offer(NamedTuple):
    """Closed forms of a parameter, and whether they are an example, or some are too long."""

    tensor: Tensor
    forms: Sequence[Closed]
    is_example: bool = False
    is_partial: bool = False

    @property
    def needed(self) -> int:
        """How many lines they take, whichever numbers are given."""
        return sum(len(lines(form.row.asked or form.row)) for form in self.forms)


def _fitting(context: Context, forms: Forms) -> list[_Offer]:
    """Return an example of each parameter, or all of it, while there is room: short ones first.

    Which of them are whole does not depend on the numbers.
    """
    parameters = context.derivation.network.parameters
    wholes = {tensor: _whole(context, forms, tensor) for tensor in parameters}
    firsts = [_example(context, forms, tensor) or wholes[tensor] for tensor in parameters]
    chosen, room = dict[Tensor, _Offer](), limits.CLOSED_FORM_LINES
    for offer in (*_short_first(firsts), *_short_first(wholes.values())):
        before = chosen.get(offer.tensor, _Offer(offer.tensor, ()))
        if offer.needed - before.needed <= room:
            chosen[offer.tensor], room = offer, room - offer.needed + before.needed
    return [chosen[tensor] for tensor in parameters if tensor in chosen]


def _short_first(offers: Iterable[_Offer]) -> list[_Offer]:
    return sorted((offer for offer in offers if offer.forms), key=lambda offer: offer.needed)


def _whole(context: Context, forms: Forms, tensor: Tensor) -> _Offer:
    every = [form for form in forms.of(tensor) if is_readable(form.row)]
    left_out = len(context.closed_derivatives(tensor)) - len(every)
    return _Offer(tensor, every, is_partial=left_out > 0)


def _example(context: Context, forms: Forms, tensor: Tensor) -> _Offer | None:
    is_whole = context.is_worked(tensor) and not context.is_full
    if is_whole or not (form := forms.example(tensor)):
        return None
    return _Offer(tensor, [form], is_example=True)


def _written(rows: Sequence[Row], which: str, kept: str) -> Iterator[Block]:
    yield paragraph(
        f"Substituting the formulas of the backward pass into one another gives {which} as a "
        f"single formula {kept}:"
    )
    for are_short, run in groupby(zip(_in_pairs(rows), rows, strict=True), itemgetter(0)):
        yield Rows(tuple(row for _, row in run), alike=are_short)


def _in_pairs(rows: Sequence[Row]) -> Iterator[bool]:
    """Tell of rows whether they are short and follow each other; one alone is set like the rest."""
    short = [False, *map(_is_short, rows), False]
    for before, own, after in zip(short, short[1:], short[2:], strict=False):
        yield own and (before or after)


def _is_short(row: Row) -> bool:
    """Tell whether a closed form leaves room for another one beside it."""
    return beside([row, row]) > 1
