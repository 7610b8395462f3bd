"""A file checked by a suite: the verdict on every function of a course that it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any

from symcnn.classroom.checks.code.of_file import FileFunction, PythonFile, python_file
from symcnn.classroom.checks.judging import check_backward, check_forward
from symcnn.classroom.checks.suites.coursera import SUITE as COURSERA
from symcnn.classroom.checks.suites.cs231n import SUITE as CS231N
from symcnn.classroom.checks.suites.suite import Entry, Suite
from symcnn.classroom.checks.verdict import Verdict, strict
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown

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


SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (CS231N, COURSERA)}

Progress = Callable[[int, int], None]
"""Is told how many functions are checked, and of how many."""


def check_file(
    path: Path | str,
    suite: str,
    *,
    only: Iterable[str] | None = None,
    seconds: float = 10.0,
    progress: Progress | None = None,
) -> SuiteVerdict:
    """Check the functions of a file that a course asks for, found by their names.

    Args:
        path: A Python file. It is loaded only in the processes in which its functions run.
        suite: The course: ``cs231n`` or ``coursera``.
        only: The functions that are checked, if not all of the course: their names, or one of
            several things that a function does, such as ``pool_backward (max)``.
        seconds: The time for each function.
        progress: Is told how far it is.

    Raises:
        SymcnnError: If there is no such suite or function, the file cannot be loaded, or it has
            none of the functions.
    """
    chosen, file = _restricted(suite, only), python_file(Path(path), seconds)
    found = [entry for entry in chosen.entries if entry.name in file.functions]
    if not found:
        none = f"no function of the suite {suite} is there: {known('', chosen.names)}"
        raise SymcnnError(none).at(str(path))
    checked = []
    for number, entry in enumerate(found):
        if progress is not None:
            progress(number, len(found))
        checked.append(_checked(file, entry, seconds))
    right, of = sum(map(bool, checked)), len(checked)
    title = f"{Path(path).name}: {right} of {of} functions of {chosen.about} right."
    missing = [entry.label for entry in chosen.entries if entry.name not in file.functions]
    return SuiteVerdict(title, checked, missing)


def _restricted(name: str, only: Iterable[str] | None) -> Suite:
    if name not in SUITES:
        raise SymcnnError(f"there is no suite {shown(name)}: {known(name, [*SUITES])}")
    suite = SUITES[name]
    if only is None:
        return suite
    asked = tuple(only)
    for one in asked:
        if one not in (*suite.names, *suite.labels):
            none = f"there is no function {shown(one)} in the suite {name}"
            raise SymcnnError(f"{none}: {known(one, suite.labels)}")
    return replace(suite, entries=[e for e in suite.entries if {e.name, e.label} & {*asked}])


def _checked(file: PythonFile, entry: Entry, seconds: float) -> Checked:
    if entry.cache and entry.cache not in file.functions:
        return Checked(entry.label, None, f"it needs {entry.cache}, which is not there")
    try:
        verdict = check_entry(file, entry, seconds)
    except SymcnnError as error:
        return Checked(entry.label, None, str(error))
    return Checked(entry.label, replace(verdict, title=entry.label))


def check_entry(file: PythonFile, entry: Entry, seconds: float) -> Verdict:
    """Return the verdict on a function: the first that is not right, at several settings."""
    check: Any = partial(check_backward, ties=False) if entry.kind == "backward" else check_forward
    function: Any = _function(file, entry)
    if entry.cache:
        function = (_function(file, _returning_cache(entry)), function)
    stated = {"layout": entry.layout, "kernel_layout": entry.kernel_layout, "seconds": seconds}
    verdicts: Iterator[Verdict] = (check(function, make(), **stated) for make in entry.subjects)
    made = []
    for verdict in verdicts:
        made.append(verdict)
        if not verdict:
            return verdict
    return replace(made[0], cases=[case for one in made for case in one.cases])


def _returning_cache(entry: Entry) -> Entry:
    """Return the entry of the forward pass whose cache a backward pass takes."""
    both = (e for suite in SUITES.values() if entry in suite.entries for e in suite.entries)
    return next(e for e in both if (e.name, e.title) == (entry.cache, entry.title))


def _function(file: PythonFile, entry: Entry) -> FileFunction:
    found = file.function(entry.name)
    return replace(found, keywords=entry.keywords, adapter=entry.adapter)
