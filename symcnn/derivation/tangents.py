r"""Equations differentiated forwards: how their targets move.

When the input and the parameters move with the velocities Dx, Dw, ..., the target of

    T[a]  <-  REDUCE over loops of f(A[e], B[g], ...)

moves with

    DT[a]  <-  sum over the same loops of  S * (df/dA[e] DA[e] + df/dB[g] DB[g] + ...)

with S the selector of the reduction. Selectors of maxima are constant between their jumps.
Where the entries of one tensor V move one by one instead, DT has the indices of V besides,

    DT[a, v]  <-  S * df/dA[e] DA[e, v]        for whatever moves with V,
    DT[a, g]  <-  S * df/dV[g]                 for V itself:

the Jacobian dT/dV. Adjoints have equations too: that of w moves with the Hessian.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Expr, Indexed, IndexedBase, S

from symcnn.derivation.adjoint import Routing, partial_by
from symcnn.equations import SUM, Equation, Group, Loop, Tensor, accesses


class Tangents:
    """The velocities so far, by the bases of the tensors that move.

    Attributes:
        velocities: DT by the base of T.
        velocity_of: Makes the tensor DT of T.
    """

    def __init__(
        self,
        routings: Sequence[Routing],
        velocity_of: Callable[[Tensor], Tensor],
        moving: Mapping[IndexedBase, Tensor],
        *,
        unit: IndexedBase | None = None,
        over: Sequence[Loop] = (),
        named: Mapping[Expr, Expr] | None = None,
        linear: Collection[IndexedBase] = (),
        signals: Collection[IndexedBase] = (),
    ) -> None:
        """Take what moves.

        Args:
            routings: The routing of each maximum.
            velocity_of: Makes the tensor DT of T.
            moving: The velocities of tensors that are given.
            unit: The base of V, if its entries move one by one.
            over: The indices of V, which no equation uses, with their ranges.
            named: What entries are equal to, and the entries.
            linear: Error signals that move with other error signals alone, as if the layers
                were linear: that leaves the Gauss-Newton part of the Hessian.
            signals: All error signals.
        """
        self.velocities = dict(moving)
        self._selectors = {routing.source: routing.entry for routing in routings}
        self.velocity_of, self._unit, self._over = velocity_of, unit, tuple(over)
        self._named, self._linear = dict(named or {}), frozenset(linear)
        self._signals = frozenset(signals)

    def of(self, groups: Sequence[Group]) -> list[Group]:
        """Return the velocity of every tensor that moves, with its equations."""
        made: list[Group] = []
        for tensor, equations in groups:
            velocity = self.velocity_of(tensor)
            moving = [t for e in equations for t in self._equations(e, velocity)]
            if moving:
                self.velocities[tensor.base] = velocity
                made.append((velocity, tuple(moving)))
        return made

    def _equations(self, equation: Equation, velocity: Tensor) -> Iterator[Equation]:
        """Run over the terms of an equation's derivative.

        A maximum without a routing has none: the loss does not depend on it.
        """
        selector = self._selector(equation)
        if selector is None:
            return
        for access in accesses(equation.value):
            if not (access.base == self._unit or access.base in self.velocities):
                continue
            if equation.target.base in self._linear and access.base not in self._signals:
                continue
            free, over, moved = self._moved(access)
            slope = selector * partial_by(equation.value, access)
            if value := slope.xreplace(self._named) * moved:
                target = velocity[(*equation.target.indices, *free)]
                loops = (*equation.loops, *over)
                yield replace(equation, target=target, value=value, loops=loops, reduction=SUM)

    def _moved(self, access: Indexed) -> tuple[Sequence[Expr], tuple[Loop, ...], Expr]:
        """Return which entries of V an entry moves with, the loops over them, and how fast."""
        if access.base == self._unit:
            return access.indices, (), S.One
        free = tuple(loop.symbol for loop in self._over)
        return free, self._over, self.velocities[access.base][(*access.indices, *free)]

    def _selector(self, equation: Equation) -> Expr | None:
        slope = equation.reduction.slope(equation.value, equation.target, equation.terms_of_entry)
        return self._selectors.get(equation) if slope is None else slope
