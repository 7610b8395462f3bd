r"""Routing on single entries: the number of the entry that a window took.

    k = index of the first largest of (t_0, t_1, ...)

With it the adjoint of t_m is (0, ..., delta, ..., 0)[k], and a sum over several
entries of one window needs one product instead of one for each:

    a_0 [k = 0] delta + a_1 [k = 1] delta + ...  =  delta (a_0, a_1, ...)[k]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Add, Expr, Mul, S, Symbol

from symcnn.programs.backends.straight.functions import Select


@dataclass(frozen=True)
class Window:
    """The number of entries of one window, and the symbol of the place that it took."""

    taken: Symbol
    size: int


@dataclass(frozen=True)
class Share:
    """What one entry receives of a window's adjoint: delta if the window took it."""

    window: Window
    place: int
    delta: Expr

    @property
    def written(self) -> Expr:
        """Delta if the window took this entry, else 0."""
        return one_of(self.window, {self.place: self.delta})


def one_of(window: Window, coefficients: Mapping[int, Expr]) -> Expr:
    """Return the coefficient of the taken entry; entries without one have 0."""
    every = (coefficients.get(place, S.Zero) for place in range(window.size))
    return Select(window.taken, *every)


def share_in(formula: Expr, selectors: Mapping[Expr, tuple[Window, int]]) -> Share | None:
    """Read a formula as selector * delta, if it is of that form."""
    for factor in Mul.make_args(formula):
        if factor in selectors:
            window, place = selectors[factor]
            return Share(window, place, formula / factor)
    return None


def collected(formula: Expr, shares: Mapping[Symbol, Share]) -> Expr:
    """Gather the terms of a sum that belong to one window under its one adjoint."""
    groups: dict[tuple[Window, Expr], dict[Expr, Expr]] = {}
    rest: list[Expr] = []
    for term in Add.make_args(formula):
        routed = [f for f in Mul.make_args(term) if f in shares]
        if len(routed) == 1:
            share = shares[routed[0]]
            factors = groups.setdefault((share.window, share.delta), {})
            factors[routed[0]] = factors.get(routed[0], S.Zero) + term / routed[0]
        else:
            rest.append(term)
    return Add(*rest, *(_gathered(factors, shares) for factors in groups.values()))


def _gathered(factors: Mapping[Expr, Expr], shares: Mapping[Symbol, Share]) -> Expr:
    """Return the sum over entries of one window as its adjoint times the factor of the chosen."""
    if len(factors) == 1:
        return Mul(*next(iter(factors.items())))
    parts = [(shares[routed], factor) for routed, factor in factors.items()]
    first, _ = parts[0]
    return first.delta * one_of(first.window, {s.place: factor for s, factor in parts})
