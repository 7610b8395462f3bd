"""Mistakes with weights: a matrix that is transposed, and the steps of gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations

from sympy import Expr, Indexed, S

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work, each, with_values
from symcnn.equations import Equation, accesses
from symcnn.network.optimizers import (
    MEAN,
    MEAN_HAT,
    RATE,
    SLOPE,
    SQUARE,
    SQUARE_HAT,
    WEIGHT,
    Optimizer,
)


def _transposed(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Exchange two axes of a weight, or of the derivative with respect to it."""
    if work.is_update:
        return
    if work.is_slope:
        yield from (replace(equation, target=t) for t in _exchanged(equation.target))
    for read in accesses(equation.value):
        for other in _exchanged(read) if work.is_parameter(read) else ():
            yield replace(equation, value=equation.value.xreplace({read: other}))


def _exchanged(read: Indexed) -> Iterator[Indexed]:
    """Run over an access with two indices exchanged; of a matrix, read by its columns."""
    long = [axis for axis, size in enumerate(read.shape) if size > 1]
    if len(long) == 2:
        row, column = (read.indices[axis] for axis in long)
        place = column * int(read.shape[long[0]]) + row
        yield read.base[(*(0,) * (len(read.indices) - 1), place)]
        return
    for one, other in combinations(long, 2):
        if read.shape[one] == read.shape[other]:
            moved = list(read.indices)
            moved[one], moved[other] = moved[other], moved[one]
            yield read.base[tuple(moved)]


def _after_the_step(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Read updated weights in the backward pass."""
    moved = work.formulas.updated if work.steps and not work.is_slope else {}
    found = {r: moved[r.base][r.indices] for r in accesses(equation.value) if r.base in moved}
    if found:
        yield replace(equation, value=equation.value.xreplace(found))


def _of_update(value: Callable[[Work, Expr, Expr], Expr | None]) -> Callable[[Work], Ways]:
    """Give an updated parameter another value, of the parameter and of the step that is due."""

    def ways(work: Work) -> Ways:
        if work.is_update:
            (equation,) = work.equations
            weight = next(r for r in accesses(equation.value) if work.is_parameter(r))
            yield from with_values(work, [value(work, weight, equation.value - weight)])

    return ways


def _scaled(factor: Callable[[Expr], Expr], work: Work, weight: Expr, step: Expr) -> Expr | None:
    """Multiply the step by a factor of the learning rate."""
    rate = work.formulas.rate
    return None if rate is None else weight + factor(rate) * step


def _otherwise(
    rule: Callable[[Optimizer], Expr], work: Work, weight: Expr, step: Expr
) -> Expr | None:
    """Take another step than that of the optimizer, in w, g and eta."""
    optimizer, rate, (equation,) = work.formulas.optimizer, work.formulas.rate, work.equations
    if rate is None or optimizer.is_plain:
        return None
    slope = next(r for r in accesses(equation.value) if not work.is_parameter(r))
    value = optimizer.at_first(rule(optimizer), weight, slope, rate)
    return None if value == equation.value else value


_UNCORRECTED = {MEAN_HAT: MEAN, SQUARE_HAT: SQUARE}


def _uncorrected(optimizer: Optimizer) -> Expr:
    """Leave out the bias correction."""
    kept = [(of, value) for of, value in optimizer.equations if of not in _UNCORRECTED]
    return optimizer.otherwise([(of, value.xreplace(_UNCORRECTED)) for of, value in kept])


def _undecayed(optimizer: Optimizer) -> Expr:
    return optimizer.otherwise(replace(optimizer, weight_decay=0).equations)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "transposed weight",
        "The weights were transposed: two of their indices were exchanged.",
        each(_transposed),
    )
    yield Mistake(
        "updated weights used",
        "The updated weights were used in the backward pass. All derivatives are evaluated at the "
        "weights before the step.",
        each(_after_the_step),
    )
    yield Mistake(
        "sign of the step",
        "The step was added. Gradient descent subtracts it.",
        _of_update(partial(_scaled, lambda rate: S.NegativeOne)),
    )
    yield Mistake(
        "learning rate forgotten",
        "The derivative itself was subtracted. It must be multiplied by the learning rate first.",
        _of_update(partial(_scaled, lambda rate: 1 / rate)),
    )
    yield Mistake(
        "divided by the learning rate",
        "The derivative was divided by the learning rate. It must be multiplied by it.",
        _of_update(partial(_scaled, lambda rate: 1 / rate**2)),
    )
    yield Mistake(
        "only the change given",
        "This is only the change. It must be added to the parameter as it was before the step.",
        _of_update(lambda work, weight, step: step),
    )
    yield Mistake(
        "plain gradient step",
        "The learning rate times the derivative was subtracted, as in plain gradient descent. The "
        "optimizer of the problem takes another step.",
        _of_update(partial(_otherwise, lambda optimizer: WEIGHT - RATE * SLOPE)),
    )
    yield Mistake(
        "bias correction forgotten",
        "The means of the derivatives and of their squares were not corrected for their bias: they "
        r"must be divided by $1 - (\beta_1)^n$ and $1 - (\beta_2)^n$.",
        _of_update(partial(_otherwise, _uncorrected)),
    )
    yield Mistake(
        "weight decay forgotten",
        "The weight decay was left out of the step.",
        _of_update(partial(_otherwise, _undecayed)),
    )
