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
    Mod,
    Mul,
    Ne,
    S,
    cancel,
    factor_terms,
    floor,
    fraction,
    sympify,
)
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.equations import Loop, affine
from symcnn.equations.notation import Shape, parse_subscript, split_entry, subscript
from symcnn.equations.sizes import Size, is_made_of_sizes, is_size, is_symbolic, magnitude
from symcnn.writing.formula import Atom, Formula, Node
from symcnn.writing.formula.build import Part, added, decimal, joined, level, parenthesized, row
from symcnn.writing.printing.arithmetic import (
    EXTREMAL,
    ROUNDED,
    arithmetic,
    collected,
    in_order,
    over_one_bar,
    rounded,
)
from symcnn.writing.printing.comparisons import TURNED
from symcnn.writing.printing.names import named
from symcnn.writing.printing.size_order import Rank, degree, rank

RELATIONS = {Eq: "=", Ne: r"\neq", Ge: r"\geq", Le: r"\leq", Gt: ">", Lt: "<"}
_DOT = row(r"\cdot")


def position(index: Expr, base: int) -> Formula:
    """Print an index; products such as 2(i - 1) stay, and no letter is subtracted from nothing."""
    index = _of_one_quotient(with_remainders(index))
    if index.has(Mod):
        return _with_remainder(index, base)
    if index.has(*ROUNDED, *EXTREMAL) or not _is_whole(index):
        return limit(index, base)
    form = affine(index)
    constant, pieces, subtracted = form.constant + base, list[Formula](), list[Formula]()
    for symbol, factor in sorted(form.coefficients.items(), key=_by_factor):
        piece: tuple[Part, ...] = (named(symbol.name),)
        if factor in (1, -1):
            constant -= factor * base
        else:
            shifted = ("(", *piece, "-", str(base), ")") if base else piece
            piece = (_multiple(magnitude(factor)), *shifted)
        if magnitude(factor) == factor:
            pieces.append(row(*piece))
        else:
            subtracted.append(row("-", *piece))
    number, sizes = S(constant).as_coeff_Add() if is_symbolic(constant) else (constant, S.Zero)
    for term in in_order(sizes) if sizes != 0 else ():
        (subtracted if term.could_extract_minus_sign() else pieces).append(arithmetic(term))
    last = [decimal(str(number))] if number or not (pieces or subtracted) else []
    return added([*pieces, *subtracted, *last])


def with_remainders(index: Expr) -> Expr:
    """Return G (q mod C) for G q - C G floor(q/C), and likewise for quotients in place of q."""
    terms = Add.make_args(index)
    for term in terms:
        for quotient in (part for part in Mul.make_args(term) if isinstance(part, floor)):
            dividend, modulus = over_one_bar(quotient.args[0])
            factor = cancel(-term / quotient / modulus)
            parts = Add.make_args((factor * dividend).expand())
            if fraction(factor)[1] == 1 and all(part in terms for part in parts):
                others = Add(*(t for t in terms if t != term and t not in parts))
                return factor * Mod(dividend, modulus, evaluate=False) + with_remainders(others)
    return index


def _of_one_quotient(index: Expr) -> Expr:
    """Return floor(e/(m n)) for floor(floor(e/m)/n)."""

    def one(outer: Expr) -> Expr:
        inner, divisor = over_one_bar(outer.args[0])
        return floor(inner.args[0] / divisor) if isinstance(inner, floor) else outer

    return index.replace(lambda part: isinstance(part, floor) and part.args[0].has(floor), one)


