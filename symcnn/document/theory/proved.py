"""Which derivatives are proved for all sizes, by proofs that Rocq checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sympy import Expr, Indexed, Pow, Sum

from symcnn.document.blocks import Address, Text
from symcnn.document.theory.statement import Printed
from symcnn.document.words.words import listed
from symcnn.equations.functions import Iverson

LIST = "proved.json"
"""The file with what is proved, by layers and losses: see ``symcnn.proofs.listed``."""

_BY_ALGEBRA = "over any commutative ring and without an axiom"
_WITH_DIVISORS = (
    "over any commutative ring in which the divisors are invertible, and without an axiom"
)
_OVER_THE_REALS = "over the real numbers and with their axioms alone"


def proved(p: Printed, folder: str = "") -> Text:
    """Say which derivatives of a statement are proved, and where the proof is.

    Args:
        p: The statement.
        folder: Where the files with proofs lie, beside the document; none if they do not.
    """
    known = _known().get(p.made.own_name)
    if known is None:
        return ()
    every = [f.tensor for f in p.made.backward]
    by_algebra = [t for t in every if t.name in known["by_algebra"]]
    own = (f.general.right for f in p.made.backward if f.tensor in by_algebra)
    ring = _WITH_DIVISORS if any(map(_divides, own)) else _BY_ALGEBRA
    if by_algebra == every:
        return _said((), ring, known["file"], folder)
    if known["over_the_reals"]:
        return _said((), _OVER_THE_REALS, known["over_the_reals"], folder)
    which = "derivative" if len(by_algebra) == 1 else "derivatives"
    letters = listed([p.letter(tensor) for tensor in by_algebra])
    of = (f"of the {which} with respect to ", *letters, " ")
    return _said(of, ring, known["file"], folder)


def _divides(formula: Expr) -> bool:
    """Tell whether a formula divides entries, beside what limits and subscripts divide."""
    if isinstance(formula, Indexed | Iverson) or formula.is_Atom:
        return bool(formula.is_Rational and not formula.is_Integer)
    if isinstance(formula, Sum):
        return _divides(formula.function)
    if isinstance(formula, Pow) and formula.exp.could_extract_minus_sign():
        return True
    return any(map(_divides, formula.args))


_CLAIMED = (
    "What Rocq has checked is this: if the entries of an array change and all others do not, the "
    "changes of the results whose own equations read the array, each multiplied by its error "
    "signal, add up to the changes of the entries, each multiplied by its derivative. Where the "
    "results are affine in the array, that is algebra and holds for changes of any size; elsewhere "
    "it holds for the derivatives along a curve of real numbers."
)


def claimed(statements: Iterable[Printed]) -> Text:
    """Say once what is proved, if a proof of any of several statements is."""
    return (_CLAIMED,) if any(p.made.own_name in _known() for p in statements) else ()


def _said(of: Text, how: str, file: str, folder: str) -> Text:
    begin: Text = (
        "Rocq has checked a proof ",
        *(of or ("of this theorem ",)),
        f"for all sizes, {how}: ",
    )
    if folder:
        return (*begin, Address(f"{folder}/{file}"), ".")
    return (*begin, f"{file.rpartition('/')[2]}, which symcnn theorem --format v writes.")


@cache
def _known() -> Mapping[str, Any]:
    known: Mapping[str, Any] = json.loads(files(__package__).joinpath(LIST).read_text("utf-8"))
    return known
