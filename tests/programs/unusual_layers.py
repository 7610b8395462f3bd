"""Layers from outside the package, whose equations no built-in layer has."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import exp, log

from symcnn import Layer, Max, Parameter, define, index, sigmoid

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
