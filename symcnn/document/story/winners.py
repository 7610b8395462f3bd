"""What the R of a maximum is: 1 for the winner of its window, and 0 for the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.derivation import Step
from symcnn.document.blocks import Text
from symcnn.document.context import Context
from symcnn.document.words.words import filled
from symcnn.equations import Max

_LOCALLY = "A maximum equals {largest}, and small changes of smaller ones do not change it: "
_INDICES = "The first indices of {R} are those of {result}, the others those {within}."


def winners(context: Context, steps: Sequence[Step]) -> Iterator[Text]:
    """Say what the R of each maximum is."""
    routed = [step for step in steps if step.routing is not None]
    for number, step in enumerate(routed):
        assert step.routing is not None
        why = _LOCALLY.format(largest=_largest(step)) if number == 0 else ""
        yield why, context.named(step.routing.tensor), f" is {winning(step)} and 0 for the others."
        yield routed_indices(context, step) if number == 0 else ()


def _largest(step: Step) -> str:
    """Say which of its arguments a maximum equals."""
    assert isinstance(step.source.reduction, Max)
    one, several = ("entry", "entries") if step.source.value == step.access else ("term", "terms")
    return f"its largest {one if step.source.reduction.ties == 'first' else several}"


def winning(step: Step) -> str:
    """Say for which entries of its window a maximum's R is not 0."""
    assert isinstance(step.source.reduction, Max)
    entries = step.source.value == step.access
    what, whats = ("entry of a window", "entries of a window") if entries else ("term", "terms")
    if step.source.reduction.ties == "first":
        return f"1 for the largest {what} (the first in row-major order, if there are several)"
    return f"1 over their number for the largest {whats}"


def routed_indices(context: Context, step: Step) -> Text:
    """Say what the indices of a maximum's R count."""
    assert step.routing is not None
    windows = step.source.value == step.access
    within = "of the entry in the window" if windows else "of the term"
    result = context.derivation.tensors[step.source.target.base]
    names = {"R": context.named(step.routing.tensor), "result": context.named(result)}
    return filled(_INDICES, within=within, **names)
