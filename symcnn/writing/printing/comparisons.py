"""Comparisons in a rule: y > t for y - t > 0, and a <= x <= b for x >= a and x <= b."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add
from sympy.core.relational import Relational

from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.build import row

TURNED = {r"\geq": r"\leq", r"\leq": r"\geq", ">": "<", "<": ">"}
_ABOVE = (r"\geq", ">")


def apart(comparison: Relational) -> Relational:
    """Return what is subtracted on the right: y > t for y - t > 0, t y < 1 for 1 - t y > 0."""
    if comparison.rhs != 0 or not comparison.lhs.is_Add:
        return comparison
    terms = comparison.lhs.args
    right = -Add(*(term for term in terms if term.could_extract_minus_sign()))
    left = comparison.lhs + right
    if right == 0 or left == 0:
        return comparison
    if left.is_number:
        return comparison.reversed.func(right, left, evaluate=False)
    return comparison.func(left, right, evaluate=False)


def chained(conditions: Sequence[Formula]) -> list[Formula]:
    """Return conditions, the two that say between which bounds something lies as one."""
    made = list[Formula]()
    for one in conditions:
        pairs = ((n, _between(other, one)) for n, other in enumerate(made))
        n, whole = next(((n, w) for n, w in pairs if w), (len(made), one))
        made[n : n + 1] = [whole]
    return made


def _between(one: Formula, other: Formula) -> Formula | None:
    """Return a <= x <= b, if one and the other say that of the same x."""
    first, second = _sides(one), _sides(other)
    if not (first and second) or first[0] != second[0]:
        return None
    lower, upper = (first, second) if first[1] in _ABOVE else (second, first)
    if lower[1] not in _ABOVE or upper[1] in _ABOVE:
        return None
    return row(lower[2], TURNED[lower[1]], upper[0], upper[1], upper[2])


def _sides(comparison: Formula) -> tuple[Formula, str, Formula] | None:
    """Return both sides of a single comparison of sizes, and its sign."""
    parts = comparison.parts
    signs = [(n, p.text) for n, p in enumerate(parts) if isinstance(p, Atom) and p.text in TURNED]
    if len(signs) != 1:
        return None
    ((n, sign),) = signs
    return Formula(parts[:n]), sign, Formula(parts[n + 1 :])
