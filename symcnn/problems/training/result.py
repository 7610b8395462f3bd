"""The result of a training, or what it has reached so far: weights, and the losses of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from sympy import Expr

from symcnn.equations.values import Array
from symcnn.equations.values.floats import LONG
from symcnn.errors import SymcnnError
from symcnn.network.network import Network
from symcnn.network.optimizers import SGD, Optimizer
from symcnn.problems import Problem
from symcnn.problems.training.checkpoints import Checkpoint, written
from symcnn.problems.training.state import State
from symcnn.problems.weights.files import save_weights
from symcnn.problems.write import problem_file

if TYPE_CHECKING:
    from symcnn.problems.training.samples import Samples


_NOTHING = Checkpoint(State(0, {}, {}), (), {})


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
        accuracy: That of the samples that no step saw, if there were any with classes.
        optimizer: What took the steps.
        validation: The loss of the samples that no step saw, if there were any.
        validations: What that was on the way, each with the number of steps, where a training
            may end early.
        checkpoint: What a training that goes on begins with.
    """

    start: Problem
    network: Network
    rate: Expr
    weights: Mapping[str, Array]
    frozen: tuple[str, ...]
    losses: tuple[float, ...]
    samples: Samples | None = None
    accuracy: Accuracy | None = None
    optimizer: Optimizer = field(default=SGD())
    validation: float | None = None
    validations: tuple[tuple[int, float], ...] = ()
    checkpoint: Checkpoint = field(default=_NOTHING, compare=False)

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

    def save_checkpoint(self, path: str | Path) -> None:
        """Write what a training that goes on begins with, for ``train(..., resume=path)``.

        Args:
            path: An .npz file: the weights, what the optimizer remembers, the place in the order
                of the samples, the losses and the settings.

        Raises:
            SymcnnError: If the file cannot be written.
        """
        draft = Path(f"{path}.draft")  # an interruption leaves the file that is there
        try:
            draft.write_bytes(self.checkpoint_bytes())
            draft.replace(path)
        except OSError as error:
            reason = error.strerror or "it is not a file"
            raise SymcnnError(f"cannot write {path}: {reason}: choose another place") from None

    def checkpoint_bytes(self) -> bytes:
        """Return the content of that file."""
        return written(self.checkpoint)

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
        frozen = [f"These parameters were frozen: {', '.join(self.frozen)}."] if self.frozen else []
        steps = "1 step" if self.steps == 1 else f"{self.steps:,} steps"
        drawn = "" if self.samples is None else f" with {self.network.batch} samples each"
        return [
            f"The weights after {steps} of {self._descent}{drawn}.",
            f"The loss changed from {self.losses[0]!r} to {self.losses[-1]!r}.",
            *frozen,
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

    def __init__(self, start: Training, reached: Checkpoint) -> None:
        """Take the training before its first step, and what it begins or goes on with."""
        self._start, self._losses, self._settings = start, [*reached.losses], reached.settings
        self._reached: State | None = None

    def step(self, loss: float, state: State) -> None:
        """Take the loss at some weights, both at once."""
        self._losses.append(loss)
        self._reached = state

    @property
    def steps(self) -> int:
        """The number of steps that led here."""
        return len(self._losses) - 1

    @property
    def training(self) -> Training:
        """What has been reached."""
        assert self._reached is not None
        return self._at(self._reached)

    @property
    def best(self) -> Training:
        """What was reached where the loss of the samples held out was least."""
        assert self._reached is not None
        best = self._at(self._reached.best or self._reached)
        return replace(best, validations=self._reached.validations)

    def _at(self, state: State) -> Training:
        losses = tuple(self._losses[: state.steps + 1])
        return replace(
            self._start,
            weights=state.weights,
            losses=losses,
            validations=state.validations,
            checkpoint=Checkpoint(state, losses[:-1], self._settings),
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hand what was reached to whoever takes an interruption."""
        if isinstance(error, KeyboardInterrupt) and self._reached is not None:
            raise Interrupted(self.training) from error
