"""Networks of an activation and a loss in mpmath, by the formulas of a textbook.

Nothing of symcnn is used. Derivatives are those of numbers with slopes, (a + a' e)(b + b' e) with
e^2 = 0, whose functions have the slopes of a table of derivatives.
"""

from collections.abc import Callable, Sequence

import mpmath
from mpmath import mp, mpf, pi, sqrt

DIGITS = 100
"""The digits of numbers near 1; as many more as tanh(z) needs to be told from 1."""


UNCERTAIN = 15


class Sloped:
    """A number, and its slopes with respect to several others."""

    def __init__(self, value, slopes):
        self.value, self.slopes = value, slopes

    def along(self, value, slope):
        """Return a function's value, which grows slope times as fast."""
        return Sloped(value, [slope * s for s in self.slopes])

    def __add__(self, other):
        other = sloped(other, self)
        return Sloped(self.value + other.value, _each(self.slopes, other.slopes))

    def __mul__(self, other):
        other = sloped(other, self)
        first, second = self.along(0, other.value), other.along(0, self.value)
        return Sloped(self.value * other.value, _each(first.slopes, second.slopes))

    def __pow__(self, n):
        return self.along(self.value**n, n * self.value ** (n - 1))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * sloped(other, self) ** -1

    def __rtruediv__(self, other):
        return other * self**-1

    def __abs__(self):
        return self if self.value > 0 else -self

    def __lt__(self, other):
        return self.value < sloped(other, self).value

    def __gt__(self, other):
        return self.value > sloped(other, self).value

    def __le__(self, other):
        return not self > other

    __radd__, __rmul__ = __add__, __mul__


def sloped(number, like):
    """Return a number that does not move."""
    return (
        number if isinstance(number, Sloped) else Sloped(mpf(number), [mpf(0)] * len(like.slopes))
    )


def _each(first, second):
    return [a + b for a, b in zip(first, second, strict=True)]


Vector = Sequence[Sloped]


def exp(z):
    made = mpmath.exp(z.value)
    return z.along(made, made)


def log(z):
    if isinstance(z, mpf):
        return mpmath.log(z)
    if not z.value > 0:
        raise ValueError
    return z.along(mpmath.log(z.value), 1 / z.value)


def tanh(z):
    return z.along(mpmath.tanh(z.value), mpmath.sech(z.value) ** 2)


def erfc(z):
    slope = -2 / sqrt(pi) * mpmath.exp(-(z.value**2))
    return z.along(mpmath.erfc(z.value), slope)


def entrywise(function: Callable[[mpf], mpf]) -> Callable[[Vector], Vector]:
    """Return a function of vectors."""
    return lambda x: [function(z) for z in x]


def sigma(z):
    return 1 / (1 + exp(-z))


def softmax(x):
    powers = [exp(z) for z in x]
    return [power / sum(powers) for power in powers]


def log_softmax(x):
    return [z - log(sum(exp(y) for y in x)) for z in x]


def clip(z, low, high):
    """Return the nearest number between two bounds; at a bound, it does not move."""
    return z if low < z < high else sloped(low if z <= low else high, z)


ACTIVATIONS = {
    "sigmoid": entrywise(sigma),
    "tanh": entrywise(tanh),
    "softmax": softmax,
    "log_softmax": log_softmax,
    "softplus": entrywise(lambda z: log(1 + exp(z))),
    "silu": entrywise(lambda z: z * sigma(z)),
    "mish": entrywise(lambda z: z * tanh(log(1 + exp(z)))),
    "gelu": entrywise(lambda z: z * erfc(-z / sqrt(mpf(2))) / 2),
    "gelu by tanh": entrywise(
        lambda z: z * (1 + tanh(sqrt(2 / pi) * (z + mpf("0.044715") * z**3))) / 2
    ),
    "elu": entrywise(lambda z: z if z > 0 else exp(z) - 1),
    "relu": entrywise(lambda z: clip(z, 0, mp.inf)),
    "leaky_relu": entrywise(lambda z: z if z > 0 else z / 100),
    "relu6": entrywise(lambda z: clip(z, 0, 6)),
    "clip": entrywise(lambda z: clip(z, -1, 1)),
    "hard_sigmoid": entrywise(lambda z: clip(z + 3, 0, 6) / 6),
    "hard_swish": entrywise(lambda z: z * clip(z + 3, 0, 6) / 6),
    "scale": list,
}


