"""Theorems of layers and losses for all sizes, and the atlas: those of all, in one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from symcnn.document.blocks import Block, Heading, Paragraph, Reference, Text
from symcnn.document.document import Document
from symcnn.document.numbering import numbered
from symcnn.document.theory.conventions import sometimes_positive
from symcnn.document.theory.naming import in_words
from symcnn.document.theory.page import blocks, opening
from symcnn.document.theory.proved import proved
from symcnn.document.theory.specimen import Subject, specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.document.theory.trial import tried
from symcnn.equations.sizes import real, size
from symcnn.errors import SymcnnError
from symcnn.network.layers import (
    Attention,
    AvgPool2D,
    Conv2D,
    Input,
    Layer,
    MaxPool2D,
    Pad,
    Upsample2D,
)
from symcnn.network.losses import BinaryCrossEntropy, CrossEntropy, Focal, Loss, SoftmaxCrossEntropy
from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.writing.printing.manner import DecimalMark

_TITLE = "Derivatives for all sizes"


def theorem(
    *subjects: Subject,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    title: str = "",
    letters: Mapping[str, str] | None = None,
) -> Document:
    r"""State what layers or losses compute, and their derivatives, for all sizes.

        z_{ik}  =  sum over u, c of w_{uck} x_{S i + D u - P, c}  +  b_k
        dL/dx_{rc}  =  sum over i, k of delta_{ik} w_{(r + P - S i)/D, c, k}

    with limits and conditions, a proof, and no numbers. Each formula is tried at 40 random
    choices of its sizes before it is printed.

    Args:
        subjects: Classes such as ``Conv2D``, all of whose sizes become letters, or instances,
            whose settings may be numbers or letters: ``Conv2D(F, 3, padding=1)``.
        index_base: What the first index is, 1 or 0 as in Python.
        decimal: The decimal mark of constants, a point or a comma.
        title: The title of the document, and of the theorem if there is one alone; by default
            the name of the layer.
        letters: Letters of the loss, the error signal, the input "x" and what a layer learns,
            where they differ from the usual ones: {"loss": "J", "conv1.weight": "K"}.

    Raises:
        SymcnnError: If a subject is no layer or loss, or takes no letters for its sizes.
        UnverifiedError: If a formula fails at some sizes.

    >>> import symcnn as sc
    >>> sc.theorem(sc.Dense)
    <Document 'Dense'>
    """
    return _document(subjects, index_base, decimal, title, letters)


def _document(
    subjects: Sequence[Subject],
    index_base: int,
    decimal: DecimalMark,
    title: str,
    letters: Mapping[str, str] | None = None,
    proofs: str = "",
) -> Document:
    """State layers or losses; files with proofs lie in a folder beside the document, if any."""
    statements, titles = stated(subjects, title, index_base, decimal, letters)
    alone = len(statements) == 1
    whole = title or (in_words(titles[0]) if alone else _TITLE)
    works = _works(statements)
    trials = [tried(p.made) for p in statements]
    parts: list[Block] = [*opening(statements, trials, index_base)]
    positive = sometimes_positive(statements)
    for n, (p, own) in enumerate(zip(statements, titles, strict=True)):
        source = works.get(source_of(p), "")
        how = proved(p, proofs)
        parts += blocks(p, own, str(n + 1), trials[n], source, how, alone=alone, positive=positive)
    return Document(whole, numbered([*parts, *_references(works)]))


def stated(
    subjects: Sequence[Subject],
    title: str,
    index_base: int,
    decimal: DecimalMark,
    letters: Mapping[str, str] | None,
) -> tuple[list[Printed], list[Text]]:
    """Return what prints the statements of layers or losses, and their titles."""
    if not subjects:
        raise SymcnnError("there is nothing to state: give a layer or a loss, such as Conv2D")
    made = [specimen(subject, letters) for subject in subjects]
    titles: list[Text] = [one.title for one in made]
    if title and len(made) == 1:
        titles = [(title,)]
    return [Printed(statement(one), index_base, decimal) for one in made], titles


def source_of(p: Printed) -> str:
    """Return the work that defines a layer or a loss, if one is known."""
    made = p.made.network
    return made.loss.cited if p.made.output.role == "loss" else made.stages[-1].layer.cited


def _works(statements: Iterable[Printed]) -> dict[str, str]:
    """Return the works that define the layers, each with its number."""
    found = dict.fromkeys(filter(None, map(source_of, statements)))
    return {work: str(number) for number, work in enumerate(found, start=1)}


def _references(works: dict[str, str]) -> Sequence[Block]:
    if not works:
        return ()
    listed = (Paragraph((Reference(n, "work"), f" {work}"), work=n) for work, n in works.items())
    return (Heading(1, ("References",), counted=False), *listed)


TITLE = "An atlas of layers and their derivatives"


def atlas(*, index_base: int = 1, decimal: DecimalMark = ".") -> Document:
    """State what every layer and every loss computes, and its derivatives, for all sizes.

    Args:
        index_base: What the first index is, 1 or 0 as in Python.
        decimal: The decimal mark of constants, a point or a comma.

    Raises:
        UnverifiedError: If a formula fails at some sizes.
    """
    return _document([*subjects()], index_base, decimal, TITLE, proofs="proofs")


def subjects() -> Iterator[Subject]:
    """Run over the layers and losses, and settings that change what a layer computes.

    A further input is computed from nothing, so that there is nothing to state of it.
    """
    for kinds in (LAYERS, LOSSES):
        for kind in kinds.values():
            if kind.made.__module__.startswith("symcnn.") and kind.made is not Input:
                yield kind.made
                yield from _variants(kind.made)


def _variants(made: type[Layer] | type[Loss]) -> Iterator[Subject]:
    """Run over instances of a class that its usual settings do not cover."""
    F, G, K, J, S, T = (size(name) for name in "FGKJST")  # noqa: N806 - as on paper
    A, B = (size(name) for name in "AB")  # noqa: N806
    P, Q = (size(name, least=0) for name in "PQ")  # noqa: N806
    if made is Conv2D:
        yield Conv2D(F * G, (K, J), groups=G)
        yield Conv2D(F, (K, J), stride=(S, T), padding="same")
    if made is MaxPool2D:
        yield MaxPool2D((K, J), ties="split")
        yield MaxPool2D((K, J), (S, T), (P, Q), ceil_mode=True)
    if made in (CrossEntropy, SoftmaxCrossEntropy, BinaryCrossEntropy):
        yield made(label_smoothing=real("alpha"))
    if made is Focal:
        yield Focal(gamma=real("gamma", is_positive=True), alpha=real("alpha"))
    if made is Pad:
        yield from (Pad(((P, Q),), mode=mode) for mode in ("reflect", "replicate", "circular"))
    if made is AvgPool2D:
        yield AvgPool2D((K, J), padding=(P, Q), count_include_pad=False)
    if made is Upsample2D:
        yield Upsample2D(size=(A, B))
        yield Upsample2D(size=(A, B), mode="bilinear")
    if made is Attention:
        yield Attention(G, causal=True)
