"""Losses: equations that reduce the output of the network to one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from sympy import Eq, Expr, Integer, Rational, S, exp, log

from symcnn.declared import Declared
from symcnn.equations import Equation, Tensor, define
from symcnn.errors import SymcnnError
from symcnn.layers.declarations import Auxiliary, Given
from symcnn.layers.softmax import normaliser, normaliser_entry, normaliser_equation
from symcnn.notation import Shape
from symcnn.sizes import Size
from symcnn.values import Real, setting

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

    needs: ClassVar[str] = ""
    """What it takes, and what gives that, for the error where its formula has no value."""

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the intermediate tensors of the loss, for an output of one sample."""
        return {}

    def givens(self, y: Tensor) -> Mapping[str, Given]:
        """Return what is given besides, such as weights of classes, for an output of one sample."""
        return {}

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the equations that define the loss of one sample.

        Args:
            loss: The loss.
            y: The output of one sample.
            given: What it is compared with.
            auxiliaries: The intermediate and the given tensors of the loss, by name.
        """
        raise NotImplementedError

    def usual(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the equations for the same number as textbooks write them, if those differ."""
        return ()

    def supposes(self, given: Tensor) -> tuple[Eq, ...]:
        """Return the conditions under which the usual equations give the same number."""
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

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets for which the loss is not defined."""


@dataclass(frozen=True)
class _Reduced(Loss):
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
class _Entrywise(Loss):
    """A sum over all outputs of a term of the output and its target."""

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the sum over all outputs."""
        assert given is not None
        term = self.term(y[y.indices], given[y.indices], y.size)
        weight = auxiliaries.get("weight")
        return (define(loss[0], term if weight is None else weight[y.indices] * term),)

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the term of one output."""
        raise NotImplementedError


@dataclass(frozen=True)
class _Weighted(_Entrywise, _Reduced):
    """A loss of the outputs one by one, each of which can have a weight of its own.

    Attributes:
        weighted: Whether the term of every output is multiplied by a given ``weight``, one
            number per output, the same for all samples.
    """

    weighted: bool = False

    supplied: ClassVar[Mapping[str, str]] = {"weight": "weighted"}

    def givens(self, y: Tensor) -> Mapping[str, Given]:
        """Return the weights of the outputs, if there are any."""
        return {"weight": Given(y.shape, "v", "".join(y.axes))} if self.weighted else {}


@dataclass(frozen=True)
class HalfSquaredError(_Weighted):
    """L = 1/2 * sum over the outputs of (target - y)^2."""

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return half the squared difference."""
        return (t - y) ** 2 / 2


@dataclass(frozen=True)
class SquaredError(_Weighted):
    """L = sum over the outputs of (target - y)^2."""

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the squared difference."""
        return (t - y) ** 2


@dataclass(frozen=True)
class MeanSquaredError(_Weighted):
    """L = mean over a sample's outputs of (target - y)^2."""

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the squared difference, divided by the number of outputs."""
        return (t - y) ** 2 / outputs


@dataclass(frozen=True)
class BinaryCrossEntropy(_Weighted):
    """L = - sum over the outputs of (t log y + (1 - t) log(1 - y)), where y is a probability."""

    needs: ClassVar[str] = (
        "binary_cross_entropy needs probabilities between 0 and 1: add a sigmoid layer before it"
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the cross-entropy of one yes-or-no output."""
        return -t * log(y) - (1 - t) * log(1 - y)


@dataclass(frozen=True)
class CrossEntropy(_Weighted):
    """L = - sum over the outputs of t log y, where the y are probabilities."""

    needs: ClassVar[str] = (
        "cross_entropy needs positive probabilities: add a softmax layer before it, or use "
        "softmax_cross_entropy"
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the cross-entropy of one class."""
        return -t * log(y)


@dataclass(frozen=True)
class SoftmaxCrossEntropy(_Reduced):
    """Cross-entropy of the softmax of the outputs; the targets sum to 1.

        ell = log(sum over k of exp(y[k])),  p[k] = exp(y[k] - ell)
        L = ell - sum over k of t[k] y[k]  =  - sum over k of t[k] log p[k]

    The last axis runs over the classes; L is summed over all positions.
    """

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the logarithm of the sum, and the probabilities."""
        axes = "".join(y.axes)
        return {
            "normaliser": normaliser(y.shape, axes),
            "probabilities": Auxiliary(y.shape, "p", axes),
        }

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the normaliser, the probabilities and the two parts of the loss."""
        assert given is not None
        ell, p = auxiliaries["normaliser"], auxiliaries["probabilities"]
        return (
            normaliser_equation(ell, y, y),
            define(p[y.indices], exp(y[y.indices] - normaliser_entry(ell, y))),
            define(loss[0], ell[ell.indices]),
            define(loss[0], -given[y.indices] * y[y.indices]),
        )

    def usual(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return - sum of t log p."""
        assert given is not None
        p = auxiliaries["probabilities"]
        return (define(loss[0], -given[y.indices] * log(p[y.indices])),)

    def supposes(self, given: Tensor) -> tuple[Eq, ...]:
        """Return that the targets sum to 1."""
        *_, classes = given.shape
        symbols = [given.symbol(position) for position in given.positions()]
        sums = (symbols[n : n + classes] for n in range(0, len(symbols), classes))
        return tuple(Eq(sum(terms, Integer(0)), 1) for terms in sums)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no distributions: the formula needs their sum to be 1."""
        classes = shape[-1]
        for start in range(0, len(given), classes):
            total = sum(given[start : start + classes], Integer(0))
            if abs(total - 1) > Rational(1, 10**9):
                raise SymcnnError(
                    f"the target's numbers {start + 1} to {start + classes} sum to {total}: give "
                    "a probability distribution over the classes, which sums to 1"
                )


@dataclass(frozen=True)
class SumOfOutputs(Loss):
    """L = sum of all outputs of all samples; there is no target."""

    type_name: ClassVar[str] = "sum"
    given: ClassVar[str | None] = None

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the sum."""
        return (define(loss[0], y[y.indices]),)


@dataclass(frozen=True)
class Upstream(_Entrywise):
    """L = sum over the outputs of g y, so that dL/dy is the given gradient g."""

    given: ClassVar[str | None] = "gradient"
    letter: ClassVar[str] = "g"

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the product with the given gradient."""
        return t * y
