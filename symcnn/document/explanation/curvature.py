"""The second derivatives that a document gives: for which pairs, and their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from symcnn import limits
from symcnn.derivation.second_order import variable
from symcnn.derivation.sensitivities import Sensitivities, sensitivities
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.facts.given import Curvature
from symcnn.errors import SymcnnError, shown
from symcnn.network.network import Network

Pairs = bool | Sequence[tuple[str, str]]
"""Whether all blocks are wanted, or which: pairs of the input and parameters."""

_Pair = tuple[str, str]


def curvature(numbers: Numbers, wanted: Pairs) -> Curvature | None:
    """Return the blocks of the Hessian that are wanted; None if none are.

    Raises:
        SymcnnError: If something else than pairs of the input and parameters is wanted.
    """
    if not wanted:
        return None
    problem, network = numbers.problem, numbers.problem.network
    every = _every(network)
    few = len(every) <= limits.HESSIAN_BLOCKS
    usual = every if few else [(of, by) for of, by in every if of == by]
    pairs = usual if wanted is True else [*_checked(network, wanted)]
    rows = {by: [of for of, other in pairs if other == by] for _, by in pairs}
    moving = tuple(sensitivities(problem.derivation, by, of) for by, of in rows.items())
    left_out = len(every) if pairs is usual and not few else None
    exact = moving if numbers.are_exact else ()
    values = {m.by.name: m.at(problem.values).value for m in exact}
    made = Curvature(moving, values, None, left_out, wanted is not True)
    errors = (error for m in exact for error in _errors(numbers, made, m))
    return replace(made, error=max(errors, default=None))


def _every(network: Network) -> list[_Pair]:
    """Return each pair of parameters once; without a parameter, the input alone."""
    names = [tensor.name for tensor in network.parameters] or [network.input.name]
    return [(of, by) for n, by in enumerate(names) for of in names[: n + 1]]


def _checked(network: Network, wanted: Sequence[Any]) -> Iterator[_Pair]:
    for pair in wanted if isinstance(wanted, tuple | list) else [wanted]:
        if not (isinstance(pair, tuple | list) and len(pair) == 2):
            raise SymcnnError(
                f"second_order is {shown(str(wanted))}: give True, or pairs of names such as "
                '[("conv1.weight", "dense1.weight")]'
            )
        of, by = (variable(network, name).name for name in pair)
        yield of, by


def _errors(numbers: Numbers, made: Curvature, moving: Sensitivities) -> Iterator[float]:
    """Run over the differences of printed numbers from those that paths add up to, in floats."""
    value, output = made.values[moving.by.name], numbers.problem.network.output.name
    blocks = [block for block in (*moving.blocks, *moving.linear) if made.is_printed(block)]
    for by in moving.by.positions() if blocks else ():
        along = numbers.forward.along(moving.by.name, by)
        for block in blocks:
            for of in block.of.positions():
                derived = float(value(block.result.symbol((*of, *by))))
                yield abs(derived - float(along.second(block.kind, block.of.name, of, output)))
