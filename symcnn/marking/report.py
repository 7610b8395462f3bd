"""What a marking says: as data for programs, and as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr

from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.formula.unicode import text
from symcnn.marking.mark import Figure, Marking

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
            "mistakes": [],
        }

    def to_text(self) -> str:
        """Return a page of text."""
        return "\n".join(self._lines()) + "\n"

    def _row(self, figure: Figure) -> dict[str, Any]:
        return {
            "quantity": figure.quantity,
            "position": list(figure.position),
            "answer": figure.answer and figure.answer.text,
            "expected": float(figure.expected),
            "verdict": figure.verdict,
            "mistake": None,
            "explanation": self.explanation(figure),
        }

    def explanation(self, figure: Figure) -> str:
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
        if marking.trivial:
            yield ""
            named = ", ".join(map(_named, marking.trivial))
            yield f"0 was written, and accepted as rounded, for numbers other than 0: {named}."
        shown = [f for f in marking.figures if f.verdict in ("wrong", "follows")]
        if shown:
            yield ""
        for figure in shown:
            assert figure.answer is not None
            yield f"{_named(figure)}: {figure.answer.text} is {_SAID[figure.verdict]}"
            yield f"    {self.explanation(figure)}"

    def _counts(self) -> str:
        count = self.marking.count
        return (
            f"{count('right')} right, {count('follows')} carried on rightly, "
            f"{count('wrong')} wrong, {count('missing')} missing"
        )


def _named(figure: Figure) -> str:
    """Return conv1[0, 0, 2]."""
    return f"{figure.quantity}[{', '.join(map(str, figure.position))}]"


def _rounded(number: float) -> str:
    return f"{number:.{_DIGITS}g}"
