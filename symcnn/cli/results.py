"""What ``evaluate`` reports: outputs, loss, gradients, updated weights, and a check; its table."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Literal

import numpy as np

from symcnn import limits
from symcnn.equations.values import Array, Evaluation, Values
from symcnn.errors import OUT_OF_RANGE, NotFiniteError
from symcnn.network.optimizers import after_step
from symcnn.problems import Problem
from symcnn.problems.evaluation import (
    floats,
    is_small,
    lost_digits,
    near_kinks,
    near_ties,
    nearest,
    remedy,
    settled,
)
from symcnn.problems.evaluation.evaluate import evaluate
from symcnn.programs.computing import computed
from symcnn.programs.finite import rounded
from symcnn.programs.gradcheck import GradientCheck, gradcheck
from symcnn.programs.lambdify import lambdify
from symcnn.programs.ranges import RANGE, SMALLER_STEP, check_step
from symcnn.reference import Forward

_SMALLER = "use smaller values or weights, or evaluate(problem, exact=True) in Python"


@dataclass(frozen=True)
class Results:
    """The numbers of one problem, in floating point.

    Attributes:
        problem: What was evaluated.
        evaluation: Outputs, loss and gradients.
        values: The value of the input, of every parameter and of every layer's output.
        updated: Every parameter after one step of gradient descent: w - rate * dL/dw.
        check: The gradients beside numeric derivatives; None if there are outputs alone.
        warnings: Where rounding decides a gradient or loses digits, one line each.
        imprecise: The figures with fewer right digits than are printed; None if not known.
        zeros: Which entries are known to be 0, by the names of what is printed; the table has 0
            there, whatever rounding made of it.
    """

    problem: Problem
    evaluation: Evaluation
    values: dict[str, Array]
    updated: dict[str, Array]
    check: GradientCheck | None
    warnings: tuple[str, ...] = ()
    imprecise: tuple[str, ...] | None = ()
    zeros: Mapping[str, Array] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints: plain numbers in nested lists."""
        if self.check is None:
            return {"title": self.problem.title, "outputs": _lists(self.evaluation.outputs)}
        updated = {"updated": _lists(self.updated)} if self.updated else {}
        return {
            "title": self.problem.title,
            "outputs": _lists(self.evaluation.outputs),
            "loss": float(self.evaluation.loss),
            "gradients": _lists(self.evaluation.gradients),
            **updated,
            "check": {
                "method": self.check.method,
                "max_abs_error": float(self.check.max_abs_error),
                "imprecise": None if self.imprecise is None else [*self.imprecise],
            },
        }


def evaluated(
    problem: Problem,
    exact: bool = False,
    digits: int = 6,
    backend: str = "auto",
    results: Literal["all", "outputs"] = "all",
) -> Results:
    """Evaluate a problem, and check its gradients.

    Args:
        problem: A network with its numbers.
        exact: Whether to evaluate exactly and round at the end alone.
        digits: How many digits are printed and are to be right.
        backend: What computes in floats; see ``lambdify``.
        results: "outputs" evaluates the forward pass alone, in floats or exactly.

    Raises:
        TooLargeError: If it is too large to be evaluated exactly.
        NotFiniteError: If a number has no finite value, or no float holds it.
        UnverifiedError: If the derivatives are not what was measured.
    """
    with in_range():
        if results == "outputs":
            return _outputs(problem, exact, backend)
        return _exactly(problem, backend) if exact else _in_floats(problem, digits, backend)


def _outputs(problem: Problem, exact: bool, backend: str) -> Results:
    """Evaluate the forward pass alone."""
    if exact:
        found = evaluate(problem, exact=True, backend=backend)
        _check_held(found.outputs, {}, {})
        made = found.rounded()
    else:
        program = lambdify(problem.derivation, backend, results="outputs")

        def without_loss(values: Values) -> Evaluation:
            return replace(program(values), loss=0.0)  # what is no number is an error

        made = computed(without_loss, problem.derivation, problem.values)
    given = {name: floats(array) for name, array in _given(problem).items()}
    return Results(problem, replace(made, gradients={}), given | made.outputs, {}, None)


