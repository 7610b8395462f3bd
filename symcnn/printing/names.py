r"""The names of symbols as SymPy reads them: w^(2)_13 is w with (2) above and 13 below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sympy.printing.conventions import split_super_sub
from sympy.printing.latex import translate

from symcnn.equations import Tensor
from symcnn.formula import Row, Scripts, read
from symcnn.formula.build import joined, row, scripts


@lru_cache(maxsize=2**14)
def named(name: str) -> Row:
    """Return the tree of a symbol's name; most of them are printed many times."""
    letter, above, below = split_super_sub(name)
    *front, last = _letters([letter]).parts
    sub, sup = (_letters(parts) if parts else None for parts in (below, above))
    return row(*front, scripts(last, sub, sup) if sub or sup else last)


def indexed(label: str, indices: Sequence[str]) -> Row:
    r"""Return a letter with indices, of which some may be dots: w_{\cdot\cdot 2}.

    A comma separates them if one has several digits.
    """
    *front, last = named(label).parts
    base, above = (last.base, last.sup) if isinstance(last, Scripts) else (last, None)
    between = (",",) if any(len(i) > 1 and i.isdecimal() for i in indices) else ()
    return row(*front, scripts(base, joined(indices, *between), above))


def letters_of(tensors: Iterable[Tensor]) -> set[str]:
    """Return the letters of tensors, without the numbers that distinguish them."""
    return {tensor.label.partition("^")[0] for tensor in tensors}


def _letters(written: Sequence[str]) -> Row:
    """Read letters that a user chose, Greek ones by their names."""
    return row(*(read(translate(text)) for text in written))
