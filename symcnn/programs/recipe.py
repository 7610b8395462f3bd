"""How a program was made, so that others are made for other numbers of samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from symcnn.derivation import derive
from symcnn.network.network import Network
from symcnn.programs.cluster.separable import penalty_plan, without_penalty
from symcnn.programs.factors import factored
from symcnn.programs.in_blocks import Block
from symcnn.programs.plans.plan import plan_of
from symcnn.programs.program import Program, program_of


@dataclass(frozen=True)
class Recipe:
    """How a program was made.

    Attributes:
        network: The network whose loss is differentiated.
        backend: What writes the program.
        dtype: The type of its numbers.
    """

    network: Network
    backend: str
    dtype: str

    def of_samples(self, samples: int) -> Program:
        """Return the program for training with so many samples, without the penalty."""
        recipe = Recipe(without_penalty(self.network, samples), self.backend, self.dtype)
        plan = plan_of(derive(recipe.network), "training")
        return program_of(plan, self.backend, self.dtype, recipe)

    def of_block(self, samples: int, every: int) -> Block:
        """Return the program for some of all the samples, and how gradients are made of it."""
        recipe = Recipe(without_penalty(self.network, samples), self.backend, self.dtype)
        made = factored(plan_of(derive(recipe.network), "training"), every)
        return Block(program_of(made.plan, self.backend, self.dtype, recipe), made)

    def of_penalty(self) -> Program:
        """Return the program of the penalty, a function of the parameters alone."""
        return program_of(penalty_plan(self.network), "auto", self.dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as what the network is made of: what follows from it is made again."""
        made_of = {field.name: getattr(self.network, field.name) for field in fields(Network)}
        return _recipe, (made_of, self.backend, self.dtype)


def _recipe(made_of: Mapping[str, Any], backend: str, dtype: str) -> Recipe:
    return Recipe(Network(**made_of), backend, dtype)
