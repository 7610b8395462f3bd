"""A file checked by a suite: every function of a course that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from symcnn.classroom.checks.code.of_file import FileFunction, PythonFile, python_file
from symcnn.classroom.checks.judging import check_backward, check_forward
from symcnn.classroom.checks.suites.coursera import SUITE as COURSERA
from symcnn.classroom.checks.suites.cs231n import SUITE as CS231N
from symcnn.classroom.checks.suites.suite import Entry, Suite
from symcnn.classroom.checks.suites.suite_verdict import Checked, SuiteVerdict
from symcnn.classroom.checks.verdict import Verdict
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, shown

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
