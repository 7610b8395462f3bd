r"""Subscripts: indices count from 0 in Python, and from 1 or 0 on paper.

    T[e(i, u)] with indices from b  has the subscript  e(i - b, u - b) + b

One mechanical shift for all: entries (z_{21}), general forms (x_{2(i-1)+u}) and the
limits of sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy import (
    Add,
    Eq,
    Expr,
    Ge,
    Gt,
    Le,
    Lt,
    Max,
    Min,
    Ne,
    ceiling,
    default_sort_key,
    floor,
)
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.equations import Loop, affine
from symcnn.formula import Atom, Fenced, Node, Row
from symcnn.formula.build import Part, added, applied, decimal, fraction, joined, row
from symcnn.notation import Shape, parse_subscript, subscript
from symcnn.printing.names import named
from symcnn.printing.rounding import over_one_bar, rounded

RELATIONS = {Eq: "=", Ne: r"\neq", Ge: r"\geq", Le: r"\leq", Gt: ">", Lt: "<"}
_TURNED = {r"\geq": r"\leq", r"\leq": r"\geq", ">": "<", "<": ">"}
_ROUNDED = {floor: (r"\lfloor", r"\rfloor"), ceiling: (r"\lceil", r"\rceil")}
_EXTREMAL = {Max: r"\max", Min: r"\min"}


def position(index: Expr, base: int) -> Row:
    """Print an index; products such as 2(i - 1) stay."""
    if index.has(*_ROUNDED, *_EXTREMAL) or not _is_whole(index):
        return limit(index, base)
    form = affine(index)
    constant, pieces = form.constant + base, list[Row]()
    for symbol, factor in sorted(form.coefficients.items(), key=lambda pair: -pair[1]):
        piece: tuple[Part, ...] = (named(symbol.name),)
        if abs(factor) == 1:
            constant -= factor * base
        else:
            shifted = ("(", *piece, "-", str(base), ")") if base else piece
            piece = (str(abs(factor)), *shifted)
        pieces.append(row("-", *piece) if factor < 0 else row(*piece))
    if constant or not pieces:
        pieces.append(decimal(str(constant)))
    return added(pieces)


def indices(positions: Sequence[Row]) -> Row:
    """Return indices beside each other, with commas unless each is one letter or digit."""
    short = all(len(p.parts) == 1 and _is_short(p.parts[0]) for p in positions)
    return joined(positions, *([] if short else [","]))


def _is_short(part: Node) -> bool:
    return isinstance(part, Atom) and len(part.text) == 1 and part.text.isalnum()


def limit(bound: Expr, base: int) -> Row:
    """Print the limit of a sum over an index."""
    if isinstance(bound, Max | Min):
        return _arithmetic(
            bound.func(*(rounded(lowered(e, base) + base) for e in bound.args), evaluate=False)
        )
    return _arithmetic(rounded(lowered(bound, base) + base))


def compared(relation: Relational, base: int) -> Row:
    """Print a comparison of indices with the number on the right: s - 2 >= 0 is s >= 3."""
    number, rest = lowered(relation.lhs - relation.rhs, base).as_coeff_Add()
    sign = RELATIONS[relation.func]
    if rest.could_extract_minus_sign():
        number, rest, sign = -number, -rest, _TURNED.get(sign, sign)
    return row(_arithmetic(rest), sign, _arithmetic(-number))


def divides(divisor: Expr, dividend: Expr, base: int) -> Row:
    """Print that one whole number divides another."""
    return row(_arithmetic(divisor), r"\mid", _arithmetic(lowered(dividend, base)))


def lowered(expression: Expr, base: int) -> Expr:
    """Put i - b for every index i."""
    return expression.xreplace({s: s - base for s in expression.free_symbols})


def _arithmetic(expression: Expr) -> Row:
    """Print what bounds an index: quotients, roundings and extrema of linear formulas."""
    if expression.is_Symbol:
        return named(expression.name)
    if expression.is_Add:
        return added([*map(_arithmetic, _positive_first(expression.as_ordered_terms()))])
    if isinstance(expression, floor | ceiling):
        left, right = _ROUNDED[expression.func]
        dividend, divisor = over_one_bar(expression.args[0])
        above = _arithmetic(dividend)
        return row(
            Fenced(left, above if divisor == 1 else row(fraction(above, str(divisor))), right)
        )
    if isinstance(expression, Max | Min):
        terms = sorted(expression.args, key=default_sort_key)
        return applied(_EXTREMAL[expression.func], joined([*map(_arithmetic, terms)], ","))
    coefficient, rest = expression.as_coeff_Mul()
    sign = ("-",) if coefficient.is_negative else ()
    above, below = abs(coefficient.p), coefficient.q
    number = () if above == 1 and rest != 1 else (str(above),)
    product = row(*number, *(() if rest == 1 else (_arithmetic(rest),)))
    return row(*sign, product if below == 1 else fraction(product, str(below)))


def _positive_first(terms: Sequence[Expr]) -> list[Expr]:
    """Let a sum begin with what is not subtracted: r - q, not -q + r."""
    first = next((term for term in terms if not term.could_extract_minus_sign()), terms[0])
    return [first, *(term for term in terms if term is not first)]


def ranges(loops: Iterable[Loop], first: int) -> Row:
    """Print the values of indices: i = 1, ..., 28; k = 1, 2."""
    runs = [row(named(loop.symbol.name), "=", _run(first, loop.size)) for loop in loops]
    return joined(runs, ",", r"\;")


def _run(first: int, size: int) -> Row:
    last = first + size - 1
    if size <= limits.LISTED_INDICES:
        return joined([*map(str, range(first, last + 1))], ",")
    return joined([str(first), r"\dots", str(last)], ",")


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
