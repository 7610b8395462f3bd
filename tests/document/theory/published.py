"""Layers that papers, pages and repositories define, each in a few lines."""

from dataclasses import dataclass
from typing import ClassVar

from sympy import Abs, log, sqrt

import symcnn as sc
from symcnn import LogSumExp, Mean, define, index, positions, relu, sigmoid

K, N, F = (sc.size(letter) for letter in "KNF")
r = sc.real("rho", is_positive=True)


@dataclass(frozen=True)
class SwiGLU(sc.Layer):
    """y = u g sigma(g)."""

    def joined_shape(self, shapes):
        if len(shapes) != 2:
            raise sc.SymcnnError("give two inputs")
        return shapes[0]

    def join(self, y, xs):
        u, g = (x[y.indices] for x in xs)
        return (define(y[y.indices], u * g * sigmoid(g)),)


@dataclass(frozen=True)
class LogSumExpPool(sc.Layer):
    """p = log(mean of exp(rho x)) / rho over windows of K entries."""

    window: int = K
    sharpness: float = r

    axes: ClassVar[str] = "ic"

    def output_shape(self, shape):
        return (shape[0] - self.window + 1, shape[1])

    def auxiliaries(self, shape):
        return {"logarithms": sc.Auxiliary(self.output_shape(shape), "l", "ic")}

    def forward(self, y, x, logarithms):
        (i, c), u = y.indices, index("u")
        term = self.sharpness * x[i + u, c]
        whole = define(logarithms[i, c], term, over={u: self.window}, reduction=LogSumExp())
        return whole, define(y[i, c], (logarithms[i, c] - log(self.window)) / self.sharpness)


@dataclass(frozen=True)
class GeneralizedMean(sc.Layer):
    """e_c = (mean over u of x_uc^p)^(1/p) with a learned p, for positive x."""

    axes: ClassVar[str] = "c"

    def output_shape(self, shape):
        return shape[1:]

    def parameters(self, shape):
        return {"exponent": sc.Parameter((1,), "p", "o")}

    def auxiliaries(self, shape):
        return {"means": sc.Auxiliary(shape[1:], "m", "c")}

    def forward(self, y, x, exponent, means):
        (c,), u, p = y.indices, index("u"), exponent[0]
        mean = define(means[c], x[u, c] ** p, reduction=Mean())
        return mean, define(y[c], means[c] ** (1 / p))


@dataclass(frozen=True)
class ResponseNorm(sc.Layer):
    """b_i = a_i (k + alpha/n sum of a_j^2)^(-beta), over j from i - R to i + R."""

    radius: int = sc.size("R")
    alpha: float = sc.real("alpha", is_positive=True)
    beta: float = sc.real("beta", is_positive=True)
    k: float = sc.real("kappa", is_positive=True)

    axes: ClassVar[str] = "i"

    def auxiliaries(self, shape):
        return {"scale": sc.Auxiliary(shape, "s", "i")}

    def forward(self, y, x, scale):
        (i,), u, n = y.indices, index("u"), 2 * self.radius + 1
        squares = define(scale[i], self.alpha / n * x[i + u - self.radius] ** 2, over={u: n})
        return define(scale[i], self.k), squares, define(y[i], x[i] * scale[i] ** -self.beta)


@dataclass(frozen=True)
class GatedConv(sc.Layer):
    """h = (x * w + b) sigma(x * v + c) along a sequence."""

    filters: int = F
    taps: int = K

    axes: ClassVar[str] = "ik"

    def output_shape(self, shape):
        return (shape[0] - self.taps + 1, self.filters)

    def parameters(self, shape):
        kernel, bias = (self.taps, shape[1], self.filters), (self.filters,)
        return {
            "weight": sc.Parameter(kernel, "w", "uck"),
            "gate_weight": sc.Parameter(kernel, "v", "uck"),
            "bias": sc.Parameter(bias, "b", "k"),
            "gate_bias": sc.Parameter(bias, "d", "k"),
        }

    def auxiliaries(self, shape):
        letters = {"values": "a", "gates": "s"}
        return {n: sc.Auxiliary(self.output_shape(shape), s, "ik") for n, s in letters.items()}

    def forward(self, y, x, weight, gate_weight, bias, gate_bias, values, gates):
        (i, k), u, c = y.indices, index("u"), index("c")
        parts = ((values, weight, bias), (gates, gate_weight, gate_bias))
        sums = (define(s[i, k], w[u, c, k] * x[i + u, c]) for s, w, _ in parts)
        biases = (define(s[i, k], b[k]) for s, _, b in parts)
        return *sums, *biases, define(y[i, k], values[i, k] * sigmoid(gates[i, k]))


