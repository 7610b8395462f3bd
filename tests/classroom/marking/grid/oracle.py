"""The verdicts that are fair for every figure of a hand-in, and what figures may earn."""

from __future__ import annotations

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
            fair = self.case.carried
            return {share * {"right": 1.0, "follows": settings.carried}[each] for each in fair}
        return {float(verdict == "right")}


def expected(net: Given, settings: Settings, handin: HandIn) -> dict[Entry, Expected]:
    """Return what is fair for the figures of a hand-in, in the order of computation."""
    with exactly():
        dues, found = Dues(net, handin), dict[Entry, Expected]()
        before = dict[Entry, Verdicts]()
        for quantity in net.asked:
            for at, text in handin.texts[quantity].items():
                entry = quantity, at
                found[entry] = _of(entry, text, net, settings, dues, before)
            before |= {e: found[e].verdicts for e in found if e[0] == quantity}
    return found


def _of(
    entry: Entry,
    text: str,
    net: Given,
    settings: Settings,
    dues: Dues,
    before: dict[Entry, Verdicts],
) -> Expected:
    figure = dues.figures.get(entry)
    if figure is None:
        return Expected(text, frozenset(["unread" if text.strip() not in ("", "?") else "missing"]))
    quantity, at = entry
    due = dues.of(entry)
    repeats = any(net.drawn.values[name][of] == figure.value for name, of in due.given)
    case = Case(figure, net.true[quantity][at], due, settings, before, repeats)
    return Expected(text, case.fair, case)
