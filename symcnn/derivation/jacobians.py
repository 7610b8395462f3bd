"""Jacobians: how the entries of a tensor move with each of V's, and so do error signals.

J^z[i, v]  =  dz_i / dv,        H^z[i, v]  =  d^2 L / dz_i dv
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import Literal

from sympy import Expr, IndexedBase

from symcnn.derivation.adjoint import Routing
from symcnn.derivation.derived import Derived
from symcnn.derivation.tangents import Tangents
from symcnn.equations import Loop, Tensor
from symcnn.equations.notation import about, index, spare_letters
from symcnn.writing.lettering import taken_letters


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
