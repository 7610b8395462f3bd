"""Files for Rocq of theorems over the real numbers, each with its claim, its proof and its axioms.

What a proof needs besides is the library: the derivatives of the functions in use, and tactics that
follow the chain rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcnn.document.theory.specimen import Subject, specimen
from symcnn.document.theory.statement import Statement, statement
from symcnn.proofs.analysis.claims import Claim
from symcnn.proofs.analysis.formulas import NotWrittenError
from symcnn.proofs.analysis.scripts import Script
from symcnn.proofs.text import called

_HEAD = """\
(* {title}

{about} *)

From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import ssreflect ssrfun ssrbool eqtype ssrnat.
From symcnn Require Import reals tactics.
Open Scope R_scope.

"""

_ABOUT = """\
   A tensor that is computed is a curve: tau moves along it, and a prime marks a slope at tau = 0.
   The claim: if the tensors are what the forward formulas say, and the error signals what the
   printed derivatives say, the derivative of the output's pairing with its error signal is the sum
   of all derivatives times the slopes of what is read."""


_UNPROVED: Mapping[str, str] = {
    "Huber": "its sign is written by comparisons of y - t, and its value by those of t - y"
}
"""What tactics do not prove, and why."""


def analysis(subject: Subject) -> str:
    """Return a file for Rocq with the theorem of a smooth layer or loss, and its proof.

    Args:
        subject: A class such as ``LayerNorm``, or an instance.

    Raises:
        NotWrittenError: If its formulas hold what proofs over the real numbers have no word for.
        SymcnnError: If the subject is no layer or loss, or takes no letters for its sizes.
    """
    made = specimen(subject)
    return analysis_of(made.name, statement(made))


def analysis_of(name: str, made: Statement) -> str:
    """Return the file of a statement.

    Raises:
        NotWrittenError: If there is no word for it, or its proof is not found yet.
    """
    if name in _UNPROVED:
        raise NotWrittenError(f"no proof is found yet: {_UNPROVED[name]}")
    claim = Claim(called(name), made)
    return written(name, _ABOUT, [claim.text, Script(claim).text], [f"{claim.name}_proved"])


def written(title: str, about: str, parts: list[str], theorems: list[str]) -> str:
    """Return a file with a title, its parts, and what its theorems rest on."""
    axioms = "\n".join(f"Print Assumptions {name}." for name in theorems)
    return _HEAD.format(title=title, about=about) + "\n\n".join([*parts, axioms]) + "\n"