def _in_floats(problem: Problem, digits: int, backend: str) -> Results:
    made = evaluate(problem, backend=backend)
    given = {name: floats(array) for name, array in _given(problem).items()}
    updated = _updated(problem, given, made.gradients)
    passed = Forward(problem.network, problem.values, made.outputs)
    check = settled(problem, gradcheck(problem, made.gradients, passed=passed))
    if not isfinite(check.max_abs_error):
        raise OverflowError
    values = {**given, **made.outputs}
    decided = tuple(_decided(problem, made, passed))
    lost = lost_digits(
        problem, made, passed, updated=updated, derivatives=not decided, digits=digits
    )
    if not lost.line and check.is_far:
        lost = lost._replace(
            line="floating-point cancellation: derived and measured derivatives differ by "
            f"{check.max_abs_error:.2g}; {remedy(problem)}"
        )
    warned = (*decided, lost.line) if lost.line else decided
    return Results(problem, made, values, updated, check, warned, lost.names, lost.zeros)


def _exactly(problem: Problem, backend: str) -> Results:
    made = evaluate(problem, exact=True, backend=backend)
    given, in_floats = _given(problem), made.rounded()
    updated = _exactly_updated(problem)
    _check_held({"loss": np.array(made.loss), **made.outputs}, made.gradients, updated)
    moved = {name: floats(array) for name, array in updated.items()}
    passed = Forward(problem.network, problem.values, in_floats.outputs)
    check = settled(problem, gradcheck(problem, in_floats.gradients, passed=passed), exactly=True)
    values = {**{name: floats(array) for name, array in given.items()}, **in_floats.outputs}
    return Results(problem, in_floats, values, moved, check, made.doubts)


def _given(problem: Problem) -> dict[str, Array]:
    """Return the exact numbers of input, parameters and target."""
    tensors = problem.network.tensors
    return {
        name: np.array(entries, dtype=object).reshape(tensors[name].shape)
        for name, entries in problem.values.items()
    }


def _updated(
    problem: Problem, given: Mapping[str, Array], gradients: Mapping[str, Array]
) -> dict[str, Array]:
    if problem.learning_rate is None:
        return {}
    names = [tensor.name for tensor in problem.network.parameters]
    slopes = {n: gradients[n] for n in names}
    moved = after_step(problem.optimizer, given, slopes, float(problem.learning_rate))
    check_step(moved)
    return moved


def _exactly_updated(problem: Problem) -> dict[str, Array]:
    if problem.learning_rate is None:
        return {}
    return {
        t.name: np.array(problem.quantity(f"updated {t.name}"), dtype=object).reshape(t.shape)
        for t in problem.network.parameters
    }


def _decided(problem: Problem, made: Evaluation, passed: Forward) -> Iterator[str]:
    """Say where rounding decides a derivative."""
    exactly = is_small(problem.derivation)
    decided = " (evaluate --exact is not affected)" if exactly else ""
    ties, kinks = [*near_ties(problem, made, passed)], [*near_kinks(problem, made, passed)]
    which = f"rounding decides which of them receives the gradient{decided}"
    yield from _few([f"{tie}: {which}" for tie in ties], "windows are tied, or nearly so")
    slope = f"rounding decides which one-sided derivative is used{decided}"
    yield from _few([f"{kink}: {slope}" for kink in kinks], "entries are at a kink, or nearly so")


def _few(found: Sequence[str], more: str) -> Iterator[str]:
    """Return the first warnings of a kind, and how many more there are."""
    yield from found[: limits.WARNINGS]
    if len(found) > limits.WARNINGS:
        yield f"{len(found) - limits.WARNINGS:,} more {more}"


@contextmanager
def in_range() -> Iterator[None]:
    """Say in one line that numbers leave the range of floating point, and no warnings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except ArithmeticError:
        raise NotFiniteError(OUT_OF_RANGE) from None


def _check_held(
    values: Mapping[str, Array], gradients: Mapping[str, Array], updated: Mapping[str, Array]
) -> None:
    """Refuse exact numbers that are too large for a float."""
    for what, arrays in (("", values), ("dL/d ", gradients), ("updated ", updated)):
        for name, array in arrays.items():
            for place, number in np.ndenumerate(array):
                if not isfinite(nearest(number)):
                    entry = f"{what}{name}{list(place) if place else ''}"
                    smaller = SMALLER_STEP if what == "updated " else _SMALLER
                    beyond = f"{entry} is {rounded(number)}, beyond {RANGE}"
                    raise NotFiniteError(f"{beyond}: {smaller}")


def _lists(arrays: Mapping[str, Array]) -> dict[str, Any]:
    return {name: np.asarray(array).tolist() for name, array in arrays.items()}
