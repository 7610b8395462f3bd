"""The result of a training, or what it has reached so far: weights, and the losses of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING

from sympy import Expr

from symcnn.equations.values import Array
from symcnn.equations.values.floats import LONG
from symcnn.network.network import Network
from symcnn.network.optimizers import SGD, Optimizer
from symcnn.problems import Problem
from symcnn.problems.weights.files import save_weights
from symcnn.problems.write import problem_file

if TYPE_CHECKING:
    from symcnn.problems.training.samples import Samples


@dataclass(frozen=True, repr=False)
class Training:
    """The weights after some steps of gradient descent, and the losses of these steps.

    Attributes:
        start: The problem with the weights before the first step.
        network: The network as the steps computed it, for the samples of one step.
        rate: How far a step goes: the factor of the derivative.
        weights: Every parameter after the last step, by name.
        losses: ``losses[n]`` is the loss after n steps, of the samples that the next step
            takes: the problem's own ones, or those of a batch.
        samples: The samples that batches were drawn from, if there were any.
        optimizer: What took the steps.
    """

    start: Problem
    network: Network
    rate: Expr
    weights: Mapping[str, Array]
    losses: tuple[float, ...]
    samples: Samples | None = None
    optimizer: Optimizer = field(default=SGD())

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.losses) - 1

    @cached_property
    def problem(self) -> Problem:
        """The problem with the trained weights; its input and its target are its own."""
        numbers = {name: _numbers(array.ravel()) for name, array in self.weights.items()}
        return replace(
            self.start,
            values={**self.start.values, **numbers},
            learning_rate=self.rate,
            optimizer=self.optimizer,
            reconciliation=None,
        )

    def to_toml(self) -> str:
        """Return the problem with the trained weights as the text of a problem file."""
        return problem_file(self.problem, [*self._comments()])

    def save(self, path: str | PathLike[str]) -> None:
        """Write the trained weights by the names and in the layouts of the source.

        They are those of ``Problem.state_dict``, in a file of safetensors, which
        ``with_safetensors`` and PyTorch's users read, or as the arrays of an .npz file.

        Args:
            path: The file, FILE.safetensors or FILE.npz.

        Raises:
            SymcnnError: If the file is called otherwise or cannot be written, the package
                safetensors is missing, or see ``Problem.state_dict``.
        """
        save_weights(self.problem, path)

    def _comments(self) -> list[str]:
        steps = "1 step" if self.steps == 1 else f"{self.steps:,} steps"
        drawn = "" if self.samples is None else f" with {self.network.batch} samples each"
        return [
            f"The weights after {steps} of {self._descent}{drawn}.",
            f"The loss changed from {self.losses[0]!r} to {self.losses[-1]!r}.",
        ]

    @property
    def _descent(self) -> str:
        return "gradient descent" if self.optimizer == SGD() else f"{self.optimizer!r}"

    def __repr__(self) -> str:
        """Tell the losses; the weights would fill pages."""
        return f"<Training: loss {self.losses[0]:.6g} -> {self.losses[-1]:.6g}, {self.steps} steps>"


def _numbers(row: Array) -> Array | list[float]:
    """Return a row of numbers; a long one stays an array, which is read where it is looked at."""
    listed: list[float] = row.tolist() if row.size < LONG else []
    return listed or row


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
        self._reached: Mapping[str, Array] | None = None

    def step(self, loss: float, weights: Mapping[str, Array]) -> None:
        """Take the loss at some weights, both at once."""
        self._losses.append(loss)
        self._reached = weights

    @property
    def steps(self) -> int:
        """The number of steps that led here."""
        return len(self._losses) - 1

    @property
    def training(self) -> Training:
        """What has been reached."""
        assert self._reached is not None
        return replace(self._start, weights=self._reached, losses=tuple(self._losses))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hand what was reached to whoever takes an interruption."""
        if isinstance(error, KeyboardInterrupt) and self._reached is not None:
            raise Interrupted(self.training) from error
