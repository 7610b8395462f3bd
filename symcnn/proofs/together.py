"""Theorems of layers for Rocq: what is affine, by algebra."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from symcnn.document.theory.specimen import Subject
from symcnn.errors import SymcnnError
from symcnn.proofs.linear import SUMS, theory_of


def rocq(*subjects: Subject, all: bool = True) -> dict[str, str]:
    """Return files for Rocq with theorems of layers and losses, and their proofs.

    Rocq's compiler checks them: coqc -R . symcnn sums.v Conv2D.v

    Args:
        subjects: Classes such as ``Conv2D``, or instances.
        all: Whether each of them has to have a claim, rather than to be left out.

    Returns:
        The files, by their names, with the library that they use.

    Raises:
        SymcnnError: If a subject is no layer or loss, takes no letters for its sizes, or has no
            derivative that can be stated.
    """
    found = [proofs_of(subject) for subject in subjects]
    for one in found:
        if all and not one.file:
            raise SymcnnError(f"{one.title} has no derivative that is proved: {one.why}")
    files = {one.file: one.text for one in found if one.file}
    return files | ({SUMS.name: SUMS.read_text(encoding="utf-8")} if files else {})


@dataclass(frozen=True)
class Proofs:
    """The file for Rocq of a layer or a loss.

    Attributes:
        title: What it is called.
        file: The file of what is affine; empty if nothing is.
        by_algebra: The tensors whose derivatives it has.
        text: What stands in it.
        why: Which derivatives are not in it, with the reasons.
    """

    title: str
    file: str
    by_algebra: tuple[str, ...]
    text: str
    why: str


def proofs_of(subject: Subject) -> Proofs:
    """Return the file of a layer or a loss."""
    theory = theory_of(subject)
    claims, left_out = theory.claims, theory.left_out  # known once the claims are
    own = (f.tensor for f in theory.made.backward if f.tensor.label not in left_out)
    names = tuple(tensor.name for tensor in own)
    why = "; ".join(f"{label}: {reason}" for label, reason in left_out.items())
    if not claims:
        return Proofs(theory.title, "", (), "", why)
    return Proofs(theory.title, f"{theory.section}.v", names, theory.text(), why)


def listed(found: Iterable[Proofs]) -> str:
    """Write in JSON which derivatives are proved, and in which files."""
    proved = {
        one.title: {"file": one.file, "by_algebra": one.by_algebra} for one in found if one.file
    }
    return json.dumps(proved, indent=2, ensure_ascii=False) + "\n"
