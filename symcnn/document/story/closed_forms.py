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
from symcnn.document.blocks import Block, Row, Rows, Text, heading, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.rows.layout import beside, display, is_readable
from symcnn.document.rows.matrices import Piece
from symcnn.document.story.closed import Closed, Forms
from symcnn.document.story.short import is_long
from symcnn.document.story.validity import validity
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor
from symcnn.errors import TooLargeError
from symcnn.writing.formula.breaking import number_of_lines

_TOO_LONG = "There is no room here for the remaining closed forms, of {names}."
_LIKEWISE = {
    True: "That of {names} is found in the same way.",
    False: "Those of {names} are found in the same way.",
}
_ONE = "the derivative with respect to one entry"
_EXAMPLE = (
    "For {names}, the derivative with respect to one entry{each} is given as an example; the same "
    "substitutions give the others."
)

_IN_FULL = 3
"""How much more room full detail has, where stages are too long for all closed forms."""

_LINES = 4
"""The most lines of a closed form that is given beside many matrices."""

_OF_GIVEN = "in the given quantities"
_OF_BEFORE = "in the values of the forward pass"
_WITH_STAGES = "in values of the forward pass, which are defined below"


def closed_forms(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Give each weight's derivative in one formula; outside of full detail on part of a page."""
    yield "theorem", _closed_forms(context)
    yield "rule", _where_there_is_room(context)


def _where_there_is_room(context: Context) -> Iterator[Block]:
    """Give the derivative of the weight that is followed, if the pages have room for it."""
    made = [*_closed_forms(context)]
    lines = max((len(display(block)) for block in made if isinstance(block, Rows)), default=0)
    if lines <= _LINES or not is_long(context):
        yield from made


def _closed_forms(context: Context) -> Iterator[Block]:
    """Give closed forms: all of them with their stages, or those for which there is room.

    At full detail, and where numbers are changed later, add where they hold.
    """
    forms, in_full = Forms(context), context.tells("listing")
    every = _all(context, forms) if in_full else None
    offers, stages = (_fitting(context, forms), list[Row]()) if every is None else every
    closed = [form for offer in offers for form in offer.forms]
    if not closed or _is_aside(context, offers):
        return
    is_one = len(closed) == 1 and not any(offer.is_example or offer.is_partial for offer in offers)
    keeps = any(forms.has_stages(form.formula) for form in closed)
    yield heading(1, "The closed form" if is_one else "Closed forms")
    left_out = list(_left_out(context, offers))
    several = "each of the following derivatives" if left_out else "each derivative"
    which = several if len(closed) > 1 else "the derivative" if is_one else _ONE
    kept = _WITH_STAGES if stages else _OF_BEFORE if keeps and every is None else _OF_GIVEN
    yield from _written([form.row for form in closed], which, kept)
    if stages:
        yield paragraph("where")
        yield Rows(tuple(stages), alike=True)
    if left_out:
        yield paragraph(*joined(left_out), role="insight")
    if in_full or context.bindings.may_change:
        yield from validity(context, closed)


def _is_aside(context: Context, offers: Sequence[_Offer]) -> bool:
    """Tell whether the weight that is followed has a closed form that is too long, if that counts.

    What then is left are derivatives of the last layer, which were formulas before.
    """
    thread, is_whole = context.scope.thread, context.tells("listing") or context.tells("rule")
    if thread is None or is_whole or context.bindings.may_change or context.style.sections:
        return False
    return thread.name not in {offer.tensor.name for offer in offers}


def _all(context: Context, forms: Forms) -> tuple[list[_Offer], list[Row]] | None:
    """Return all closed forms, and the stages in them; None if these are too long to print."""
    every = {t: [*forms.of(t)] for t in context.derivation.network.parameters}
    if not any(every.values()):
        return [], []
    offers = [_whole(context, tensor, own) for tensor, own in every.items()]
    rows = [form.row for offer in offers for form in offer.forms]
    try:
        stages = forms.stages(rows)
    except TooLargeError:  # a stage alone, such as a unit that reads a whole image
        return None
    if not rows or len(stages) > limits.PRINTED_STAGES:
        return None
    return offers, [forms.stage(symbol, formula) for symbol, formula in stages.items()]


def _left_out(context: Context, offers: Sequence[_Offer]) -> Iterator[Text]:
    """Say which closed forms are not given, and why."""
    if names := [context.named(offer.tensor) for offer in offers if offer.is_example]:
        each = " each" if len(names) > 1 else ""
        yield filled(_EXAMPLE, names=listed(names), each=each)
    differentiated = [*filter(context.worked_derivatives, context.derivation.network.parameters)]
    given = [offer.tensor for offer in offers if not offer.is_partial]
    if others := [tensor for tensor in differentiated if tensor not in given]:
        likewise = _LIKEWISE[sum(tensor.size for tensor in others) == 1]
        said = _TOO_LONG if context.tells("listing") else likewise
        yield filled(said, names=listed([context.named(tensor) for tensor in others]))


class _Offer(NamedTuple):
    """Closed forms of a parameter, and whether they are an example, or some are too long."""

    tensor: Tensor
    forms: Sequence[Closed]
    is_example: bool = False
    is_partial: bool = False

    @property
    def needed(self) -> float:
        """How many lines they take, whichever numbers are given; two short ones share a line."""
        rows = [form.row.asked or form.row for form in self.forms]
        return sum(0.5 if _is_short(row) else number_of_lines(row) for row in rows)


def _fitting(context: Context, forms: Forms) -> list[_Offer]:
    """Return an example of each parameter, or all of it, while there is room: short ones first.

    That of the weight that is followed comes before all others.
    Which of them are whole does not depend on the numbers.
    """
    parameters = context.derivation.network.parameters
    wholes = {tensor: _whole(context, tensor, forms.of(tensor)) for tensor in parameters}
    firsts = [_example(context, forms, tensor) or wholes[tensor] for tensor in parameters]
    times = _IN_FULL if context.tells("listing") else 1
    chosen, room = dict[Tensor, _Offer](), float(times * limits.CLOSED_FORM_LINES)
    thread = context.scope.asked_thread
    of_followed = [o for o in firsts if thread and o.tensor.name == thread.name and o.forms]
    for offer in (*of_followed, *_short_first(firsts), *_short_first(wholes.values())):
        before = chosen.get(offer.tensor, _Offer(offer.tensor, ()))
        if offer.needed - before.needed <= room:
            chosen[offer.tensor], room = offer, room - offer.needed + before.needed
    return [chosen[tensor] for tensor in parameters if tensor in chosen]


def _short_first(offers: Iterable[_Offer]) -> list[_Offer]:
    return sorted((offer for offer in offers if offer.forms), key=lambda offer: offer.needed)


def _whole(context: Context, tensor: Tensor, every: Iterable[Closed]) -> _Offer:
    printed = [form for form in every if is_readable(form.row)]
    left_out = len(context.closed_derivatives(tensor)) - len(printed)
    return _Offer(tensor, printed, is_partial=left_out > 0)


def _example(context: Context, forms: Forms, tensor: Tensor) -> _Offer | None:
    is_whole = context.is_worked(tensor) and not context.tells("listing")
    if is_whole or not context.worked_derivatives(tensor) or not (form := forms.example(tensor)):
        return None
    return _Offer(tensor, [form], is_example=True)


def _written(rows: Sequence[Row], which: str, kept: str) -> Iterator[Block]:
    yield paragraph(f"Substituting back, we can write {which} as a single formula {kept}:")
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