def summed(term: Callable[[mpf, mpf], mpf]) -> Callable[[Vector, Vector], mpf]:
    """Return a loss that adds up a term of every output and its target."""
    return lambda y, t: sum(term(*pair) for pair in zip(y, t, strict=True))


def binary(y, t):
    return -t * log(y) - (1 - t) * log(1 - y)


def focal(y, t):
    return -t * (1 - y) ** 2 * log(y) - (1 - t) * y**2 * log(1 - y)


def huber(y, t):
    error = abs(t - y)
    return error**2 / 2 if error <= 1 else error - mpf(1) / 2


def dice(y, t):
    common, every = sum(a * b for a, b in zip(y, t, strict=True)), sum(y) + sum(t)
    return 1 - (2 * common + 1) / (every + 1)


def smoothed(t, share, classes):
    return [(1 - share) * part + share / classes for part in t]


LOSSES = {
    "binary_cross_entropy": summed(binary),
    "cross_entropy": summed(lambda y, t: -t * log(y)),
    "half_squared_error": summed(lambda y, t: (t - y) ** 2 / 2),
    "squared_error": summed(lambda y, t: (t - y) ** 2),
    "mean_squared_error": lambda y, t: (
        sum((b - a) ** 2 for a, b in zip(y, t, strict=True)) / len(y)
    ),
    "focal": summed(focal),
    "kl_divergence": summed(lambda y, t: t * log(t) - t * log(y)),
    "softmax_cross_entropy": lambda y, t: LOSSES["cross_entropy"](softmax(y), t),
    "softmax_cross_entropy, smoothed": lambda y, t: (
        -sum(a * b for a, b in zip(smoothed(t, mpf(1) / 10, 3), log_softmax(y), strict=True))
    ),
    "huber": summed(huber),
    "hinge": summed(lambda y, t: clip(1 - t * y, 0, mp.inf)),
    "dice": dice,
    "sum": lambda y, t: sum(y),
    "upstream": summed(lambda y, t: t * y),
}


ADDED = ("sum", "upstream")
"""The losses that are summed over samples."""


def due(activation: str, loss: str, samples, target):
    """Return the loss, outputs, dL/dx and dL/dy; None where one has no value.

    The loss is the mean over the samples, each of which has the same target, or their sum.
    """
    function, measure = ACTIVATIONS[activation], LOSSES[loss]
    count = 1 if loss in ADDED else len(samples)
    digits = DIGITS + round(max(abs(z) for x in samples for z in x))
    with mp.workdps(digits):
        target = [mpf(t) for t in target]
        try:
            outputs = [function(_moving(x)) for x in samples]
            losses = [measure(y, target) for y in outputs]
            behind = [measure(_moving([entry.value for entry in y]), target) for y in outputs]
        except (ValueError, ZeroDivisionError):
            return None
        made = sum(each.value for each in losses) / count
        values = [entry.value for y in outputs for entry in y]
        slopes = [s / count for part in (losses, behind) for each in part for s in each.slopes]
        nothing = mpf(10) ** (UNCERTAIN - digits)  # 0, but for rounding
        return [n if abs(n) > nothing else mpf(0) for n in (made, *values, *slopes)]


def _moving(x):
    """Return numbers of which each moves by itself."""
    return [Sloped(mpf(z), [mpf(n == place) for n in range(len(x))]) for place, z in enumerate(x)]
