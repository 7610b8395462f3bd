"""Transposed convolutions to be drawn, and one with the settings that frameworks add."""

from dataclasses import dataclass
from typing import ClassVar

import symcnn as sc
from symcnn.equations import define
from symcnn.equations.notation import index
from symcnn.network.layers.declarations import Parameter
from tests.document.networks import problem_of


@dataclass(frozen=True)
class Transposed(sc.Layer):
    """A transposed convolution along one axis or two, with dilation, groups and further entries.

    z[s i + d u - p, K g + k]  <-  sum over i, u, g, c of w[u, C g + c, k] x[i, C g + c]
    """

    filters: int
    kernel: tuple[int, ...]
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    further: int = 0
    groups: int = 1

    prefix: ClassVar = "transposed"
    letter: ClassVar = "z"
    learned: ClassVar = {"weight": ""}

    def output_shape(self, shape):
        added = self.further + 1 - 2 * self.padding
        pairs = zip(shape, self.kernel, strict=False)
        lengths = ((n - 1) * self.stride + self.dilation * (k - 1) + added for n, k in pairs)
        return (*lengths, self.filters)

    def parameters(self, shape):
        axes = "uv"[: len(self.kernel)] + "ck"
        return {
            "weight": Parameter((*self.kernel, shape[-1], self.filters // self.groups), "w", axes)
        }

    def forward(self, y, x, weight):
        count, channels = len(self.kernel), x.shape[-1] // self.groups
        positions, offsets = ([index(s) for s in names[:count]] for names in ("ij", "uv"))
        g, c, k = map(index, "gck")
        filters = self.filters // self.groups
        places = [
            self.stride * i + self.dilation * u - self.padding
            for i, u in zip(positions, offsets, strict=True)
        ]
        read = channels * g + c
        over = {
            **dict(zip(positions, x.shape, strict=False)),
            **dict(zip(offsets, self.kernel, strict=True)),
            **{g: self.groups, c: channels, k: filters},
        }
        value = weight[(*offsets, read, k)] * x[(*positions, read)]
        return (define(y[(*places, filters * g + k)], value, over=over),)


CASES = {
    "a transposed convolution": (sc.ConvTranspose2D(1, 2, bias=False), (2, 2, 1), None),
    "transposed, strided and cropped": (
        sc.ConvTranspose2D(2, 3, stride=2, padding=1),
        (2, 3, 2),
        2,
    ),
    "transposed, side by side": (sc.ConvTranspose2D(1, 2, stride=2), (3, 3, 1), None),
    "transposed, with gaps": (sc.ConvTranspose2D(1, (1, 2), stride=3), (2, 2, 1), None),
    "transposed, a column": (sc.ConvTranspose2D(1, (3, 1), stride=(2, 1)), (3, 1, 1), None),
    "transposed, large": (sc.ConvTranspose2D(4, 4, stride=2, padding=1), (8, 8, 4), None),
    "transposed, almost all cropped": (sc.ConvTranspose2D(1, 3, padding=2), (3, 3, 1), None),
    "transposed, one entry": (sc.ConvTranspose2D(1, 2), (1, 1, 1), None),
    "transposed, a sequence": (Transposed(2, (3,), 2, 1, further=1), (4, 2), None),
    "transposed, dilated": (Transposed(1, (2, 2), dilation=2), (3, 3, 1), None),
    "transposed, grouped": (Transposed(4, (2, 2), 2, groups=2), (2, 2, 4), None),
    "transposed, dilated sequences": (Transposed(1, (2,), dilation=3), (3, 1), 3),
}


def problem(name: str) -> sc.Problem:
    layer, shape, batch = CASES[name]
    network = sc.Network(shape, [layer], sc.HalfSquaredError(), batch=batch)
    return problem_of(network, name)
