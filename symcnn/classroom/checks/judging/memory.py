"""The same numbers at other addresses: what a function returns must not depend on that.

An array may be transposed, cut out of another one, reversed, or expanded: one entry then stands for
many. A function that counts addresses as in a contiguous array reads other numbers. It is found by
calling it on arrays that are stored so, and named by calling it on what it then reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.code.memory import EXPANDED, READINGS, stored
from symcnn.classroom.checks.judging.presentation import Layouts
from symcnn.classroom.checks.judging.rounded import Array, compared, is_imprecise
from symcnn.classroom.checks.judging.running import case_of
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.verdict import Finding

READ_AS_CONTIGUOUS = "read as if it were contiguous"

_STORED = (
    "Here {array} is {way}: its strides, counted in entries, are {strides}, and not {contiguous}, "
    "as those of a contiguous array. Its entries are the same, and so the result has to be."
)
_CONTIGUOUS = {
    "numpy": "np.ascontiguousarray({array}) copies its entries into contiguous memory.",
    "torch": "{array}.contiguous() copies its entries into contiguous memory.",
}
_REFUSED = "Where an array is {way}, there is no result. {failure}"

Ran = tuple[Trial, Outcome, Outcome]
"""A trial with what came back, and what came back where all arrays are contiguous."""


@dataclass(frozen=True, eq=False)
class Stored:
    """A function that is right, called on arrays that are not contiguous.

    Attributes:
        callee: The function.
        trial: The numbers.
        titles: What the arrays that it returns are called in findings, by name.
        layouts: The layout of the function.
    """

    callee: Callee
    trial: Trial
    titles: dict[str, str]
    layouts: Layouts

    @cached_property
    def _ran(self) -> list[Ran]:
        return self._run([*self._together()]) if self.callee.memory_ways else []

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """The findings on arrays that are wrong, by name."""
        found = dict[str, Finding]()
        for ran in self._ran:
            if any(self._is_wrong(name, *ran) for name in self.titles if name not in found):
                found = {**self._apart(ran[0]), **found}
        return found

    @property
    def notes(self) -> list[str]:
        """What else there is to say: in which memory a function of NumPy fails first."""
        refused = (
            _REFUSED.format(way=_way(trial), failure=outcome.failure)
            for trial, outcome, plain in self._ran
            if outcome.failure and not plain.failure and not self._is_fault(outcome)
        )
        return [*islice(refused, 1)]

    def _together(self) -> Iterator[Trial]:
        """Run over the ways of storing all arrays, and over the arrays whose entries are equal."""
        for way in self.callee.memory_ways:
            if way != EXPANDED:
                yield replace(self.trial, memory=dict.fromkeys(self.trial.inputs, way))
                continue
            for tensor in self.trial.numbers:
                equal = replace(self.trial, constant=tensor)
                names = [name for name, array in equal.inputs.items() if _is_constant(array)]
                yield replace(equal, memory=dict.fromkeys(names, way))

    def _run(self, trials: Sequence[Trial]) -> list[Ran]:
        """Return what came back in some trials, and where their arrays are contiguous."""
        plain = [replace(trial, memory={}) for trial in trials]
        outcomes = [*self.callee.run([trial.call for trial in (*trials, *plain)])]
        return [*zip(trials, outcomes[: len(trials)], outcomes[len(trials) :], strict=True)]

    def _is_fault(self, outcome: Outcome) -> bool:
        """Tell whether it failed and must not: a function of tensors takes any strides."""
        return outcome.is_raised and self.callee.package == "torch"

    def _is_wrong(self, name: str, trial: Trial, outcome: Outcome, plain: Outcome) -> bool:
        """Tell whether an array is right where arrays are contiguous, and far from it otherwise."""
        due, right = trial.due(name), np.asarray(plain.arrays.get(name))
        if right.shape != due.value.shape or not compared(right, due).is_right:
            return False
        if outcome.failure:
            return self._is_fault(outcome)
        other = np.asarray(outcome.arrays.get(name))
        if other.shape != due.value.shape:
            return True
        return not compared(other, due).is_right and not is_imprecise(other, due)

    def _apart(self, trial: Trial) -> dict[str, Finding]:
        """Return the findings on a way of storing arrays, each by the one array that shows it."""
        alone = [replace(trial, memory={name: way}) for name, way in trial.memory.items()]
        ran = [*self._run([*alone, trial])]
        found = dict[str, Finding]()
        for name in self.titles:
            wrong = (one for one in ran if self._is_wrong(name, *one))
            for one, outcome, _ in wrong:
                found.setdefault(name, self._finding(name, one, outcome))
        return found

    def _finding(self, name: str, trial: Trial, outcome: Outcome) -> Finding:
        argument, way = " or ".join(trial.memory), _way(trial)
        where = f"only where {argument} is {way}"
        if outcome.failure:
            said = f"{self._said(trial)} {outcome.failure}"
            case = case_of(trial, name, None, self.layouts)
            return Finding(self.titles[name], "crashed", "", said, case, where)
        array, due = np.asarray(outcome.arrays[name]), trial.due(name)
        comparison, reading = compared(array, due), self._reading(name, trial, array)
        mended = _CONTIGUOUS[self.callee.package].format(array=argument)
        return Finding(
            self.titles[name],
            "wrong",
            READ_AS_CONTIGUOUS if reading else "",
            " ".join(filter(None, (self._said(trial), READINGS.get(reading), mended))),
            case_of(trial, name, array, self.layouts),
            where,
            comparison.bound,
            comparison.error,
        )

    def _said(self, trial: Trial) -> str:
        name, *others = trial.memory
        if others:
            return f"Here arrays are {_way(trial)}, with the same entries."
        array = self.layouts.shown(trial.subject, name, trial.inputs[name])
        view = stored(array, trial.memory[name])
        strides, contiguous = (
            tuple(step // array.itemsize for step in a.strides) for a in (view, array)
        )
        return _STORED.format(array=name, way=_way(trial), strides=strides, contiguous=contiguous)

    def _reading(self, name: str, trial: Trial, returned: Array) -> str:
        """Return in which way memory is misread, if that yields what was returned."""
        misread = [replace(trial, reading=reading) for reading in READINGS]
        outcomes = self.callee.run([one.call for one in misread])
        for one, outcome in zip(misread, outcomes, strict=True):
            made = np.asarray(outcome.arrays.get(name, np.nan), dtype=float)
            if made.shape == returned.shape and np.allclose(made, returned, 1e-6, equal_nan=True):
                return one.reading
        return ""


def _way(trial: Trial) -> str:
    return next(iter(trial.memory.values()))


def _is_constant(array: Array) -> bool:
    return array.ndim > 0 and len(array) > 1 and bool((array == array[:1]).all())
