"""Pooling: the maximum or the mean of windows, and of everything."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import ZERO, Array, Position, positions
from tests.classroom.marking.simulation.deciding import greatest, winners
from tests.classroom.marking.simulation.layer import ANYWHERE, Layer, Names
from tests.classroom.marking.simulation.sliding import WINDOW, Window

OVERLAPS = ("windows overwritten", "one window kept")


class MaxPool(Layer):
    """p[r, k] = the largest a[s r + u - p, k]; the first of equal ones wins."""

    forward_mistakes: ClassVar[Names] = (*WINDOW, "mean instead of maximum")
    backward_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *WINDOW,
        *OVERLAPS,
        *(
            "error signal passed to all",
            "error signal shared",
            "winners taken from another channel",
        ),
    )

    def __init__(self, window: Window) -> None:
        self.window = window

    def symcnn(self) -> sc.Layer:
        kind, w = {1: sc.MaxPool1D, 2: sc.MaxPool2D}[len(self.window.size)], self.window
        return kind(w.size, w.stride, w.padding, dilation=w.dilation)

    def shape(self, shape: Position) -> Position:
        return (*self.window.outputs(shape[:-1]), shape[-1])

    def _windows(self, x: Array, mistake: str = "") -> dict[Position, list[Position]]:
        """Return the entries of each window."""
        lengths = tuple(max(axis) + 1 for axis in zip(*(at[1:-1] for at in x), strict=True))
        samples, channels = max(at[0] for at in x) + 1, max(at[-1] for at in x) + 1
        return {
            (n, *i, k): [
                at for u in self.window.taps if (at := (n, *self.window.at(i, u, mistake), k)) in x
            ]
            for n in range(samples)
            for i in positions(self.window.outputs(lengths))
            for k in range(channels)
        }

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        whole = len(self.window.taps)
        if mistake == "mean instead of maximum":
            return {at: sum(x[e] for e in w) / whole for at, w in self._windows(x).items()}
        windows = self._windows(x, mistake)
        if not all(windows.values()):
            raise LookupError("a window without entries has no maximum")
        return {at: greatest([x[e] for e in w]) for at, w in windows.items()}

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        dx, seen = dict.fromkeys(x, ZERO), set[Position]()
        shift = mistake if mistake in WINDOW else ""
        for at, window in self._windows(x).items():
            for entry, share in zip(window, self._shares(x, window, at, mistake), strict=True):
                reached = self._shifted(entry, at, shift)
                if reached not in dx:
                    continue
                if mistake == "windows overwritten":
                    dx[reached] = share * dy[at]
                elif mistake != "one window kept" or reached not in seen:
                    dx[reached] += share * dy[at]
                seen.add(reached)
        return dx

    def _shifted(self, entry: Position, at: Position, mistake: str) -> Position:
        """Return where an entry of a window is taken to be."""
        n, *i, k = at
        taps = self.window.taps
        tap = next(u for u in taps if (n, *self.window.at(tuple(i), u), k) == entry)
        return (n, *self.window.at(tuple(i), tap, mistake), k)

    def _shares(self, x: Array, window: list[Position], at: Position, mistake: str):
        if mistake == "error signal passed to all":
            return [Decimal(1)] * len(window)
        if mistake == "error signal shared":
            return [Decimal(1) / len(self.window.taps)] * len(window)
        looked = window
        if mistake == "winners taken from another channel":
            looked = [(*entry[:-1], 0) for entry in window]
        return winners([x[entry] for entry in looked])


class AveragePool(MaxPool):
    """p[r, k] = the mean of a[s r + u - p, k], where zeros of the padding count."""

    forward_mistakes: ClassVar[Names] = (*ANYWHERE, *WINDOW, "sum instead of mean")
    backward_mistakes: ClassVar[Names] = (*ANYWHERE, *WINDOW, *OVERLAPS, "sum instead of mean")

    def symcnn(self) -> sc.Layer:
        kind, w = {1: sc.AvgPool1D, 2: sc.AvgPool2D}[len(self.window.size)], self.window
        return kind(w.size, w.stride, w.padding)

    def _share(self, mistake: str) -> Decimal:
        return Decimal(1) / (1 if mistake == "sum instead of mean" else len(self.window.taps))

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        windows = self._windows(x, mistake)
        return {at: self._share(mistake) * sum(x[e] for e in w) for at, w in windows.items()}

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        dx, seen = dict.fromkeys(x, ZERO), set[Position]()
        for at, window in self._windows(x, mistake).items():
            for entry in window:
                if mistake == "windows overwritten":
                    dx[entry] = self._share(mistake) * dy[at]
                elif mistake != "one window kept" or entry not in seen:
                    dx[entry] += self._share(mistake) * dy[at]
                seen.add(entry)
        return dx


class GlobalAverage(Layer):
    """p[k] = the mean of all a[i, j, k]."""

    forward_mistakes: ClassVar[Names] = (*ANYWHERE, "sum instead of mean")
    backward_mistakes: ClassVar[Names] = (*ANYWHERE, "sum instead of mean")

    def symcnn(self) -> sc.Layer:
        return sc.GlobalAvgPool2D()

    def shape(self, shape: Position) -> Position:
        return shape[-1:]

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        of = dict[Position, list[Decimal]]()
        for at, number in x.items():
            of.setdefault((at[0], at[-1]), []).append(number)
        divided = mistake != "sum instead of mean"
        return {at: sum(n, ZERO) / (len(n) if divided else 1) for at, n in of.items()}

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        entries = 1 if mistake == "sum instead of mean" else len(x) // len(dy)
        return {at: dy[at[0], at[-1]] / entries for at in x}
