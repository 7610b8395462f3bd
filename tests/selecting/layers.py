"""Layers and losses with quotients, remainders, tables, products and other samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Rational, sin

import symcnn as sc
from symcnn import define, index

U, V = index("u"), index("v")


@dataclass(frozen=True)
class Circular(sc.Layer):
    """y[i, k] = sum of w[u, c, k] x[(s i + d u - p) mod H, c]."""

    kernel: int = 3
    stride: int = 1
    dilation: int = 1
    padding: int = 1

    axes: ClassVar = "ik"

    def output_shape(self, shape):
        return ((shape[0] - 1) // self.stride + 1, 2)

    def parameters(self, shape):
        return {"weight": sc.Parameter((self.kernel, shape[1], 2), "w", "uck")}

    def forward(self, y, x, weight):
        (i, k), c = y.indices, index("c")
        read = (self.stride * i + self.dilation * U - self.padding) % x.shape[0]
        over = {U: self.kernel, c: x.shape[1]}
        return define(y[i, k], weight[U, c, k] * x[read, c], over=over)


@dataclass(frozen=True)
class Nearest(sc.Layer):
    """y[i, c] = x[floor(i / factor), c]."""

    factor: int = 2

    def output_shape(self, shape):
        return (self.factor * shape[0], shape[1])

    def forward(self, y, x):
        i, c = y.indices
        return define(y[i, c], x[i // self.factor, c])


@dataclass(frozen=True)
class CircularMaximum(sc.Layer):
    """y[i, c] = the largest of x[(i + u) mod H, c]."""

    def forward(self, y, x):
        i, c = y.indices
        return define(y[i, c], x[(i + U) % x.shape[0], c], over={U: 3}, reduction=sc.Max())


@dataclass(frozen=True)
class Unpool(sc.Layer):
    """y[places[i], c] is the sum of all x[i, c] with that place."""

    supplied: ClassVar = {"places": ""}
    length: int = 6

    def output_shape(self, shape):
        return (self.length, shape[1])

    def givens(self, shape):
        return {"places": sc.Given((shape[0],), "p", "i", sampled=True)}

    def forward(self, y, x, places):
        _, c = y.indices
        i = index("i")
        return define(y[places[i], c], x[i, c], over={i: x.shape[0]})


@dataclass(frozen=True)
class ShortCircular(sc.Layer):
    """y[i, c] = mean over u of x[(i + u) mod 3, c], of an x that is longer."""

    def forward(self, y, x):
        i, c = y.indices
        return define(y[i, c], x[(i + U) % 3, c], over={U: 2}, reduction=sc.Mean())


@dataclass(frozen=True)
class EveryOther(sc.Layer):
    """y[i, c] = x[i, c] where i is odd and floor(i/4) is 0; it is 0 elsewhere."""

    def forward(self, y, x):
        i, c = y.indices
        return define(y[i, c], x[i, c], inside=[((i + 1) % 2, 1), (i // 4, 1)])


@dataclass(frozen=True)
class Multiplied(sc.Layer):
    """y[i, c] = x[i, c] x[i + 1, c] x[i + 2, c]."""

    def output_shape(self, shape):
        return (shape[0] - 2, shape[1])

    def forward(self, y, x):
        i, c = y.indices
        return define(y[i, c], x[i + U, c], over={U: 3}, reduction=sc.Product())


@dataclass(frozen=True)
class Encoded(sc.Layer):
    """y[i, c] = x[i, c] + sin(i / 10^(c / C))."""

    def auxiliaries(self, shape):
        return {"encoding": sc.Auxiliary(shape, "E", "ic", sampled=False, constant=True)}

    def forward(self, y, x, encoding):
        (i, c), (length, channels) = y.indices, x.shape
        power = -sc.positions(channels)[c] / channels
        angle = sc.positions(length)[i] * Rational(10) ** power
        return (
            define(encoding[i, c], sin(angle)),
            define(y[i, c], x[i, c] + encoding[i, c]),
        )


@dataclass(frozen=True)
class Contrastive(sc.Loss):
    """L = mean over n of log(sum over m of exp(s[n, m])) - s[n, n], s[n, m] = y_n . t_m."""

    def share(self, samples):
        return Rational(1, samples)

    def auxiliaries(self, y):
        similarity = sc.Auxiliary((y.samples,), "s", "m")
        return {"similarity": similarity, "normaliser": sc.Auxiliary((1,), "ell", "o")}

    def forward(self, loss, y, target, similarity, normaliser):
        (k,), m = y.indices, sc.OTHER_SAMPLE
        products = y[k] * target.of_sample(m, k)
        return (
            define(similarity[m], products, over={m: y.samples}),
            define(normaliser[0], similarity[m], reduction=sc.LogSumExp()),
            define(loss[0], normaliser[0] - similarity[sc.OWN_SAMPLE]),
        )


@dataclass(frozen=True)
class LabelCrossEntropy(sc.Loss):
    """L = log(sum over k of exp(y[k])) - y[label], the label a whole number."""

    supplied: ClassVar = {"label": ""}
    given: ClassVar = None

    def share(self, samples):
        return Rational(1, samples)

    def givens(self, y):
        return {"label": sc.Given((1,), "c", "o", sampled=True)}

    def auxiliaries(self, y):
        return {"normaliser": sc.Auxiliary((1,), "ell", "o")}

    def forward(self, loss, y, target, label, normaliser):
        (k,) = y.indices
        return (
            define(normaliser[0], y[k], reduction=sc.LogSumExp()),
            define(loss[0], normaliser[0]),
            define(loss[0], -y[label[0]]),
        )
