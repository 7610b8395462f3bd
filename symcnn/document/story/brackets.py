r"""What the brackets of formulas mean: conditions, divisors, and terms without entries.

y[r, s]  has the term  p[r/2, s/2] [2 | r] [r >= 2],  and there is no p[1/2, 1]: the bracket is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from sympy import Expr, Mod, sympify

from symcnn.derivation.general import General
from symcnn.document.blocks import Text, joined
from symcnn.document.context import Context
from symcnn.document.facts.forms import reads_outside
from symcnn.document.facts.leaving import may_leave
from symcnn.document.facts.operation import Operation
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.equations import accesses
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.cases import by_cases

BRACKET = (
    r"The bracket $\left[\cdot\right]$ equals 1 if all the conditions inside it hold, and 0 "
    "otherwise."
)
DIVIDES = r"In a bracket, $m \mid n$ says that $m$ divides $n$."
OMITTED = "Where a bracket is 0, the term is omitted, even if one of its entries does not exist."
_OUTSIDE = "Terms whose indices lie outside their tensor are omitted."


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


def divisors(context: Context, mentioned: Mentioned) -> Text:
    """Say what it means that one number divides another, if the forward pass has such a bracket."""
    shown = [o.general.right for o in context.operations.values() if not o.is_number]
    every = [bracket for f in shown for bracket in brackets_of(f)]
    has_any = any(map(is_about_divisors, every))
    return joined(map(filled, mentioned.new((DIVIDES, OMITTED)))) if has_any else ()


def outside(shown: Iterable[Operation]) -> Text:
    """Say what happens where an index leaves the tensor that is read, if one does."""
    leaves = any(any(map(reads_outside, o.equations)) and may_leave(o.general) for o in shown)
    return (_OUTSIDE,) if leaves else ()


def is_about_divisors(bracket: Expr) -> bool:
    """Tell whether a bracket says that one number divides another."""
    return any(condition.has(Mod) and not accesses(condition) for condition in bracket.args)
