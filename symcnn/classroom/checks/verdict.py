"""What a check found: a verdict on every array that a function returned.

right      at all cases, within the bound of the rounding errors
imprecise  farther off than rounding explains in the type of the array, and by no mistake
wrong      it differs, by a mistake that is named or by a pattern
shape      it has another shape
crashed    there is none: the function failed, was stopped, or returned something else
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from symcnn.classroom.checks.printing import as_text

Word = Literal["right", "imprecise", "wrong", "shape", "crashed"]
WORDS: tuple[Word, ...] = ("right", "imprecise", "wrong", "shape", "crashed")


@dataclass(frozen=True)
class Case:
    """One call of a function: what was given, what is due, and what came back.

    Attributes:
        settings: The settings of the layer and the sizes, by name: ``{"stride": 2, "batch": 1}``.
        inputs: The arrays that were given, by name, in the layout of the function, as lists.
        due: The array that is due.
        returned: The array that came back; None where there is none.
    """

    settings: Mapping[str, Any]
    inputs: Mapping[str, Any]
    due: Any
    returned: Any = None


@dataclass(frozen=True)
class Finding:
    """The verdict on one array.

    Attributes:
        name: What the array is: ``y``, ``gradient of x``, ``gradient of weight``.
        verdict: The verdict.
        mistake: The mistake of the catalogue that yields it; "" if none does.
        explanation: What is wrong, in sentences; "" if it is right.
        case: The smallest case that shows it; None if it is right.
        where: Where in the array it is wrong, and at which settings.
        bound: The largest bound of the rounding errors.
        error: The largest error, in units of the bound; None where nothing can be compared.
        mended: Of a formula, how it should be; "" if it is right or no edit mends it.
    """

    name: str
    verdict: Word
    mistake: str = ""
    explanation: str = ""
    case: Case | None = None
    where: str = ""
    bound: float = 0.0
    error: float | None = None
    mended: str = ""


@dataclass(frozen=True)
class Verdict:
    """The verdict on a function; it is true if everything is right.

    Attributes:
        title: What was checked, in a line.
        findings: A finding for each array.
        cases: The settings of the cases that were tried, in words.
        notes: What was guessed, and what else there is to say, a sentence each.
    """

    title: str
    findings: Sequence[Finding]
    cases: Sequence[str] = ()
    notes: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether every array is right."""
        return bool(self.findings) and all(f.verdict == "right" for f in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the findings by name, with their numbers as they are."""
        return {
            "title": self.title,
            "right": bool(self),
            "cases": list(self.cases),
            "notes": list(self.notes),
            "findings": [_as_dict(finding) for finding in self.findings],
        }

    def to_text(self) -> str:
        """Return everything that was found as plain text of at most 100 columns."""
        return as_text(self.to_dict())

    __str__ = to_text

    def to_json(self) -> str:
        """Return the findings as JSON, with the keys of the attributes."""
        return json.dumps(strict(self.to_dict()), ensure_ascii=False, indent=2, allow_nan=False)

    def __repr__(self) -> str:
        """Return the verdict on each array, in a line."""
        found = ", ".join(f"{finding.name} {finding.verdict}" for finding in self.findings)
        return f"<Verdict on {self.title}: {found}>"


def _as_dict(finding: Finding) -> dict[str, Any]:
    error = finding.error
    found = {**vars(finding), "error": error if error is None or isfinite(error) else None}
    if finding.case is not None:
        found["case"] = {**vars(finding.case)}
    return found


def strict(value: Any) -> Any:
    """Return what JSON can hold: what is no finite number as text, "nan" or "inf"."""
    if isinstance(value, Mapping):
        return {name: strict(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [strict(part) for part in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value
