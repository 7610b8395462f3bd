r"""Where parentheses belong: how a printed formula would be read beside other signs.

What decides is what is printed, not what it was printed for: the position i is one letter where
indices count from 0, and the sum i - 1 where they count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.writing.formula.build import joined, parenthesized, row, unbound
from symcnn.writing.formula.signs import SIGNS
from symcnn.writing.formula.tree import Atom, Formula, Fraction, Node, Scripts

_WEAKEST = {
    *(r"\bmod", r"\wedge", r"\vee"),
    *(sign for sign, (_, kind) in SIGNS.items() if kind == "relation"),
}
"""The signs that bind their sides more weakly than a sum does, or as weakly."""

_WEAKER = {"+", "-", *_WEAKEST}
"""Those that bind them more weakly than a product does."""

_OPEN, _CLOSE = Atom("("), Atom(")")

_EXPONENTIAL = Atom("e")
"""What is the base of exponentials below an exponent: an entry of that letter is none."""


def factor(printed: Formula) -> Formula:
    r"""Return a formula as it stands beside other factors: what a sign would tear is fenced.

    >>> from symcnn.writing.formula import read
    >>> from symcnn.writing.formula.latex import latex
    >>> [latex(factor(read(written))) for written in ("n - 1", "x_{i-1}", "(n - 1) x", "-x")]
    ['\\left(n - 1\\right)', 'x_{i-1}', '(n - 1) x', '\\left(-x\\right)']
    """
    return _fenced(printed, _WEAKER)


def summand(printed: Formula) -> Formula:
    """Return a formula as it stands beside other summands: (i mod 3), but i - 1."""
    return _fenced(printed, _WEAKEST)


def condition(printed: Formula, sign: str) -> Formula:
    """Return a condition as it stands beside others with a sign between them."""
    return _fenced(printed, {r"\wedge", r"\vee"} - {sign})


def base(printed: Formula) -> Formula:
    """Return a formula as it stands below an exponent: fenced, unless it is a single symbol."""
    parts = row(*map(unbound, printed.parts)).parts
    in_parentheses = parts[-1:] == (_CLOSE,) and [*_outer(parts)] == [_OPEN]
    is_single = len(parts) == 1 and not isinstance(parts[0], Fraction | Formula)
    has_exponent = isinstance(parts[-1], Scripts) and parts[-1].sup is not None
    is_simple = in_parentheses or (is_single and not has_exponent and parts[0] != _EXPONENTIAL)
    return printed if is_simple else row(parenthesized(printed))


def product(factors: Sequence[Formula], *times: str) -> Formula:
    r"""Return factors beside each other: 3 \cdot 2 has its sign, as 3 2 would be read as 32."""
    if times or not factors:
        return joined(factors, *times) if factors else row()
    first, *others = factors
    return row(first, *(row(*_dot(other), other) for other in others))


def _dot(behind: Formula) -> tuple[str, ...]:
    return (r"\cdot",) if _begins_with_a_number(behind) else ()


def _begins_with_a_number(printed: Formula) -> bool:
    first: Node = printed
    while isinstance(first, Formula | Scripts):
        first = first.parts[0] if isinstance(first, Formula) else first.base
    return isinstance(first, Atom) and first.text[0].isdecimal()


def _fenced(printed: Formula, weaker: set[str]) -> Formula:
    torn = any(isinstance(part, Atom) and part.text in weaker for part in _outer(printed.parts))
    return row(parenthesized(printed)) if torn else printed


def _outer(parts: Sequence[Node]) -> Iterator[Node]:
    """Run over the parts of a formula; what is in parentheses counts as the first of them."""
    depth = 0
    for part in parts:
        own = part.base if isinstance(part, Scripts) else part
        if not depth and own != _CLOSE:
            yield part
        depth += (own == _OPEN) - (own == _CLOSE)
