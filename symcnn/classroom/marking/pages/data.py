"""What a marking says, as plain data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from symcnn.classroom.marking.classes import ClassMarking
from symcnn.classroom.marking.items import of_figures, of_quantities
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.pages.words import FEW_DIGITS, causes, plain
from symcnn.classroom.marking.pages.worked import Worked
from symcnn.document.style import Style
from symcnn.writing.formula.build import row
from symcnn.writing.formula.unicode import text


def data(marked: Marking | ClassMarking) -> dict[str, Any]:
    """Return everything that a marking says, as ``symcnn mark --json`` prints it."""
    return _of_class(marked) if isinstance(marked, ClassMarking) else _of_student(marked)


def _of_student(marking: Marking) -> dict[str, Any]:
    first, worked = marking.first_wrong, Worked(marking, Style())
    return {
        "title": marking.problem.title,
        "score": marking.score,
        "of": marking.of,
        "exact_score": marking.exact_score,
        "first_wrong": first and {"quantity": first.quantity, "position": list(first.position)},
        "figures": [_figure(figure, worked) for figure in marking.figures],
        "mistakes": [_mistake(mistake, len(of)) for mistake, of in marking.named.items()],
        "concealed": [
            {"quantity": hidden.quantity, "mistake": hidden.mistake.name}
            for hidden in marking.concealed
        ],
    }


def _of_class(marked: ClassMarking) -> dict[str, Any]:
    students = marked.markings.items()
    return {
        "title": marked.title,
        "mean": marked.mean,
        "of": marked.of,
        "students": [{"student": name, **_of_student(marking)} for name, marking in students],
        "mistakes": [
            {
                "mistake": mistake.name,
                "students": list(names),
                "explanation": plain(mistake.explanation),
            }
            for mistake, names in marked.mistakes.items()
        ],
        **_of_items(marked),
        "notes": [*marked.notes],
    }


def _of_items(marked: ClassMarking) -> dict[str, Any]:
    """Return how difficult quantities and figures are, and what they discriminate."""
    markings = [*marked.markings.values()]
    return {
        "quantities": [
            {"quantity": name, **asdict(item)} for name, item in of_quantities(markings).items()
        ],
        "figures": [
            {"quantity": name, "position": [*position], **asdict(item)}
            for (name, position), item in of_figures(markings).items()
        ],
    }


def _mistake(mistake: Mistake, figures: int) -> Mapping[str, Any]:
    return {"mistake": mistake.name, "figures": figures, "explanation": plain(mistake.explanation)}


def _figure(figure: Figure, worked: Worked) -> Mapping[str, Any]:
    return {
        "quantity": figure.quantity,
        "position": list(figure.position),
        "answer": _answer(figure),
        "expected": float(figure.expected),
        "verdict": figure.verdict,
        "mistake": figure.mistakes[0].name if len(figure.mistakes) == 1 else None,
        "explanation": _explanation(figure, worked),
    }


def _answer(figure: Figure) -> str | None:
    """Return what was written, understood or not."""
    found = figure.answer or figure.unread
    return found.text if found else None


def _explanation(figure: Figure, worked: Worked) -> str:
    """Say how a figure is computed, what it should be, and what went wrong, if it is known."""
    if figure.verdict == "right":
        return ""
    if figure.unread is not None:
        return figure.unread.sentence
    made = worked.row(figure)
    computed = text(row(made.left, *(side.formula for side in made.sides))) if made else ""
    true = f"the true value is {text(worked.numerals(figure.expected).formula)}"
    said = "; ".join(filter(None, (computed, true)))
    if figure.verdict == "wrong" or figure.causes:
        return f"{said}. {plain(' '.join(causes(figure)))}"
    few = figure.verdict == "imprecise"
    return f"{said}. {FEW_DIGITS}" if few else f"{said}."
