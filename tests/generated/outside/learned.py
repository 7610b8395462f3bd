r"""Checks what a document says that was learned: every sentence is known here, and is so."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.document.readers.intervals import near
from tests.generated.outside import prose
from tests.generated.outside.paper import Paper
from tests.generated.outside.sentences import check_losses
from tests.generated.outside.telling import COUNT, MATH, Telling, is_zero

_NAMES = rf"{MATH}(?:(?:, | and ){MATH})*"


def check_insights(paper: Paper, text: str) -> None:
    """Check what a document says that was learned."""
    _Learned(paper).insights(text)


class _Learned(Telling):
    """Checks sentences about all derivatives, maxima and a step."""

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

    def signs(self, found: re.Match[str]) -> None:
        every = self.every()
        self.so(prose.count(found["all"]) == len(every), found[0])
        holds = {
            "negative": all(s < near(s) for s in every) and found["way"] == "increase",
            "positive": all(s > -near(s) for s in every) and found["way"] == "decrease",
            "0": all(map(is_zero, every)) and found["way"] is None,
        }
        self.so(holds[found["sign"]], found[0])

    def largest(self, found: re.Match[str]) -> None:
        every, slope = self.every(), self.slope(found["weight"])
        self.number(f"the slope of {found['weight']}", slope, found["slope"])
        count = 2 if found["count"] is None else prose.count(found["count"])
        self.so((count, abs(slope)) == (len(every), max(map(abs, every))), found[0])

    def counted_zeros(self, found: re.Match[str]) -> int:
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
        if met := _MET.fullmatch(said):
            self.so(is_zero(self.value(met[1])), found[0])
        elif said and not any(why.fullmatch(said) for why in _REASONS):
            self.paper.faults.append(f"the reason is not understood: {said}")

    def closest(self, found: re.Match[str]) -> None:
        largest, winner, loser = (self.value(found[key]) for key in ("maximum", "winner", "loser"))
        self.so(abs(largest - winner) <= near(winner) * max(1, abs(winner)), found[0])
        self.number("the lead", winner - loser, found["lead"])
        if leads := self.paper.leads:
            least = min(leads)
            self.so(abs(winner - loser - least) <= near(least) * max(1, abs(winner)), found[0])

    def step(self, found: re.Match[str]) -> None:
        said = {prose.BEFORE: found["before"].strip("$"), prose.AFTER: found["after"].strip("$")}
        check_losses(self.paper, said)
        before, after = self.paper.known.loss, self.paper.known.after
        if after is not None and abs(after - before) > near(before) * max(1, abs(before)):
            self.so((after < before) == (found["verb"] == "lowers"), found[0])
        self.so((found["verb"] == "raises") == bool(found["long"]), found[0])


_SLOPES = rf"(?P<why>, because (?:[^.$]|{MATH}|\.(?! |$))*)?\."
_INSIGHTS: tuple[tuple[re.Pattern[str], Callable[[_Learned, re.Match[str]], int | None]], ...] = (
    (
        re.compile(
            rf"(?:All )?(?P<all>{COUNT}) derivatives are (?P<sign>negative|positive|0): (?:a "
            r"small (?P<way>increase|decrease) of any (?:weight|parameter) lowers the loss|to "
            r"first order, no (?:weight|parameter) changes the loss)\."
        ),
        _Learned.signs,
    ),
    (
        re.compile(
            rf"The (?:weight|parameter) that matters most is (?P<weight>{MATH}): its derivative, "
            rf"(?P<slope>{MATH}), is the (?:larger of the two|largest of all (?P<count>{COUNT})) "
            r"in absolute value\."
        ),
        _Learned.largest,
    ),
    (
        re.compile(rf"(?P<share>{COUNT}) of the (?P<count>{COUNT}) derivatives are 0{_SLOPES}"),
        _Learned.counted_zeros,
    ),
    (
        re.compile(rf"The derivatives? with respect to (?P<names>{_NAMES}) (?:is|are) 0{_SLOPES}"),
        _Learned.named_zeros,
    ),
    (
        re.compile(
            rf"The closest call is that of (?P<maximum>{MATH}): (?P<winner>{MATH}) beats "
            rf"(?P<loser>{MATH}) by (?P<lead>{MATH})\."
        ),
        _Learned.closest,
    ),
    (
        re.compile(
            rf"One step of gradient descent (?P<verb>lowers|raises) the loss from (?P<before>"
            rf"{MATH}) to (?P<after>{MATH})(?P<long>: with this learning rate the step is too "
            r"long)?\."
        ),
        _Learned.step,
    ),
)
_MET = re.compile(rf", because ({MATH}), all that \w+ \w+ (?:is|are) multiplied by, is 0")
_REASONS = [
    re.compile(f", because {why}")
    for why in (
        r"everything by which \w+ \w+ (?:is|are) multiplied is 0",
        r"every entry to which \w+ \w+ contributes? lost its window",
        r".* has slope 0 at every entry to which \w+ \w+ contributes?",
        r"the error signals of all entries to which \w+ \w+ contributes? are 0",
        r"a factor is 0 in every term of (?:its sum|their sums)",
        r"the terms of (?:its sum|their sums) cancel",
        rf"no entry of {_NAMES} selects \w+ \w+",
    )
]
