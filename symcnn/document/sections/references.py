"""Where the theory can be read: a textbook, what the layers cite, and the method of the check."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Paragraph, Reference, Text, heading
from symcnn.document.context import Context
from symcnn.document.sections.mentioned import Mentioned

TEXTBOOK = (
    "I. Goodfellow, Y. Bengio and A. Courville: Deep Learning. MIT Press, 2016, chapters 6 "
    "(back-propagation) and 9 (convolutional networks)."
)
COMPLEX_STEP = (
    "W. Squire and G. Trapp: Using complex variables to estimate derivatives of real functions. "
    "SIAM Review 40(1), 110-112, 1998."
)


def references(context: Context) -> Iterator[Block]:
    """List what a document rests on."""
    yield heading(1, "References")
    for work, number in works(context).items():
        yield Paragraph((Reference(number, "work"), f" {work}"), work=number)


def works(context: Context) -> dict[str, str]:
    """Return the works, each with its number."""
    layers = (stage.layer.source for stage in context.derivation.network.stages)
    stepped = COMPLEX_STEP if "complex step" in context.check.method else ""
    every = dict.fromkeys(filter(None, (TEXTBOOK, *layers, stepped)))
    return {work: str(number) for number, work in enumerate(every, start=1)}


def citation(mentioned: Mentioned, work: str) -> Text:
    """Refer to a work for the first time; say nothing where the document does not list it."""
    number = mentioned.works.get(work)
    if number is None or not mentioned.first(("cited", work)):
        return ()
    return "See ", Reference(number, "work"), "."
