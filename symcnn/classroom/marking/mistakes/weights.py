"""Mistakes with weights: a matrix that is transposed, and the steps of gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from sympy import Expr, Indexed, S

from symcnn.classroom.marking.mistakes.mistake import Mistake, Ways, Work
from symcnn.equations import Equation, accesses
from symcnn.network.optimizers import Optimizer
from symcnn.network.optimizers.optimizer import (
    MEAN,
    MEAN_HAT,
    RATE,
    SLOPE,
    SQUARE,
    SQUARE_HAT,
    WEIGHT,
)


def _transposed(work: Work) -> Ways:
    """Exchange two axes of a weight, or of the derivative with respect to it."""

    def change(equation: Equation, _: Equation) -> Iterable[Equation]:
        if work.is_slope:
            yield from (replace(equation, target=t) for t in _exchanged(equation.target))
        for read in accesses(equation.value):
            for other in _exchanged(read) if work.is_parameter(read) else ():
                yield replace(equation, value=equation.value.xreplace({read: other}))

    return () if work.is_update else work.one_by_one(change)


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


def _after_the_step(work: Work) -> Ways:
    """Read updated weights in the backward pass."""
    moved = work.formulas.updated

    def change(equation: Equation, _: Equation) -> Iterable[Equation]:
        found = {r: moved[r.base][r.indices] for r in accesses(equation.value) if r.base in moved}
        if found:
            yield replace(equation, value=equation.value.xreplace(found))

    return work.one_by_one(change) if work.steps and not work.is_slope else ()


def _step(factor: Callable[[Expr], Expr]) -> Callable[[Work], Ways]:
    """Multiply the step of an update by a factor of the learning rate."""

    def ways(work: Work) -> Ways:
        rate = work.formulas.rate
        if work.is_update and rate is not None:
            (equation,) = work.equations
            weight = next(r for r in accesses(equation.value) if work.is_parameter(r))
            step = equation.value - weight
            yield [replace(equation, value=weight + factor(rate) * step)]

    return ways


def _step_alone(work: Work) -> Ways:
    """Take the change of a weight for the weight."""
    if work.is_update:
        (equation,) = work.equations
        weight = next(r for r in accesses(equation.value) if work.is_parameter(r))
        yield [replace(equation, value=equation.value - weight)]


def _otherwise(change: Callable[[Optimizer], Expr]) -> Callable[[Work], Ways]:
    """Take another step than that of the optimizer, in w, g and eta."""

    def ways(work: Work) -> Ways:
        optimizer, rate = work.formulas.optimizer, work.formulas.rate
        if not work.is_update or rate is None or optimizer.is_plain:
            return
        (equation,) = work.equations
        weight = next(r for r in accesses(equation.value) if work.is_parameter(r))
        slope = next(r for r in accesses(equation.value) if not work.is_parameter(r))
        value = optimizer.at_first(change(optimizer), weight, slope, rate)
        if value != equation.value:
            yield [replace(equation, value=value)]

    return ways


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
        _transposed,
    )
    yield Mistake(
        "updated weights used",
        "The updated weights were used in the backward pass. All derivatives are evaluated at the "
        "weights before the step.",
        _after_the_step,
    )
    yield Mistake(
        "sign of the step",
        "The step was added. Gradient descent subtracts it.",
        _step(lambda rate: S.NegativeOne),
    )
    yield Mistake(
        "learning rate forgotten",
        "The derivative itself was subtracted. It must be multiplied by the learning rate first.",
        _step(lambda rate: 1 / rate),
    )
    yield Mistake(
        "divided by the learning rate",
        "The derivative was divided by the learning rate. It must be multiplied by it.",
        _step(lambda rate: 1 / rate**2),
    )
    yield Mistake(
        "only the change given",
        "This is only the change. It must be added to the parameter as it was before the step.",
        _step_alone,
    )
    yield Mistake(
        "plain gradient step",
        "The learning rate times the derivative was subtracted, as in plain gradient descent. The "
        "optimizer of the problem takes another step.",
        _otherwise(lambda optimizer: WEIGHT - RATE * SLOPE),
    )
    yield Mistake(
        "bias correction forgotten",
        "The means of the derivatives and of their squares were not corrected for their bias: they "
        r"must be divided by $1 - (\beta_1)^n$ and $1 - (\beta_2)^n$.",
        _otherwise(_uncorrected),
    )
    yield Mistake(
        "weight decay forgotten",
        "The weight decay was left out of the step.",
        _otherwise(_undecayed),
    )
