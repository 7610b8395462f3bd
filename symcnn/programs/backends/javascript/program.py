"""A program in JavaScript as data: statements, and where its results are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symcnn.equations import Tensor
from symcnn.programs.backends.javascript.names import comment


@dataclass(frozen=True)
class Block:
    """Statements and the equations that they compute."""

    notes: Sequence[str]
    lines: Sequence[str]

    @property
    def text(self) -> Iterable[str]:
        """The lines, the equations as comments above them."""
        return (*map(comment, self.notes), *self.lines)


@dataclass(frozen=True)
class Program:
    """A forward and backward pass, statement by statement.

    Attributes:
        given: The tensors that need numbers.
        indices: The lengths of the axes that the entries of some of them select from.
        unpack: Statements that read the rows of the given numbers.
        forward: The forward pass.
        backward: The gradients.
        further: What only the stages need.
        values: The rows of all tensors, by their names.
        derivatives: The rows of all gradients, by the names of their tensors.
        routings: The rows of the routings of maxima, by the names of these.
        winners: For every entry of a maximum, the place in its routing that is not 0.
        shapes: The shape of every tensor.
        outputs: The names of those that are outputs of layers.
        gradients: The names of those whose gradients are returned.
    """

    given: Sequence[Tensor]
    indices: Mapping[str, int]
    unpack: Sequence[str]
    forward: Sequence[Block]
    backward: Sequence[Block]
    further: Sequence[Block]
    values: Mapping[str, str]
    derivatives: Mapping[str, str]
    routings: Mapping[str, str]
    winners: Mapping[str, str]
    shapes: Mapping[str, tuple[int, ...]]
    outputs: Sequence[str]
    gradients: Sequence[str]
