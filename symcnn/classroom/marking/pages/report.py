"""The report on answers, of one student or of a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from symcnn import limits
from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.marking.mark import ClassMarking
from symcnn.classroom.marking.marking import VERDICTS, Figure, Marking, Verdict
from symcnn.classroom.marking.naming import Cause
from symcnn.classroom.marking.pages.worked import (
    Worked,
    capital,
    causes,
    columns,
    concealment,
    named_causes,
)
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import Block, Inline, Paragraph, Rows, Side, Table, Text, heading
from symcnn.document.document import Document
from symcnn.document.style import Style
from symcnn.document.words.precision import significant
from symcnn.document.words.words import counted, every_derivative, with_formulas
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem
from symcnn.writing.printing.manner import DecimalMark


def report(
    marked: Marking | ClassMarking,
    student: str = "",
    *,
    digits: int = Style.digits,
    index_base: int = 1,
    decimal: DecimalMark = ".",
) -> Document:
    """Return the report on answers that were marked.

    For one student it has the points of every quantity, the first wrong step with what was due
    there and how it is computed, the mistakes, and every figure that is not right; for a class
    the points of the students, how every quantity went, and who made which mistake.

    Args:
        marked: What ``mark`` or ``mark_class`` returned.
        student: The student's name, for the title; or, of a class, the student to report on.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis, 1 or 0.
        decimal: The decimal mark of numbers, a point or a comma.

    Raises:
        SymcnnError: If there is no such student, or a choice is none of these.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> from symcnn.classroom.marking import mark
    >>> report(mark(cnn_by_hand(), {"loss": "0.0304"}), "Ada")
    <Document 'CNN by hand: Ada'>
    """
    style = Style(digits, index_base, decimal)
    if isinstance(marked, Marking):
        return student_report(marked, student, style)
    if not student:
        return summary(marked)
    if student not in marked.markings:
        names = known(student, [*marked.markings])
        raise SymcnnError(f"there is no student {shown(student)}: {names}")
    return student_report(marked.markings[student], student, style)


def summary(marked: ClassMarking) -> Document:
    """Return the summary of a class."""
    return Document(f"{marked.title}: summary of the class", tuple(_class_blocks(marked)))


def _class_blocks(marked: ClassMarking) -> Iterator[Block]:
    yield Paragraph((_scores(marked),))
    yield _students(marked)
    if marked.notes:
        yield heading(1, "What could not be read")
        yield _notes(marked)
    yield heading(1, "Quantities")
    yield _quantities(marked)
    if marked.mistakes:
        yield heading(1, "Mistakes")
        yield _class_mistakes(marked)


def _scores(marked: ClassMarking) -> str:
    scores = [marking.score for marking in marked.markings.values()]
    who = counted(len(scores), "student")
    if len(scores) == 1:
        return f"{who}: {points(scores[0])} of {points(marked.of)} points."
    return (
        f"{who}. Of {points(marked.of)} points, the mean is {points(marked.mean)}, the median "
        f"{points(median(scores))}, the lowest {points(min(scores))} and the highest "
        f"{points(max(scores))}."
    )


def _students(marked: ClassMarking) -> Table:
    verdicts = _verdicts(marked)
    header = ("Student", "Points", *map(capital, verdicts), "First wrong in")
    rows = []
    for name, marking in marked.markings.items():
        first = marking.first_wrong
        counts = ((str(marking.count(verdict)),) for verdict in verdicts)
        rows.append(
            ((name,), (points(marking.score),), *counts, (first.quantity if first else "",))
        )
    return Table(tuple((title,) for title in header), tuple(rows), f"Yr{'r' * len(verdicts)}X")


def _verdicts(marked: ClassMarking) -> list[Verdict]:
    """Return the verdicts that the tables of a class have columns for."""
    return columns({verdict for count in marked.verdicts.values() for verdict in count})


def _quantities(marked: ClassMarking) -> Table:
    verdicts = _verdicts(marked)
    header = ("Quantity", *map(capital, verdicts), "First wrong here")
    rows = (
        (
            (quantity,),
            *((f"{100 * count[verdict] / count.total():.0f} %",) for verdict in verdicts),
            (str(marked.first_wrong[quantity]),),
        )
        for quantity, count in marked.verdicts.items()
    )
    return Table(tuple((title,) for title in header), tuple(rows), f"l{'r' * len(verdicts)}r")


def _notes(marked: ClassMarking) -> Table:
    """List what was passed over, each with where it stands and what is to be done."""
    rows = ((place, (rest,)) for place, rest in map(_located, marked.notes))
    return Table((("Where",), ("What",)), tuple(rows), "YX")


def _located(note: str) -> tuple[tuple[str], str]:
    place, found, rest = note.partition(": ")
    return ((place,), rest) if found else (("",), note)


def _class_mistakes(marked: ClassMarking) -> Table:
    rows = (
        ((mistake.name,), (str(len(names)),), (_who(names),))
        for mistake, names in marked.mistakes.items()
    )
    return Table((("Mistake",), ("Students",), ("Who",)), tuple(rows), "lrX")


_WHO = 30
"""The names that are listed of those who made a mistake."""


def _who(names: Sequence[str]) -> str:
    further = len(names) - _WHO
    return ", ".join(names[:_WHO]) + (f" and {further} more" if further > 0 else "")


_AS_WRITTEN = "A figure is right if the true value rounds to it"
_ASKED = "A figure is right if it agrees with the true value at {digits}"
_VERDICTS = (
    ", or if it was computed correctly from right "
    'figures as they were rounded. It "follows" (error carried forward) if it is wrong only '
    "because an earlier figure was wrong"
)
_IMPRECISE = (
    " It is imprecise if it has fewer digits than are asked for, or if its last digits were cut "
    "off instead of rounded; it then earns {share} of its points."
)

Line = tuple[Text, ...]
"""The cells of a row of a table."""


def student_report(marking: Marking, student: str, style: Style) -> Document:
    """Return the report on one student's answers."""
    title = f"{marking.problem.title}: {student or 'answers, marked'}"
    return Document(title, tuple(_blocks(marking, Worked(marking, style))), style.digits)


