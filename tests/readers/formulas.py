r"""Reads printed formulas back, as a person would, and works them out.

Nothing of the package's own printing is used: LaTeX is parsed here by recursive descent. A
number is an interval: a decimal that shows as many digits as rounded numbers have may be half
a unit of its last digit off, everything else is exact.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

import mpmath

from tests.readers.entries import entry
from tests.readers.intervals import (
    COMPARED,
    FUNCTIONS,
    Interval,
    called,
    exp,
    extremal,
    plus,
    rising,
    scaled,
    settled,
    times,
    to_the,
)
from tests.readers.scanner import Scanner, UnreadableError
from tests.readers.scope import (
    Env,
    Formula,
    Named,
    OutsideError,
    Run,
    Scope,
    Terms,
    where,
    whole_number,
)
from tests.readers.sums import arguments, over_window, summation


class Reader(Scanner):
    """Reads one text from left to right; every rule returns what evaluates it."""

    def __init__(self, text: str, scope: Scope) -> None:
        super().__init__(text)
        self.scope = scope
        self.free: set[str] = set()
        """The indices that no sum binds."""
        self.indices: dict[str, int] = {}
        """The ranges of free indices, as far as they stand alone as an index."""
        self.window: tuple[Sequence[str], Run, Terms] | None = None
        """Of a maximum its indices, what they run over, and its terms."""
        self.found: tuple[Named, list[Formula]] | None = None
        """The last entry of a tensor, with its indices."""
        self.chosen: list[tuple[Formula, tuple[Named, list[Formula]] | None]] = []
        """The arguments of maxima, with the last entry in each."""

    def inner(self, text: str) -> Formula:
        """Read a text that stands inside of this one."""
        reader = Reader(text, self.scope)
        reader.indices = self.indices
        formula = reader.whole()
        self.free |= reader.free
        return formula

    def whole(self) -> Formula:
        formula = self.sum()
        self.end()
        return formula

    # Sums and products

    def sum(self) -> Formula:
        terms = list(self.terms())
        return lambda env: plus(*(scaled(sign, term(env)) for sign, term in terms))

    def side(self) -> Formula:
        """Read all of one side of a row."""
        terms = [(scaled_by, self.kept(term)) for scaled_by, term in self.terms()]
        self.end()
        return lambda env: plus(*(scaled(sign, v) for sign, term in terms for v in term(env)))

    def terms(self) -> Iterator[tuple[int, Formula]]:
        sign = self.take(r"[+-]")
        while True:
            yield (-1 if sign == "-" else 1), self.product()
            sign = self.take(r"[+-]")
            if sign is None:
                return

    def kept(self, term: Formula) -> Terms:
        """Return the value of a term, or none outside of a padded tensor."""

        def values(env: Env) -> list[Interval]:
            try:
                return [term(env)]
            except OutsideError:
                if not self.scope.padded:
                    raise
                return []

        return values

    def product(self) -> Formula:
        factors, brackets = [], []
        while True:
            (brackets if self.peek(r"\\left\[") else factors).append(self.quotient())
            self.take(r"\\cdot|\\times")
            if not self.peek(_FACTOR):
                break

        def value(env: Env) -> Interval:
            outside = [bracket(env) for bracket in brackets]
            if (0, 0) in outside:  # what stands beside it need not even exist
                self.unused(factors, env)
                return 0, 0
            return times(*outside, *(factor(env) for factor in factors))

        return value

    def quotient(self) -> Formula:
        """Read a power, or one over another with a stroke between them."""
        above = self.power()
        if self.take(r"\\bmod"):
            number = self.power()
            return lambda env: (whole_number(above(env)) % whole_number(number(env)),) * 2
        if not self.take("/"):
            return above
        below = self.power()
        return lambda env: times(above(env), to_the(below(env), (-1, -1)))

    def unused(self, formulas: Sequence[Formula], env: Env) -> None:
        """Keep the entries of what does not count, where a bracket is 0, as far as they exist."""
        for formula in formulas:
            with suppress(UnreadableError, OutsideError, ArithmeticError, ValueError):
                formula(env)

    def power(self) -> Formula:
        base = self.operand()
        while self.take(r"\^"):
            base = self.raised(base, self.exponent(self.group()))
        return base

    def exponent(self, text: str) -> Formula:
        """Read an exponent: whole numbers are exact there, of however many digits."""
        if not re.fullmatch(r"-?\d+(/\d+)?", text):
            return self.inner(text)
        number = self.scope.kind(Fraction(text))
        return lambda env: (number, number)

    def raised(self, base: Formula, exponent: Formula) -> Formula:
        return lambda env: to_the(base(env), exponent(env))

    def position(self, env: Env) -> tuple[int, ...]:
        """Return where the entry that was read stands in its tensor."""
        if self.found is None:
            raise UnreadableError(f"{self.text!r} is no entry")
        return where(*self.found, env, self.scope.base)

    # What products are made of

    def operand(self) -> Formula:
        for pattern, rule in _RULES:
            if (taken := self.take(pattern)) is not None:
                return rule(self, taken)
        return entry(self)

    def number(self, text: str) -> Formula:
        plain = text.replace("{,}", ".")
        whole, _, places = plain.partition(".")
        shown = len((whole + places).lstrip("0"))
        half = Fraction(1, 2 * 10 ** len(places)) if shown == self.scope.digits else 0
        value = Fraction(plain)
        low, high = (self.scope.kind(end) for end in (value - half, value + half))
        return lambda env: (low, high)

    def parenthesis(self, opening: str) -> Formula:
        formula = self.sum()
        self.expect(r"\\right\)" if "left" in opening else r"\)")
        return formula

    def absolute(self, _: str) -> Formula:
        inside = self.sum()
        self.expect(r"\\right\|")

        def value(env: Env) -> Interval:
            low, high = inside(env)
            return max(low, -high, 0), max(-low, high)

        return value

    def braces(self, _: str) -> Formula:
        self.at -= 1
        return self.inner(self.group())

    def bracket(self, _: str) -> Formula:
        conditions = [self.condition()]
        while self.take(r",\s*\\;|,"):
            conditions.append(self.condition())
        self.expect(r"\\right\]")
        return lambda env: times(*(condition(env) for condition in conditions))

    def condition(self) -> Formula:
        sides, relations = [self.sum()], []
        while relation := self.take(_RELATION):
            relations.append(relation)
            sides.append(self.sum())
        if not relations:
            raise UnreadableError(f"a comparison is expected at {self.text[self.at :]!r}")

        def value(env: Env) -> Interval:
            values = [side(env) for side in sides]
            return times(
                *(
                    COMPARED[r](a, b)
                    for r, a, b in zip(relations, values[:-1], values[1:], strict=True)
                )
            )

        return value

    def fraction(self, _: str) -> Formula:
        written = self.group()
        above, below = self.inner(written), self.inner(self.group())

        def value(env: Env) -> Interval:
            part = above(env)
            if part == (0, 0) and r"\left[" in written:  # as beside a bracket in a product
                return part
            return times(part, to_the(below(env), (-1, -1)))

        return value

    def cases(self, _: str) -> Formula:
        """Read values, each with its condition; the last may stand for all that is left."""
        body, end, _ = self.text[self.at :].partition(r"\end{cases}")
        self.at += len(body) + len(end)
        found = [re.split(r"&|\\where", row) for row in re.split(r"\\\\|\\case", body)]
        pairs = [(self.inner(value), self.case(condition)) for value, condition in found]

        def value(env: Env) -> Interval:
            left, parts = (1, 1), []
            for formula, condition in pairs:
                holds = times(left, condition(env))
                if holds == (0, 0):  # the value need not even exist
                    self.unused([formula], env)
                else:
                    parts.append(times(holds, formula(env)))
                left = plus(left, scaled(-1, holds))
            return plus(*parts)

        return value

    def case(self, text: str) -> Formula:
        if text.strip() == r"\text{otherwise}":
            return lambda env: (1, 1)
        return self.inner(rf"\left[{text.replace(chr(92) + 'text{if }', '')}\right]")

    def root(self, _: str) -> Formula:
        degree = self.take(r"\[\d+\]")
        inside = self.inner(self.group())
        if degree is None:
            return lambda env: rising(called("sqrt"), inside(env))
        part = self.scope.kind(Fraction(1, int(degree[1:-1])))
        return lambda env: to_the(inside(env), (part, part))

    def function(self, name: str) -> Formula:
        """Read a function of what follows, or a power of it: tanh^2(y)."""
        exponent = self.exponent(self.group()) if self.take(r"\^") else None
        argument = self.operand()

        def value(env: Env) -> Interval:
            made = rising(FUNCTIONS[name], argument(env))
            return made if exponent is None else to_the(made, exponent(env))

        return value

    def exponential(self, _: str) -> Formula:
        exponent = self.inner(self.group())
        return lambda env: rising(exp, exponent(env))

    def extreme(self, name: str) -> Formula:
        """Read max(a, b), min(a, b) and the maximum over a window."""
        choose = max if name == r"\max" else min
        if self.take("_"):
            return over_window(self, self.group())
        self.expect(r"\\left\(|\(")
        listed = [*arguments(self)]
        self.expect(r"\\right\)|\)")
        return lambda env: extremal(choose, [argument(env) for argument in listed])

    def rounded(self, kind: str) -> Formula:
        inside = self.sum()
        self.expect(r"\\right\\rfloor|\\right\\rceil")
        down = math.floor if kind.endswith("floor") else math.ceil
        return lambda env: rising(lambda v: float(down(settled(v))), inside(env))

    def pi(self, _: str) -> Formula:
        number = math.pi if self.scope.kind is float else +mpmath.pi
        return lambda env: (number, number)


_RELATION = r"\\geq|\\leq|\\neq|\\mid|[<>=]"

_FACTOR = r"[\w({]|\\(?!right|geq|leq|neq|le\b|mid|,|;|cdots)"

_RULES: list[tuple[str, Callable[[Reader, str], Formula]]] = [
    (r"\d+(?:(?:\.|\{,\})\d+)?", Reader.number),
    (r"\\left\(|\(", Reader.parenthesis),
    (r"\\left\|", Reader.absolute),
    (r"\{", Reader.braces),
    (r"\\left\[", Reader.bracket),
    (r"\\left\\lfloor|\\left\\lceil", Reader.rounded),
    (r"\\frac", Reader.fraction),
    (r"\\begin\{cases\}", Reader.cases),
    (r"\\sqrt", Reader.root),
    (r"\\sum_", summation),
    (r"\\max|\\min", Reader.extreme),
    (r"\\sigma|\\Phi|\\tanh|\\cos|\\sin|\\log|\\operatorname\{erf\}", Reader.function),
    (r"e\^", Reader.exponential),
    (r"\\pi", Reader.pi),
]
