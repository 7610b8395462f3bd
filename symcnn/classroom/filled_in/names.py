"""The figures that a sheet asks for: their names, and what their boxes are for.

A name is that of a column of answers, ``conv1[0,0,2]``, counted from 0. A quantity with a single
entry is called by its own name, ``loss``, unless a sheet has another field of this name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from symcnn.classroom.marking.asked import asked, expression_of
from symcnn.classroom.marking.formats.csv import column
from symcnn.classroom.marking.intervals.written import Unread
from symcnn.derivation.statement import GRADIENT
from symcnn.problems import Problem


def copied(problem: Problem, entry: Expr) -> Iterator[Expr]:
    """Run over an entry, and over those that it is a copy of, one of the other."""
    entries = problem.derivation.entries
    found: Expr | None = entry
    while found is not None and found.is_Symbol:
        yield found
        found = entries.formula(found) if entries.where(found) else None
    if not entry.is_Symbol:
        yield entry


def with_copies(
    problem: Problem, numbers: Mapping[Expr, int], boxes: Iterable[Expr]
) -> dict[Expr, int]:
    """Return the numbers of figures by what they are of, and by copies of that."""
    found = dict(numbers)
    for entry, number in numbers.items():
        for original in copied(problem, entry):
            found.setdefault(original, number)
    for entry in boxes:
        for original in copied(problem, entry):
            if original in found:
                found.setdefault(entry, found[original])
    return found


STUDENT, DATE, VARIANT, CODE = OWN = ("student", "date", "variant", "sheet")
"""The fields of a sheet besides those of its figures."""


@dataclass(frozen=True)
class Asked:
    """A figure that is asked for.

    Attributes:
        quantity: The quantity.
        position: The entry, counted from 0.
        name: What its fields are called.
    """

    quantity: str
    position: tuple[int, ...]
    name: str

    @property
    def label(self) -> str:
        """What sentences call it, with all of its position: loss[0]."""
        return f"{self.quantity}[{', '.join(map(str, self.position))}]"


@dataclass(frozen=True, eq=False)
class Names:
    """The figures of some quantities of a problem."""

    problem: Problem
    quantities: tuple[str, ...]

    @cached_property
    def all(self) -> tuple[Asked, ...]:
        """The figures, in row-major order."""
        return tuple(figure for name in self.quantities for figure in self._of(name))

    def _of(self, quantity: str) -> Iterator[Asked]:
        positions = [*self.problem.quantities.shape(quantity).positions()]
        for position in positions:
            is_alone = len(positions) == 1 and quantity not in OWN
            name = quantity if is_alone else column(quantity, position)
            yield Asked(quantity, tuple(position), name)

    def originals(self, number: int) -> Iterator[int]:
        """Run over the figures that a figure is a copy of, the nearest one first."""
        originals = [*copied(self.problem, self._entries[number])][1:]
        yield from (self._numbers[entry] for entry in originals if entry in self._numbers)

    @cached_property
    def _entries(self) -> tuple[Expr, ...]:
        figures = ((figure.quantity, figure.position) for figure in self.all)
        return tuple(expression_of(self.problem, *figure) for figure in figures)

    @cached_property
    def _numbers(self) -> Mapping[Expr, int]:
        return {entry: number for number, entry in reversed([*enumerate(self._entries)])}

    def by_entry(self, boxes: Iterable[Expr] = ()) -> Mapping[Expr, int]:
        """Return the numbers of the figures by what they are of, and by copies of that."""
        return with_copies(self.problem, self._numbers, boxes)


def nameable(problem: Problem) -> list[str]:
    """Return the quantities that a sheet can have boxes for, copies among them."""
    outputs = [stage.output.name for stage in problem.network.stages]
    slopes = [f"{GRADIENT}{name}" for name in outputs if name in problem.derivation.adjoints]
    return [*dict.fromkeys([*asked(problem), *outputs, *slopes])]


def by_quantity(
    problem: Problem, answers: Mapping[str, str | Unread], quantities: Sequence[str]
) -> dict[str, list[str | Unread]]:
    """Return answers by the names of figures as lists by quantities; "?" is none.

    A figure that is asked for and is not among the answers, as it is a copy of another one, has the
    answer of that one. Quantities of which no figure is among the answers are left out.
    """
    names, wanted = Names(problem, tuple(quantities)), asked(problem)
    texts, found = [answers.get(f.name) for f in names.all], dict[str, list[str | Unread | None]]()
    for number, figure in enumerate(names.all):
        originals = names.originals(number) if figure.quantity in wanted else ()
        copied = (texts[original] for original in originals)
        text = next((t for t in (texts[number], *copied) if t is not None), None)
        found.setdefault(figure.quantity, []).append(text)
    known = {name for name, row in found.items() if any(text is not None for text in row)}
    return {n: ["?" if t is None else t for t in row] for n, row in found.items() if n in known}