def points(number: float) -> str:
    """Return a number of points as it is written: 17, or 2.33."""
    return f"{round(number, 2):g}"


def _blocks(marking: Marking, worked: Worked) -> Iterator[Block]:
    yield Paragraph((f"{_score(marking)} {_rules(marking)}{_unasked(marking)}",))
    yield _by_quantity(marking)
    yield from _first_wrong(marking, worked)
    yield from _mistakes(marking, worked)
    yield from _listed(marking, worked)


def _score(marking: Marking) -> str:
    said = {"follows": "following from wrong ones"}
    numbers = {verdict: marking.count(verdict) for verdict in VERDICTS}
    counts = [
        f"{number} {said.get(verdict, verdict)}" for verdict, number in numbers.items() if number
    ]
    total = counted(len(marking.figures), "figure")
    earned = f"{points(marking.score)} of {points(marking.of)} points."
    exact = round(marking.exact_score, 2)
    rounded = f" The sum, {points(exact)}, is rounded to half points."
    return f"{earned}{rounded * (exact != marking.score)} {total}: {', '.join(counts)}."


def _rules(marking: Marking) -> str:
    """Say what the verdicts mean, and what figures earn that are not right."""
    asked, share = marking.scheme.precision.digits, marking.scheme.precision.share
    right = _AS_WRITTEN if asked is None else _ASKED.format(digits=significant(asked))
    worth = {0.0: "none", 0.5: "half", 1.0: "all"}.get(share, f"{100 * share:g} percent")
    imprecise = _IMPRECISE.format(share=worth) if marking.count("imprecise") else ""
    return f"{right}{_VERDICTS}{_share(marking)}.{imprecise}"


