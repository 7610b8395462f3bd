r"""Subscripts: indices count from 0 in Python, and from 1 or 0 on paper.

    T[e(i, u)] with indices from b  has the subscript  e(i - b, u - b) + b

One mechanical shift for all: entries (z_{21}), general forms (x_{2(i-1)+u}) and the
limits of sums.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Eq, Expr, Ge, Gt, Le, Lt, Max, Min, Ne, ceiling, floor, latex
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.equations import affine
from symcnn.notation import Shape, parse_subscript, subscript

_SIGNS = {Eq: "=", Ne: r"\neq", Ge: r"\geq", Le: r"\leq", Gt: ">", Lt: "<"}
_TURNED = {r"\geq": r"\leq", r"\leq": r"\geq", ">": "<", "<": ">"}
_ROUNDING = (floor, ceiling, Max, Min)


def position(index: Expr, base: int) -> str:
    """Print an index; products such as 2(i - 1) stay."""
    if index.has(*_ROUNDING) or not _is_whole(index):
        return limit(index, base)
    form = affine(index)
    constant, text = form.constant + base, ""
    for symbol, factor in sorted(form.coefficients.items(), key=lambda pair: -pair[1]):
        if abs(factor) == 1:
            constant -= factor * base
            piece = str(symbol)
        else:
            piece = f"{abs(factor)}({symbol}-{base})" if base else f"{abs(factor)}{symbol}"
        text += ("-" if factor < 0 else "+" if text else "") + piece
    if constant or not text:
        text += f"{constant:+d}" if text else str(constant)
    return text


def limit(bound: Expr, base: int) -> str:
    """Print the limit of a sum over an index."""
    if isinstance(bound, Max | Min):
        moved = (lowered(e, base) + base for e in bound.args)
        return str(latex(bound.func(*moved, evaluate=False)))
    return str(latex(lowered(bound, base) + base))


def compared(relation: Relational, base: int) -> str:
    """Print a comparison of indices with the number on the right: s - 2 >= 0 is s >= 3."""
    number, rest = lowered(relation.lhs - relation.rhs, base).as_coeff_Add()
    sign = _SIGNS[relation.func]
    if rest.could_extract_minus_sign():
        number, rest, sign = -number, -rest, _TURNED.get(sign, sign)
    return f"{latex(rest)} {sign} {latex(-number)}"


def lowered(expression: Expr, base: int) -> Expr:
    """Put i - b for every index i."""
    return expression.xreplace({s: s - base for s in expression.free_symbols})


def run(first: int, size: int) -> str:
    """Print the values of an index: 1, 2, 3 or 1, ..., 28."""
    last = first + size - 1
    if size <= limits.LISTED_INDICES:
        return ", ".join(map(str, range(first, last + 1)))
    return rf"{first}, \dots, {last}"


def renumbered(name: str, shapes: Mapping[str, Shape], base: int) -> str:
    """Return the name of an entry, such as w_23, with a subscript that counts from b.

    Args:
        name: The entry's name; other names are returned as they are.
        shapes: The shapes of all tensors, by what formulas call them.
        base: What the first index is.
    """
    label, _, written = name.rpartition("_")
    if label not in shapes:
        return name
    shape = shapes[label]
    return f"{label}_{subscript(parse_subscript(written, shape), shape, base)}"


def _is_whole(index: Expr) -> bool:
    """Tell whether all factors are integers; r/2 stands where a bracket says 2 divides r."""
    return all(term.as_coeff_Mul()[0].is_Integer for term in Add.make_args(index))
