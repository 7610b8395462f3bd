"""Arithmetic on intervals: what can come out where numbers are known but for rounding.

Ends are floats, or numbers of mpmath: then functions are mpmath's, to its precision.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import mpmath

Interval = tuple[float, float]

NEAR, NEARER = 1e-12, mpmath.mpf(10) ** -40
"""Floats that stand for equal numbers are as far apart, relative to them; mpmath's are less."""


def plus(*parts: Interval) -> Interval:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def scaled(sign: int, part: Interval) -> Interval:
    return part if sign == 1 else (-part[1], -part[0])


def times(*parts: Interval) -> Interval:
    made = (1.0, 1.0)
    for part in parts:
        corners = [a * b if a and b else 0.0 for a in made for b in part]  # 0 times infinity, too
        made = min(corners), max(corners)
    return made


def to_the(base: Interval, exponent: Interval) -> Interval:
    power, _ = exponent
    if power < 0 and base[0] <= 0 <= base[1]:
        if base[0] == base[1]:
            raise ZeroDivisionError(f"division by {[*map(float, base)]}")
        return -math.inf, math.inf
    corners = [end**power for end in base]
    lowest = 0.0 if base[0] < 0 < base[1] and power % 2 == 0 else min(corners)
    return lowest, max(corners)


def rising(function: Callable[[float], float], part: Interval) -> Interval:
    return function(part[0]), function(part[1])


def extremal(choose: Callable[..., float], parts: Sequence[Interval]) -> Interval:
    return choose(low for low, _ in parts), choose(high for _, high in parts)


def settled(value: float) -> float:
    """Return the whole number that rounding alone keeps a value from: 7/3 - 1/3 is 2."""
    nearest = round(value)
    return float(nearest) if abs(value - nearest) < 1e-9 else value


def near(*numbers: float) -> float:
    """Return how far apart equal numbers of this kind may be, relative to them."""
    return NEARER if any(isinstance(n, mpmath.mpf) for n in numbers) else NEAR


def like(part: Fraction, number: float) -> float:
    """Return a fraction as a number of the kind of another one."""
    if isinstance(number, mpmath.mpf):
        return mpmath.mpf(part.numerator) / part.denominator
    return float(part)


def called(name: str) -> Callable[[float], float]:
    """Return a function that both ``math`` and ``mpmath`` have."""
    return lambda z: getattr(mpmath if isinstance(z, mpmath.mpf) else math, name)(z)


exp = called("exp")


def log(z: float) -> float:
    """Return the logarithm; mpmath knows complex ones."""
    if z <= 0:
        raise ValueError(f"log of {float(z)}")
    return called("log")(z)


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z)) if z > 0 else exp(z) / (1 + exp(z))


def normal_cdf(z: float) -> float:
    if isinstance(z, mpmath.mpf):
        return mpmath.ncdf(z)
    return math.erfc(-z / math.sqrt(2)) / 2


def either(surely: bool, perhaps: bool) -> Interval:
    """Return 1 for what is so, 0 for what is not, and both for what is not known."""
    return float(surely), float(perhaps)


def at_least(a: Interval, b: Interval) -> Interval:
    return either(difference(a, b)[0] >= 0, difference(a, b)[1] >= 0)


def more(a: Interval, b: Interval) -> Interval:
    return either(difference(a, b)[0] > 0, difference(a, b)[1] > 0)


def equal(a: Interval, b: Interval) -> Interval:
    low, high = difference(a, b)
    return either(low == high == 0, low <= 0 <= high)


def difference(a: Interval, b: Interval) -> Interval:
    """Return a - b; numbers that stand for equal ones differ in their last digits."""
    least = near(*a, *b) * max(map(abs, (*a, *b)))
    low, high = a[0] - b[1], a[1] - b[0]
    return low if abs(low) > least else 0.0, high if abs(high) > least else 0.0


def divides(a: Interval, b: Interval) -> Interval:
    return either(*[b[0] % a[0] == 0] * 2)


COMPARED = {
    r"\geq": at_least,
    r"\leq": lambda a, b: at_least(b, a),
    ">": more,
    "<": lambda a, b: more(b, a),
    "=": equal,
    r"\neq": lambda a, b: plus((1.0, 1.0), scaled(-1, equal(a, b))),
    r"\mid": divides,
}

FUNCTIONS = {
    r"\sigma": sigmoid,
    r"\Phi": normal_cdf,
    r"\tanh": called("tanh"),
    r"\cos": called("cos"),
    r"\sin": called("sin"),
    r"\log": log,
    r"\operatorname{erf}": called("erf"),
}
