"""What is unfair or generous in the marks of hand-ins, and where the marking places differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.classroom.marking.grid.boxes import disagreement
from tests.classroom.marking.grid.drawing import class_of, handin, posed
from tests.classroom.marking.grid.dues import Entry
from tests.classroom.marking.grid.handin import HandIn
from tests.classroom.marking.grid.oracle import Expected, expected
from tests.classroom.marking.grid.places import Mark, Marks, by_mark, by_practice
from tests.classroom.marking.grid.reading import read
from tests.classroom.marking.grid.settings import Settings

RANKS = {"unread": 0, "missing": 0, "wrong": 0, "imprecise": 1, "follows": 2, "right": 3}
CLASSES = 8
"""The classes whose hand-ins one process of Node marks."""


@dataclass(frozen=True)
class Complaint:
    """A complaint about the mark of a figure.

    Attributes:
        handin: The number of the hand-in.
        kind: Its kind.
        entry: The figure.
        what: "unfair", "generous", "points", or the two places that differ.
        said: The rest.
    """

    handin: int
    kind: str
    entry: Entry
    what: str
    said: str

    def __str__(self) -> str:
        quantity, at = self.entry
        place = f"{quantity}{[*at]}"
        return f"hand-in {self.handin} ({self.kind}), {place}: {self.what}: {self.said}"


def complaints(numbers: Iterable[int], *, practice: bool = True) -> Iterator[Complaint]:
    """Run over the complaints about some hand-ins."""
    classes = dict[int, dict[int, HandIn]]()
    for number in numbers:
        classes.setdefault(class_of(number), {})[number] = handin(number)
        if len(classes) > CLASSES:
            full = {n: classes.pop(n) for n in [*classes][:-1]}
            yield from _of_classes(full, practice)
    yield from _of_classes(classes, practice)


def _of_classes(classes: Mapping[int, Mapping[int, HandIn]], practice: bool) -> Iterator[Complaint]:
    by_page = by_practice(classes) if practice else {}
    for number, handins in classes.items():
        net, settings = posed(number)
        for k, marks in by_mark(number, handins).items():
            verdicts = {at: mark.verdict for at, mark in marks.items()}
            fair = expected(net, settings, handins[k], verdicts)
            for at, what, said in _lawless(number, handins[k], marks):
                yield Complaint(k, handins[k].kind, at, what, said)
            for at, what, said in _found(number, fair, settings, marks, by_page.get(k, marks)):
                yield Complaint(k, handins[k].kind, at, what, said)


def _lawless(number: int, handin: HandIn, marks: Marks) -> Iterator[tuple[Entry, str, str]]:
    """Run over what the rule cannot excuse: who works rightly at all digits loses no points.

    After a mistake that is carried on rightly, nothing but its figures is wrong.
    """
    net, settings = posed(number)
    if handin.digits < settings.digits:
        return
    mistaken = {*map(net.shown_in, handin.mistaken)}
    if not all(any(handin.texts[quantity].values()) for quantity in mistaken):
        return  # the mistake shows later
    fair = ("right", "follows") if handin.mistaken else ("right",)
    for (quantity, at), mark in marks.items():
        text = handin.texts[quantity][at]
        if quantity not in mistaken and read(text) and mark.verdict not in fair:
            yield (quantity, at), "unfair", f"{text!r}, worked rightly, is {mark.verdict}"


def _found(
    number: int, fair: Mapping[Entry, Expected], settings: Settings, marks: Marks, by_page: Marks
) -> Iterator[tuple[Entry, str, str]]:
    if fair.keys() != marks.keys():
        yield next(iter(fair)), "figures", f"{[*fair]} are asked for, and {[*marks]} are marked"
        return
    for at, one in fair.items():
        yield from ((at, what, said) for what, said in _of_figure(one, marks[at], settings))
        if by_page[at] != marks[at]:
            yield at, "mark and practice", f"{one.text!r} is {marks[at]}, and {by_page[at]}"
        for said in disagreement(number, at, one, marks[at]):
            yield at, "mark and Moodle", said


def _of_figure(fair: Expected, mark: Mark, settings: Settings) -> Iterator[tuple[str, str]]:
    if mark.verdict not in fair.verdicts:
        least = min(RANKS[verdict] for verdict in fair.verdicts)
        what = "unfair" if RANKS[mark.verdict] < least else "generous"
        yield what, f"{fair.text!r} is {mark.verdict}, not {_told(fair)} ({settings})"
    elif mark.points not in fair.earned(mark.verdict, settings):
        earned = sorted(fair.earned(mark.verdict, settings))
        said = f"{fair.text!r} is {mark.verdict} and earns {mark.points}, not {earned}"
        yield "points", f"{said} ({settings})"


def _told(fair: Expected) -> str:
    verdicts = " or ".join(sorted(fair.verdicts))
    case = fair.case
    if case is None:
        return verdicts
    due, before = case.due, {f"{q}{[*at]}": case.before[q, at] for q, at in case.due.sources}
    others = {name: verdict for name, verdict in sorted(before.items()) if verdict != "right"}
    exact = "none" if due.exact is None else f"{due.exact:.12g}"
    certain = "" if due.certain is None else f", of the student {due.certain:.12g}"
    return (
        f"{verdicts}: true {case.true:.12g}, due {exact}{certain} in {due.range}, sources that "
        f"are not right {others}{', a copy' if case.repeats else ''}"
    )
