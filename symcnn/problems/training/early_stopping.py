"""Early stopping: a training ends when the loss of samples held out falls no more.

L. Prechelt, "Early stopping, but when?", 1998.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symcnn.problems.training.state import State


@dataclass(frozen=True)
class EarlyStopping:
    """What ends a training early.

    Attributes:
        patience: How many times in a row the loss may fail to be less than the least so far.
        every: The number of steps after which it is computed.
        loss: Computes it.
    """

    patience: int
    every: int
    loss: Callable[[State], float]

    def watched(self, state: State) -> State:
        """Return the state with the loss there, where it is time for it."""
        seen = state.validations
        if state.steps % self.every or (seen and seen[-1][0] == state.steps):
            return state
        least = min((loss for _, loss in seen), default=float("inf"))
        now = replace(state, validations=(*seen, (state.steps, self.loss(state))))
        if now.validations[-1][1] < least:
            return replace(now, best=None)
        return now

    def is_over(self, state: State) -> bool:
        """Tell whether the loss has failed to fall too many times."""
        losses = [loss for _, loss in state.validations]
        return len(losses) - 1 - losses.index(min(losses)) >= self.patience if losses else False