def _with_remainder(index: Expr, base: int) -> Formula:
    """Print e mod m plus a number, with the number in e as near to 0 as it can be."""
    constant, product = index.as_coeff_Add()
    factor, term = product.as_coeff_Mul()
    if not (isinstance(term, Mod) and factor.is_Integer and factor.is_positive):
        return limit(index, base)
    # SymPy writes 2 i mod 6 as 2 (i mod 3).
    dividend, divisor = (factor * part for part in (lowered(term.args[0], base), term.args[1]))
    shift, rest = dividend.expand().as_coeff_Add()
    nearest = shift if is_symbolic(divisor) else (shift + divisor // 2) % divisor - divisor // 2
    modulus = arithmetic(divisor)
    below = modulus if divisor.is_Atom else parenthesized(modulus)
    remainder = row(level(bracketed(rest + nearest)), r"\bmod", below)
    added_on = constant + base
    return row("(", remainder, ")", "+", str(added_on)) if added_on else remainder


def bracketed(expression: Expr) -> Formula:
    """Print a bound in parentheses, unless it is a single term."""
    printed = arithmetic(expression)
    return row(parenthesized(printed)) if expression.is_Add else printed


def _by_factor(pair: tuple[Expr, Size]) -> tuple[bool, Size, Rank]:
    """Sort by factors: the most letters first, W C i + C j + c, then the greatest numbers."""
    factor = S(pair[1])
    if is_symbolic(factor):
        return False, -degree(magnitude(factor)), rank(factor)
    return True, -factor, rank(factor)


def _multiple(factor: Size) -> Part:
    """Print what an index is multiplied by."""
    if not is_symbolic(factor):
        return str(factor)
    printed = arithmetic(factor)
    return parenthesized(printed) if collected(factor).is_Add else printed


def indices(positions: Sequence[Formula]) -> Formula:
    """Return indices beside each other, with commas unless each is one letter or digit.

    Dots that stand for indices belong together.
    """
    others = [p for p in positions if p != _DOT]
    short = all(len(p.parts) == 1 and _is_short(p.parts[0]) for p in others)
    groups = list[Formula]()
    for p in positions:
        together = p == _DOT and groups and groups[-1].parts[-1:] == _DOT.parts
        groups[-1:] = [row(groups[-1], p)] if together else [*groups[-1:], p]
    return joined(groups, *([] if short else [","]))


def _is_short(part: Node) -> bool:
    return isinstance(part, Atom) and len(part.text) == 1 and part.text.isalnum()


def limit(bound: Expr, base: int) -> Formula:
    """Print the limit of a sum over an index; its quotients are level, as scripts are small."""
    if isinstance(bound, Max | Min):
        ends = (rounded(lowered(e, base) + base) for e in bound.args)
        return level(arithmetic(bound.func(*ends, evaluate=False)))
    return level(arithmetic(rounded(lowered(bound, base) + base)))


def compared(relation: Relational, base: int) -> Formula:
    """Print a comparison of indices with numbers on the right: s - 2 >= 0 is s >= 3.

    Where that is 0, what is subtracted stands there: u - g = 0 is u = g, i - r >= 0 is i >= r. So
    it does where sizes multiply indices on both sides: A i - H (r + 1) <= -1 is A i < H (r + 1).
    """
    sign, left = RELATIONS[relation.func], lowered(relation.lhs - relation.rhs, base)
    if sign in (r"\leq", r"\geq") and _scales_both(left):
        return _apart(left, sign)
    rest = Add(*(term for term in Add.make_args(left) if not is_made_of_sizes(term)))
    if rest == 0:
        rest = left.as_coeff_Add()[1]
    other = rest - left
    if rest.could_extract_minus_sign():
        rest, other, sign = -rest, -other, TURNED.get(sign, sign)
    if other == 0:
        terms = Add.make_args(rest)
        other = -Add(*(term for term in terms if term.could_extract_minus_sign()))
        rest += other
    return row(arithmetic(rest), sign, arithmetic(other))


def _scales_both(left: Expr) -> bool:
    """Tell whether letters for sizes multiply indices on both sides, as in A i < H r."""
    terms = Add.make_args(left.expand())
    scaled = [t for t in terms if 0 < sum(map(is_size, t.free_symbols)) < len(t.free_symbols)]
    return len({term.could_extract_minus_sign() for term in scaled}) > 1


def _apart(left: Expr, sign: str) -> Formula:
    """Print what is subtracted on the right of whole numbers: a + 1 - b <= 0 is a < b."""
    difference = (left if sign == r"\leq" else -left).expand()
    is_strict = difference.as_coeff_Add()[0] == 1
    terms = Add.make_args(difference - 1 if is_strict else difference)
    above = Add(*(-term for term in terms if term.could_extract_minus_sign()))
    below = Add(*terms) + above
    sign = "<" if is_strict else r"\leq"
    return row(arithmetic(factor_terms(below)), sign, arithmetic(factor_terms(above)))


def divides(divisor: Expr, dividend: Expr, base: int) -> Formula:
    """Print that one whole number divides another."""
    return row(arithmetic(divisor), r"\mid", arithmetic(lowered(dividend, base)))


def lowered(expression: Expr, base: int) -> Expr:
    """Put i - b for every index i."""
    return expression.xreplace({s: s - base for s in expression.free_symbols if not is_size(s)})


def ranges(loops: Iterable[Loop], first: int) -> Formula:
    """Print the values of indices: i, j = 1, ..., 28; k = 1, 2."""
    alike = dict[Size, list[Formula]]()
    for loop in loops:
        alike.setdefault(loop.size, []).append(named(loop.symbol.name))
    runs = [row(joined(names, ","), "=", _run(first, size)) for size, names in alike.items()]
    return joined(runs, ",", r"\;")


def between(loop: Loop, first: int) -> Formula:
    r"""Print the ends of an index: 1 \le u \le 3."""
    last = arithmetic(sympify(loop.size - 1 + first))
    return joined([str(first), named(loop.symbol.name), last], r"\le")


def _run(first: int, size: Size) -> Formula:
    last = first + size - 1
    if is_symbolic(size):
        return joined([str(first), r"\dots", arithmetic(last)], ",")
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
    label, written = split_entry(name, shapes)
    if label not in shapes or not written:
        return name
    shape = shapes[label]
    return f"{label}_{subscript(parse_subscript(written, shape), shape, base)}"


def _is_whole(index: Expr) -> bool:
    """Tell whether all factors are integers; r/2 stands where a bracket says 2 divides r."""
    return all(
        term.as_coeff_Mul()[0].is_Integer and not is_symbolic(fraction(term)[1])
        for term in Add.make_args(index)
    )
