"""Equality of irrational numbers, decided by residues of the expressions that define them.

Digits cannot prove that two numbers are equal. What was computed from the same exponentials,
logarithms and roots by sums, products and quotients is equal if it is the same rational
function of them, and that is so if it has the same value modulo a large prime where each
of them is a random residue (Schwartz, 1980; Zippel, 1979): of unequal functions of degree
d this is true by chance once in 10^38/d. Of what is more than a rational function, three
laws are known here: exp(-z) = 1/exp(z), tanh(z) = (exp(2 z) - 1)/(exp(2 z) + 1), and
exp(z + log s) = s exp(z), by which a softmax sums to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from hashlib import blake2b

from symcnn.reference.enclosures.enclosure import Enclosure, Number

_PRIME = 2**127 - 1
_SUMMANDS = 1_000


def is_zero(number: Number) -> bool:
    """Tell whether a number is certainly 0."""
    if isinstance(number, Fraction):
        return not number
    if not number.has_zero:
        return False
    try:
        return residue(number) == 0
    except ValueError:  # a divisor is a multiple of the prime, which it never is
        return False


def residue(number: Number) -> int:
    """Return the residue of a number, after those of its operands."""
    waiting = [number]
    while waiting:
        top = waiting[-1]
        missing = [part for part in _parts(top) if part.residue is None]
        if missing:
            waiting += missing
            continue
        if isinstance(top, Enclosure):
            top.residue = _made(top)
        waiting.pop()
    return _known(number)


def _parts(number: Number) -> list[Enclosure]:
    if not isinstance(number, Enclosure) or number.residue is not None:
        return []
    return [part for part in number.made if isinstance(part, Enclosure)]


def _known(number: Number) -> int:
    if isinstance(number, Enclosure):
        assert number.residue is not None, "residues are found from the ground up"
        return number.residue
    return number.numerator * pow(number.denominator, -1, _PRIME) % _PRIME


def _made(number: Enclosure) -> int:
    """Return the residue of a number whose operands have theirs."""
    name, *operands = number.made
    if name == "+":
        return sum(map(_known, operands)) % _PRIME
    if name == "*":
        one, other = map(_known, operands)
        return one * other % _PRIME
    if name == "^":
        return pow(_known(operands[0]), operands[1], _PRIME)
    if name == "/":
        return pow(_known(operands[0]), -1, _PRIME)
    if name == "-":
        return -_known(operands[0]) % _PRIME
    return _function(name, operands)


def _function(name: str, operands: list[Number]) -> int:
    """Return the residue of a function's value: drawn, the same for the same argument."""
    if name == "exp":
        return _exponential(operands[0])
    if name == "expm1":
        return (_exponential(operands[0]) - 1) % _PRIME
    if name == "tanh":
        square = _exponential(operands[0] * Fraction(2))
        return (square - 1) * pow(square + 1, -1, _PRIME) % _PRIME
    if name == "log1p":
        return _drawn("log", _known(operands[0]) + 1)
    if name == "erfc":
        return (1 - _drawn("erf", _known(operands[0]))) % _PRIME
    if name == "number":  # pi and the like
        return _drawn(str(operands[0]))
    if name == "abs":
        found = _known(operands[0])
        return _drawn(name, min(found, _PRIME - found)) if found else 0
    return _drawn(name, *map(_known, operands))


def _exponential(z: Number) -> int:
    """Return e to a sum: the logarithms in it leave what they are of."""
    factor, rest = 1, 0
    for coefficient, part in _summands(z):
        inside = _inside_logarithm(part)
        if inside is not None and coefficient.denominator == 1:
            factor = factor * pow(inside, coefficient.numerator, _PRIME) % _PRIME
        else:
            rest += _known(coefficient) * _known(part)
    return factor * _power_of_e(rest % _PRIME) % _PRIME


def _inside_logarithm(number: Number) -> int | None:
    """Return the residue of the argument of a logarithm."""
    if not isinstance(number, Enclosure) or number.made[0] not in ("log", "log1p"):
        return None
    of = _known(number.made[1])
    return of + 1 if number.made[0] == "log1p" else of


def _power_of_e(exponent: int) -> int:
    if exponent == 0:
        return 1
    if exponent > _PRIME // 2:
        return pow(_drawn("exp", _PRIME - exponent), -1, _PRIME)
    return _drawn("exp", exponent)


def _summands(number: Number) -> Iterator[tuple[Fraction, Number]]:
    """Split a sum into multiples."""
    waiting: list[tuple[Fraction, Number]] = [(Fraction(1), number)]
    for _ in range(_SUMMANDS):
        if not waiting:
            return
        coefficient, top = waiting.pop()
        name, *operands = top.made if isinstance(top, Enclosure) else ("", None)
        rational = [part for part in operands if isinstance(part, Fraction)]
        if name == "+":
            waiting += [(coefficient, part) for part in operands]
        elif name == "-":
            waiting.append((-coefficient, operands[0]))
        elif name == "*" and rational:
            waiting.append((coefficient * rational[0], operands[0]))
        else:
            yield coefficient, top
    yield from waiting


def _drawn(name: str, *arguments: int) -> int:
    """Return a pseudorandom residue, the same every time."""
    text = repr((name, *(argument % _PRIME for argument in arguments))).encode()
    return int.from_bytes(blake2b(text, digest_size=20).digest(), "big") % _PRIME
