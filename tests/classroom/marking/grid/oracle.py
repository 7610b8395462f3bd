"""The verdicts that are fair for every figure of a hand-in, and what figures may earn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.classroom.marking.grid.dues import Dues, Entry
from tests.classroom.marking.grid.handin import HandIn
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.numbers import exactly
from tests.classroom.marking.grid.rule import Case, Verdicts
from tests.classroom.marking.grid.settings import SHARES, Settings


@dataclass(frozen=True)
class Expected:
    """What is fair for one figure.

    Attributes:
        text: What is written.
        verdicts: The verdicts that are fair.
        case: What is known of a figure that can be read.
    """

    text: str
    verdicts: Verdicts
    case: Case | None = None

    def earned(self, verdict: str, settings: Settings) -> set[float]:
        """Return the points that a figure with a verdict can earn."""
        if verdict == "follows":
            return {settings.carried}
        if verdict == "imprecise":
            share = SHARES[settings.imprecise]
            if self.case is None or not self.case.only_due:
                return {share}
            return {share * (1.0 if self.case.is_carried_from_right else settings.carried)}
        return {float(verdict == "right")}


def expected(
    net: Given, settings: Settings, handin: HandIn, verdicts: Mapping[Entry, str]
) -> dict[Entry, Expected]:
    """Return what is fair for the figures of a hand-in, given what those before them got."""
    with exactly():
        dues = Dues(net, handin)
        return {
            (quantity, at): _of((quantity, at), text, net, settings, dues, verdicts)
            for quantity in net.asked
            for at, text in handin.texts[quantity].items()
        }


def _of(
    entry: Entry,
    text: str,
    net: Given,
    settings: Settings,
    dues: Dues,
    before: Mapping[Entry, str],
) -> Expected:
    figure = dues.figures.get(entry)
    if figure is None:
        return Expected(text, frozenset(["unread" if text.strip() not in ("", "?") else "missing"]))
    quantity, at = entry
    due = dues.of(entry)
    repeats = any(net.drawn.values[name][of] == figure.value for name, of in due.given)
    short = any(settings.is_short(dues.figures[source]) for source in due.sources)
    case = Case(
        figure, net.true[quantity][at], due, settings, before, repeats, net.is_normed, short
    )
    return Expected(text, case.fair, case)
