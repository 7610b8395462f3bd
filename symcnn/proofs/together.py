"""Theorems of layers for Rocq: by algebra what is affine, and over the real numbers the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from symcnn.document.theory.specimen import Subject
from symcnn.errors import SymcnnError
from symcnn.proofs.analysis import NotWrittenError, analysis_of
from symcnn.proofs.linear import SUMS, Theory, theory_of

OVER_THE_REALS = ("reals.v", "tactics.v")
"""The files of the library that theorems over the real numbers use."""


def rocq(*subjects: Subject, all: bool = True) -> dict[str, str]:
    """Return files for Rocq with theorems of layers and losses, and their proofs.

    Rocq's compiler checks them: coqc -R . symcnn sums.v Conv2D.v

    Args:
        subjects: Classes such as ``Conv2D``, or instances.
        all: Whether each of them has to have a claim, rather than to be left out.

    Returns:
        The files, by their names, with those of the library that they use. What is affine is
        proved by algebra; where something is not, a file over the real numbers states all of it.

    Raises:
        SymcnnError: If a subject is no layer or loss, takes no letters for its sizes, or has no
            derivative that can be stated.
    """
    found = [proofs_of(subject) for subject in subjects]
    for one in found:
        if all and not one.files:
            raise SymcnnError(f"{one.title} has no derivative that is proved: {one.why}")
    files = {name: text for one in found for name, text in one.files.items()}
    used = dict.fromkeys(name for one in found for name in one.library)
    return files | {name: SUMS.with_name(name).read_text(encoding="utf-8") for name in used}


@dataclass(frozen=True)
class Proofs:
    """The files for Rocq of a layer or a loss.

    Attributes:
        title: What it is called.
        algebra: The file of what is affine; empty if nothing is.
        by_algebra: The tensors whose derivatives it has.
        reals: The file over the real numbers, of all derivatives; empty if there is none.
        files: The files, by their names.
        why: Why there is no file over the real numbers.
    """

    title: str
    algebra: str
    by_algebra: tuple[str, ...]
    reals: str
    files: Mapping[str, str]
    why: str

    @property
    def library(self) -> Iterator[str]:
        """The files of the library that they use."""
        if self.algebra:
            yield SUMS.name
        if self.reals:
            yield from OVER_THE_REALS


def proofs_of(subject: Subject) -> Proofs:
    """Return the files of a layer or a loss."""
    theory = theory_of(subject)
    algebra = f"{theory.section}.v" if theory.claims else ""
    left_out = theory.left_out  # known once the claims are
    own = (f.tensor for f in theory.made.backward if f.tensor.label not in left_out)
    smooth, why = _smooth(theory)
    files = {algebra: theory.text(), **smooth} if algebra else smooth
    by_algebra = tuple(tensor.name for tensor in own) if algebra else ()
    return Proofs(theory.title, algebra, by_algebra, next(iter(smooth), ""), files, why)


def listed(found: Iterable[Proofs], folder: str) -> str:
    """Write in JSON which derivatives are proved, and in which files.

    Args:
        found: The files of layers and losses.
        folder: Where those over the real numbers lie, beside the others.
    """
    proved = {
        one.title: {
            "file": one.algebra,
            "by_algebra": one.by_algebra,
            "over_the_reals": one.reals and f"{folder}/{one.reals}",
        }
        for one in found
        if one.files
    }
    return json.dumps(proved, indent=2, ensure_ascii=False) + "\n"


def _smooth(theory: Theory) -> tuple[dict[str, str], str]:
    """Return the file over the real numbers of what is not affine in all that it reads."""
    if theory.claims and not theory.left_out:
        return {}, ""
    try:
        return {f"{theory.section}_over_the_reals.v": analysis_of(theory.title, theory.made)}, ""
    except NotWrittenError as error:
        return {}, str(error)
