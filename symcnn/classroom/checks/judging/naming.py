"""Which mistake yields what was returned: each of the catalogue, at several cases.

A mistake can be made in the equations of the array itself, or in those of a quantity before it that
is not returned, such as the error signal of an intermediate one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from sympy import IndexedBase

from symcnn.classroom.checks.judging.evaluation import Changes, few_entries
from symcnn.classroom.checks.judging.few import few_of
from symcnn.classroom.checks.judging.rounded import Array, Rounded, differ, reproduces
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.substituted import Substitutions
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.mistakes import CODE_CATALOGUE
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.mistakes import CATALOGUE, Mistake, Work
from symcnn.equations import Equation, Tensor
from symcnn.equations.formulas import is_copy
from symcnn.limits import judging

_STAGES = 8
"""The stages before an array in which a mistake is looked for: the nearest ones."""


Kind = Literal["single", "pairs", "substituted"]


@dataclass(frozen=True, eq=False)
class Heard:
    """What a function returned in one trial."""

    trial: Trial
    returned: Array


@dataclass(frozen=True, eq=False)
class Way:
    """Other equations for a tensor.

    Attributes:
        subject: What is checked.
        mistakes: The mistakes that are made.
        tensor: The tensor in which they are made.
        equations: Its equations then.
        further: Those of other tensors that are wrong alike.
        detail: Which way it is of those with the same mistakes, at any sizes.
    """

    subject: Subject
    mistakes: tuple[Mistake, ...]
    tensor: Tensor
    equations: tuple[Equation, ...]
    further: Changes = ()
    detail: str = ""

    @cached_property
    def changes(self) -> Changes:
        """All that is computed by other equations."""
        return ((self.tensor.base, self.equations), *self.further)

    @cached_property
    def is_large(self) -> bool:
        """Whether too many terms would have to be summed, as where sums are multiplied out."""
        terms = (int(equation.terms) for _, equations in self.changes for equation in equations)
        return sum(terms) > judging.TERMS

    @property
    def key(self) -> tuple[str, ...]:
        """What a way is of, at any sizes: mistakes, the name of the tensor, and details."""
        return (*(mistake.name for mistake in self.mistakes), self.tensor.name, self.detail)


@dataclass(frozen=True, eq=False)
class Ways:
    """All ways to get an array of one subject wrong, made once."""

    subject: Subject
    name: str
    _made: dict[int, list[Way]] = field(default_factory=dict)

    @cached_property
    def single(self) -> list[Way]:
        """Those by a single mistake: in the array itself, then in the stages before it."""
        return [way for tensor in self.tensors for way in self._of(tensor)]

    @cached_property
    def tensors(self) -> list[Tensor]:
        """The array's own tensor, and the nearest ones that it is computed from."""
        formulas, stages = self.subject.formulas, self.subject.stages
        own = self.subject.tensor(self.name)
        order = {base: made for base, made in stages.order if isinstance(made, tuple)}
        needed, found = set[IndexedBase]({own.base}), [own]
        for base, made in reversed(stages.order):
            if base not in needed:
                continue
            needed |= stages.reads(base, made)
            equations = order.get(base, ())
            if base != own.base and equations and not all(map(is_copy, equations)):
                found.append(formulas.tensors[base])
        return found[: _STAGES + 1]

    def _of(self, tensor: Tensor) -> Iterator[Way]:
        formulas = self.subject.formulas
        for mistake, equations in wrong_equations(formulas, tensor, CODE_CATALOGUE):
            yield Way(self.subject, (mistake,), tensor, equations)

    @cached_property
    def substituted(self) -> list[Way]:
        """Those by one expression in place of another, which are many."""
        ways = Substitutions(self.subject, self.name, self.tensors).all()
        return [Way(self.subject, *way) for way in ways]

    def alike(self, way: Way) -> list[Way]:
        """Return the ways of the same mistakes at these sizes, those of one expression unmade."""
        if way.detail and "substituted" not in self.__dict__:
            found = Substitutions(self.subject, self.name, self.tensors).all(way.key)
            return [Way(self.subject, *made) for made in found]
        kind: Kind = "pairs" if len(way.mistakes) > 1 else "single"
        ways: list[Way] = getattr(self, "substituted" if way.detail else kind)
        return [other for other in ways if other.key == way.key]

    @cached_property
    def pairs(self) -> list[Way]:
        """Those by two mistakes in the array itself, one after the other."""
        return [*self._pairs()]

    def _pairs(self) -> Iterator[Way]:
        tensor, formulas = self.subject.tensor(self.name), self.subject.formulas
        known = {way.equations for way in self.single}
        plain = [m for m in CATALOGUE if not m.is_last_resort]
        firsts = [way for way in self._of(tensor) if way.mistakes[0] in plain]
        for first in firsts:
            work = _Changed(tensor, formulas, first.equations)
            for second in plain:
                for equations in _ways(second, work) if second != first.mistakes[0] else ():
                    if equations not in known:
                        known.add(equations)
                        yield Way(self.subject, (*first.mistakes, second), tensor, equations)


