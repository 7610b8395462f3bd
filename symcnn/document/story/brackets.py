r"""What the brackets of formulas mean: conditions, divisors, and terms without entries.

y[r, s]  has the term  p[r/2, s/2] [2 | r] [r >= 2],  and there is no p[1/2, 1]: the bracket is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from sympy import Expr, sympify

from symcnn.derivation.general import General
from symcnn.document.blocks import Text, joined
from symcnn.document.story.symbols import BRACKET, DIVIDES, OMITTED, is_about_divisors
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.equations import accesses
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.cases import by_cases


def bracketed(forms: Iterable[General], mentioned: Mentioned) -> Text:
    """Say once what the brackets in some formulas mean, and what is omitted where they are 0."""
    shown = [form for form in forms if brackets_of(form.right)]
    about = any(is_about_divisors(bracket) for form in shown for bracket in brackets_of(form.right))
    omits = about or any(map(_may_leave, shown))
    said = ((BRACKET, bool(shown)), (DIVIDES, about), (OMITTED, omits))
    return joined(filled(text) for text in mentioned.new(text for text, is_due in said if is_due))


def brackets_of(formula: Expr) -> Sequence[Iverson]:
    """Return the brackets that are printed of a formula: none where it is written by cases."""
    return () if by_cases(formula) else tuple(formula.atoms(Iverson))


def _may_leave(form: General) -> bool:
    """Tell whether an index that the entry alone tells is that of no entry at an end of its range.

    In sums, limits keep indices within their tensors.
    """
    sizes = {loop.symbol: int(loop.size) for loop in form.free}
    for read in accesses(form.right):
        for index, size in zip(read.indices, read.shape, strict=True):
            own = sorted(index.free_symbols, key=str)
            if not own or not {*own} <= {*sizes}:
                continue
            for ends in product(*((0, sizes[symbol] - 1) for symbol in own)):
                at = sympify(index.xreplace(dict(zip(own, ends, strict=True))))
                if not at.is_Integer or not 0 <= at < size:
                    return True
    return False
