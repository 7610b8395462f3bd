"""Layers of one's own that read the position of an entry, and sums below a maximum."""

from dataclasses import dataclass
from itertools import product

from sympy import Rational, cos, pi, sin

import symcnn as sc

N, U = sc.index("n"), sc.index("u")


@dataclass(frozen=True)
class Wave(sc.Layer):
    """y[q] = sum over n of x[n] cos(2 pi n q/N), and q^2 x[q]^gamma."""

    def parameters(self, shape):
        return {"gamma": sc.Parameter((1,), "gamma", "o")}

    def forward(self, y, x, gamma):
        (q,), at = y.indices, sc.positions(x.shape[0])
        angle = 2 * pi * at[N] * at[q] / x.shape[0]
        return (
            sc.define(y[q], x[N] * cos(angle), over={N: x.shape[0]}),
            sc.define(y[q], at[q] ** 2 * x[q] ** gamma[0]),
        )


@dataclass(frozen=True)
class Encoding(sc.Layer):
    """y[q] = x[q] + sin(q/10^(q/N)) - 3 (1 - q) x[q]/(q + 1)."""

    def forward(self, y, x):
        (q,), at = y.indices, sc.positions(x.shape[0])
        angle = at[q] / Rational(10) ** (at[q] / x.shape[0])
        return sc.define(y[q], x[q] + sin(angle) - 3 * (1 - at[q]) * x[q] / (at[q] + 1))


@dataclass(frozen=True)
class Shifted(sc.Layer):
    """y[q] is a maximum, a mean or a smooth maximum over u of w[u] + (u - 1) x[q + u]."""

    reduction: sc.Max | sc.Mean | sc.LogSumExp

    def output_shape(self, shape):
        return (shape[0] - 1,)

    def parameters(self, shape):
        return {"weight": sc.Parameter((2,), "w", "u")}

    def forward(self, y, x, weight):
        (q,), at = y.indices, sc.positions(2)
        term = weight[U] + (at[U] - 1) * x[q + U]
        return sc.define(y[q], term, over={U: 2}, reduction=self.reduction)


def _of_one_axis(layer):
    return sc.Network((3,), [layer], sc.HalfSquaredError())


def _enlarged(size, corners):
    layer = sc.Upsample2D(size=size, mode="bilinear", align_corners=corners)
    return sc.Network((2, 2, 1), [layer], sc.HalfSquaredError())


LAYERS = {
    "a wave": _of_one_axis(Wave()),
    "an encoding": _of_one_axis(Encoding()),
    **{
        f"{type(reduction).__name__} of sums": _of_one_axis(Shifted(reduction))
        for reduction in (sc.Max(), sc.Mean(), sc.LogSumExp())
    },
    **{
        f"{size} from 2 x 2, {corners}": _enlarged(size, corners)
        for size, corners in product(((4, 4), (5, 3), (1, 2)), (False, True))
    },
}
