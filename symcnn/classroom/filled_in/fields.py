"""The fields of a sheet: the figures that it asks for, and what stands in them when it comes back.

A name is that of a column of answers, ``conv1[0,0,2]``, counted from 0. A quantity with a single
entry is called by its own name, ``loss``, unless a sheet has another field of this name.

The code of a sheet is a few letters that follow from its numbers, and tell variants apart. A sheet
whose code is not that of a problem was written for other numbers, or another network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from sympy import Expr

from symcnn.classroom.marking.asked import asked, expression_of
from symcnn.classroom.marking.formats.csv import column
from symcnn.classroom.marking.intervals.written import LEFT_OUT, Unread, Written, figure
from symcnn.derivation.statement import GRADIENT
from symcnn.equations.values.floats import Row
from symcnn.errors import SymcnnError, shown
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
    for number, one in enumerate(names.all):
        originals = names.originals(number) if one.quantity in wanted else ()
        copied = (texts[original] for original in originals)
        text = next((t for t in (texts[number], *copied) if t is not None), None)
        found.setdefault(one.quantity, []).append(text)
    known = {name for name, row in found.items() if any(text is not None for text in row)}
    return {n: ["?" if t is None else t for t in row] for n, row in found.items() if n in known}


_LETTERS = 8


def code_of(problem: Problem) -> str:
    """Return the code of a problem's sheets: eight hexadecimal digits."""
    made = sha256()
    for stage in problem.network.stages:
        made.update(f"{stage.output.name}{stage.output.shape}".encode())
    for name in sorted(problem.values):
        numbers = problem.values[name]
        text = numbers.array.tobytes() if isinstance(numbers, Row) else str(numbers).encode()
        made.update(name.encode() + text)
    made.update(str(problem.learning_rate).encode())
    if not problem.optimizer.is_plain:
        made.update(repr(problem.optimizer).encode())
    return made.hexdigest()[:_LETTERS]


def one_of(texts: Iterable[str], place: str) -> str | Unread:
    """Return the most precise of some texts for one figure, if the others stand for it as well.

    Where one of them is no number, it is returned, so that whoever reads it says so.
    """
    given = [text for text in dict.fromkeys(texts) if text not in LEFT_OUT]
    read = dict[str, Written]()
    for text in given:
        try:
            found = figure(text, place)
        except SymcnnError:
            return text
        if found is not None:
            read[text] = found
    if not read:
        return "?"
    best = min(read, key=lambda text: read[text].greatest - read[text].least)
    for text, other in read.items():
        if not other.least <= read[best].value <= other.greatest:
            both = f"{shown(text)} in one box and {shown(best)} in another"
            return Unread(f"{text}, {best}", f"{place} is {both}: correct one of them")
    return best


@dataclass(frozen=True)
class HandIn:
    """A sheet that came back.

    Attributes:
        student: The student's name, if it was filled in.
        variant: The number of the variant, where there are several.
        code: The code of the problem that the sheet is of.
        answers: What stands in the fields of each figure, by its name; "" in an empty one.
    """

    student: str
    variant: str
    code: str
    answers: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, found: Mapping[str, Sequence[str]]) -> HandIn:
        """Sort the fields of a sheet."""
        own = {name: next(filter(None, found.get(name, ())), "") for name in OWN}
        answers = {name: texts for name, texts in found.items() if name not in own}
        return cls(own[STUDENT], own[VARIANT], own[CODE].partition("-")[0], answers)

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields by their names, each with what stands in the first box that is filled in."""
        figures = {name: next(filter(None, t), "") for name, t in self.answers.items()}
        return {STUDENT: self.student, VARIANT: self.variant, **figures}

    def table(self, problem: Problem) -> Mapping[str, list[str | Unread]]:
        """Return the answers by quantities.

        Raises:
            SymcnnError: If the sheet is of another problem.
        """
        if self.code and self.code != code_of(problem):
            raise SymcnnError(
                f"this sheet has other numbers than the problem, whose sheets have the code "
                f"{code_of(problem)}, not {shown(self.code)}: name the problem file of its variant"
            )
        quantities = nameable(problem)
        figures = Names(problem, tuple(quantities)).all
        known = {name: f for f in figures for name in (f.name, column(f.quantity, f.position))}
        if strange := [name for name in self.answers if name not in known]:
            raise SymcnnError(
                f"the problem has no figure {shown(strange[0])}: name the problem file of this "
                "sheet, and leave the names of its fields as they are"
            )
        found = dict[Asked, list[str]]()
        for name, texts in self.answers.items():
            found.setdefault(known[name], []).extend(texts)
        given = {figure.name: one_of(texts, figure.label) for figure, texts in found.items()}
        return by_quantity(problem, given, quantities)
