"""Reading a formula with the precedence that a person gives its signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

import numpy as np

from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.tree import Atom, Fenced, Formula, Node, Scripts, Word
from symcnn.writing.reading import operators
from symcnn.writing.reading.functions import exponential, factorial
from symcnn.writing.reading.names import Symbol, is_letter
from symcnn.writing.reading.operands import applied, defined, derivative, meaning, named, raised
from symcnn.writing.reading.parts import (
    Parts,
    UnreadableError,
    closing,
    is_atom,
    is_number,
    seen,
    sign_of,
)
from symcnn.writing.reading.scene import Array, Reading, Scene, added, divided, multiplied, number

_EXPONENTIAL = Symbol(Atom("e"), None, None)
_DOTS = (r"\cdots", r"\dots", r"\ldots")
_ENDS = ("binary", "relation", "close", "punctuation")


def read_back(formula: Formula) -> Reading:
    """Return what a formula means; dots stand for nothing.

    Raises:
        UnreadableError: If a person could read it in two ways, or it is no formula.
    """
    return _read(seen(formula), kept=True)


def _read(parts: Parts, *, kept: bool = False) -> Reading:
    line = _Line(parts)
    made = line.sum(kept=kept)
    if not line.is_done:
        raise UnreadableError("the formula goes on where it should end")
    return made


class _Line:
    """Parts that are read from left to right."""

    def __init__(self, parts: Sequence[Node]) -> None:
        """Take the parts."""
        self._parts, self._at = tuple(parts), 0

    @property
    def is_done(self) -> bool:
        """Whether all was read."""
        return self._at == len(self._parts)

    @property
    def _next(self) -> Node | None:
        return None if self.is_done else self._parts[self._at]

    def _take(self, *texts: str) -> str:
        part = self._next
        if isinstance(part, Atom) and part.text in texts:
            self._at += 1
            return part.text
        return ""

    def sum(self, *, kept: bool) -> Reading:
        """Read terms with their signs; a remainder is the only one."""
        terms, remainders = list[tuple[int, Reading]](), 0
        sign = self._take("+", "-")
        while True:
            term, is_remainder = self._term()
            terms.append((-1 if sign == "-" else 1, term))
            remainders += is_remainder
            if not (sign := self._take("+", "-")):
                break
        if remainders and (len(terms) > 1 or terms[0][0] < 0):
            raise UnreadableError("a remainder stands beside a sum without parentheses")
        return added(terms, kept=kept)

    def _term(self) -> tuple[Reading, bool]:
        if self._take(*_DOTS):
            return number(0), False
        made = self._product()
        if not self._take(r"\bmod"):
            return made, False
        divisor = self._product()
        return lambda scene: np.mod(made(scene), divisor(scene)), True

    def _product(self) -> Reading:
        """Read factors; a sum over an index goes as far as they do."""
        factors, brackets = list[Reading](), list[Reading]()
        while True:
            part = self._next
            if isinstance(part, Scripts) and operators.is_operator(part):
                self._at += 1
                factors.append(operators.over(part, self._product(), _read))
            elif isinstance(part, Fenced) and part.left == "[":
                brackets.append(self._quotient())
            else:
                factors.append(self._quotient())
            if not self._take(r"\cdot", r"\times", "*"):
                if not self._begins_a_factor():
                    break
                if is_number(self._next):
                    raise UnreadableError("a number stands behind a factor without a sign")
        return multiplied(factors, brackets)

    def _begins_a_factor(self) -> bool:
        part = self._next
        if part is None or sign_of(part).kind in _ENDS:
            return False
        return not (is_atom(part, "/", *_DOTS))

    def _quotient(self) -> Reading:
        above = self._power()
        if not self._take("/"):
            return above
        below = self._power()
        if is_atom(self._next, "/") or self._begins_a_factor():
            raise UnreadableError("a quotient on one line goes on without parentheses")
        return divided(above, below)

    def _power(self) -> Reading:
        made = self._operand()
        while self._take("!"):
            made = _factorial(made)
        return made

    def _operand(self) -> Reading:
        part = self._next
        if part is None:
            raise UnreadableError("the formula ends where it should go on")
        own = part.base if isinstance(part, Scripts) else part
        if name := _function_name(own):
            return self._function(part, name)
        self._at += 1
        if is_atom(part, "("):
            return self._parenthesis()
        if is_letter(part) and _is_prime(behind := self._next):
            self._at += 1
            return defined(latex(Formula((part, behind))))
        if (slope := derivative(part, _read)) is not None:
            return slope
        return _scripted(part) if isinstance(part, Scripts) else meaning(part, _read)

    def _parenthesis(self) -> Reading:
        start = self._at - 1
        end = closing(self._parts, start)
        inside, last = _read(self._parts[start + 1 : end]), self._parts[end]
        self._at = end + 1
        if isinstance(last, Scripts):
            return raised(inside, _read(seen(last.sup)))
        return inside

    def _function(self, part: Node, name: str) -> Reading:
        """Read a function with its parentheses, and its exponent if it has one."""
        self._at += 1
        name += self._take("'")
        behind = self._next
        if isinstance(behind, Fenced) and behind.left == "(":
            self._at += 1
            made = applied(name, seen(behind.body), _read)
        elif is_atom(behind, "("):
            end = closing(self._parts, self._at)
            made = applied(name, self._parts[self._at + 1 : end], _read)
            self._at = end + 1
        else:
            return _name(part)
        if isinstance(part, Scripts):
            if part.sub is not None or not is_number(next(iter(seen(part.sup)), None)):
                raise UnreadableError(f"{name} has scripts that no function has")
            return raised(made, _read(seen(part.sup)))
        return made


def _is_prime(part: Node | None) -> TypeGuard[Node]:
    """Tell whether a prime follows a letter, with the scripts of both."""
    return is_atom(part.base if isinstance(part, Scripts) else part, "'")


def _factorial(of: Reading) -> Reading:
    return lambda scene: factorial(of(scene))


def _function_name(part: Node) -> str:
    if isinstance(part, Word):
        return part.text
    sign = sign_of(part)
    return sign.text if sign.kind == "function" else ""


def _name(part: Node) -> Reading:
    r"""Read a letter such as \sigma that is no function where no parentheses follow."""
    if isinstance(part, Word):
        raise UnreadableError(f"{part.text} is no number")
    return _scripted(part) if isinstance(part, Scripts) else named(Symbol(part, None, None), _read)


def _scripted(part: Scripts) -> Reading:
    """Read a name with indices, or a power; what stands above a name may be a part of it."""
    base, sub, sup = part
    if isinstance(base, Formula | Scripts):
        inner = seen(base)
        if sub is None and is_atom(inner[0], "(") and closing(inner, 0) == len(inner) - 1:
            return raised(_read(inner), _read(seen(sup)))
        if len(inner) != 1 or sub is not None or (isinstance(inner[0], Scripts) and inner[0].sup):
            raise UnreadableError("a power has a base without parentheses")
        return raised(_read(inner), _read(seen(sup)))
    if not is_letter(base):
        if sub is not None or not (isinstance(base, Fenced) or is_number(base)):
            raise UnreadableError("a power has a base without parentheses")
        return raised(meaning(base, _read), _read(seen(sup)))
    return _letter(Symbol(base, sub, sup))


def _letter(symbol: Symbol) -> Reading:
    whole = named(symbol, _read)
    if symbol.sup is None:
        return whole
    entry, above = symbol._replace(sup=None), seen(symbol.sup)
    power: list[Reading] = []

    def value(scene: Scene) -> Array:
        if scene.names.has(symbol):
            return whole(scene)
        if entry == _EXPONENTIAL:
            return exponential(_read(above)(scene))
        if not power:
            power.append(raised(named(entry, _read), _read(above)))
        return power[0](scene)

    return value
