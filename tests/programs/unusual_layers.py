"""Layers from outside the package, whose equations no built-in layer has."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Piecewise, Rational, exp, log, sqrt, tanh

from symcnn import Layer, LogSumExp, Max, Parameter, define, index, sigmoid
from symcnn.network.layers.declarations import Auxiliary

U, V, W, L = (index(letter) for letter in "uvwl")


@dataclass(frozen=True)
class Swish(Layer):
    """y = x sigma(x): the function value is needed several times."""

    def forward(self, y, x):
        return (define(y[y.indices], x[x.indices] * sigmoid(x[x.indices])),)


@dataclass(frozen=True)
class LocalEnergy(Layer):
    """y[i] = sum over u of exp(-x[i + u - 1]^2) w[u] + x[i]: padding is not zero here."""

    def parameters(self, shape):
        return {"weight": Parameter((3,), "w", "u")}

    def forward(self, y, x, weight):
        (i,) = y.indices
        energy = exp(-(x[i + U - 1] ** 2)) * weight[U] + x[i]
        return (define(y[i], energy, over={i: y.shape[0]}),)


@dataclass(frozen=True)
class SoftWindow(Layer):
    """y[i] = log(sum over u of exp(w[0] x[i + u - 1])): of several weights the first is read."""

    def parameters(self, shape):
        return {"weight": Parameter((3,), "w", "u")}

    def forward(self, y, x, weight):
        (i,) = y.indices
        sizes = {i: y.shape[0], U: 3}
        return (define(y[i], weight[0] * x[i + U - 1], over=sizes, reduction=LogSumExp()),)


@dataclass(frozen=True)
class Autocorrelation(Layer):
    """y[k] = sum over i of x[i] x[i + k] + log(2 + x[k]^2): one tensor read three times."""

    def forward(self, y, x):
        (k,) = y.indices
        i = index("i") if k != index("i") else index("m")
        product = define(y[k], x[i] * x[i + k], over={k: y.shape[0], i: x.shape[0]})
        return product, define(y[k], log(2 + x[k] ** 2))


@dataclass(frozen=True)
class Spread(Layer):
    """y[2 i + u - 1] = sum of x[i] w[u]^2: a scattered target, cropped on both sides."""

    def output_shape(self, shape):
        return (2 * shape[0] - 1,)

    def parameters(self, shape):
        return {"weight": Parameter((3,), "w", "u")}

    def forward(self, y, x, weight):
        i = index("i")
        return (define(y[2 * i + U - 1], x[i] * weight[U] ** 2),)


@dataclass(frozen=True)
class MaxSpread(Layer):
    """y[i + u] = max of w[u] x[i]: several windows share the entries of a target."""

    ties: str = "first"

    def output_shape(self, shape):
        return (shape[0] + 1,)

    def parameters(self, shape):
        return {"weight": Parameter((2,), "w", "u")}

    def forward(self, y, x, weight):
        i = index("i")
        return (define(y[i + U], weight[U] * x[i], reduction=Max(self.ties)),)


@dataclass(frozen=True)
class MaxOfDifferences(Layer):
    """y[i] = max over u, v of 2 x[i + u - 1] - x[v]: guards that -inf padding cannot say."""

    ties: str = "first"

    def forward(self, y, x):
        (i,) = y.indices
        difference = 2 * x[i + U - 1] - x[V]
        over = {i: y.shape[0], U: 3, V: 2}
        return (define(y[i], difference, over=over, reduction=Max(self.ties)),)


@dataclass(frozen=True)
class Trace(Layer):
    """y[c] = sum over i of x[i, i, 1 - c]: a diagonal, read backwards."""

    def output_shape(self, shape):
        return (2,)

    def forward(self, y, x):
        (c,) = y.indices
        i = index("i") if c != index("i") else index("m")
        return (define(y[c], x[i, i, 1 - c], over={c: 2, i: min(x.shape[:2])}),)


@dataclass(frozen=True)
class Constant(Layer):
    """y[m] = b[m]: the input takes no part, so its derivative is 0."""

    def output_shape(self, shape):
        return (2,)

    def parameters(self, shape):
        return {"bias": Parameter((2,), "b", "m"), "unused": Parameter((3,), "w", "u")}

    def forward(self, y, x, bias, unused):
        (m,) = bias.indices
        return (define(y[m], bias[m]),)


@dataclass(frozen=True)
class Volume(Layer):
    """y[a, b, c, k] = sum of w[u, v, w, l, k] x[s a + u, b + v, c + w, l]: three axes."""

    stride: int = 1

    def output_shape(self, shape):
        return ((shape[0] - 2) // self.stride + 1, shape[1] - 1, shape[2] - 1, 3)

    def parameters(self, shape):
        return {"weight": Parameter((2, 2, 2, shape[3], 3), "w", "uvwlk")}

    def forward(self, y, x, weight):
        a, b, c, k = y.indices
        inside = self.stride * a + U, b + V, c + W
        over = {U: 2, V: 2, W: 2, L: weight.shape[3]}
        return (define(y[a, b, c, k], weight[U, V, W, L, k] * x[(*inside, L)], over=over),)


@dataclass(frozen=True)
class Bilinear(Layer):
    """y[m] = sum over i, j of w[m, i, j] x[i] x[j]: three factors."""

    def output_shape(self, shape):
        return (4,)

    def parameters(self, shape):
        return {"weight": Parameter((4, *shape, *shape), "w", "mij")}

    def forward(self, y, x, weight):
        (m,) = y.indices
        over = {V: x.shape[0], W: x.shape[0]}
        return (define(y[m], weight[m, V, W] * x[V] * x[W], over=over),)


@dataclass(frozen=True)
class FixedNorm(Layer):
    """y[..., k] = w[k] (x[..., k] - mean_k) / sqrt(variance_k) + b[k]: numbers by channel."""

    mean: tuple = (Rational(3, 10), Rational(-1, 5))
    variance: tuple = (2, Rational(9, 4))

    def parameters(self, shape):
        learned = Parameter((shape[-1],), "w", "k"), Parameter((shape[-1],), "b", "k")
        return dict(zip(("weight", "bias"), learned, strict=True))

    def forward(self, y, x, weight, bias):
        *at, _ = y.indices
        return tuple(
            define(y[*at, k], weight[k] * (x[*at, k] - mean) / sqrt(variance) + bias[k])
            for k, (mean, variance) in enumerate(zip(self.mean, self.variance, strict=True))
        )


@dataclass(frozen=True)
class MovingNorm(FixedNorm):
    """The same with mean and variance as constants, each number an equation."""

    def auxiliaries(self, shape):
        constant = Auxiliary((shape[-1],), "m", "k", sampled=False, constant=True)
        return {"mean": constant, "variance": constant}

    def forward(self, y, x, weight, bias, mean, variance):
        k = y.indices[-1]
        given = zip((mean, variance), (self.mean, self.variance), strict=True)
        numbers = [define(to[n], v) for to, values in given for n, v in enumerate(values)]
        scaled = (x[y.indices] - mean[k]) / sqrt(variance[k])
        return (*numbers, define(y[y.indices], weight[k] * scaled + bias[k]))


@dataclass(frozen=True)
class Dropped(Layer):
    """y[i] = 2 x[i] for what is kept, and 0 for the others, which have no equation."""

    kept: tuple = (0, 2)

    def forward(self, y, x):
        return tuple(define(y[i], 2 * x[i]) for i in self.kept)


@dataclass(frozen=True)
class Masked(Layer):
    """y[i] = mask[i] x[i], the mask a constant."""

    def auxiliaries(self, shape):
        return {"mask": Auxiliary(shape, "m", "i", sampled=False, constant=True)}

    def forward(self, y, x, mask):
        (i,) = y.indices
        return define(mask[0], 2), define(mask[2], 2), define(y[i], mask[i] * x[i])


@dataclass(frozen=True)
class Upsampled(Layer):
    """Twice as many entries, each a quarter and three quarters of the two next to it."""

    def output_shape(self, shape):
        return (2 * shape[0],)

    def forward(self, y, x):
        i, n = index("i"), x.shape[0]
        near, far = Rational(3, 4), Rational(1, 4)
        inner = [define(y[2 * i + side], near * x[i]) for side in (0, 1)]
        inner += [define(y[2 * i + s], far * x[i + 2 * s - 1], over={i: n}) for s in (0, 1)]
        return (*inner, define(y[0], far * x[0]), define(y[2 * n - 1], far * x[n - 1]))


@dataclass(frozen=True)
class Bilinearly(Layer):
    """An image of twice the size: every entry has an equation of its own."""

    def output_shape(self, shape):
        return (2 * shape[0], 2 * shape[1], shape[2])

    def forward(self, y, x):
        c, (height, width, _) = index("c"), x.shape
        return tuple(
            define(y[r, s, c], sum(a * b * x[p, q, c] for p, a in rows for q, b in columns))
            for r, rows in enumerate(map(_taps, range(2 * height), [height] * 2 * height))
            for s, columns in enumerate(map(_taps, range(2 * width), [width] * 2 * width))
        )


def _taps(at, size):
    """Return the two places that an entry is between, with their shares."""
    near, far = at // 2, at // 2 + (1 if at % 2 else -1)
    shares = ((near, Rational(3, 4)), (far, Rational(1, 4)))
    return [(min(max(place, 0), size - 1), share) for place, share in shares]


@dataclass(frozen=True)
class Reflected(Layer):
    """y = x_3 x_2 x_1 x_2 ... with the border turned over on both sides."""

    def output_shape(self, shape):
        return (shape[0] + 4,)

    def forward(self, y, x):
        i, n = index("i"), x.shape[0]
        before = define(y[2 - i], x[i], inside=[(i - 1, 2)])
        behind = define(y[2 * n - i], x[i], inside=[(n - 2 - i, 2)])
        return define(y[i + 2], x[i]), before, behind


@dataclass(frozen=True)
class Repeated(Layer):
    """y = x_1 x_1 x_1 x_2 ... with the border repeated on both sides."""

    def output_shape(self, shape):
        return (shape[0] + 4,)

    def forward(self, y, x):
        i, n = index("i"), x.shape[0]
        before = define(y[U], x[0], over={U: 2})
        behind = define(y[n + 2 + U], x[n - 1], over={U: 2})
        return define(y[i + 2], x[i]), before, behind


@dataclass(frozen=True)
class Around(Layer):
    """y[i] = x[i + 1] x[i], the last entry before the first: a circle."""

    def forward(self, y, x):
        (i,), n = y.indices, x.shape[0]
        return define(y[i], x[i + 1] * x[i]), define(y[n - 1], x[0] * x[n - 1])


@dataclass(frozen=True)
class Cumulative(Layer):
    """y[i] = sum of x[v] over v <= i: a guard that is no window."""

    def forward(self, y, x):
        (i,) = y.indices
        return (define(y[i], x[V], inside=[(i - V, x.shape[0])]),)


@dataclass(frozen=True)
class First(Layer):
    """y[i] = x[i]^2 + x[0]: one entry is read by all."""

    def forward(self, y, x):
        (i,) = y.indices
        return define(y[i], x[i] ** 2), define(y[i], x[0])


@dataclass(frozen=True)
class Range(Layer):
    """y[i] = max over u of x[i + u - 1] + max over u of -x[i + u - 1]: two maxima are added."""

    def auxiliaries(self, shape):
        return {key: Auxiliary(shape, "m", "i") for key in ("largest", "opposite")}

    def forward(self, y, x, largest, opposite):
        (i,) = y.indices
        over = {i: y.shape[0], U: 3}
        maxima = (
            define(to[i], sign * x[i + U - 1], over=over, reduction=Max())
            for to, sign in ((largest, 1), (opposite, -1))
        )
        return (*maxima, define(y[i], largest[i] + opposite[i]))


@dataclass(frozen=True)
class Cases(Layer):
    """y = x for x > 0, else exp(x) - 1: cases that are no polynomials."""

    def forward(self, y, x):
        (i,) = y.indices
        z = x[i]
        return (define(y[i], Piecewise((z, z > 0), (exp(z) - 1, True))),)


@dataclass(frozen=True)
class Diagonal(Layer):
    """y[j, j] = tanh(x[j]) + 1: a diagonal is written, the rest has no equation."""

    def output_shape(self, shape):
        return (2, shape[0])

    def forward(self, y, x):
        j = index("j")
        always = [(j * 0, 3)]
        return define(y[j, j], tanh(x[j]), over={j: 2}, inside=always), define(y[0, j], x[0])


@dataclass(frozen=True)
class Late(Layer):
    """y[i] = sum of w[u] x[i + u + 2]: the first window begins behind the first entry."""

    def output_shape(self, shape):
        return (shape[0] - 3,)

    def parameters(self, shape):
        return {"weight": Parameter((2,), "w", "u")}

    def forward(self, y, x, weight):
        (i,) = y.indices
        return (define(y[i], weight[U] * x[i + U + 2], over={i: y.shape[0], U: 2}),)


@dataclass(frozen=True)
class Nowhere(Layer):
    """y[i] = x[i]^2 and terms that would all be read outside of x."""

    def forward(self, y, x):
        (i,) = y.indices
        outside = define(y[i], tanh(x[i + 9]), over={i: y.shape[0]})
        return define(y[i], x[i] ** 2), outside


@dataclass(frozen=True)
class OfOne(Layer):
    """y[0] = max of w[0] x[1], of one term, plus the logarithm of the exponential of a number."""

    def output_shape(self, shape):
        return (1,)

    def parameters(self, shape):
        return {"weight": Parameter((3,), "w", "u")}

    def auxiliaries(self, shape):
        return {key: Auxiliary((1,), "m", "i") for key in ("largest", "number")}

    def forward(self, y, x, weight, largest, number):
        return (
            define(largest[0], weight[U] * x[1 - U], over={U: 1}, reduction=Max()),
            define(number[0], Rational(1, 2), reduction=LogSumExp()),
            define(y[0], largest[0] + number[0]),
        )
