"""What the letters of a network fulfil where its layers exist: P <= H - 1 where P are reflected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sympy import S, Symbol
from sympy.core.relational import Relational

from symcnn.equations.sizes import defined
from symcnn.network.network import Network


def supposed(network: Network) -> tuple[Relational, ...]:
    """Return what letters fulfil, beside lengths of at least 1."""
    found = (
        condition
        for stage in network.stages
        for condition in stage.layer.supposed([x.of_one_sample().shape for x in stage.inputs])
    )
    return tuple(dict.fromkeys((*found, *network.loss.supposed())))


def hold(conditions: Iterable[Relational], numbers: Mapping[Symbol, Any]) -> bool:
    """Tell whether numbers for letters are as they are supposed to be, as far as these tell."""
    tried = (c.func(*map(defined, c.args)).xreplace(numbers) for c in conditions)
    return all(one is not S.false for one in tried)
