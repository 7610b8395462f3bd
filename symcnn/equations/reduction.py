"""Reductions: how the terms of an equation combine, and who answers for the result.

A reduction is a forward rule, and a *selector*: the partial derivative of the result
by one of the reduced terms.

    sum:  r = t_1 + ... + t_n         dr/dt_m = 1
    max:  r = max(t_1, ..., t_n)      dr/dt_m = [t_m is the first largest]
                                      or, with ties = "split", an equal share

In every case of a maximum the selectors of one window sum to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sympy import Add, Expr, S

from symcnn.functions import equal_share, first_largest, maximum

Ties = Literal["first", "split"]


@dataclass(frozen=True)
class Sum:
    """r = t_1 + ... + t_n; every selector is 1."""

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the sum."""
        return Add(*terms)

    def selector(self, terms: Sequence[Expr], chosen: int) -> Expr:
        """Return dr/dt_m = 1."""
        return S.One


@dataclass(frozen=True)
class Max:
    """r = max(t_1, ..., t_n); the selector routes to the maximiser.

    Attributes:
        ties: "first", the first of equal maxima in row-major order takes all;
            "split", equal maxima take equal shares. Both are subgradients.
    """

    ties: Ties = "first"

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the largest term."""
        return maximum(*terms)

    def selector(self, terms: Sequence[Expr], chosen: int) -> Expr:
        """Return dr/dt_m as an explicit Iverson bracket."""
        rule = first_largest if self.ties == "first" else equal_share
        return rule(terms, chosen)


Reduction = Sum | Max
SUM = Sum()
