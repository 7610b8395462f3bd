"""Reductions: how the terms of an equation combine, and their partial derivatives.

A reduction is a forward rule and a *selector*: the partial derivative of the result with
respect to one of the reduced terms.

    sum:   r = t_1 + ... + t_n                   dr/dt_m = 1
    mean:  r = (t_1 + ... + t_n) / n             dr/dt_m = 1/n
    lse:   r = log(exp(t_1) + ... + exp(t_n))    dr/dt_m = exp(t_m - r), a softmax
    max:   r = max(t_1, ..., t_n)                dr/dt_m = [t_m is the first largest]
                                                 or, with ties = "split", an equal share

The selectors of one window of a mean, a log-sum-exp or a maximum sum to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sympy import Add, Expr, S, Symbol, exp, log
from sympy import Sum as SymbolicSum

from symcnn.equations.functions import equal_share, first_largest, maximum
from symcnn.equations.sizes import Size, number_of
from symcnn.errors import SymcnnError

Ties = Literal["first", "split"]
Limit = tuple[Symbol, int, Size]
"""An index and the least and greatest value that it takes."""


@dataclass(frozen=True)
class Reduction:
    """How the terms of an equation combine."""

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the result r."""
        raise NotImplementedError

    def over(self, term: Expr, limits: Sequence[Limit]) -> Expr:
        """Return the result over index ranges, as one SymPy expression."""
        raise NotImplementedError

    def slope(self, term: Expr, result: Expr, count: Size) -> Expr | None:
        """Return dr/dt_m from the term and the result alone; None where that is not enough.

        Args:
            term: The term t_m.
            result: The result r.
            count: How many terms there are.
        """
        raise NotImplementedError

    def selector(self, terms: Sequence[Expr], chosen: int) -> Expr:
        """Return dr/dt_m for the term with the number ``chosen``, from all terms."""
        slope = self.slope(terms[chosen], self.combine(terms), len(terms))
        assert slope is not None, "a reduction without a slope has a selector of its own"
        return slope


@dataclass(frozen=True)
class Sum(Reduction):
    """r = t_1 + ... + t_n; every selector is 1."""

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the sum."""
        return Add(*terms)

    def over(self, term: Expr, limits: Sequence[Limit]) -> Expr:
        """Return the sum."""
        return SymbolicSum(term, *limits) if limits else term

    def slope(self, term: Expr, result: Expr, count: Size) -> Expr:
        """Return dr/dt_m = 1."""
        return S.One


@dataclass(frozen=True)
class Mean(Reduction):
    """r = (t_1 + ... + t_n) / n; every selector is 1/n."""

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the mean."""
        return Add(*terms) / len(terms)

    def over(self, term: Expr, limits: Sequence[Limit]) -> Expr:
        """Return the mean."""
        return Sum().over(term, limits) / number_of(high - low + 1 for _, low, high in limits)

    def slope(self, term: Expr, result: Expr, count: Size) -> Expr:
        """Return dr/dt_m = 1/n."""
        return 1 / S(count)


@dataclass(frozen=True)
class Product(Reduction):
    """r = t_1 t_2 ... t_n; the selectors are the products of the other factors.

    ``define`` writes such a product out, factor by factor: it becomes a value, so no equation has
    this reduction.
    """


@dataclass(frozen=True)
class LogSumExp(Reduction):
    """r = log(exp(t_1) + ... + exp(t_n)); the selectors are the softmax.

    Attributes:
        shifted: Whether the largest term is 0, so that no sum overflows.
    """

    shifted: bool = False

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the logarithm of the sum of exponentials; of one, exactly its argument."""
        return log(Add(*map(exp, terms))) if len(terms) > 1 else terms[0]

    def over(self, term: Expr, limits: Sequence[Limit]) -> Expr:
        """Return the logarithm of the sum of exponentials."""
        return log(Sum().over(exp(term), limits))

    def slope(self, term: Expr, result: Expr, count: Size) -> Expr:
        """Return dr/dt_m = exp(t_m - r)."""
        return exp(term - result)


@dataclass(frozen=True)
class Max(Reduction):
    """r = max(t_1, ..., t_n); the selector is 1 at the maximiser.

    Attributes:
        ties: "first": the first of equal maxima in row-major order receives the derivative;
            "split": equal maxima receive equal shares. Both are subgradients.
    """

    ties: Ties = "first"

    def __post_init__(self) -> None:
        """Refuse another rule."""
        if self.ties not in ("first", "split"):
            raise SymcnnError(f'ties = {self.ties!r} is unknown: choose "first" or "split"')

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the largest term."""
        return maximum(*terms)

    def slope(self, term: Expr, result: Expr, count: Size) -> None:
        """Return None: the derivative depends on all terms, see ``selector``."""

    def selector(self, terms: Sequence[Expr], chosen: int) -> Expr:
        """Return dr/dt_m as an explicit Iverson bracket."""
        rule = first_largest if self.ties == "first" else equal_share
        return rule(terms, chosen)


@dataclass(frozen=True)
class Largest(Max):
    """r = max(t_1, ..., t_n), as a number by which all terms are shifted.

    The result does not depend on r, so its selectors are 0.
    """

    def slope(self, term: Expr, result: Expr, count: Size) -> Expr:
        """Return dr/dt_m = 0."""
        return S.Zero


SUM = Sum()
