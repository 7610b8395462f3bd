"""A loss: equations that reduce the output of the network to one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from sympy import Eq, Expr, Integer, S
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.declared import Declared
from symcnn.network.layers.declarations import Auxiliary, Given
from symcnn.network.meaning import Meaning, Sentences, When, check_gaps

Over = Literal["mean", "sum"]


@dataclass(frozen=True)
class Loss(Declared):
    """A loss: equations for one number.

    Attributes:
        l2: The factor of the sum of squared weights that is added to the loss. The sum
            includes every parameter except biases, the scales and shifts of normalisations,
            the slopes of ``PReLU`` and what ``AddParameter`` and ``MultiplyParameter`` learn;
            your own layers exclude one by ``Parameter(..., penalised=False)``.
    """

    l2: Real = field(default=0, kw_only=True)

    type_name: ClassVar[str] = ""
    """What problem files call it, if not its class's name in snake case (see ``Layer``)."""

    given: ClassVar[str | None] = "target"
    """The name of the tensor that the output is compared with, if there is one."""

    letter: ClassVar[str] = "t"

    supplied: ClassVar[Mapping[str, str]] = {}
    """The names of what is given besides, each with the setting that turns it off."""

    source: ClassVar[str] = ""
    """The work that defines it, as documents cite it."""

    meaning: ClassVar[Meaning | None] = None
    """What documents say of it in its author's words (of the class itself)."""

    called: ClassVar[str] = ""
    """The noun for it in a sentence, if the words of its class are none (of the class itself)."""

    needs: ClassVar[str] = ""
    """What it takes, and what gives that, for the error where its formula has no value."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a meaning with gaps that nothing fills."""
        super().__init_subclass__(**options)
        check_gaps(cls, ("forward",), 3, tuple(filter(None, ("loss", "y", cls.given))))

    @property
    def cited(self) -> str:
        """The work that documents cite: the one that defines it, or a setting of it."""
        return self.source

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the intermediate tensors of the loss, for an output of one sample."""
        return {}

    def givens(self, y: Tensor) -> Mapping[str, Given]:
        """Return what is given besides, such as weights of classes, for an output of one sample."""
        return {}

    def forward(
        self, loss: Tensor, y: Tensor, *given: Any, **auxiliaries: Any
    ) -> tuple[Equation, ...]:
        """Return the equations that define the loss of one sample.

        A loss names its own tensors, ``forward(self, loss, y, target, normaliser)``.

        Args:
            loss: The loss.
            y: The output of one sample.
            given: What it is compared with, one tensor or None.
            auxiliaries: The intermediate and the given tensors of the loss, by name.
        """
        raise NotImplementedError

    def usual(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the equations for the same number as textbooks write them, if those differ."""
        return ()

    def compared(self, t: Expr, y: Tensor) -> Expr:
        """Return what an output is compared with: its target, or what a setting makes of it."""
        return t

    def supposes(self, given: Tensor) -> tuple[Eq, ...]:
        """Return the conditions under which the usual equations give the same number."""
        return ()

    def supposed(self) -> tuple[Relational, ...]:
        """Return what letters in its settings fulfil, which are checked where they are numbers."""
        return ()

    def share(self, samples: Size) -> Expr:
        """Return the factor of each sample's loss in the loss of several samples."""
        return Integer(1)

    def penalty(self, loss: Tensor, weights: Sequence[Tensor]) -> tuple[Equation, ...]:
        """Return l2 times the sum of squares of what is penalised, one equation per tensor."""
        factor = setting(self.l2, "l2")
        if not factor.is_nonnegative:
            raise SymcnnError(f"l2 is {factor}: give a non-negative number")
        if factor == 0:
            return ()
        return tuple(define(loss[0], factor * w[w.indices] ** 2) for w in weights)

    takes_classes: ClassVar[bool] = False
    """Whether the number of a class can be given in place of a distribution over the classes."""

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets for which the loss is not defined."""


def check_shares(given: Sequence[Expr]) -> None:
    """Refuse targets that are no probabilities or shares, but for roundings.

    Raises:
        SymcnnError: If a number is below 0 or above 1.
    """
    numbers = np.asarray(given, dtype=float)
    outside = np.flatnonzero(np.abs(numbers - 0.5) > 0.5 + _ROUNDING)
    if outside.size:
        first = int(outside[0])
        raise SymcnnError(
            f"the target's number {first + 1} is {numbers[first]:.10g}: give numbers from 0 to 1"
        )


_ROUNDING = 1e-9
"""Targets that floats were computed for are nearly shares."""


def averaged(says: Sentences, otherwise: Sentences) -> When:
    """Return words that are said where the losses of several samples are averaged, and others."""
    return When("reduction", When("is_batched", says, otherwise), otherwise, value="mean")


@dataclass(frozen=True)
class Reduced(Loss):
    """A loss whose samples count alike: over a batch their mean or sum.

    Attributes:
        reduction: Over the samples of a batch, "mean" or "sum".
    """

    reduction: Over = "mean"

    def share(self, samples: Size) -> Expr:
        """Return 1/N for the mean over N samples."""
        if self.reduction not in ("mean", "sum"):
            raise SymcnnError(f'reduction = {self.reduction!r} is unknown: choose "mean" or "sum"')
        return 1 / S(samples) if self.reduction == "mean" else Integer(1)


@dataclass(frozen=True)
class Entrywise(Loss):
    """A sum over all outputs of a term of the output and its target."""

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the sum over all outputs."""
        assert given is not None
        term = self.term(y[y.indices], self.compared(given[y.indices], y), y.size)
        weight = auxiliaries.get("weight")
        return (define(loss[0], term if weight is None else weight[y.indices] * term),)

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the term of one output."""
        raise NotImplementedError


@dataclass(frozen=True)
class Weighted(Entrywise, Reduced):
    """A loss of the outputs one by one, each of which can have a weight of its own.

    Attributes:
        weighted: Whether the term of every output is multiplied by a given ``weight``, one
            number per output, the same for all samples.
    """

    weighted: bool = False

    supplied: ClassVar[Mapping[str, str]] = {"weight": "weighted"}

    def givens(self, y: Tensor) -> Mapping[str, Given]:
        """Return the weights of the outputs, if there are any."""
        return (
            {"weight": Given(y.shape, "v", "".join(y.axes), instead="omega")}
            if self.weighted
            else {}
        )
