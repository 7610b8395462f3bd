"""Where the theory can be read: a textbook, what the layers cite, and the method of the check."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, heading, paragraph
from symcnn.document.context import Context

_TEXTBOOK = (
    "I. Goodfellow, Y. Bengio and A. Courville: Deep Learning. MIT Press, 2016, chapters 6 "
    "(back-propagation) and 9 (convolutional networks)."
)
_COMPLEX_STEP = (
    "W. Squire and G. Trapp: Using complex variables to estimate derivatives of real functions. "
    "SIAM Review 40(1), 110-112, 1998."
)


def references(context: Context) -> Iterator[Block]:
    """List what a document rests on."""
    yield heading(1, "References")
    for number, work in enumerate(_works(context), start=1):
        yield paragraph(f"[{number}] {work}")


def _works(context: Context) -> dict[str, None]:
    layers = (stage.layer.source for stage in context.derivation.network.stages)
    stepped = _COMPLEX_STEP if "complex step" in context.check.method else ""
    return dict.fromkeys(filter(None, (_TEXTBOOK, *layers, stepped)))
