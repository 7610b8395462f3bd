"""What stands in the fields of a sheet that came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from symcnn.classroom.filled_in.code import code_of
from symcnn.classroom.filled_in.names import (
    CODE,
    OWN,
    STUDENT,
    VARIANT,
    Asked,
    Names,
    by_quantity,
    nameable,
)
from symcnn.classroom.marking.formats.csv import column
from symcnn.classroom.marking.intervals.written import LEFT_OUT, Unread, Written, figure
from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem


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
