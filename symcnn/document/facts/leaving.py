"""Whether an index of a formula, as it is printed, may lie outside the tensor that is read."""

from __future__ import annotations

from itertools import product

from sympy import Sum, sympify

from symcnn.derivation.general import General
from symcnn.equations import accesses


def may_leave(form: General) -> bool:
    """Tell whether an index of a formula may lie outside its tensor, by the ranges of its letters.

    Of letters whose limits are no numbers it is not known: their indices may.
    """
    ends = {loop.symbol: (0, int(loop.size) - 1) for loop in form.free}
    limits = [limit.args for total in form.right.atoms(Sum) for limit in total.limits]
    ends |= {at: (low, high) for at, low, high in limits if low.is_Integer and high.is_Integer}
    for read in accesses(form.right):
        for index, size in zip(read.indices, read.shape, strict=True):
            own = sorted(index.free_symbols, key=str)
            if not {*own} <= {*ends}:
                return True
            for at in product(*(ends[symbol] for symbol in own)):
                place = sympify(index.xreplace(dict(zip(own, at, strict=True))))
                if not place.is_Integer or not 0 <= place < size:
                    return True
    return False
