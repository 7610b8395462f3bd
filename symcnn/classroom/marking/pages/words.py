"""What reports say of mistakes."""

from __future__ import annotations

from collections.abc import Container

from symcnn.classroom.marking.marking import VERDICTS, Figure, Verdict
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.naming import Cause, Concealed
from symcnn.writing.formula.reader import prose
from symcnn.writing.formula.unicode import text

FEW_DIGITS = "The figure has fewer digits than are asked for."

_ALWAYS = ("right", "follows", "wrong", "missing")


def columns(found: Container[Verdict]) -> list[Verdict]:
    """Return the verdicts that tables have columns for: the others only where there are some."""
    return [verdict for verdict in VERDICTS if verdict in _ALWAYS or verdict in found]


def causes(figure: Figure) -> list[str]:
    """Say which mistakes yield a wrong figure; formulas stand between dollar signs."""
    sentences = [stated(cause.mistake) for cause in named_causes(figure)]
    if not sentences:
        return ["No known mistake leads to this figure."]
    several = ["Several mistakes lead to this figure."] if len(sentences) > 1 else []
    return [*several, *sentences]


def named_causes(figure: Figure) -> tuple[Cause, ...]:
    """Return what yields a wrong figure; the same mistake made one step earlier is left out."""
    names = {mistake.name for mistake in figure.mistakes}
    return tuple(cause for cause in figure.causes if cause.mistake.same_as not in names)


def stated(mistake: Mistake) -> str:
    """Return a mistake with its name, unless the explanation begins with it."""
    if mistake.explanation.lower().startswith(mistake.name):
        return mistake.explanation
    return f"{capital(mistake.name)}: {mistake.explanation}"


def concealment(hidden: Concealed) -> str:
    """Say what figures cannot tell."""
    return (
        f"{capital(hidden.mistake.name)}? In {hidden.quantity}, this mistake would change nothing, "
        "because of earlier mistakes; with the right figures it would. So the figures cannot show "
        f"whether you made it. {hidden.mistake.explanation}"
    )


def plain(words: str) -> str:
    """Return words with their formulas as text: w_1 x_1 becomes w₁ x₁."""
    return "".join(p if isinstance(p, str) else text(p) for p in prose(words))


def capital(words: str) -> str:
    """Return words with a capital in front."""
    return words[0].upper() + words[1:]