@dataclass(frozen=True)
class FactorizationMachine(sc.Layer):
    """y = b + sum w_i x_i + sum over f of ((sum v_if x_i)^2 - sum v_if^2 x_i^2) / 2."""

    factors: int = F

    axes: ClassVar[str] = "o"

    def output_shape(self, shape):
        return (1,)

    def parameters(self, shape):
        shapes = {"bias": (1,), "weight": shape, "factors": (*shape, self.factors)}
        pairs = zip("bwv", shapes.items(), strict=True)
        return {n: sc.Parameter(s, letter, "qf"[: len(s)]) for letter, (n, s) in pairs}

    def auxiliaries(self, shape):
        return {"sums": sc.Auxiliary((self.factors,), "s", "f")}

    def forward(self, y, x, bias, weight, factors, sums):
        i, f, v = index("q"), index("f"), factors
        squares = (sums[f] ** 2 / 2, -(v[i, f] ** 2) * x[i] ** 2 / 2)
        terms = (bias[0], weight[i] * x[i], *squares)
        return define(sums[f], v[i, f] * x[i]), *(define(y[0], term) for term in terms)


@dataclass(frozen=True)
class WeightNormDense(sc.Layer):
    """y_m = g_m (v_m . x) / |v_m|."""

    units: int = N

    axes: ClassVar[str] = "m"

    def output_shape(self, shape):
        return (self.units,)

    def parameters(self, shape):
        direction = sc.Parameter((self.units, *shape), "v", "mq")
        return {"direction": direction, "gain": sc.Parameter((self.units,), "gamma", "m")}

    def auxiliaries(self, shape):
        letters = {"squared_norms": "n", "products": "a"}
        return {n: sc.Auxiliary((self.units,), s, "m") for n, s in letters.items()}

    def forward(self, y, x, direction, gain, squared_norms, products):
        (m,), q, v, n = y.indices, index("q"), direction, squared_norms
        made = define(n[m], v[m, q] ** 2), define(products[m], v[m, q] * x[q])
        return *made, define(y[m], gain[m] * products[m] / sqrt(n[m]))


@dataclass(frozen=True)
class GlobalResponseNorm(sc.Layer):
    """y = gamma x n + beta + x, n_c = |x_c| / (mean of |x_c| + epsilon)."""

    epsilon: float = sc.real("varepsilon", is_positive=True)

    axes: ClassVar[str] = "ic"

    def parameters(self, shape):
        letters = {"weight": "gamma", "bias": "beta"}
        return {n: sc.Parameter(shape[1:], s, "c") for n, s in letters.items()}

    def auxiliaries(self, shape):
        letters = {"squared_norms": "q", "norms": "n"}
        made = {n: sc.Auxiliary(shape[1:], s, "c") for n, s in letters.items()}
        return made | {"mean_norm": sc.Auxiliary((1,), "m", "o")}

    def forward(self, y, x, weight, bias, squared_norms, norms, mean_norm):
        (i, c), r = y.indices, index("r")
        made = define(squared_norms[c], x[r, c] ** 2), define(norms[c], sqrt(squared_norms[c]))
        mean = define(mean_norm[0], norms[c], reduction=Mean())
        scaled = weight[c] * x[i, c] * norms[c] / (mean_norm[0] + self.epsilon)
        return *made, mean, define(y[i, c], scaled + bias[c] + x[i, c])


@dataclass(frozen=True)
class DeformableConv(sc.Layer):
    """y_i = sum over u of w_u x(i + u + o_iu), x(p) = sum over r of max(0, 1 - |p - r|) x_r.

    The formula for the derivative with respect to o_iu holds where i + u + o_iu is not an integer.
    """

    taps: int = K

    axes: ClassVar[str] = "i"

    def output_shape(self, shape):
        return (shape[0] - self.taps + 1,)

    def parameters(self, shape):
        offsets = sc.Parameter((*self.output_shape(shape), self.taps), "o", "iu")
        return {"weight": sc.Parameter((self.taps,), "w", "u"), "offset": offsets}

    def forward(self, y, x, weight, offset):
        (i,), u, r = y.indices, index("u"), index("r")
        first = positions(y.shape[0])[i] + positions(self.taps)[u]
        place = first + offset[i, u] - positions(x.shape[0])[r]
        return (define(y[i], weight[u] * relu(1 - Abs(place)) * x[r]),)
