"""What a marking says: as data for programs, and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sympy import Expr

from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.formula.unicode import text
from symcnn.marking.figure import Figure
from symcnn.marking.marking import Marking
from symcnn.marking.mistakes import Mistake

_DIGITS = 6
_SAID = {
    "right": "right",
    "follows": "right from the figures before it, which are not all right",
    "wrong": "wrong",
    "missing": "missing",
}


class Report:
    """A marking in words.

    Attributes:
        marking: The marking.
    """

    def __init__(self, marking: Marking) -> None:
        """Take the marking."""
        self.marking = marking
        self._printer = Statements(marking.problem.derivation).printer

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        marking, first = self.marking, self.marking.first_wrong
        place = first and {"quantity": first.quantity, "position": list(first.position)}
        return {
            "title": marking.problem.title,
            "score": marking.score,
            "of": marking.of,
            "first_wrong": place,
            "figures": [self._row(figure) for figure in marking.figures],
            "mistakes": [self._mistake(*pair) for pair in self.mistakes().items()],
        }

    def to_text(self) -> str:
        """Return a page of text."""
        return "\n".join(self._lines()) + "\n"

    def mistakes(self) -> dict[Mistake, int]:
        """Count the figures that each mistake alone yields."""
        alone = (f.mistakes[0] for f in self.marking.figures if len(f.mistakes) == 1)
        return dict(Counter(alone))

    def _mistake(self, mistake: Mistake, figures: int) -> dict[str, Any]:
        return {
            "mistake": mistake.name,
            "figures": figures,
            "explanation": mistake.explanation,
        }

    def _row(self, figure: Figure) -> dict[str, Any]:
        return {
            "quantity": figure.quantity,
            "position": list(figure.position),
            "answer": figure.answer and figure.answer.text,
            "expected": float(figure.expected),
            "verdict": figure.verdict,
            "mistake": figure.mistakes[0].name if len(figure.mistakes) == 1 else None,
            "explanation": self.explanation(figure),
        }

    def explanation(self, figure: Figure) -> str:
        """Say how a figure is computed, what it should be, and what went wrong, if it is known."""
        said = self._due(figure)
        return f"{said}. {_yielded(figure)}" if figure.mistakes else said

    def _due(self, figure: Figure) -> str:
        """Say how a figure is computed, and what it should be: nothing where it is right."""
        if figure.verdict == "right":
            return ""
        carried = self._carried(figure) if figure.verdict == "wrong" else ""
        true = f"the true value is {_rounded(float(figure.expected))}"
        return "; ".join(filter(None, (self._formula(figure), carried, true)))

    def _carried(self, figure: Figure) -> str:
        """Say what the figures before it lead to, where that is not the true value."""
        if figure.due is None:
            return ""
        low, high, true = (float(v) for v in (figure.due.a, figure.due.b, figure.expected))
        if low <= true <= high:
            return ""
        ends = [*dict.fromkeys(map(_rounded, (low, high)))]
        if ends == [_rounded(true)]:
            return ""
        return f"with the figures before it, it is {' to '.join(ends)}"

    def _formula(self, figure: Figure) -> str:
        """Return z11 = w11 x1 + w21 x2."""
        name = self._symbol(figure)
        if name is None or figure.formula.is_number:
            return ""
        return f"{name} = {text(self._printer.tree(figure.formula))}"

    def _symbol(self, figure: Figure) -> str | None:
        """Return what formulas call an entry; updated weights have no letter of their own."""
        derivation, of = self.marking.problem.derivation, figure.quantity.removeprefix(GRADIENT)
        tensors = derivation.network.tensors
        if of not in tensors:
            return None
        tensor = derivation.adjoints[of] if of != figure.quantity else tensors[of]
        symbol: Expr = tensor.symbol(figure.position)
        return text(self._printer.tree(symbol))

    def _lines(self) -> Iterator[str]:
        marking = self.marking
        yield marking.problem.title
        yield ""
        yield f"{marking.score:g} of {marking.of:g} points: {self._counts()}."
        first = marking.first_wrong
        if first is not None:
            yield ""
            yield f"The first wrong figure is {_named(first)}."
        for mistake, count in self.mistakes().items():
            yield ""
            yield f"{mistake.name.capitalize()} ({_figures(count)}): {mistake.explanation}"
        if marking.trivial:
            yield ""
            named = ", ".join(map(_named, marking.trivial))
            yield f"0 was written where the figures before it do not give 0: {named}."
        shown = [f for f in marking.figures if f.verdict in ("wrong", "follows")]
        if shown:
            yield ""
        for figure in shown:
            assert figure.answer is not None
            names = " or ".join(mistake.name for mistake in figure.mistakes)
            cause = f": {names}" if names else ""
            yield f"{_named(figure)}: {figure.answer.text} is {_SAID[figure.verdict]}{cause}"
            yield f"    {self._due(figure)}"

    def _counts(self) -> str:
        count = self.marking.count
        return (
            f"{count('right')} right, {count('follows')} carried on rightly, "
            f"{count('wrong')} wrong, {count('missing')} missing"
        )


def _figures(count: int) -> str:
    return "1 figure" if count == 1 else f"{count} figures"


def _yielded(figure: Figure) -> str:
    """Say which mistakes yield a figure."""
    if len(figure.mistakes) == 1:
        return f"{figure.mistakes[0].name.capitalize()}: {figure.mistakes[0].explanation}"
    names = [mistake.name for mistake in figure.mistakes]
    return f"Several mistakes yield it: {', '.join(names[:-1])} and {names[-1]}."


def _named(figure: Figure) -> str:
    """Return conv1[0, 0, 2]."""
    return f"{figure.quantity}[{', '.join(map(str, figure.position))}]"


def _rounded(number: float) -> str:
    return f"{number:.{_DIGITS}g}"
