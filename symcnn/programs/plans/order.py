"""The order of evaluation: every tensor with all equations that add to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import IndexedBase

from symcnn.derivation import Chain, Derivation, Routing
from symcnn.equations import Equation, Group, Tensor, accesses, grouped


def forward(equations: Iterable[Equation], tensors: Iterable[Tensor]) -> list[Group]:
    """Return every computed tensor, and the loss, with its equations."""
    by_base = {tensor.base: tensor for tensor in tensors}
    return [(by_base[base], group) for base, group in grouped(equations)]


def backward(chain: Chain | Derivation) -> list[Group]:
    """Return every adjoint with the equations of the steps that add to it.

    One that no step adds to is 0 and comes first.
    """
    made = grouped(step.equation for step in chain.steps)
    by_base = {adjoint.base: adjoint for adjoint in chain.adjoints.values()}
    received = {base for base, _ in made}
    none: list[Group] = [(a, ()) for base, a in by_base.items() if base not in received]
    return none + [(by_base[base], group) for base, group in made]


def live(
    groups: Sequence[Group], wanted: Iterable[Tensor], routings: Iterable[Routing]
) -> list[Group]:
    """Return the groups without which nothing that is wanted can be computed."""
    needed = {tensor.base for tensor in wanted}
    sources = {routing.tensor.base: routing.source for routing in routings}
    kept: list[Group] = []
    for tensor, equations in reversed(groups):
        if tensor.base not in needed:
            continue
        kept.append((tensor, equations))
        for base in _read(equations):
            needed |= {base, *(_read([sources[base]]) if base in sources else ())}
    return kept[::-1]


def _read(equations: Iterable[Equation]) -> set[IndexedBase]:
    """Return what equations read; a routing is made of its maximum's target as well."""
    values = (part for e in equations for part in (e.value, e.target))
    return {read.base for value in values for read in accesses(value)}
