"""Jacobians: how the entries of a tensor move with each of V's, and so do error signals.

J^z[i, v]  =  dz_i / dv,        H^z[i, v]  =  d^2 L / dz_i dv
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from typing import Literal

from sympy import Expr, Indexed, IndexedBase, S

from symcnn.derivation.adjoint import Routing, partial_by
from symcnn.derivation.derived import Derived
from symcnn.equations import SUM, Equation, Group, Loop, Tensor, accesses
from symcnn.equations.notation import about, index, spare_letters
from symcnn.writing.lettering import taken_letters

# Equations differentiated forwards: how their targets move.


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


@dataclass(frozen=True)
class Sensitivity(Tensor):
    """The derivatives of a tensor T, or of dL/dT, with respect to all entries of V.

    Attributes:
        of: T, by its name.
        by: V, by its name; its indices come last.
        kind: Whose derivatives they are: T's, dL/dT's, or these where layers count as linear.
    """

    of: str = ""
    by: str = ""
    kind: Literal["jacobian", "signal", "gauss_newton"] = "jacobian"


def jacobians(
    derivation: Derived,
    second: Tensor,
    routings: Sequence[Routing],
    named: Mapping[Expr, Expr],
    *,
    gauss_newton: bool,
) -> Tangents:
    """Return what differentiates equations with respect to all entries of V.

    Args:
        derivation: The derivation.
        second: V.
        routings: The routings of the maxima in the equations.
        named: What entries are equal to, and the entries.
        gauss_newton: Whether only the loss is differentiated twice.
    """
    spare = map(index, spare_letters(letters(derivation)))
    over = [Loop(next(spare), size) for size in second.shape]
    axes = tuple(loop.symbol.name for loop in over)

    owners = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}
    signal: Literal["signal", "gauss_newton"] = "gauss_newton" if gauss_newton else "signal"

    def moved(tensor: Tensor) -> Tensor:
        return Sensitivity(
            f"{tensor.name} by {second.name}",
            (*tensor.shape, *second.shape),
            "auxiliary",
            label(derivation, tensor, linear=gauss_newton),
            (*tensor.axes, *axes),
            of=owners.get(tensor.name, tensor.name),
            by=second.name,
            kind=signal if tensor.name in owners else "jacobian",
        )

    linear, signals = _linear_signals(derivation) if gauss_newton else ((), ())
    return Tangents(
        *(routings, moved, {}),
        unit=second.base,
        over=over,
        named=named,
        linear=linear,
        signals=signals,
    )


def _linear_signals(derivation: Derived) -> tuple[Collection[IndexedBase], Collection[IndexedBase]]:
    """Return the error signals before the output's, and all of them."""
    end, adjoints = derivation.network.loss_stage, derivation.adjoints
    own = {derivation.network.output.name, *(t.name for t in end.auxiliaries.values())}
    before = {adjoint.base for name, adjoint in adjoints.items() if name not in own}
    return before, {adjoint.base for adjoint in adjoints.values()}


def letters(derivation: Derived) -> set[str]:
    """Return what no new index is called: all letters, and those of the indices that there are."""
    equations = (*derivation.network.equations, *(step.equation for step in derivation.steps))
    loops = {loop.symbol.name for equation in equations for loop in equation.loops}
    axes = {axis for tensor in derivation.tensors.values() for axis in tensor.axes}
    return taken_letters(derivation.network) | loops | axes


def label(derivation: Derived, tensor: Tensor, *, along: bool = False, linear: bool = False) -> str:
    """Return J^z for a stage z, and H^z for its error signal.

    Args:
        derivation: The derivation.
        tensor: The stage, or its error signal.
        along: Whether it moves along a direction, D^z.
        linear: Whether layers are linear, G^z.
    """
    owners = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}
    owner, chosen = owners.get(tensor.name), second_letters(derivation)
    if owner is None:
        return about(chosen["D" if along else "J"], tensor.label)
    return about(chosen["G" if linear else "H"], derivation.network.tensors[owner].label)


def second_letters(derivation: Derived) -> dict[str, str]:
    """Return the letters of J, D, H and G, which other tensors and sizes may have."""
    network = derivation.network
    taken = taken_letters(network)

    def free(letters: str) -> Iterator[str]:
        numbered = (f"{letters[0]}_{number}" for number in count(2))
        return (one for one in chain(letters, numbered) if one not in taken)

    moving, (signal, linear) = next(free("JAUVX")), islice(free("HGQBY"), 2)
    return {"J": moving, "D": next(free("DAUVX")), "H": signal, "G": linear}
