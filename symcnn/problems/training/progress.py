"""What a training has reached so far, whatever ends it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType

from symcnn.equations.values import Array
from symcnn.problems.training.result import Training


class Interrupted(KeyboardInterrupt):
    """A training that was interrupted.

    Attributes:
        training: What was reached until then.
    """

    def __init__(self, training: Training) -> None:
        """Take what was reached."""
        super().__init__()
        self.training = training


class Progress(AbstractContextManager["Progress"]):
    """The weights after the last whole step, and the losses up to there."""

    def __init__(self, start: Training) -> None:
        """Take the training before its first step."""
        self._start, self._losses = start, list[float]()
        self._reached: tuple[int, Mapping[str, Array]] = (0, start.weights)

    def step(self, loss: float, weights: Mapping[str, Array]) -> None:
        """Take the loss at some weights, both at once."""
        self._losses.append(loss)
        self._reached = len(self._losses), dict(weights)

    @property
    def steps(self) -> int:
        """The number of steps that led here."""
        return len(self._losses) - 1

    @property
    def training(self) -> Training:
        """What has been reached."""
        count, weights = self._reached
        return replace(self._start, weights=weights, losses=tuple(self._losses[:count]))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hand what was reached to whoever takes an interruption."""
        if isinstance(error, KeyboardInterrupt) and self._reached[0]:
            raise Interrupted(self.training) from error
