"""What reports say of mistakes."""

from __future__ import annotations

from symcnn.classroom.marking.marking import Figure
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.classroom.marking.naming import Concealed
from symcnn.writing.formula.reader import prose
from symcnn.writing.formula.unicode import text


def causes(figure: Figure) -> list[str]:
    """Say which mistakes yield a wrong figure; formulas stand between dollar signs."""
    if not figure.mistakes:
        return ["None of the known mistakes yields this figure."]
    told = [*map(stated, figure.mistakes)]
    return ["Several mistakes yield this figure.", *told] if len(told) > 1 else told


def stated(mistake: Mistake) -> str:
    """Return a mistake with its name, unless the explanation begins with it."""
    if mistake.explanation.lower().startswith(mistake.name):
        return mistake.explanation
    return f"{capital(mistake.name)}: {mistake.explanation}"


def concealment(hidden: Concealed) -> str:
    """Say what figures cannot tell."""
    return (
        f"{capital(hidden.mistake.name)}? In {hidden.quantity}, this mistake would change nothing, "
        "because of earlier mistakes; with the right figures it would. The figures cannot show "
        f"whether it was made. {hidden.mistake.explanation}"
    )


def plain(words: str) -> str:
    """Return words with their formulas as text: w_1 x_1 becomes w₁ x₁."""
    return "".join(p if isinstance(p, str) else text(p) for p in prose(words))


def capital(words: str) -> str:
    """Return words with a capital in front."""
    return words[0].upper() + words[1:]
