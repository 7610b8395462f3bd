"""What the R of a maximum is: 1 for the winner of its window, and 0 for the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Text
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution
from symcnn.document.words.table import filled

_LOCALLY = "A maximum equals {largest}, and small changes of smaller ones do not change it: "
_INDICES = "The first indices of {R} are those of {result}, the others those {within}."


def winners(context: Context, contributions: Sequence[Contribution]) -> Iterator[Text]:
    """Say what the R of each maximum is."""
    routed = [one for one in contributions if one.step.routing is not None]
    for number, one in enumerate(routed):
        assert one.step.routing is not None
        why = _LOCALLY.format(largest=_largest(one)) if number == 0 else ""
        taken = f" is {winning(one)} and 0 for the others."
        yield why, context.named(one.step.routing.tensor), taken
        yield routed_indices(context, one) if number == 0 else ()


def _largest(one: Contribution) -> str:
    """Say which of its arguments a maximum equals."""
    entry, entries = ("entry", "entries") if one.takes_entries else ("term", "terms")
    return f"its largest {entries if one.splits_ties else entry}"


def winning(one: Contribution) -> str:
    """Say for which entries of its window a maximum's R is not 0."""
    of_window = one.takes_entries
    if one.splits_ties:
        largest = "entries of a window" if of_window else "terms"
        return f"1 over their number for the largest {largest}"
    largest = "entry of a window" if of_window else "term"
    return f"1 for the largest {largest} (the first in row-major order, if there are several)"


def routed_indices(context: Context, one: Contribution) -> Text:
    """Say what the indices of a maximum's R count."""
    assert one.step.routing is not None
    within = "of the entry in the window" if one.takes_entries else "of the term"
    names = {"R": context.named(one.step.routing.tensor), "result": context.named(one.result)}
    return filled(_INDICES, within=within, **names)
