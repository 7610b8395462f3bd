"""Gradient descent, with momentum if one likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Symbol

from symcnn.equations.values import Real
from symcnn.errors import SymcnnError
from symcnn.network.optimizers.letters import DECAY, MU, RATE, SLOPE, VELOCITY, WEIGHT
from symcnn.network.optimizers.optimizer import Assignment, Optimizer


@dataclass(frozen=True, kw_only=True)
class SGD(Optimizer):
    """Gradient descent.

        g <- g + lambda w            with weight decay
        u <- mu u + g                with momentum
        g <- g + mu u                with Nesterov's momentum, or g <- u without
        w <- w - eta g

    Momentum: B. Polyak, "Some methods of speeding up the convergence of iteration methods",
    1964; Nesterov's, as deep learning has it: I. Sutskever et al., "On the importance of
    initialization and momentum in deep learning", 2013.

    Attributes:
        momentum: The factor mu of momentum; 0 for none.
        nesterov: Whether the derivative is taken with Nesterov's momentum.
        weight_decay: The factor lambda of L2 weight decay; 0 for none.

    Raises:
        SymcnnError: If a number is out of range, or ``nesterov`` is set without momentum.
    """

    name: ClassVar[str] = "sgd"
    letters: ClassVar = {"momentum": MU, "weight_decay": DECAY}

    momentum: Real = 0
    nesterov: bool = False

    def __post_init__(self) -> None:
        """Check the settings."""
        super().__post_init__()
        if self.nesterov and not self.momentum:
            raise SymcnnError("nesterov needs momentum: give momentum, such as 0.9")

    @property
    def title(self) -> str:
        """What sentences call it."""
        if self.momentum:
            return f"gradient descent with {'Nesterov ' if self.nesterov else ''}momentum"
        return "gradient descent with weight decay" if self.weight_decay else "gradient descent"

    @property
    def memory(self) -> tuple[Symbol, ...]:
        """The velocity, if there is momentum."""
        return (VELOCITY,) if self.momentum else ()

    @property
    def equations(self) -> tuple[Assignment, ...]:
        """The equations of one step."""
        made = [*self._decayed()]
        if self.momentum:
            made += [(VELOCITY, MU * VELOCITY + SLOPE)]
        moved = VELOCITY if self.momentum else SLOPE
        if self.nesterov:
            made += [(SLOPE, SLOPE + MU * VELOCITY)]
            moved = SLOPE
        return (*made, (WEIGHT, WEIGHT - RATE * moved))