def _share(marking: Marking) -> str:
    """Say what figures are worth that follow, where that is not everything."""
    share = marking.scheme.carried
    return "" if share == 1 else f", and then earns {100 * share:g} percent of its points"


def _unasked(marking: Marking) -> str:
    """Say which figures carry no points, as they were not asked for."""
    found = Counter(f.quantity for f in marking.figures if not marking.possible([f]))
    given = [f"{name} ({counted(number, 'figure')})" for name, number in found.items()]
    return f" Not asked for, and therefore without points: {', '.join(given)}." if given else ""


def _by_quantity(marking: Marking) -> Table:
    verdicts = columns({figure.verdict for figure in marking.figures})
    header = ("Quantity", *map(capital, verdicts), "Points")
    rows = []
    for quantity, found in groupby(marking.figures, lambda figure: figure.quantity):
        figures = [*found]
        count = Counter(figure.verdict for figure in figures)
        earned = f"{points(marking.earned(figures))} of {points(marking.possible(figures))}"
        numbers = (str(count[verdict]) for verdict in verdicts)
        rows.append(((quantity,), *((n,) for n in numbers), (earned,)))
    return Table(tuple((name,) for name in header), tuple(rows), f"l{'r' * len(verdicts)}r")


def _first_wrong(marking: Marking, worked: Worked) -> Iterator[Block]:
    """Show where it went wrong: what is due there, and how it is computed."""
    figure = marking.first_wrong
    if figure is None or figure.answer is None:
        return
    yield heading(1, "The first wrong figure")
    named = _letter(worked, figure)
    yield Paragraph(
        (
            *("In the order of computation, the first wrong figure is ", *named, _of(figure)),
            *("you wrote ", Inline(worked.written(figure.answer)), ", but the true value is "),
            *(*_true(worked, figure), f". {_explained_in(figure, marking.problem)}"),
        )
    )
    rows = [row for row in (worked.general(figure), worked.row(figure)) if row is not None]
    if rows:
        yield Rows(tuple(rows))
    yield from _causes(figure, worked)


def _causes(figure: Figure, worked: Worked) -> Iterator[Block]:
    """Explain what yields a wrong figure, with the student's own numbers."""
    yield from map(Paragraph, map(with_formulas, causes(figure)))
    yield from _mistaken(figure, named_causes(figure), worked)


def _mistaken(figure: Figure, causes: Sequence[Cause], worked: Worked) -> Iterator[Block]:
    """Show how mistakes lead to what was written: those made here, and those made before."""
    for is_earlier in (False, True):
        chosen = [cause for cause in causes if worked.is_earlier(figure, cause) == is_earlier]
        rows = [row for row in (worked.mistaken(figure, cause) for cause in chosen) if row]
        if rows:
            yield Paragraph((_would(len({c.mistake.name for c in chosen}), is_earlier),))
            yield Rows(tuple(dict.fromkeys(rows)))


def _would(mistakes: int, is_earlier: bool) -> str:
    """Say that a mistake leads to the figure, or one of several; and where it is made."""
    subject = {1: "This mistake", 2: "Either of these mistakes"}.get(
        mistakes, "Any of these mistakes"
    )
    place = ", made in an earlier step that you did not write down," if is_earlier else ""
    return f"{subject}{place} would give the figure you wrote:"


def _of(figure: Figure) -> str:
    article = "the " if figure.quantity.startswith((GRADIENT, UPDATED)) else ""
    return f", an entry of {article}{figure.quantity}: " if figure.position != (0,) else ": "


def _explained_in(figure: Figure, problem: Problem) -> str:
    """Say which section of a derivation computes a figure."""
    section, network = "Forward pass", problem.network
    if figure.quantity.startswith(GRADIENT):
        outputs = {"x", *(stage.output.name for stage in network.stages)}
        passed = figure.quantity.removeprefix(GRADIENT) in outputs
        section = "Backward pass" if passed else every_derivative(network)
    if figure.quantity.startswith(UPDATED):
        section = f"One step of {problem.optimizer.title}"
    return f'The section "{section}" of the derivation explains this step.'


