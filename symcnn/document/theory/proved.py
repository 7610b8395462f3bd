"""Which derivatives are proved for all sizes, by proofs that Rocq checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Pow, Sum

from symcnn.document.blocks import Address, Text, joined
from symcnn.document.theory.statement import Printed
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations.functions import Iverson

LIST = "proved.json"
"""The file with what is proved, by layers and losses: see ``symcnn.proofs.listed``."""

_BY_ALGEBRA = "over any commutative ring and without an axiom"
_WITH_DIVISORS = (
    "over any commutative ring in which the divisors are invertible, and without an axiom"
)


def proved(p: Printed, folder: str = "") -> Text:
    """Say which derivatives of a statement are proved, and where the proof is.

    Args:
        p: The statement.
        folder: Where the files with proofs lie, beside the document; none if they do not.
    """
    known = _known().get(p.made.own_name)
    if known is None:
        return ()
    by_algebra = [f.tensor for f in p.made.backward if f.tensor.name in known["by_algebra"]]
    own = (f.general.right for f in p.made.backward if f.tensor in by_algebra)
    ring = _WITH_DIVISORS if any(map(_divides, own)) else _BY_ALGEBRA
    if _is_algebra(p):
        return joined((_said((), ring, known["file"], folder), _unused(p)))
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


def _unused(p: Printed) -> Text:
    """Say of which arrays a proof by algebra holds for any, though equations compute them."""
    known = {p.made.output, *(f.tensor for f in p.made.backward)}
    read = {base for f in p.made.backward for base in f.general.right.atoms(IndexedBase)}
    other = [f.tensor for f in p.made.forward if f.tensor not in known and f.tensor.base in read]
    verb = "is" if len(other) == 1 else "are"
    letters = listed([p.letter(tensor) for tensor in other])
    return ("The proof does not use how ", *letters, f" {verb} computed.") if other else ()


_CLAIMED = (
    "What Rocq, a proof assistant, has checked over a commutative ring is this: if the entries "
    "of an array change by any amounts, and everything else that the equations with this array "
    "read stays the same, the changes of the results, each multiplied by its error signal, add "
    "up to the changes of the entries, each multiplied by its derivative. The other arrays in "
    "these equations may be any, also where equations compute them, and so may the error "
    "signals."
)


_SILENT = "Where a proof does not mention Rocq, Rocq has checked none."


def claimed(statements: Iterable[Printed]) -> Text:
    """Say once what is proved of any of several statements."""
    made = [*statements]
    known = [p for p in made if p.made.own_name in _known()]
    if not known:
        return ()
    told = (_CLAIMED, *([_SILENT] if len(known) < len(made) else []))
    return joined(filled(said, known[0].letters) for said in told)


def _is_algebra(p: Printed) -> bool:
    """Tell whether all derivatives of a statement are proved by algebra."""
    return {f.tensor.name for f in p.made.backward} <= {*_known()[p.made.own_name]["by_algebra"]}


def _said(of: Text, how: str, file: str, folder: str) -> Text:
    begin: Text = (
        "Rocq has checked a proof ",
        *(of or ("of this theorem ",)),
        f"for all sizes, {how}: ",
    )
    if folder:
        return (*begin, Address(f"{folder}/{file}"), ".")
    return (*begin, f"{file}, which symcnn theorem --format v writes.")


@cache
def _known() -> Mapping[str, Any]:
    known: Mapping[str, Any] = json.loads(files(__package__).joinpath(LIST).read_text("utf-8"))
    return known
