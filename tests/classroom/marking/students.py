"""Students who work a small network by hand, in decimals, without symcnn.

A convolution of a signal with two filters, ReLU, a maximum over windows of two, a dense neuron and
half the squared error; every figure is rounded as it is written, and carried on as it was rounded.
One step may go wrong.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from random import Random

import symcnn as sc

FILTERS, TAPS, LENGTH = 2, 3, 6
POSITIONS, WINDOWS = LENGTH - TAPS + 1, 2

MISTAKES = (
    *("none", "kernel flipped", "slope of ReLU forgotten", "window's mean taken"),
    *(
        "wrong sign of the loss's derivative",
        "positions not summed",
        "factor 2 too many",
        "neighbour's signal",
    ),
)


def problem(seed: int) -> sc.Problem:
    drawn = Random(seed)
    network = sc.Network(
        (LENGTH, 1),
        [
            sc.Conv1D(FILTERS, TAPS, bias=False),
            sc.ReLU(),
            sc.MaxPool1D(2),
            sc.Flatten(),
            sc.Dense(1, bias=False),
        ],
        sc.HalfSquaredError(),
    )
    values = {
        tensor.name: [Decimal(drawn.randint(-99, 99)) / 100 for _ in range(tensor.size)]
        for tensor in network.given
    }
    return sc.Problem(network, values, learning_rate=Decimal("0.1"))


class Student:
    """One student's sheet."""

    def __init__(self, values: dict[str, list[Decimal]], digits: int, mistake: str) -> None:
        self._values, self._mistake = values, mistake
        self._round = Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal
        self.sheet = self._worked()

    def _written(self, numbers: list[Decimal]) -> list[Decimal]:
        return [self._round(number) for number in numbers]

    def _worked(self) -> dict[str, list[Decimal]]:
        x, w = self._values["x"], self._values["conv1.weight"]  # w[u, 0, k] stands at 2 u + k
        v, (t,) = self._values["dense1.weight"], self._values["target"]
        grid = [(i, k) for i in range(POSITIONS) for k in range(FILTERS)]
        taps = range(TAPS)

        def weight(u: int, k: int) -> Decimal:
            flipped = self._mistake == "kernel flipped"
            return w[FILTERS * (TAPS - 1 - u if flipped else u) + k]

        z = self._written([sum(weight(u, k) * x[i + u] for u in taps) for i, k in grid])
        a = [max(number, Decimal(0)) for number in z]
        pairs = [[2 * j * FILTERS + k, (2 * j + 1) * FILTERS + k] for j in range(2) for k in (0, 1)]
        if self._mistake == "window's mean taken":
            p = self._written([(a[one] + a[other]) / 2 for one, other in pairs])
        else:
            p = [max(a[one], a[other]) for one, other in pairs]
        (y,) = self._written([sum(n * m for n, m in zip(v, p, strict=True))])
        (loss,) = self._written([(t - y) ** 2 / 2])
        sign = -1 if self._mistake == "wrong sign of the loss's derivative" else 1
        factor = 2 if self._mistake == "factor 2 too many" else 1
        (dy,) = self._written([sign * factor * (y - t)])
        dp, dv = (self._written([dy * n for n in numbers]) for numbers in (v, p))
        da = [Decimal(0)] * len(a)
        for (one, other), signal in zip(pairs, dp, strict=True):
            winner = one if a[one] >= a[other] else other
            moved = winner ^ 1 if self._mistake == "neighbour's signal" else winner
            da[moved] += signal
        forgotten = self._mistake == "slope of ReLU forgotten"
        dz = [s if forgotten or n > 0 else Decimal(0) for s, n in zip(da, z, strict=True)]
        used = range(1) if self._mistake == "positions not summed" else range(POSITIONS)
        entries = [(u, k) for u in taps for k in range(FILTERS)]
        dw = self._written([sum(dz[FILTERS * i + k] * x[i + u] for i in used) for u, k in entries])
        moved = self._written([n - s / 10 for n, s in zip(w, dw, strict=True)])
        return {
            **{"conv1": z, "relu1": a, "pool1": p, "dense1": [y], "loss": [loss]},
            **{"gradient of dense1": [dy], "gradient of dense1.weight": dv},
            **{"gradient of pool1": dp, "gradient of relu1": da, "gradient of conv1": dz},
            **{"gradient of conv1.weight": dw, "updated conv1.weight": moved},
        }