def _mistakes(marking: Marking, worked: Worked) -> Iterator[Block]:
    if not (marking.named or marking.concealed or marking.trivial):
        return
    yield heading(1, "Mistakes")
    first = marking.first_wrong
    explained = first.mistakes if first else ()
    for mistake, figures in marking.named.items():
        said = "explained above." if mistake in explained else mistake.explanation
        times = counted(len(figures), "figure")
        yield Paragraph(with_formulas(f"{capital(mistake.name)} ({times}): {said}"))
        if mistake not in explained:
            yield from _mistaken(figures[0], figures[0].causes, worked)
    for hidden in marking.concealed:
        yield Paragraph(with_formulas(concealment(hidden)))
    if marking.trivial:
        named = _separated([_letter(worked, figure) for figure in marking.trivial])
        yield Paragraph(
            (
                *("You wrote 0 for ", *named, ", although your own figures do not give 0; "),
                "everything computed from it becomes too easy.",
            )
        )


def _listed(marking: Marking, worked: Worked) -> Iterator[Block]:
    others = [f for f in marking.figures if f.verdict in ("wrong", "follows", "imprecise")]
    if others:
        yield heading(1, "Figures that are not right")
        yield Paragraph(('"Due" is what follows from your earlier figures, as you wrote them.',))
        if len(others) > limits.LISTED_ENTRIES:
            yield Paragraph((f"The first {limits.LISTED_ENTRIES} of {len(others):,}:",))
        yield _table(others[: limits.LISTED_ENTRIES], worked)
    yield from _unread(marking, worked)
    missing = Counter(f.quantity for f in marking.figures if f.verdict == "missing")
    if missing:
        counts = (f"{name} ({count})" for name, count in missing.items())
        yield Paragraph((f"Missing figures: {', '.join(counts)}.",))


def _unread(marking: Marking, worked: Worked) -> Iterator[Block]:
    """Say what was written and could not be read, so that it can be written again."""
    found = [(figure, figure.unread) for figure in marking.figures if figure.unread is not None]
    for figure, unread in found[: limits.LISTED_ENTRIES]:
        letter, text = _letter(worked, figure), shown(unread.text)
        yield Paragraph((*letter, f" was not read, and has no points: {text}. {unread.sentence}"))


def _table(figures: Sequence[Figure], worked: Worked) -> Table:
    header = ("Figure", "Written", "Verdict", "Due", "True value", "Mistake")
    rows = tuple(_line(figure, worked) for figure in figures)
    return Table(tuple((name,) for name in header), rows, "lrlrrX")


def _line(figure: Figure, worked: Worked) -> Line:
    assert figure.answer is not None
    names = ", or ".join(dict.fromkeys(cause.mistake.name for cause in named_causes(figure)))
    return (
        _letter(worked, figure),
        (Inline(worked.written(figure.answer)),),
        (figure.verdict,),
        _due(worked.due(figure)),
        _true(worked, figure),
        (names,),
    )


def _due(side: Side | None) -> Text:
    if side is None:
        return ("no value",)
    return (Inline(side.formula if side.relation != "=" else side.terms[0]),)


def _true(worked: Worked, figure: Figure) -> Text:
    return (Inline(worked.numerals(figure.expected).formula),)


def _letter(worked: Worked, figure: Figure) -> Text:
    """Return z_11, or the name of what has no letter."""
    printed = worked.letter(figure)
    position = ", ".join(map(str, figure.position))
    return (f"{figure.quantity}[{position}]",) if printed is None else (Inline(printed),)


def _separated(texts: Sequence[Text]) -> Text:
    first, *others = texts
    return (*first, *(part for text in others for part in (", ", *text)))
