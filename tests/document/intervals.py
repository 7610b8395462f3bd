"""Arithmetic on intervals: what can come out where numbers are known but for rounding."""

import math
from collections.abc import Callable, Sequence

Interval = tuple[float, float]


def plus(*parts: Interval) -> Interval:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def scaled(sign: int, part: Interval) -> Interval:
    return part if sign == 1 else (-part[1], -part[0])


def times(*parts: Interval) -> Interval:
    made = (1.0, 1.0)
    for part in parts:
        corners = [a * b for a in made for b in part]
        made = min(corners), max(corners)
    return made


def to_the(base: Interval, exponent: Interval) -> Interval:
    power, _ = exponent
    if power < 0 and base[0] <= 0 <= base[1]:
        raise ZeroDivisionError(f"division by {base}")
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


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def normal_cdf(z: float) -> float:
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
    """Return a - b; floats that stand for equal numbers differ in their last digits."""
    least = 1e-12 * max(map(abs, (*a, *b)))
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
    r"\mid": divides,
}

FUNCTIONS = {
    r"\sigma": sigmoid,
    r"\Phi": normal_cdf,
    r"\tanh": math.tanh,
    r"\log": math.log,
}
