r"""Checks what a document says that was learned: every sentence is known here, and is so."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.readers import prose
from tests.readers.intervals import near
from tests.readers.telling import COUNT, MATH, Telling, is_zero

_NAMES = rf"{MATH}(?:(?:, | and ){MATH})*"


class Learned(Telling):
    """Checks sentences about all derivatives and maxima."""

    def insights(self, text: str) -> None:
        """Check sentence after sentence; one that is not known is a fault."""
        zeros, at = 0, 0
        while at < len(text):
            for pattern, check in _INSIGHTS:
                if found := pattern.match(text, at):
                    zeros += check(self, found) or 0
                    at = found.end() + 1
                    break
            else:
                self.paper.faults.append(f"what was learned is not understood: {text[at:]}")
                return
        found_zeros = sum(map(is_zero, self.every()))
        if found_zeros < len(self.every()):
            self.so(zeros == found_zeros, f"{zeros} derivatives are said to be 0 of {found_zeros}")

    def meant(self, found: re.Match[str]) -> list[float]:
        """Return the derivatives that are spoken of: of all parameters, or of the input."""
        of_input = "with respect to the input" in found[0]
        return list(self.paper.known.gradients["x"].ravel()) if of_input else self.every()

    def signs(self, found: re.Match[str]) -> None:
        every = self.meant(found)
        self.so(prose.count(found["all"]) == len(every), found[0])
        holds = {
            "negative": all(s < near(s) for s in every) and found["way"] == "increase",
            "positive": all(s > -near(s) for s in every) and found["way"] == "decrease",
            "0": all(map(is_zero, every)) and found["way"] is None,
        }
        self.so(holds[found["sign"]], found[0])

    def idle(self, found: re.Match[str]) -> None:
        self.so(all(abs(slope) < near(1) for slope in self.meant(found)), found[0])

    def largest(self, found: re.Match[str]) -> None:
        every, slope = self.every(), self.slope(found["weight"])
        self.number(f"the slope of {found['weight']}", slope, found["slope"])
        count = 2 if found["count"] is None else prose.count(found["count"])
        self.so((count, abs(slope)) == (len(every), max(map(abs, every))), found[0])

    def counted_zeros(self, found: re.Match[str]) -> int:
        if found["count"] is not None:
            self.so(prose.count(found["count"]) == len(self.every()), found[0])
        self.reason(found)
        return prose.count(found["share"])

    def named_zeros(self, found: re.Match[str]) -> int:
        names = re.findall(MATH, found["names"])
        self.so(all(is_zero(self.slope(name)) for name in names), found[0])
        self.so((len(names) == 1) == found[0].startswith("The derivative with"), found[0])
        self.reason(found)
        return len(names)

    def reason(self, found: re.Match[str]) -> None:
        said = found["why"] or ""
        why = next(filter(None, (reason.fullmatch(said) for reason in _REASONS)), None)
        if said and why is None:
            self.paper.faults.append(f"the reason is not understood: {said}")
        elif why and (zero := why.groupdict().get("zero")):
            self.so(is_zero(self.value(zero)), found[0])

    def closest(self, found: re.Match[str]) -> None:
        largest, winner = (self.value(found[key]) for key in ("maximum", "winner"))
        loser, *others = (self.value(name) for name in re.findall(MATH, found["losers"]))
        self.so(all(abs(loser - other) <= near(loser) for other in others), found[0])
        self.so(abs(largest - winner) <= near(winner) * max(1, abs(winner)), found[0])
        self.number("the lead", winner - loser, found["lead"])
        if leads := self.paper.leads:
            least = min(leads)
            self.so(abs(winner - loser - least) <= near(least) * max(1, abs(winner)), found[0])


_SLOPES = rf"(?P<why>, because (?:[^.$]|{MATH}|\.(?! |$))*)?\."
_INSIGHTS: tuple[tuple[re.Pattern[str], Callable[[Learned, re.Match[str]], int | None]], ...] = (
    (
        re.compile(
            rf"(?:All )?(?P<all>{COUNT}) derivatives (?:with respect to the input )?are "
            r"(?P<sign>negative|positive|0): (?:a small (?P<way>increase|decrease) of any "
            r"(?:weight|parameter) lowers the loss|to first order, no (?:weight|parameter|entry of "
            r"the input) changes the loss)\."
        ),
        Learned.signs,
    ),
    (
        re.compile(
            rf"The (?:weight|parameter) that matters most is (?P<weight>{MATH}): its derivative, "
            rf"(?P<slope>{MATH}), is the (?:larger of the two|largest of all (?P<count>{COUNT})) "
            r"in absolute value\."
        ),
        Learned.largest,
    ),
    (
        re.compile(
            rf"(?P<share>{COUNT}) (?:of the (?P<count>{COUNT})|(?P<more>more)) derivatives are 0"
            rf"{_SLOPES}"
        ),
        Learned.counted_zeros,
    ),
    (
        re.compile(
            r"The softmax of a single number is always 1, so no (?:weight|parameter|entry of the "
            rf"input) changes the loss: (?:all )?(?P<all>{COUNT}) derivatives? (?:with respect to "
            r"the input )?(?:is|are) (?P<sign>0)(?: up to rounding)?\."
        ),
        Learned.idle,
    ),
    (
        re.compile(rf"The derivatives? with respect to (?P<names>{_NAMES}) (?:is|are) 0{_SLOPES}"),
        Learned.named_zeros,
    ),
    (
        re.compile(
            rf"The closest call is that of (?P<maximum>{MATH}): (?P<winner>{MATH}) beats "
            rf"(?P<losers>{_NAMES}) by (?P<lead>{MATH})\."
        ),
        Learned.closest,
    ),
)
_PENALTY = r"(?P<own>, and the penalty on a \w+ that is itself 0 adds nothing)?"
_ALONE = rf"\w+ \w+ acts? only through {MATH}"
_THROUGH = r"\w+ \w+ acts? only through entries"
_REASONS = [
    re.compile(f", because {why}{_PENALTY}")
    for why in (
        rf"(?P<zero>{MATH}), the only number that \w+ \w+ multipl(?:y|ies), is 0",
        rf"{_ALONE}, whose error signal is 0",
        rf"{_ALONE}, which no maximum of .* takes",
        rf"{_ALONE}, where .* has slope 0",
        r"every number that \w+ \w+ multipl(?:y|ies) is 0",
        rf"{_THROUGH} that no maximum of .* takes",
        rf"{_THROUGH} at which .* has slope 0",
        rf"{_THROUGH} whose error signals are 0",
        rf"\w+ \w+ meets? a zero of {MATH} at each of (?:its|their) uses where {MATH} is not 0",
        r"the terms of (?:its sum|their sums) cancel",
        r"(?:this|each of these) \w+ adds the same number to all entries of which a softmax is "
        rf"taken, which leaves {MATH} as it is",
        rf"no entry of {_NAMES} selects \w+ \w+",
        rf"no entry of {MATH} meets the condition under which \w+ \w+ counts?",
    )
]