def _ways(mistake: Mistake, work: Work) -> list[tuple[Equation, ...]]:
    """Return the ways of a mistake in equations that hold another; none if it cannot be made."""
    try:
        return [tuple(equations) for equations in mistake.ways(work)]
    except (ValueError, ArithmeticError, IndexError, KeyError, AttributeError, AssertionError):
        return []


class _Changed(Work):
    """How a quantity is computed by somebody who made a mistake in it."""

    def __init__(self, tensor: Tensor, formulas: object, equations: tuple[Equation, ...]) -> None:
        object.__setattr__(self, "tensor", tensor)
        object.__setattr__(self, "formulas", formulas)
        self.__dict__["equations"] = equations


@lru_cache(maxsize=256)
def ways_of(subject: Subject, name: str) -> Ways:
    """Return the ways to get an array wrong."""
    return Ways(subject, name)


@dataclass(frozen=True)
class Named:
    """What yields an array that is wrong.

    Attributes:
        mistakes: The mistakes.
        way: The equations that are followed, at the sizes of the first trial.
        trials: In how many trials it was seen.
    """

    mistakes: tuple[Mistake, ...]
    way: Way
    trials: int


def value_of(way: Way, trial: Trial, name: str) -> Rounded | None:
    """Return what a way yields in a trial."""
    wanted = trial.subject.tensor(name)
    return trial.evaluation.otherwise(wanted, dict(way.changes))


def named(name: str, heard: Sequence[Heard], first: int, kind: Kind = "single") -> list[Named]:
    """Return the mistakes that yield an array in every trial, the likeliest first.

    Args:
        name: The array.
        heard: What was returned in each trial.
        first: The trial that is looked at first: the array is wrong there.
        kind: Which ways are tried: of single mistakes, of two, or of other expressions.
    """
    start, found = heard[first], dict[tuple[str, ...], Named]()
    others = [one for number, one in enumerate(heard) if number != first]
    ways = _listed(start.trial, name, kind)
    tried = [way for way in ways if not way.is_large]
    few_of(start.trial.evaluation).prepare(start.trial.subject.tensor(name), tried)
    for way in ways:
        if way.key in found or not _is_seen(way, start, name):
            continue
        seen = [_agrees(way, one, name) for one in others]
        if all(one is not None for one in seen):
            found[way.key] = Named(way.mistakes, way, 1 + sum(map(bool, seen)))
    seen_twice = [one for one in found.values() if one.trials > 1 or not others]
    return sorted(seen_twice, key=lambda one: any(m.is_last_resort for m in one.mistakes))


def _listed(trial: Trial, name: str, kind: Kind) -> list[Way]:
    ways = ways_of(trial.subject, name)
    found: list[Way] = getattr(ways, kind)
    return found


def _is_seen(way: Way, heard: Heard, name: str) -> bool:
    """Tell whether a way yields what was returned, and not what is due."""
    if way.is_large or not _is_likely(way, heard, name):
        return False
    made = value_of(way, heard.trial, name)
    if made is None or not reproduces(made, heard.returned):
        return False
    return differ(made, heard.trial.due(name), heard.returned.dtype)


def _is_likely(way: Way, heard: Heard, name: str) -> bool:
    """Tell whether a few entries agree, before all of them are computed."""
    wanted = heard.trial.subject.tensor(name)
    made = few_of(heard.trial.evaluation).of(wanted, way)
    entries = few_entries(heard.returned.size)
    return made is not None and reproduces(made, heard.returned.ravel()[entries])


def alike(way: Way, trial: Trial, name: str) -> list[Way]:
    """Return the ways of the same mistakes in another trial.

    Where one of two mistakes changes nothing, as where no windows overlap, the other one is left.
    """
    made = ways_of(trial.subject, name)
    alike = made.alike(way)
    if len(way.mistakes) == 1:
        return alike
    parts = {(mistake.name, *way.key[-2:]) for mistake in way.mistakes}
    return [*alike, *(other for other in made.single if other.key in parts)]


def _agrees(way: Way, heard: Heard, name: str) -> bool | None:
    """Tell whether a mistake shows in another trial; None if it contradicts what was returned."""
    ways = alike(way, heard.trial, name)
    if any(_is_seen(other, heard, name) for other in ways):
        return True
    due = heard.trial.due(name)
    if not reproduces(due, heard.returned):
        return None
    made = [value_of(other, heard.trial, name) for other in ways]
    can_hide = not made or any(
        m is not None and not differ(m, due, heard.returned.dtype) for m in made
    )
    return False if can_hide else None
