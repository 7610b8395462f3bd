"""The windows of a layer: their lengths along each axis, and the weights in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, IndexedBase, Symbol

from symcnn.document.facts import forms
from symcnn.document.facts.letters import Letters, letters
from symcnn.equations import accesses
from symcnn.network.stage import Stage


def windows(stage: Stage) -> tuple[Any, ...]:
    """Return the windows of a stage along each axis of one sample."""
    return stage.layer.windows(stage.input.of_one_sample().shape)


@dataclass(frozen=True)
class Kernel:
    """What a layer's equations say of its windows.

    Attributes:
        stage: The layer in its place.
    """

    stage: Stage

    @cached_property
    def letters(self) -> Letters:
        """The indices that windows read, and their numbers."""
        return letters(self.stage.equations, self._weights, ())

    @property
    def lays(self) -> bool:
        """Whether windows are laid down on the output, not slid over the input."""
        targets = (e.target for e in self.stage.equations)
        written = {self.letters.named(index) for target in targets for index in target.indices}
        return any(window.symbol in written for window in self.letters.windows)

    @property
    def convolves(self) -> bool:
        """Whether windows with weights slide over the input, each of which meets one entry."""
        if not (self.stage.parameters and windows(self.stage)) or self.lays:
            return False
        return all(forms.matches(equation, self.letters) for equation in self.stage.equations)

    @property
    def is_grouped(self) -> bool:
        """Whether a kernel reads one group of the channels."""
        return self._axes is not None and self._axes[1]

    @property
    def axes(self) -> int:
        """Along how many axes a kernel slides, if its own are these, a channel and a filter."""
        return 0 if self._axes is None else self._axes[0]

    @cached_property
    def _axes(self) -> tuple[int, bool] | None:
        equation = self.stage.equations[0]
        taps = tuple(window.terms[1][1] for window in self.letters.windows)
        reads = accesses(equation.value)
        inputs = [read for read in reads if read.base not in self._weights]
        weights = [read for read in reads if read.base in self._weights]
        if len(inputs) != 1 or len(weights) != 1:
            return None
        (read,), (weight,) = inputs, weights
        if len(weight.indices) != len(taps) + 2:
            return None
        *own, channel, filters = weight.indices
        if not _are_of(own, taps, equation.sizes) or filters != equation.target.indices[-1]:
            return None
        if channel not in read.indices[-1].free_symbols:
            return None
        return len(taps), read.indices[-1] != channel

    @property
    def _weights(self) -> set[IndexedBase]:
        return {tensor.base for tensor in self.stage.parameters.values()}


def _are_of(axes: Sequence[Expr], taps: Sequence[Symbol], sizes: dict[Symbol, int]) -> bool:
    """Tell whether axes are those of a window: its taps, or indices of their own as long as these.

    Where each row of a kernel meets each row of a window, the two have an index each.
    """
    return all(
        axis == tap or (axis not in taps and sizes.get(axis) == sizes[tap])
        for axis, tap in zip(axes, taps, strict=True)
    )
