"""The atlas: the theorems of all layers and losses in one article."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.document import Document
from symcnn.document.theory.specimen import Subject
from symcnn.document.theory.theorem import theorem
from symcnn.equations.sizes import size
from symcnn.network.layers import Attention, AvgPool2D, Conv2D, Layer, MaxPool2D, Upsample2D
from symcnn.network.losses import Loss
from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.writing.printing.manner import DecimalMark

TITLE = "An atlas of layers and their derivatives"


def atlas(*, index_base: int = 0, decimal: DecimalMark = ".") -> Document:
    """State what every layer and every loss computes, and its derivatives, for all sizes.

    Args:
        index_base: What the first index is, 0 as in Python or 1.
        decimal: The decimal mark of constants, a point or a comma.

    Raises:
        UnverifiedError: If a formula fails at some sizes.
    """
    return theorem(*subjects(), index_base=index_base, decimal=decimal, title=TITLE)


def subjects() -> Iterator[Subject]:
    """Run over the layers and losses, and settings that change what a layer computes."""
    for kinds in (LAYERS, LOSSES):
        for kind in kinds.values():
            if kind.made.__module__.startswith("symcnn."):
                yield kind.made
                yield from _variants(kind.made)


def _variants(made: type[Layer] | type[Loss]) -> Iterator[Subject]:
    """Run over instances of a class that its usual settings do not cover."""
    F, G, K, J = (size(name) for name in "FGKJ")  # noqa: N806 - as on paper
    A, B = (size(name) for name in "AB")  # noqa: N806
    P, Q = (size(name, least=0) for name in "PQ")  # noqa: N806
    if made is Conv2D:
        yield Conv2D(F * G, (K, J), groups=G)
    if made is MaxPool2D:
        yield MaxPool2D((K, J), ties="split")
    if made is AvgPool2D:
        yield AvgPool2D((K, J), padding=(P, Q), count_include_pad=False)
    if made is Upsample2D:
        yield Upsample2D(size=(A, B), mode="bilinear")
    if made is Attention:
        yield Attention(G, causal=True)
