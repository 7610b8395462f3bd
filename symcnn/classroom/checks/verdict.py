"""What a check found: a verdict on every array that a function returned, as data and as text.

right      at all cases, within the bound of the rounding errors
imprecise  farther off than rounding explains in the type of the array, and by no mistake
wrong      it differs, by a mistake that is named or by a pattern
shape      it has another shape
crashed    there is none: the function failed, was stopped, or returned something else
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from textwrap import wrap
from typing import Any, Literal

import numpy as np

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


_WIDTH = 100
_ENTRIES = 100
"""So many numbers of an array are written out."""

_DIFFERENT = 5
"""So many entries are named that differ, where there are more."""

_FAR = 1e6
"""An error of so many bounds is none of rounding, which need not be said."""


_USUAL = {"dilation": 1, "groups": 1, "bias": True}
"""Settings that say nothing where they are these."""


def as_text(verdict: Mapping[str, Any]) -> str:
    """Return a verdict as text.

    Args:
        verdict: What ``Verdict.to_dict`` returns.
    """
    return "\n".join(_rows(verdict))


def _rows(verdict: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrapped(verdict["title"], "")
    shown: list[Any] = []
    for finding in verdict["findings"]:
        yield from _finding(finding, shown)
    if verdict["cases"]:
        yield from _wrapped(f"Tried: {'; '.join(verdict['cases'])}.", "")
    for note in verdict["notes"]:
        yield from _wrapped(f"Note: {note}", "")


def _wrapped(text: str, indent: str) -> list[str]:
    """Return text in lines, each of which keeps what it is indented by."""
    rows = []
    for line in text.splitlines():
        own = indent + line[: len(line) - len(line.lstrip())]
        further = " " * min(len(own) + (13 if re.match(r"\s+\S+:\s", line) else 0), 40)
        rows += wrap(
            line.strip(),
            _WIDTH,
            initial_indent=own,
            subsequent_indent=further,
            break_long_words=True,
            break_on_hyphens=False,
        ) or [""]
    return rows


def _finding(finding: Mapping[str, Any], shown: list[Any]) -> Iterator[str]:
    mistake = f", {finding['mistake']}" if finding["mistake"] else ""
    yield from _wrapped(f"{finding['name']}: {finding['verdict']}{mistake}{_distance(finding)}", "")
    if finding["verdict"] == "crashed" and finding["explanation"] in shown:
        yield "  The same as above."
        return
    shown.append(finding["explanation"])
    yield from _wrapped(finding["explanation"], "  ")
    if finding.get("mended"):
        yield from _wrapped(f"Mended: {finding['mended']}", "  ")
    if finding["where"]:
        first, *drawn = finding["where"].splitlines()
        yield from _wrapped(f"Where: {first}.", "  ")
        yield from (f"    {row}" for row in drawn)
    if finding["case"] is not None:
        yield from _case(finding["case"], shown)


def _distance(finding: Mapping[str, Any]) -> str:
    error = finding["error"]
    if error is None:
        return ""
    if finding["verdict"] == "right":
        return f" (error at most {error:.2g} of the rounding bound)" if error else " (no error)"
    if finding["verdict"] == "wrong" and error > _FAR:
        return ""
    return f" (the error is {error:.2g} times the rounding bound, {finding['bound']:.2g})"


def _case(case: Mapping[str, Any], shown: list[Any]) -> Iterator[str]:
    """Write a case; inputs that another finding has shown are not repeated."""
    unusual = ((k, v) for k, v in case["settings"].items() if _USUAL.get(k, ...) != v)
    settings = ", ".join(f"{name} = {value}" for name, value in unusual)
    given = (case["settings"], case["inputs"])
    arrays = {"due": case["due"], "returned": case["returned"]}
    if given in shown:
        yield "  The smallest case that shows it: the same as above"
    else:
        yield from _wrapped(f"The smallest case that shows it: {settings}", "  ")
        arrays = {**case["inputs"], **arrays}
        shown.append(given)
    for name, numbers in arrays.items():
        if numbers is not None:
            yield from _array(name, np.asarray(numbers) + 0.0)  # no -0
    if case["returned"] is not None:
        yield from _different(np.asarray(case["due"]), np.asarray(case["returned"]))


def _different(due: np.ndarray[Any, Any], returned: np.ndarray[Any, Any]) -> Iterator[str]:
    """Name the entries in which long arrays differ the most, and of short ones the first."""
    if due.shape != returned.shape or due.size == 1:
        return
    most = _DIFFERENT if due.size > _ENTRIES else 1
    off = np.nan_to_num(np.abs(due - returned), nan=np.inf).ravel()
    for entry in np.argsort(-off, kind="stable")[:most].tolist():
        at = tuple(int(n) for n in np.unravel_index(entry, due.shape))
        if off[entry]:
            yield f"    at {at}: due {due[at]:.6g}, returned {returned[at]:.6g}"


def _array(name: str, numbers: np.ndarray[Any, Any]) -> Iterator[str]:
    """Write an array without its axes of length 1, and its whole shape beside the name."""
    shape = f" {numbers.shape}" if numbers.ndim > 1 else ""
    if numbers.size > _ENTRIES:
        yield f"    {name}{shape}: {numbers.size} numbers"
        return
    start = f"    {name}{shape} ="
    rows = _written(np.squeeze(numbers)).splitlines()
    if len(rows) == 1 and len(start) + len(rows[0]) < _WIDTH:
        yield f"{start} {rows[0]}"
        return
    yield start
    yield from (f"      {row}" for row in rows if row.strip())


def _written(numbers: np.ndarray[Any, Any]) -> str:
    return np.array2string(
        numbers, max_line_width=_WIDTH - 8, threshold=_ENTRIES + 1,
        formatter={"float_kind": lambda number: f"{number:.6g}"},
    )  # fmt: skip
