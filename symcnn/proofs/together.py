"""Theorems of layers for Rocq: by algebra what is affine, and over the real numbers the rest."""

from __future__ import annotations

from symcnn.document.theory.specimen import Subject
from symcnn.errors import SymcnnError
from symcnn.proofs.analysis import NotWrittenError, analysis_of
from symcnn.proofs.linear import SUMS, Theory, theory_of

OVER_THE_REALS = ("reals.v", "tactics.v")
"""The files of the library that theorems over the real numbers use."""

LIBRARY = (SUMS.name, *OVER_THE_REALS)
"""The files of the library that theorems use."""


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
    files, used = dict[str, str](), dict[str, None]()
    for subject in subjects:
        theory = theory_of(subject)
        if theory.claims:
            files[f"{theory.section}.v"] = theory.text()
            used[SUMS.name] = None
        smooth, why = _smooth(theory)
        files |= smooth
        used |= dict.fromkeys(OVER_THE_REALS if smooth else ())
        if all and not theory.claims and not smooth:
            raise SymcnnError(f"{theory.title} has no derivative that is proved: {why}")
    return files | {name: SUMS.with_name(name).read_text(encoding="utf-8") for name in used}


def _smooth(theory: Theory) -> tuple[dict[str, str], str]:
    """Return the file over the real numbers of what is not affine in all that it reads."""
    if theory.claims and not theory.left_out:
        return {}, ""
    try:
        return {f"{theory.section}_over_the_reals.v": analysis_of(theory.title, theory.made)}, ""
    except NotWrittenError as error:
        return {}, str(error)
