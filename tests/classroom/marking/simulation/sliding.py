"""Where windows lie."""

from __future__ import annotations

from dataclasses import dataclass

from tests.classroom.marking.simulation.arrays import Position, positions

WINDOW = ("stride ignored", "dilation ignored", "padding ignored", "padding on one side")


@dataclass(frozen=True)
class Window:
    """A window over one or two axes."""

    size: Position
    stride: Position
    padding: Position
    dilation: Position

    @property
    def taps(self) -> list[Position]:
        return positions(self.size)

    def outputs(self, lengths: Position) -> Position:
        """Return how many windows there are."""
        return tuple(
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(
                lengths, self.size, self.stride, self.padding, self.dilation, strict=True
            )
        )

    def at(self, out: Position, tap: Position, mistake: str = "") -> Position:
        """Return what a tap of a window lies on; that may be outside."""
        found = []
        for i, u, s, p, d in zip(out, tap, self.stride, self.padding, self.dilation, strict=True):
            stride = 1 if mistake == "stride ignored" else s
            dilation = 1 if mistake == "dilation ignored" else d
            before = {"padding ignored": 0, "padding on one side": 2 * p}.get(mistake, p)
            found.append(stride * i + dilation * u - before)
        return tuple(found)
