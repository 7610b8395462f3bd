"""``symcnn mark``: verdicts printed, or reports written, of one student or of a class."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from symcnn.classroom.handins.tables import is_plain
from symcnn.classroom.marking import ClassMarking, Marking, mark, mark_class
from symcnn.classroom.marking.formats import CLASS
from symcnn.classroom.marking.mark import published
from symcnn.classroom.marking.pages import data, report
from symcnn.classroom.marking.pages.data import FORMATS as TABLES
from symcnn.classroom.marking.pages.data import marks
from symcnn.classroom.marking.pages.template import template
from symcnn.classroom.worksheets.folder import asked_in, is_variant, variants_in
from symcnn.cli.files import replace, replace_in
from symcnn.cli.lines import bar
from symcnn.cli.markdown import math_of
from symcnn.document.document import Document
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

_UNSAFE = re.compile(r"[^\w-]+")


def run(problem: Problem, arguments: Namespace) -> None:
    """Mark the answers to a problem, and print or write what is asked for."""
    handed, path = arguments.answers, Path(arguments.problem or "")
    scheme = _scheme(arguments, path.parent if is_variant(path) else None)
    if is_pile(handed):
        _show(_pile(problem, handed, scheme), arguments)
        return
    answers = next(iter(handed), None)
    is_class = answers.suffix.lower() == CLASS if answers else len(published(problem)) > 1
    marker: Any = mark_class if is_class else mark
    _show(marker(problem, answers, **scheme), arguments)


def run_variants(folder: Path, arguments: Namespace) -> None:
    """Mark the answers of a class whose students have the variants of a worksheet."""
    handed, variants = arguments.answers, variants_in(folder)
    if not handed:
        raise SymcnnError(
            f"{folder} has several variants: name what was handed in, files or their folder, or "
            "one variant's problem file"
        )
    scheme = _scheme(arguments, folder)
    if is_pile(handed) or handed[0].suffix.lower() != CLASS:
        _show(_pile(variants, handed, scheme), arguments)
    else:
        _show(mark_class(variants, handed[0], **scheme), arguments)


def is_pile(handed: Sequence[Path]) -> bool:
    """Tell whether files are those of a class: several, a folder, or what Moodle exports."""
    if len(handed) != 1:
        return len(handed) > 1
    (one,) = handed
    return one.is_dir() or (one.suffix.lower() == CLASS and not is_plain(one))


def _pile(
    problems: Problem | Mapping[str, Problem], handed: Sequence[Path], scheme: Mapping[str, Any]
) -> ClassMarking:
    """Mark the hand-ins of a class, and say on the way how far it is."""
    with bar("marking") as told:
        return mark_class(
            problems, [*handed], progress=lambda _, done, of: told(done, of), **scheme
        )


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
    """Return what is asked for besides what the problem states: what a worksheet's sheets ask."""
    if arguments.json and arguments.formats:
        raise SymcnnError("--json and --format are both given: choose one of the two")
    return {"quantities": asked_in(worksheet)} if worksheet else {}


def _show(made: Marking | ClassMarking, arguments: Namespace) -> None:
    """Print what was marked, or write reports."""
    if arguments.json:
        print(json.dumps(data(made), allow_nan=False))
    elif arguments.formats:
        _write(made, arguments)
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


def _marks(made: Marking | ClassMarking, formats: Sequence[str]) -> Mapping[str, str | bytes]:
    """Return the marks of a class as tables, in those of some formats that tables have."""
    if isinstance(made, ClassMarking):
        return {f"marks.{format}": marks(made, format) for format in formats if format in TABLES}
    for format in formats:
        if format in TABLES:
            raise SymcnnError(f"--format {format} is the table of a class: name several hand-ins")
    return {}


def _distinct(name: str, others: Mapping[str, Document]) -> str:
    """Return a student's name as a file can be called, and no other is, whatever the case."""
    stem = _UNSAFE.sub("-", name).strip("-") or "student"
    taken = {other.casefold() for other in others}
    numbered = (f"{stem}-{n}" for n in range(2, len(others) + 3))
    return next(s for s in (stem, *numbered) if s.casefold() not in taken)


def _write(made: Marking | ClassMarking, arguments: Namespace) -> None:
    """Write the marks, and the reports in the formats of documents."""
    contents, math = dict(_marks(made, arguments.formats)), math_of(arguments)
    documents = [format for format in arguments.formats if format not in TABLES]
    reports = _reports(made, arguments) if documents else {}
    with bar("writing") as told:
        for count, (stem, document) in enumerate(reports.items()):
            told(count, len(reports))
            for format in documents:
                contents |= document.files(format, stem, math)
    replace_in(arguments.folder, contents)
