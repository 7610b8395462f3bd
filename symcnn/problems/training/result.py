"""The result of a training, or what it has reached so far: weights, and the losses of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from sympy import Expr

from symcnn.equations.values import Array
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.write import problem_file

if TYPE_CHECKING:
    from symcnn.problems.training.samples import Samples


class Accuracy(NamedTuple):
    """The number of samples whose largest output is at their class, and of all samples."""

    right: int
    samples: int

    @property
    def share(self) -> float:
        """The proportion of correct classifications."""
        return self.right / self.samples


@dataclass(frozen=True, repr=False)
class Training:
    """The weights after some steps of gradient descent, and the losses of these steps.

    Attributes:
        start: The problem with the weights before the first step.
        network: The network as the steps computed it, for the samples of one step.
        rate: How far a step goes: the factor of the derivative.
        weights: Every parameter after the last step, by name.
        frozen: The parameters that no step moved.
        losses: ``losses[n]`` is the loss after n steps, of the samples that the next step
            takes: the problem's own ones, or those of a batch.
        samples: The samples that batches were drawn from, if there were any.
        accuracy: That of the samples that no step saw, if there were any.
    """

    start: Problem
    network: Network
    rate: Expr
    weights: Mapping[str, Array]
    frozen: tuple[str, ...]
    losses: tuple[float, ...]
    samples: Samples | None = None
    accuracy: Accuracy | None = None

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.losses) - 1

    @cached_property
    def problem(self) -> Problem:
        """The problem with the trained weights; its input and its target are its own."""
        numbers = {name: array.ravel().tolist() for name, array in self.weights.items()}
        return replace(
            self.start,
            values={**self.start.values, **numbers},
            learning_rate=self.rate,
            reconciliation=None,
        )

    def to_toml(self) -> str:
        """Return the problem with the trained weights as the text of a problem file."""
        return problem_file(self.problem, [*self._comments()])

    def _comments(self) -> list[str]:
        frozen = [f"These parameters were frozen: {', '.join(self.frozen)}."] if self.frozen else []
        steps = "1 step" if self.steps == 1 else f"{self.steps:,} steps"
        drawn = "" if self.samples is None else f" with {self.network.batch} samples each"
        return [
            f"The weights after {steps} of gradient descent{drawn}.",
            f"The loss changed from {self.losses[0]!r} to {self.losses[-1]!r}.",
            *frozen,
        ]

    def __repr__(self) -> str:
        """Tell the losses; the weights would fill pages."""
        return f"<Training: loss {self.losses[0]:.6g} -> {self.losses[-1]:.6g}, {self.steps} steps>"


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
