"""Marking: answers, or what sources print, become verdicts and points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from importlib import import_module
from math import fsum
from typing import Any

from sympy import Expr

from symcnn.classroom.marking.answers import Answers, answers_of, path_of, read
from symcnn.classroom.marking.asked import Scheme, scheme
from symcnn.classroom.marking.catalogue import Catalogue
from symcnn.classroom.marking.formats.csv import VARIANT, students
from symcnn.classroom.marking.marking import Marking, Verdict
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.precision import AS_WRITTEN, precision
from symcnn.classroom.marking.sheet import Sheet
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, expect, located, shown
from symcnn.problems import Problem, check_problem
from symcnn.problems.problem import Quoted
from symcnn.problems.worth import Imprecise, Truncation
from symcnn.reference.enclosures import to_decimal


def mark_printed(problem: Problem, figures: Printed) -> Marking:
    """Mark what a source prints, by the digits that it prints."""
    chosen = scheme(problem, [*figures], precision=AS_WRITTEN)
    return Sheet(problem, answers_of(problem, figures), chosen).marked()


def mark(
    problem: Problem,
    answers: Any = None,
    *,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float | None = None,
    digits: int | None = None,
    tolerance: Any = None,
    truncation: Truncation | None = None,
    imprecise: Imprecise | None = None,
) -> Marking:
    """Mark answers to a problem, with errors carried forward.

    A figure is right if it agrees with the true value at the significant digits that are asked
    for. It is taken for all numbers that round to it, so that rounding on the way costs nothing:
    it is right, or follows, too if some choice of the numbers that the figures before it stand for
    gives a number that agrees with it. With fewer digits it is imprecise, unless those that are
    left out are zeros.

    What a problem's source prints is marked by the digits that it prints.

    Args:
        problem: The problem.
        answers: Figures by the names of quantities, such as ``{"conv1": [...], "gradient of
            conv1.weight": [...], "dL/dw_23": ...}``, or the name of a file in TOML or JSON,
            or of a workbook; "?" is no answer. By default what the problem's source
            prints.
        quantities: The names of the quantities that are asked for; by default all outputs, the
            loss, the derivatives and the updated parameters.
        points: The points of a quantity by its name, shared equally by its figures; by default
            every figure has one point.
        carried: The share of its points that a figure gets that follows from a wrong one; by
            default as the problem states.
        digits: The significant digits that are asked for; by default those that the problem
            states, or three.
        tolerance: How far a figure may be from the true value, if farther than rounding needs:
            "1 unit" of the last digit, "0.1 %" of the value, or "0.001"; by default as the
            problem states.
        truncation: Whether figures whose last digits were cut off, not rounded, are "accepted" or
            "named" as imprecise; by default as the problem states.
        imprecise: What imprecise figures earn of their points: "full", "half" or "none"; by
            default as the problem states.

    Raises:
        SymcnnError: If a quantity is unknown or a shape is wrong. A figure that is no number is
            unread.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> mark(cnn_by_hand(), {"pool1": [0.24, 0.26, 0.1], "loss": "0.0304"}).count("right")
    4
    """
    check_problem(problem)
    near = precision(problem, digits, tolerance, truncation, imprecise)
    if answers is None:
        printed, near = only(published(problem)), AS_WRITTEN
        problem, answers = meant(problem), printed
    chosen = scheme(problem, quantities, points, carried, near)
    return Sheet(problem, answers_of(problem, answers), chosen).marked()


Printed = Mapping[str, Sequence[str]]
"""Figures by quantity, as they are printed."""


def published(problem: Problem) -> Mapping[str, Printed]:
    """Return what each source prints, by the name of the source.

    Raises:
        SymcnnError: If the problem names none.
    """
    found = dict[str, dict[str, Sequence[str]]]()
    for source, quoted in _quoted(problem):
        if problem.quantities.shape(quoted.quantity).is_given and _is_plain(problem, quoted):
            continue  # nothing that is computed
        found.setdefault(source, {})[quoted.quantity] = _texts(quoted)
    if not found:
        raise SymcnnError(
            "the problem states no figures of a source: give a file of answers, or [[published]]"
        )
    return found


def only(sources: Mapping[str, Printed]) -> Printed:
    """Return what the one source prints that there is.

    Raises:
        SymcnnError: If there are several.
    """
    if len(sources) > 1:
        names = ", ".join(map(shown, sources))
        raise SymcnnError(
            f"several sources print figures: mark them by mark_class; they are {names}"
        )
    return next(iter(sources.values()))


def meant(problem: Problem) -> Problem:
    """Return the problem whose numbers are right: another one if mistakes are kept in it."""
    made = problem.reconciliation
    right = (fault.right.by for fault in made.faults) if made else ()
    return next((by for by in right if isinstance(by, Problem)), problem)


def _quoted(problem: Problem) -> Iterator[tuple[str, Quoted]]:
    made = problem.reconciliation
    if made is None:
        return
    for quoted, _ in made.figures:
        if isinstance(quoted.by, tuple):
            yield made.source, quoted
    for fault in made.faults:
        if fault.printed is not None and isinstance(fault.printed.by, tuple):
            yield fault.source or made.source, fault.printed


def _is_plain(problem: Problem, quoted: Quoted) -> bool:
    """Tell whether a quantity is a tensor itself, neither updated nor after some steps."""
    return quoted.quantity in problem.network.tensors


def _texts(quoted: Quoted) -> Sequence[str]:
    assert isinstance(quoted.by, tuple)
    return quoted.written or [*map(_text, quoted.by)]


def _text(value: Expr) -> str:
    return str(value) if value.is_Rational else str(to_decimal(value))


@dataclass(frozen=True)
class ClassMarking:
    """The answers of a class, marked.

    Attributes:
        title: The title of the problem.
        markings: The marking of each student, by name.
        variants: The variant of each student who has one, by name.
        notes: Lines on hand-ins that could not be read, in whole or in part.
    """

    title: str
    markings: Mapping[str, Marking]
    variants: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        return fsum(marking.score for marking in self.markings.values()) / len(self.markings)

    @property
    def of(self) -> float:
        """The points that can be earned."""
        return next(iter(self.markings.values())).of

    @property
    def verdicts(self) -> Mapping[str, Counter[Verdict]]:
        """For each quantity, how many figures have each verdict."""
        found = dict[str, Counter[Verdict]]()
        for marking in self.markings.values():
            for figure in marking.figures:
                found.setdefault(figure.quantity, Counter())[figure.verdict] += 1
        return found

    @property
    def mistakes(self) -> Mapping[Mistake, Sequence[str]]:
        """The students who made each mistake, the most frequent one first."""
        found = dict[Mistake, list[str]]()
        for name, marking in self.markings.items():
            for mistake in marking.named:
                found.setdefault(mistake, []).append(name)
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))

    @property
    def first_wrong(self) -> Counter[str]:
        """The quantities in which students first went wrong, and how many of them."""
        first = (marking.first_wrong for marking in self.markings.values())
        return Counter(figure.quantity for figure in first if figure is not None)

    def __repr__(self) -> str:
        """Give the number of students and the mean score."""
        return f"<ClassMarking: {len(self.markings)} students, mean {self.mean:g} of {self.of:g}>"


def mark_class(
    problem: Problem | Mapping[str, Problem],
    answers: Any = None,
    *,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float | None = None,
    digits: int | None = None,
    tolerance: Any = None,
    truncation: Truncation | None = None,
    imprecise: Imprecise | None = None,
    progress: Progress = lambda *_: None,
) -> ClassMarking:
    """Mark the answers of a class.

    Args:
        problem: The problem; or its variants by name, which differ in numbers alone.
        answers: The name of a CSV file with one row a student and one column a figure, such as
            ``conv1[0,0,2]``; or answers by the names of students, as ``mark`` takes them. Where
            there are variants, a column or an answer ``variant`` has the name of each student's.
            Or a list of files and folders of hand-ins in all formats: workbooks, tables, TOML,
            JSON and what Moodle exports; whatever cannot be read of them is a line in ``notes``,
            and does not keep the rest from being marked.
            By default what the problem's sources print, by their names.
        quantities: As in ``mark``.
        points: As in ``mark``.
        carried: As in ``mark``.
        digits: As in ``mark``.
        tolerance: As in ``mark``.
        truncation: As in ``mark``.
        imprecise: As in ``mark``.
        progress: Is called with what is being done, how much of it is done, and of how much.

    Raises:
        SymcnnError: If the table names what is unknown; of a list of files and folders, if none of
            them could be marked.
    """
    problems = _checked(problem)
    near = {n: precision(p, digits, tolerance, truncation, imprecise) for n, p in problems.items()}
    if answers is None:
        one = _only(problems)
        problems, answers, near = {"": meant(one)}, published(one), {"": AS_WRITTEN}
    marker = _Marker(problems, lambda n: scheme(problems[n], quantities, points, carried, near[n]))
    if not isinstance(answers, list | tuple):
        return marker.marked([*_given(problems, answers)], progress)
    pile = import_module(_HANDINS).pile(problems, answers, marker.asked_for, progress)
    made = marker.marked([*pile.handed], progress, pile.notes.said)
    return replace(made, notes=pile.notes.listed())


Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""

_HANDINS = "symcnn.classroom.handins"
"""What reads files and folders; it is imported then, as it stands on the documents."""

_Handed = tuple[str, str, Answers]
"""A student, the name of the student's variant, and the figures."""


class _Marker:
    """Marks students one by one; what the sheets of a variant have in common is made once."""

    def __init__(self, problems: _Problems, scheme: Callable[[str], Scheme]) -> None:
        """Take the variants, and what figures earn; a scheme that none has is refused."""
        self._problems, self._scheme = problems, scheme
        self._known = dict[str, tuple[Scheme, Catalogue]]()
        self.asked_for = self._of(next(iter(problems)))[0].quantities

    def marked(
        self,
        handed: Sequence[_Handed],
        progress: Progress,
        guarded: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext(),
    ) -> ClassMarking:
        """Mark what a class handed in.

        Args:
            handed: The answers.
            progress: Is told how many are marked.
            guarded: What is entered for each student, and may take an error.
        """
        markings, variants = dict[str, Marking](), dict[str, str]()
        for count, (name, variant, answers) in enumerate(handed):
            progress("marking", count, len(handed))
            with guarded(name):
                shared = self._of(variant)
                markings[name] = Sheet(self._problems[variant], answers, *shared).marked()
                variants |= {name: variant} if variant else {}
        progress("marking", len(handed), len(handed))
        if not markings:
            raise SymcnnError("the class has no students: give the answers of at least one")
        return ClassMarking(_title(self._problems), markings, variants)

    def _of(self, variant: str) -> tuple[Scheme, Catalogue]:
        """Return what figures of a variant earn, and the mistakes that can be made in it."""
        if variant not in self._known:
            self._known[variant] = self._scheme(variant), Catalogue(self._problems[variant])
        return self._known[variant]


_Problems = Mapping[str, Problem]
"""The variants of a problem by name; a problem that has none is the variant ""."""


def _checked(problem: Any) -> _Problems:
    """Return the variants of a problem, which must be of one network."""
    problems = problem if isinstance(problem, Mapping) else {"": problem}
    for one in problems.values():
        check_problem(one)
    if not problems:
        raise SymcnnError("there are no variants: give at least one")
    names = [*problems]
    for name in names[1:]:
        if problems[name].network != problems[names[0]].network:
            raise SymcnnError(
                f"variant {shown(name)} has another network than variant {shown(names[0])}: mark "
                "them one by one"
            )
    return {str(name): one for name, one in problems.items()}


def _only(problems: _Problems) -> Problem:
    if "" not in problems:
        raise SymcnnError("no answers to the variants are given: name their file")
    return problems[""]


def _title(problems: _Problems) -> str:
    """Return the title of the problem, without the number of a variant."""
    first = next(iter(problems.values())).title
    return first if "" in problems else first.rpartition(", variant ")[0] or first


def _given(problems: _Problems, answers: Any) -> Iterator[tuple[str, str, Answers]]:
    first, varied = next(iter(problems.values())), "" not in problems
    if isinstance(answers, Mapping):
        for name, given in answers.items():
            with located(str(name)):
                variant, own = _parted(problems, given) if varied else ("", given)
                sheet = answers_of(problems[variant], own)
            yield str(name), variant, sheet
        return
    path = path_of(answers)
    with located(path):
        for student in students(path, first, varied):
            with located(f"line {student.line}"):
                variant = variant_named(problems, student.variant) if varied else ""
                sheet = read(problems[variant], student.answers)
            yield student.name, variant, sheet


def _parted(problems: _Problems, given: Any) -> tuple[str, Mapping[str, Any]]:
    expect(given, Mapping, "the answers", f"give a dict of figures with a {VARIANT!r}")
    own = {name: figures for name, figures in given.items() if name != VARIANT}
    return variant_named(problems, given.get(VARIANT, "")), own


def variant_named(problems: _Problems, given: Any) -> str:
    """Return the name of a variant; 07 is 7."""
    name = str(given)
    bare = name.lstrip("0") if name.isdecimal() else name
    if name in problems or bare in problems:
        return name if name in problems else bare
    raise SymcnnError(f"there is no variant {shown(name)}: {known(name, [*problems])}")
