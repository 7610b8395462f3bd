r"""The names of symbols as SymPy reads them: w^(2)_13 is w with (2) above and 13 below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sympy.printing.latex import translate

from symcnn.equations import Tensor
from symcnn.equations.notation import letter_of
from symcnn.writing.formula import Formula, read
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.labels import symbol
from symcnn.writing.formula.labels import with_indices as with_indices


@lru_cache(maxsize=2**14)
def named(name: str) -> Formula:
    """Return the tree of a symbol's name; most of them are printed many times."""
    return symbol(name, _letters)


def indexed(label: str, indices: Sequence[str]) -> Formula:
    r"""Return a letter with indices, of which some may be dots: w_{\cdot\cdot 2}.

    A comma separates them if one has several digits.
    """
    between = (",",) if any(len(i) > 1 and i.isdecimal() for i in indices) else ()
    return with_indices(named(label), joined(indices, *between))


def chosen_letters(loss: str, signal: str) -> dict[str, Formula]:
    """Return what stands in sentences for L and delta, where these have other letters."""
    usual = {"L": ("L", loss), r"\delta": ("delta", signal)}
    return {own: named(label) for own, (name, label) in usual.items() if name != label}


def letters_of(tensors: Iterable[Tensor]) -> set[str]:
    """Return the letters of tensors, without the scripts that distinguish them."""
    return {letter_of(tensor.label) for tensor in tensors}


def _letters(written: str) -> Formula:
    """Read letters that a layer's author chose, Greek ones by their names."""
    return read(translate(written))
