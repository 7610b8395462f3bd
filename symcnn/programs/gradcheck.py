"""Gradient check: the derived partials beside complex steps on the forward pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.equations import Tensor, position_of
from symcnn.equations.values import Array, Values, float_arrays
from symcnn.errors import SymcnnError
from symcnn.programs.directions import perturbed, slopes
from symcnn.reference import Forward, HasEquations, LocalForward

_FAR = 1e-6
"""Derivatives that differ by more, relative to the largest, do so by no rounding."""


class HasNumbers(Protocol):
    """A problem, as far as a check needs to know it."""

    @property
    def network(self) -> HasEquations:
        """The forward equations."""

    @property
    def derivation(self) -> Derivation:
        """What is checked."""

    @property
    def values(self) -> Values:
        """The numbers to check it at."""


class Row(NamedTuple):
    """One entry of one tensor: its derived and its numerical partial derivative.

    They are floats, or decimals where floats cannot represent them. In a large network they are
    derivatives along a direction, whose number is the position; then no tensor is named.
    """

    tensor: str
    position: tuple[int, ...]
    analytic: Any
    numeric: Any


@dataclass(frozen=True)
class GradientCheck:
    """The result of a gradient check.

    Attributes:
        method: The numerical method, and the number of entries compared.
        rows: The entries that were compared.
        max_abs_error: The largest difference.
        is_apart: Whether it was made at other numbers than those of the problem, near them.
    """

    method: str
    rows: tuple[Row, ...]
    max_abs_error: float
    is_apart: bool = False

    @property
    def is_far(self) -> bool:
        """Whether a derivative was not measured, or as rounding alone would not have it."""
        largest = max((float(abs(row.numeric)) for row in self.rows), default=0.0)
        return not self.max_abs_error <= _FAR * max(1.0, largest)

    def __repr__(self) -> str:
        """Say how many derivatives were compared, and how far apart they are."""
        compared = f"{len(self.rows)} derivatives, largest difference {self.max_abs_error:.2g}"
        return f"<{type(self).__name__}: {compared} ({self.method})>"

    def __str__(self) -> str:
        """Return a table, analytic beside numeric."""
        head = f"{'with respect to':24}{'analytic':>24}{'numeric':>24}"
        lines = (
            f"{_written(row):24}{row.analytic:>24.16g}{row.numeric:>24.16g}" for row in self.rows
        )
        end = f"largest difference {self.max_abs_error:.2g} ({self.method})"
        return "\n".join([head, *lines, end])


def gradcheck(
    problem: HasNumbers,
    analytic: Mapping[str, Array] | None = None,
    *,
    most_terms: int = limits.GRADCHECK_TERMS,
    passed: Forward | LocalForward | None = None,
) -> GradientCheck:
    """Compare the gradients of a problem's derivation with the forward pass alone.

    Every entry of the input and of every parameter is compared if that is cheap;
    otherwise evenly spaced entries of each. Where ``passed`` measures entries one at a time, the
    derivatives along a few random directions are compared instead, in which all entries move.

    Args:
        problem: A network, its derivation and its numbers.
        analytic: Gradients by tensor name to check instead of the derived ones.
        most_terms: The limit on the terms of all forward passes together; at least two
            entries of each tensor are compared.
        passed: The forward pass at the numbers of the problem, if it is already computed.
    """
    if not hasattr(problem, "values"):
        remedy = "give a network with numbers, Problem(network, values)"
        raise SymcnnError(f"the problem is a {type(problem).__name__}: {remedy}")
    if analytic is None:
        analytic = _derived(problem)
    passes = passed or Forward(problem.network, problem.values)
    tensors = [t for t in problem.network.tensors.values() if t.role in ("input", "parameter")]
    if isinstance(passes, LocalForward):
        return _along(problem, {t.name: analytic[t.name] for t in tensors}, passes)
    each = max(2, most_terms // (max(passes.terms, 1) * len(tensors)))
    chosen = [(tensor.name, position) for tensor in tensors for position in _chosen(tensor, each)]
    rows = tuple(
        Row(name, position, float(np.asarray(analytic[name])[position]), slope)
        for (name, position), slope in zip(chosen, passes.complex_steps(chosen), strict=True)
    )
    entries = sum(tensor.size for tensor in tensors)
    share = "every entry" if len(rows) == entries else f"{len(rows)} of {entries} entries"
    return compared(f"{passes.method}, {share}", rows)


def _along(
    problem: HasNumbers, gradients: Mapping[str, Array], passed: LocalForward
) -> GradientCheck:
    """Compare along random directions.

    At a kink the slopes to both sides differ. So where the gradients of the program differ at the
    numbers of the problem, they are compared again at others near them.
    """
    check = _compared_along(gradients, passed)
    own = passed.evaluation.gradients
    if not (check.is_far and all(np.array_equal(g, own[n]) for n, g in gradients.items())):
        return check
    tensors = problem.network.tensors
    given = float_arrays(problem.values, [tensors[name] for name in gradients])
    near = passed.at({**problem.values, **perturbed(given)})
    there = {name: near.evaluation.gradients[name] for name in gradients}
    return replace(_compared_along(there, near), is_apart=True)


def _compared_along(gradients: Mapping[str, Array], passed: LocalForward) -> GradientCheck:
    pairs = enumerate(slopes(passed, gradients), start=1)
    rows = [Row("", (number,), *pair) for number, pair in pairs]
    return compared(f"{passed.method}, {len(rows)} random directions", rows)


def _derived(problem: HasNumbers) -> Mapping[str, Array]:
    """Return the gradients of the derived program, which must be finite to be compared."""
    from symcnn.programs.computing import computed  # gradients that are given need no program
    from symcnn.programs.lambdify import lambdify

    program = lambdify(problem.derivation)
    return computed(program, problem.derivation, problem.values).gradients


def compared(method: str, rows: Sequence[Row]) -> GradientCheck:
    """Return what comparing the rows found; a derivative that is no number is no agreement."""
    differences = [abs(row.analytic - row.numeric) for row in rows]
    return GradientCheck(method, tuple(rows), float(np.max(differences)))


def _chosen(tensor: Tensor, most: int) -> Iterator[tuple[int, ...]]:
    """Choose at most so many entries, evenly from the first to the last."""
    flat = np.linspace(0, tensor.size - 1, min(tensor.size, most)).round().astype(int).tolist()
    for entry in dict.fromkeys(flat):
        yield position_of(entry, tensor.shape)


def _written(row: Row) -> str:
    if not row.tensor:
        return f"direction {row.position[0]}"
    return f"{row.tensor}[{', '.join(map(str, row.position))}]"
