"""Convolutions over one or two axes."""

from __future__ import annotations

from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import ZERO, Array, Position, positions, zeros
from tests.classroom.marking.simulation.layer import ANYWHERE, Layer, Names
from tests.classroom.marking.simulation.sliding import WINDOW, Window


class Convolution(Layer):
    """z[i, k] = b[k] + sum over u, c of w[u, c, k] x[s i + d u - p, c]."""

    forward_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *WINDOW,
        *("kernel flipped", "broadcast product", "bias forgotten", "bias added to every product"),
        *("transposed weight", "channels not summed", "mean instead of sum"),
    )
    backward_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *WINDOW,
        *("kernel flipped", "windows overwritten", "one window kept", "transposed weight"),
        *("channels not summed",),
    )
    slope_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *WINDOW,
        *("kernel flipped", "broadcast product", "positions not summed", "samples not summed"),
        *("mean instead of sum", "bias summed at one position only"),
    )

    def __init__(self, filters: int, window: Window, bias: bool) -> None:
        self.filters, self.window, self.bias = filters, window, bias

    def symcnn(self) -> sc.Layer:
        kind = {1: sc.Conv1D, 2: sc.Conv2D}[len(self.window.size)]
        w = self.window
        return kind(self.filters, w.size, w.stride, w.padding, w.dilation, bias=self.bias)

    def shape(self, shape: Position) -> Position:
        return (*self.window.outputs(shape[:-1]), self.filters)

    def parameters(self, shape: Position) -> dict[str, Position]:
        weight = {"weight": (*self.window.size, shape[-1], self.filters)}
        return {**weight, "bias": (self.filters,)} if self.bias else weight

    def _outputs(self, x: Array) -> list[Position]:
        lengths = tuple(max(axis) + 1 for axis in zip(*(at[1:-1] for at in x), strict=True))
        return positions(self.window.outputs(lengths))

    def _tap(self, u: Position, mistake: str) -> Position:
        if mistake == "kernel flipped":
            return tuple(k - 1 - i for k, i in zip(self.window.size, u, strict=True))
        if mistake == "transposed weight" and len(set(self.window.size)) == 1:
            return u[::-1]
        return u

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        w, made = weights["weight"], {}
        channels = range(1 if mistake == "channels not summed" else max(at[-1] for at in x) + 1)
        for n in range(max(at[0] for at in x) + 1):
            for i in self._outputs(x):
                for k in range(self.filters):
                    pairs = [
                        (w[(*self._tap(u, mistake), c, k)], x[(n, *at, c)])
                        for u in self.window.taps
                        for c in channels
                        if (n, *(at := self.window.at(i, u, mistake)), c) in x
                    ]
                    bias = weights["bias"][(k,)] if self.bias else ZERO
                    terms = len(self.window.taps) * len(channels)
                    made[(n, *i, k)] = _combined(pairs, bias, terms, w, k, mistake)
        return made

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        w, dx = weights["weight"], dict.fromkeys(x, ZERO)
        seen = set[Position]()
        filters = range(1 if mistake == "channels not summed" else self.filters)
        for n in range(max(at[0] for at in x) + 1):
            for i in self._outputs(x):
                for u in self.window.taps:
                    for c in range(max(at[-1] for at in x) + 1):
                        at = (n, *self.window.at(i, u, mistake), c)
                        if at not in dx:
                            continue
                        tap = self._tap(u, mistake)
                        signal = sum(dy[(n, *i, k)] * w[(*tap, c, k)] for k in filters)
                        if mistake == "windows overwritten":
                            dx[at] = signal
                        elif mistake != "one window kept" or at not in seen:
                            dx[at] += signal
                        seen.add(at)
        return dx

    def slope(self, name: str, x: Array, dy: Array, mistake: str = "") -> Array:
        rows = [(n, i) for n in range(max(at[0] for at in x) + 1) for i in self._outputs(x)]
        if mistake == "samples not summed":
            rows = [row for row in rows if row[0] == 0]
        if mistake in ("positions not summed", "bias summed at one position only"):
            rows = [row for row in rows if not any(row[1])]
        if name == "bias":
            return {
                (k,): _mean([dy[(n, *i, k)] for n, i in rows], mistake) for k in range(self.filters)
            }
        dw = zeros((*self.window.size, max(at[-1] for at in x) + 1, self.filters))
        for *u, c, k in dw:
            pairs = [
                (dy[(n, *i, k)], x.get((n, *self.window.at(i, tuple(u), mistake), c), ZERO))
                for n, i in rows
            ]
            target = (*self._tap(tuple(u), mistake), c, k)
            if mistake == "broadcast product":
                dw[target] = sum(d for d, _ in pairs) * sum(a for _, a in pairs)
            else:
                dw[target] = _mean([d * a for d, a in pairs], mistake)
        return dw


def _combined(pairs, bias, terms, w, k, mistake):
    """Return one output from its pairs of a weight and an entry."""
    if mistake == "broadcast product":
        whole = sum(number for at, number in w.items() if at[-1] == k)
        return whole * sum(x for _, x in pairs) + bias
    total = sum(a * b for a, b in pairs)
    if mistake == "mean instead of sum":
        return total / terms + bias
    if mistake == "bias forgotten":
        return total
    return total + (terms * bias if mistake == "bias added to every product" else bias)


def _mean(terms, mistake):
    return sum(terms) / (len(terms) if mistake == "mean instead of sum" else 1)
