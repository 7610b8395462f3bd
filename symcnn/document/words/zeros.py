"""Why derivatives are 0, in words: a reason that names what is 0, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Symbol

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.facts.zeros import Kind, Zero
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import is_penalised, learned_number, listed

_COUNTED = "{share} of the {count} derivatives are 0{reason}."
_MORE = "{share} more derivatives are 0{reason}."
_NAMED = "The derivatives with respect to {names} are 0{reason}."
_ONE = "The derivative with respect to {names} is 0{reason}."
_REASONS: Mapping[Kind, str] = {
    "met": ", because every number that {these} {multiply} is 0",
    "unselected": ", because no entry of {name} selects {these}",
    "bracket": ", because no entry of {name} meets the condition under which {these} {count}",
    "lost": ", because {these} {act} only through entries that no maximum of {layer} takes",
    "slope": ", because {these} {act} only through entries at which {layer} has slope 0",
    "signal": ", because {these} {act} only through entries whose error signals are 0",
    "apart": ", because {these} {meet} a zero of {name} at each of {its} uses where {signal} is "
    "not 0",
    "shift": ", because {each_adds} the same number to all entries of which a softmax is taken, "
    "which leaves {name} as it is",
    "cancel": ", because the terms of {its_sum} cancel",
    "unknown": "",
}
"""Why derivatives are 0."""

_OF_ONE: Mapping[Kind, str] = {
    "met": ", because {entry}, the only number that {these} {multiply}, is 0",
    "lost": ", because {these} {act} only through {entry}, which no maximum of {layer} takes",
    "slope": ", because {these} {act} only through {entry}, where {layer} has slope 0",
    "signal": ", because {these} {act} only through {entry}, whose error signal is 0",
}
"""The same where one entry is all that weights meet, or reach."""

_PENALTY = ", and the penalty on a {number} that is itself 0 adds nothing"

LISTED = 4
"""The most zeros that are named."""


def about_zeros(
    context: Context, why: Zero, weights: Sequence[Symbol], count: int, *, is_first: bool
) -> Text:
    """Name the weights whose derivatives are 0 for a reason, or count them.

    Args:
        context: The derivation.
        why: The reason.
        weights: The weights.
        count: How many derivatives there are in all.
        is_first: Whether no other zeros were spoken of.
    """
    reason = _reason(context, why, len(weights))
    if len(weights) > LISTED:
        said, share = _COUNTED if is_first else _MORE, spelled(len(weights)).capitalize()
        return filled(said, share=share, count=spelled(count), reason=reason)
    names = listed([Inline(context.printed(weight)) for weight in weights])
    return filled(_NAMED if len(weights) > 1 else _ONE, names=names, reason=reason)


def _reason(context: Context, why: Zero, weights: int) -> Text:
    """Say why the derivatives with respect to some weights are 0."""
    network, is_one = context.derivation.network, weights == 1
    number, tensors = learned_number(network), network.tensors
    if why.adds_nothing and not is_penalised(network):
        return ()
    said: dict[str, str | Inline] = {
        **{verb: f"{verb}{'s' if is_one else ''}" for verb in ("act", "count", "meet")},
        "multiply": "multiplies" if is_one else "multiply",
        "its": "its" if is_one else "their",
        "each_adds": f"this {number} adds" if is_one else f"each of these {number}s adds",
        "its_sum": "its sum" if is_one else "their sums",
        "these": f"this {number}" if is_one else f"these {number}s",
        "layer": why.name,
        "number": number,
    }
    if why.name in tensors:
        said["name"] = context.named(tensors[why.name])
    if why.signal:
        said["signal"] = context.named(context.derivation.adjoints[why.signal])
    if why.entry is not None:
        said["entry"] = Inline(context.printed(why.entry))
    said_of = (_REASONS if why.entry is None else _OF_ONE)[why.kind]
    return filled(said_of + (_PENALTY if why.adds_nothing and said_of else ""), **said)
