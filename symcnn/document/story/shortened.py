"""Error signals that are given twice: from those behind them, and with these substituted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from symcnn.derivation import Derivation
from symcnn.document.blocks import Block, Text, paragraph
from symcnn.document.context import Context
from symcnn.document.story.composed import composed
from symcnn.document.story.statistics import compact
from symcnn.document.story.substituted import Substituted
from symcnn.document.words.words import filled, listed
from symcnn.equations import Tensor

_SIMPLIFIED = "The {last} formula for {names} follows from the first by substituting {others}."


def shortened_forms(derivation: Derivation, tensor: Tensor) -> list[Substituted]:
    """Return an error signal with others substituted, in the ways that make it shorter."""
    forms = (made(derivation, tensor) for made in (composed, compact))
    return [form for form in forms if form is not None]


def simplified(
    context: Context, shorter: Mapping[Tensor, Sequence[Substituted]]
) -> Iterator[Block]:
    """Say of error signals that are given twice that the last formula follows from the first."""

    def signals(tensors: Iterable[Tensor]) -> Text:
        adjoints = (context.derivation.adjoints[tensor.name] for tensor in tensors)
        return listed([context.named(adjoint) for adjoint in adjoints])

    twice = [tensor for tensor, forms in shorter.items() if forms]
    last = "second" if all(len(shorter[tensor]) == 1 for tensor in twice) else "last"
    if len(twice) == 1:
        behind = dict.fromkeys(t for form in shorter[twice[0]] for t in form.others)
        yield paragraph(
            *filled(_SIMPLIFIED, last=last, names=signals(twice), others=signals(behind))
        )
    elif twice:
        each, others = ("each of ", *signals(twice)), "the other error signals"
        yield paragraph(*filled(_SIMPLIFIED, last=last, names=each, others=others))
