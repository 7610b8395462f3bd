"""``symcnn mark``: verdicts printed, or reports written, of one student or of a class."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symcnn.classroom.marking import ClassMarking, Marking, data, mark, mark_class, report
from symcnn.classroom.marking.formats import CLASS
from symcnn.classroom.marking.formats.csv import VARIANT
from symcnn.classroom.marking.pages.template import template
from symcnn.classroom.marking.published import published
from symcnn.classroom.worksheets.folder import asked_in, is_variant, variants_in
from symcnn.cli.files import replace, replace_in
from symcnn.document.document import Document
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

_UNSAFE = re.compile(r"[^\w-]+")


def run(problem: Problem, arguments: Namespace) -> None:
    """Mark the answers to a problem, and print or write what is asked for."""
    answers = arguments.answers
    is_class = answers.suffix.lower() == CLASS if answers else len(published(problem)) > 1
    path = Path(arguments.problem)
    scheme = _scheme(arguments, path.parent if is_variant(path) else None)
    marker: Any = mark_class if is_class else mark
    _show(marker(problem, answers, **scheme), arguments)


def run_variants(folder: Path, arguments: Namespace) -> None:
    """Mark the answers of a class whose students have the variants of a worksheet."""
    answers = arguments.answers
    if answers is None or answers.suffix.lower() != CLASS:
        raise SymcnnError(
            f"{folder} has several variants: give answers in CSV with a column {VARIANT!r}, or one "
            "variant's problem file"
        )
    variants = variants_in(folder)
    _show(mark_class(variants, answers, **_scheme(arguments, folder)), arguments)


def write_template(problem: Problem | None, arguments: Namespace) -> None:
    """Print a blank file of answers, or write it where there is none.

    Args:
        problem: The problem; None for the variants in a folder.
        arguments: What is asked for.

    Raises:
        SymcnnError: If there are answers, or a file of the name.
    """
    if arguments.answers or arguments.json or arguments.formats:
        raise SymcnnError("--template only makes a blank file of answers: leave the rest out")
    path, target = Path(arguments.problem or ""), arguments.folder
    worksheet = path if problem is None else path.parent if is_variant(path) else None
    variant = "" if problem is None else None
    first = next(iter(variants_in(path).values())) if problem is None else problem
    scheme = _scheme(arguments, worksheet)
    made = template(first, variant=variant, index_base=arguments.index_base, **scheme)
    if target == Path():
        print(made, end="")
        return
    file = target / TEMPLATE if target.is_dir() else target
    if file.exists():
        raise SymcnnError(f"{file} exists already: name another file, so that no answers are lost")
    replace({file: made})
    print(f"wrote {file}")


TEMPLATE = "answers.toml"
"""What a blank file of answers is called where a folder is named."""


def _scheme(arguments: Namespace, worksheet: Path | None) -> dict[str, Any]:
    """Return what figures earn: by default, of a worksheet, those that its sheets ask for."""
    if arguments.json and arguments.formats:
        raise SymcnnError("--json and --format are both given: choose one of the two")
    return {
        "quantities": arguments.quantities or (asked_in(worksheet) if worksheet else None),
        "points": dict(arguments.points),
        "carried": arguments.carried,
        "digits": arguments.asked_digits,
        "tolerance": arguments.tolerance,
        "truncation": arguments.truncation,
        "imprecise": arguments.imprecise,
    }


def _show(made: Marking | ClassMarking, arguments: Namespace) -> None:
    """Print what was marked, or write reports."""
    if arguments.json:
        print(json.dumps(data(made), allow_nan=False))
    elif arguments.formats:
        _write(_reports(made, arguments), arguments)
    else:
        print(report(made, **_style(arguments)).to_text(), end="")


def _style(arguments: Namespace) -> Mapping[str, Any]:
    return {name: getattr(arguments, name) for name in ("digits", "index_base", "decimal")}


def _reports(made: Marking | ClassMarking, arguments: Namespace) -> Mapping[str, Document]:
    """Return the reports by what their files are called."""
    style = _style(arguments)
    if isinstance(made, Marking):
        return {"marking": report(made, **style)}
    reports = {"class": report(made, **style)}
    for name in made.markings:
        reports[_distinct(name, reports)] = report(made, name, **style)
    return reports


def _distinct(name: str, others: Mapping[str, Document]) -> str:
    """Return a student's name as a file can be called, and no other is, whatever the case."""
    stem = _UNSAFE.sub("-", name).strip("-") or "student"
    taken = {other.casefold() for other in others}
    numbered = (f"{stem}-{n}" for n in range(2, len(others) + 3))
    return next(s for s in (stem, *numbered) if s.casefold() not in taken)


def _write(reports: Mapping[str, Document], arguments: Namespace) -> None:
    made = (
        document.files(format, stem)
        for stem, document in reports.items()
        for format in arguments.formats
    )
    replace_in(arguments.folder, {name: text for files in made for name, text in files.items()})
