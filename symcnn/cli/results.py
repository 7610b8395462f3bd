"""What ``evaluate`` reports: outputs, loss, gradients, updated weights, and a check."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from symcnn.errors import OUT_OF_RANGE, SymcnnError
from symcnn.numeric import Evaluation, GradientCheck, gradcheck, lambdify
from symcnn.problems import Problem

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Results:
    """The numbers of one problem.

    Attributes:
        problem: What was evaluated.
        evaluation: Outputs, loss and gradients.
        check: The gradients beside numeric derivatives.
    """

    problem: Problem
    evaluation: Evaluation
    check: GradientCheck

    @property
    def values(self) -> dict[str, Array]:
        """The value of the input, of every parameter and of every layer's output."""
        tensors = self.problem.network.tensors
        given = {
            name: np.array([float(entry) for entry in entries]).reshape(tensors[name].shape)
            for name, entries in self.problem.values.items()
        }
        return {**given, **self.evaluation.outputs}

    @property
    def updated(self) -> dict[str, Array]:
        """Every parameter after one step of gradient descent: w - rate * dL/dw."""
        if self.problem.learning_rate is None:
            return {}
        rate, gradients = float(self.problem.learning_rate), self.evaluation.gradients
        names = [tensor.name for tensor in self.problem.network.parameters]
        return {name: self.values[name] - rate * gradients[name] for name in names}

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints: plain numbers in nested lists."""
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
            },
        }


def evaluated(problem: Problem) -> Results:
    """Evaluate a problem in floating point, and check its gradients.

    Raises:
        SymcnnError: If the numbers leave the range of floating point.
    """
    with in_range():
        evaluation = lambdify(problem.derivation)(problem.values)
        check = gradcheck(problem, evaluation.gradients)
        results = Results(problem, evaluation, check)
        _check_finite([check.max_abs_error, *results.updated.values()])
        _check_finite([evaluation.loss, *evaluation.outputs.values()])
        _check_finite(evaluation.gradients.values())
    return results


@contextmanager
def in_range() -> Iterator[None]:
    """Say in one line that numbers leave the range of floating point, and no warnings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except ArithmeticError:
        raise SymcnnError(OUT_OF_RANGE) from None


def _check_finite(numbers: Iterable[Any]) -> None:
    if not all(np.isfinite(part).all() for part in numbers):
        raise OverflowError


def _lists(arrays: Mapping[str, Array]) -> dict[str, Any]:
    return {name: np.asarray(array).tolist() for name, array in arrays.items()}
