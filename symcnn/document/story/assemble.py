"""A derivation from its first section to its last, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, groupby

from symcnn.document.blocks import Block, Rows
from symcnn.document.context import Context
from symcnn.document.facts.scope import Path
from symcnn.document.numbering import numbered
from symcnn.document.outline import SECTIONS, Detail
from symcnn.document.story.backward import backward, backward_of_weights, stages, weights
from symcnn.document.story.brief import error_signals, given, gradients, step, values
from symcnn.document.story.check import check, short_check
from symcnn.document.story.closed_forms import closed_forms
from symcnn.document.story.forward import forward, loss
from symcnn.document.story.one_weight import (
    closed_form,
    derivative_of_the_weight,
    error_signals_on_the_way,
    moved,
    values_on_the_way,
)
from symcnn.document.story.pictures import network_picture, small_picture, whole_network
from symcnn.document.story.problem import given_numbers, layers, output_sizes, problem
from symcnn.document.story.reconciliation import has_more_digits, reconciliation
from symcnn.document.story.references import references, works
from symcnn.document.story.results import results, updates
from symcnn.document.story.rounding import with_rounding
from symcnn.document.story.routing import routing
from symcnn.document.story.second_order import second_order
from symcnn.document.story.symbols import symbols
from symcnn.document.story.windows import window_pictures
from symcnn.document.traversal import all_rows
from symcnn.document.words.mentioned import Mentioned

_Section = Callable[[Context, Mentioned], Iterator[Block]]
"""What writes a section, knowing what was said before it."""


def _own(*written: Callable[[Context], Iterator[Block]]) -> _Section:
    """Return a section that repeats nothing, of parts one after the other."""
    return lambda context, _: (block for part in written for block in part(context))


def _both(one: _Section, other: _Section) -> _Section:
    """Return a section of two parts."""
    return lambda context, mentioned: chain(one(context, mentioned), other(context, mentioned))


_FULL: dict[str, _Section] = {
    "problem": _both(problem, _own(whole_network, network_picture)),
    "symbols": symbols,
    "forward": forward,
    "maxima": routing,
    "loss": loss,
    "windows": _own(window_pictures),
    "backward": backward,
    "weights": _own(weights),
    "closed-forms": _own(closed_forms),
    "second-order": _own(second_order),
    "step": _own(results),
    "check": check,
    "reconciliation": reconciliation,
    "references": _own(references),
}
_STANDARD: dict[str, _Section] = _FULL | {
    "problem": _both(layers, _own(whole_network, network_picture, output_sizes, given_numbers)),
    "backward": stages,
    "weights": backward_of_weights,
    "step": _own(updates),
}
_BRIEF: Mapping[str, _Section] = {
    "problem": _own(given, small_picture),
    "forward": _own(values),
    "backward": _own(error_signals),
    "weights": gradients,
    "second-order": _own(second_order),
    "step": _own(step),
}
_ONE_WEIGHT: Mapping[str, _Section] = {
    "problem": _own(given, small_picture),
    "forward": _own(values_on_the_way),
    "backward": _own(error_signals_on_the_way),
    "weights": derivative_of_the_weight,
    "closed-forms": _own(closed_form),
    "step": _own(moved),
    "check": _own(short_check),
}
_SECTIONS: Mapping[Detail, Mapping[str, _Section]] = {
    "brief": _BRIEF,
    "standard": _STANDARD,
    "full": _FULL,
}


def sections(context: Context) -> tuple[Block, ...]:
    """Write the sections that are asked for; one that has nothing to say is empty."""
    names = context.style.sections or SECTIONS
    chosen = {name: s for name, s in _written(context).items() if name in names}
    mentioned = Mentioned(works=works(context) if "references" in chosen else {})
    blocks = (block for section in chosen.values() for block in section(context, mentioned))
    together = blocks if context.is_full else _close(blocks)
    changes = context.bindings.may_change
    compares = not changes and "reconciliation" in chosen and has_more_digits(context)
    digits = context.style.digits
    return numbered(with_rounding(together, digits, compares=compares, may_change=changes))


def _written(context: Context) -> Mapping[str, _Section]:
    if isinstance(context.scope, Path) and not context.is_full:
        return _ONE_WEIGHT
    return _SECTIONS[context.style.detail]


def _close(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put rows that follow each other into one block, so that they are aligned."""
    for are_rows, group in groupby(blocks, lambda b: isinstance(b, Rows) and not b.alike):
        together = list(group)
        yield from [Rows(tuple(all_rows(together)))] if are_rows else together
