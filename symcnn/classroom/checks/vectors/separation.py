"""Which mistakes of the catalogue a case separates: their equations give another array there.

A mistake may be made in several ways, such as the winners of one channel or of another one. Whoever
makes it fails a case at which every way gives another array. A way that cannot be followed, because
it reads an entry that is not there, is none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sympy import IndexedBase

from symcnn.classroom.checks.judging.evaluation import Evaluation, Stages
from symcnn.classroom.checks.vectors.due import Due
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.equations import Tensor
from symcnn.equations.values import Array
from symcnn.problems.evaluation import floats

_APART = 1e-6
"""Entries are unlike that are further apart, relative to the largest of their array."""


class Separation:
    """The mistakes in one case."""

    def __init__(self, due: Due) -> None:
        """Take the case."""
        derivation = due.problem.derivation
        given = {t.name: np.array(due.value(t), dtype=object) for t in derivation.network.given}
        numbers = {name: floats(entries) for name, entries in given.items()}
        self._formulas = Formulas(due.problem)
        self._evaluation = Evaluation(Stages(derivation), numbers)
        self._ends = _ends(due)

    def of(self, tensor: Tensor) -> dict[Mistake, bool]:
        """Return the mistakes that give another array for a tensor, and whether in every way.

        Those in what is computed on the way to it count as well, such as a mean.
        """
        found, passed = dict[str, Mistake](), set[str]()
        due = self._evaluation.due(tensor).value
        for mistake, array in self._arrays(tensor):
            if _are_alike(array, due):
                passed.add(mistake.name)
            else:
                found.setdefault(mistake.name, mistake)
        return {mistake: name not in passed for name, mistake in found.items()}

    def _arrays(self, tensor: Tensor) -> Iterator[tuple[Mistake, Array]]:
        """Run over what mistakes make of a tensor."""
        for made in (*self._between(tensor), tensor):
            for mistake, equations in wrong_equations(self._formulas, made):
                found = self._evaluation.otherwise(tensor, {made.base: equations})
                if found is not None and np.all(np.isfinite(found.value)):
                    yield mistake, found.value

    def _between(self, tensor: Tensor) -> Iterator[Tensor]:
        """Run over what is computed on the way to a tensor, in the same pass."""
        known = self._formulas
        role = "auxiliary" if tensor.role == "hidden" else "adjoint"
        inner = (t for t in known.tensors.values() if t.role == role and t.base not in self._ends)
        for made in inner:
            if any(known.depends(equation, made) for equation in known.equations(tensor)):
                yield made


def _ends(due: Due) -> set[IndexedBase]:
    """Return what is compared by itself, or given: all error signals but intermediate ones."""
    specimen, adjoints = due.specimen, due.problem.derivation.adjoints
    own = (*specimen.inputs.values(), *specimen.parameters.values(), specimen.output)
    return {adjoints[t.name].base for t in own if t.name in adjoints}


def _are_alike(one: Array, other: Array) -> bool:
    size = float(np.max(np.abs(other), initial=1.0))
    return bool(np.max(np.abs(one - other), initial=0.0) <= _APART * size)
