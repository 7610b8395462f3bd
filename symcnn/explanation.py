"""Explaining a problem: its derivation with numbers, as a checked document.

Here the symbolic and the numeric readings meet: the document states what was derived,
and every row of it is checked against an independent evaluation of the forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import prod

import numpy as np
from sympy import Expr, Float, Symbol

from symcnn.derivation import Derivation
from symcnn.document import (
    Check,
    Compared,
    Correction,
    Document,
    Figures,
    Material,
    Numerals,
    Witness,
)
from symcnn.document import document as checked_document
from symcnn.numeric import Forward, gradcheck, lambdify
from symcnn.numeric.evaluation import Array
from symcnn.numeric.floats import float_array
from symcnn.problems import Problem, Reconciliation
from symcnn.values import Values

_MOST_EXACT = 20_000
"""A network whose equations have more terms than this is worked in floating point."""

_OTHER_POINTS = 2
"""How many other choices of numbers every row is checked at."""


def explain(problem: Problem, *, digits: int = 6, all_weights: bool = False) -> Document:
    """Return the derivation of a problem as a document.

    Args:
        problem: The network with its numbers.
        digits: Significant digits of rounded numbers.
        all_weights: Whether tensors with many entries are worked entry by entry too.

    Raises:
        UnverifiedError: If a row of the document does not hold.
    """
    made = gradcheck(problem)
    material = Material(
        title=problem.title,
        derivation=problem.derivation,
        value=_values(problem),
        check=Check(made.method, [Compared(*row) for row in made.rows], made.max_abs_error),
        learning_rate=problem.learning_rate,
        correction=_correction(problem.reconciliation),
        numerals=Numerals(digits),
        all_weights=all_weights,
    )
    return checked_document(material, witnesses(problem))


def witnesses(problem: Problem) -> list[Witness]:
    """Return what rows are checked against: at the problem's numbers, and elsewhere."""
    own = {
        name: float_array(entries, problem.network.tensors[name])
        for name, entries in problem.values.items()
    }
    points = [own, *_random_values(own)]
    return [_witness(problem.derivation, point) for point in points]


def _is_small(derivation: Derivation) -> bool:
    equations = derivation.network.equations
    return sum(prod(loop.size for loop in e.loops) for e in equations) <= _MOST_EXACT


def _values(problem: Problem) -> Callable[[Symbol], Expr]:
    """Return the value of any entry: exact to 50 digits, or a float in large networks."""
    derivation = problem.derivation
    exact = derivation.at(problem.values).value
    if _is_small(derivation):
        return exact
    computed = _computed(derivation, problem.values)

    def value(symbol: Symbol) -> Expr:
        role = derivation.entries.locate(symbol)[0].role
        is_given = role in ("input", "parameter", "target")
        return exact(symbol) if is_given else Float(computed(symbol))

    return value


def _computed(derivation: Derivation, values: Values) -> Callable[[Symbol], float]:
    """Return the value of any entry by the derived program."""
    evaluation = lambdify(derivation)(values)
    arrays = {
        **Forward(derivation.network, values).values,
        **evaluation.outputs,
        **{derivation.adjoints[name].name: g for name, g in evaluation.gradients.items()},
    }

    def value(symbol: Symbol) -> float:
        tensor, position = derivation.entries.locate(symbol)
        return float(arrays[tensor.name][position])

    return value


def _witness(derivation: Derivation, values: Values) -> Witness:
    """Return the value of any entry, by the forward pass and complex steps alone."""
    passed = Forward(derivation.network, values)
    names = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}

    @cache
    def measured(symbol: Symbol) -> float:
        tensor, position = derivation.entries.locate(symbol)
        if tensor.role == "adjoint":
            return passed.derivative(names[tensor.name], position)
        return float(passed.values[tensor.name][position])

    small = _is_small(derivation)
    return Witness(measured, measured if small else _computed(derivation, values))


def _random_values(own: Mapping[str, Array]) -> Iterator[Values]:
    """Choose other numbers for everything given: sixteenths, the same ones every time."""
    random = np.random.default_rng(0)
    for _ in range(_OTHER_POINTS):
        yield {name: random.integers(-16, 17, array.shape) / 16 for name, array in own.items()}


def _correction(made: Reconciliation | None) -> Correction | None:
    if made is None:
        return None

    def figures(printed: str, right: str) -> Figures:
        return Figures(_quantity(made.published, printed), _quantity(made.right, right))

    return Correction(
        made.title,
        [figures(name, name) for name in made.quantities],
        [(fault.text, figures(fault.printed, fault.right)) for fault in made.faults],
    )


def _quantity(problem: Problem, name: str) -> tuple[str, tuple[Expr, ...]] | None:
    return (name, problem.quantity(name)) if name else None
