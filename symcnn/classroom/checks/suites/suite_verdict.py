"""The verdicts on the functions of a file, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from symcnn.classroom.checks.verdict import Verdict, strict

_WIDTH = 100
_ABSENT = "There is no function of this name."


@dataclass(frozen=True)
class Checked:
    """A function of a suite, checked.

    Attributes:
        name: What the course calls it, with what is added to it.
        verdict: The verdict on it; None if it cannot be called.
        reason: Why it cannot be called.
    """

    name: str
    verdict: Verdict | None
    reason: str = ""

    def __bool__(self) -> bool:
        """Whether it is right."""
        return bool(self.verdict)

    @property
    def word(self) -> str:
        """The verdicts on what it returns, and the mistakes that are named."""
        if self.verdict is None:
            return f"not checked: {self.reason}"
        words = dict.fromkeys(f.verdict for f in self.verdict.findings if f.verdict != "right")
        mistakes = dict.fromkeys(f.mistake for f in self.verdict.findings if f.mistake)
        named = f": {', '.join(mistakes)}" if mistakes else ""
        return f"{', '.join(words)}{named}" if words else "right"

    @property
    def failure(self) -> str:
        """Why it returned nothing that could be judged, in a sentence; "" if it did."""
        findings = () if self.verdict is None else self.verdict.findings
        said = {f.explanation.partition("\n")[0] for f in findings if f.verdict == "crashed"}
        is_all = all(f.verdict == "crashed" for f in findings)
        return said.pop() if is_all and len(said) == 1 else ""

    def to_text(self) -> str:
        """Return what is not right; of a function that fails always alike, in what way."""
        if self.verdict is None or self:
            return ""
        if self.failure:
            return f"{self.name}\n{_wrapped(f'  {self.failure}')}"
        return self.verdict.to_text().rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        if self.verdict is None:
            return {"right": False, "reason": self.reason}
        return dict(strict(self.verdict.to_dict()))


@dataclass(frozen=True)
class SuiteVerdict:
    """The verdicts on the functions of a file; it is true if all of them are right."""

    title: str
    checked: Sequence[Checked]
    missing: Sequence[str]

    def __bool__(self) -> bool:
        """Whether every function that was found is right."""
        return all(self.checked)

    @property
    def verdicts(self) -> Mapping[str, Verdict | str]:
        """The verdicts by the names of functions; of one that was not checked, why it was not."""
        found = {c.name: c.reason if c.verdict is None else c.verdict for c in self.checked}
        return {**found, **dict.fromkeys(self.missing, _ABSENT)}

    def to_text(self) -> str:
        """Return a line for each function, and what is not right with it."""
        width = max(len(checked.name) for checked in self.checked)
        lines = [_wrapped(f"  {c.name:{width}}  {c.word}", width + 4) for c in self.checked]
        absent = f"Not found: {', '.join(self.missing)}." if self.missing else ""
        told = [checked.to_text() for checked in self.checked]
        parts = [self.title, "\n".join(lines), *told, _wrapped(absent)]
        return "\n\n".join(filter(None, parts)) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return {
            "title": self.title,
            "right": bool(self),
            "functions": {checked.name: checked.to_dict() for checked in self.checked},
            "not_found": list(self.missing),
        }

    def to_json(self) -> str:
        """Return the verdicts as JSON, by the names of the functions."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)


def _wrapped(text: str, indent: int = 2) -> str:
    return fill(text, _WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
