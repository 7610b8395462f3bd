"""All figures of a page as one program of steps, in exact numbers as long as they are exact.

It is the straight-line program of the derivation, recorded once more. A decimal stays one through
sums, products, quotients and maxima, and the page writes = before it; behind an exponential a
number is a float, and has its sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sympy import Expr, Symbol

from symcnn.classroom.arithmetic.recording import Tape
from symcnn.derivation import Derivation
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.equations import Tensor
from symcnn.programs.backends.straight.assignments import straight
from symcnn.programs.backends.straight.subexpressions import Assignment, live
from symcnn.programs.plans.plan import plan_of


def figures_program(
    derivation: Derivation, figures: Sequence[Expr], step: Callable[[Expr, Expr], Expr]
) -> Mapping[str, Any]:
    """Return a program of all given numbers that gives the figures in their order.

    The loss after a step of gradient descent is the number behind the given ones: it is found by
    the same program, of moved numbers.

    Args:
        derivation: The network's.
        figures: Expressions of entries.
        step: Returns a weight after a step from it and its derivative, if a step is made.

    Raises:
        TooLargeError: If the network is too large for a statement for each entry.
    """
    tape, given, slopes = Tape(), derivation.network.given, _slopes(derivation, figures)
    numbers = [symbol for tensor in given for symbol in _entries(tensor)]
    known = {symbol: tape.entry(n) for n, symbol in enumerate((*numbers, AFTER_THE_STEP))}
    wanted = [symbol for figure in figures for symbol in figure.free_symbols]
    for symbol, value in _assignments(derivation, [*wanted, *slopes.values()]):
        known[symbol] = tape.value(value, known)
    moved = [step(entry, slopes[entry]) if entry in slopes else entry for entry in numbers]
    return {
        "given": [tensor.name for tensor in given],
        "figures": [tape.value(figure, known).at for figure in figures],
        "moved": [tape.value(number, known).at for number in moved],
        "loss": known[derivation.network.loss_tensor.symbol((0,))].at,
        "steps": tape.steps,
    }


def _slopes(derivation: Derivation, figures: Sequence[Expr]) -> dict[Symbol, Symbol]:
    """Return dL/dw for every entry w of the parameters, if a step is made with them."""
    moving = derivation.network.parameters if AFTER_THE_STEP in figures else ()
    pairs = (
        zip(_entries(tensor), _entries(derivation.adjoints[tensor.name]), strict=True)
        for tensor in moving
    )
    return dict(chain.from_iterable(pairs))


def _entries(tensor: Tensor) -> Iterator[Symbol]:
    return map(tensor.symbol, tensor.positions())


def _assignments(derivation: Derivation, wanted: Sequence[Symbol]) -> Iterator[Assignment]:
    """Run over the assignments without which something wanted cannot be computed."""
    code = straight(plan_of(derivation, "stages"))
    stages = [s.assignments for s in (*code.forward, *code.backward, *code.further)]
    loss = derivation.network.loss_tensor.symbol((0,))
    return chain.from_iterable(live(stages, [*wanted, loss]))
