"""Where the theory can be read: a textbook, what the layers cite, and the method of the check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symcnn.document.blocks import Address, Block, Paragraph, Reference, Text, heading
from symcnn.document.context import Context
from symcnn.document.words.mentioned import Mentioned

TEXTBOOK = (
    "I. Goodfellow, Y. Bengio and A. Courville: Deep Learning. MIT Press, 2016, chapters 6 "
    "(back-propagation) and 9 (convolutional networks)."
)
_ADDRESS = r"https?://[\w.~:/?#@!$&*+=%-]*[\w~/#=-]"
COMPLEX_STEP = (
    "W. Squire and G. Trapp: Using complex variables to estimate derivatives of real functions. "
    "SIAM Review 40(1), 110\N{EN DASH}112, 1998."
)


def references(context: Context) -> Iterator[Block]:
    """List what a document rests on."""
    yield heading(1, "References")
    for work, number in works(context).items():
        yield Paragraph((Reference(number, "work"), " ", *linked(work)), work=number)


def works(context: Context) -> dict[str, str]:
    """Return the works, each with its number."""
    network = context.derivation.network
    own = (*(stage.layer.cited for stage in network.stages), network.loss.cited)
    is_named = context.tells("listing") and "complex step" in context.check.method
    stepped = COMPLEX_STEP if is_named else ""
    faults = () if context.correction is None else context.correction.faults
    faulty = (fault.work for fault in faults)
    every = dict.fromkeys(filter(None, (context.source, *faulty, TEXTBOOK, *own, stepped)))
    return {work: str(number) for number, work in enumerate(every, start=1)}


def linked(work: str) -> Text:
    """Return a work with its web addresses as links."""
    parts = enumerate(re.split(f"({_ADDRESS})", work))
    return tuple(Address(part) if n % 2 else part for n, part in parts if part)


def origin(context: Context, mentioned: Mentioned) -> Text:
    """Say which work an example is from: by its number, or in full where no works are listed."""
    if not context.source:
        return ()
    number = mentioned.works.get(context.source)
    if number is None:
        return "Source: ", *linked(context.source.removesuffix(".")), "."
    return "The example is from ", Reference(number, "work"), "."
