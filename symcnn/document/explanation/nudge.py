"""One weight changed by a little: the loss there, which its derivative predicts."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import numpy as np
from sympy import Expr, Integer, Rational, Symbol

from symcnn.document.explanation.numbers import Numbers
from symcnn.document.facts.given import Nudge
from symcnn.document.facts.slopes import TINY
from symcnn.document.facts.thread import Thread
from symcnn.equations import entry_at
from symcnn.errors import SymcnnError
from symcnn.reference import exact_value
from symcnn.reference.enclosures import to_decimal

_FIRST, _TRIALS = 1, 3
"""The change is a tenth of the weight's leading place, or up to three places less."""

_NEAR = Decimal("0.05")
"""By which share the loss may miss what was predicted: what bends more is no straight line."""


def nudge(numbers: Numbers, thread: Thread | None) -> Nudge | None:
    """Change the weight of a thread to lower the loss, by a round number.

    Returns:
        None where there is no weight, its derivative is 0, the network is too large for exact
        numbers, in which small differences keep their digits, or no change as small as those that
        are tried changes the loss as predicted, within a twentieth, in both directions: at a kink
        it does so in one.
    """
    if thread is None or not (numbers.are_exact):
        return None
    network, derivation = numbers.problem.network, numbers.problem.derivation
    weight = network.tensors[thread.name].symbol(thread.position)
    slope = derivation.adjoints[thread.name].symbol(thread.position)
    before = network.loss_tensor.symbol((0,))
    for change in _changes(numbers, weight, slope):
        with suppress(ArithmeticError, SymcnnError):
            after, back = (
                _after(numbers, thread, numbers.value(weight + way)) for way in (change, -change)
            )
            start = numbers.value(before)
            if _is_predicted(numbers, after - start, change * slope) and _is_predicted(
                numbers, back - start, -change * slope
            ):
                return Nudge(weight, slope, change, after)
    return None


def _changes(numbers: Numbers, weight: Symbol, slope: Symbol) -> list[Expr]:
    """Return changes against the slope, of a tenth of the weight's leading place and less."""
    steepness, size = to_decimal(numbers.value(slope)), to_decimal(numbers.value(weight))
    if abs(steepness) <= TINY:
        return []
    leading = size.adjusted() if size else -1
    places = range(leading - _FIRST, leading - _FIRST - _TRIALS, -1)
    direction = Integer(-1 if steepness > 0 else 1)
    return [direction * Rational(10) ** place for place in places]


def _after(numbers: Numbers, thread: Thread, moved: Expr) -> Expr:
    """Evaluate the loss with the changed weight by the forward pass alone."""
    network, values = numbers.problem.network, numbers.problem.values
    array = np.array(values[thread.name], dtype=object).ravel()
    array[entry_at(thread.position, network.tensors[thread.name].shape)] = moved
    return exact_value(network, {**values, thread.name: array.tolist()}, "loss", (0,))


def _is_predicted(numbers: Numbers, change: Expr, predicted: Expr) -> bool:
    found, expected = to_decimal(change), to_decimal(numbers.value(predicted))
    return abs(found - expected) <= _NEAR * abs(expected)
