"""The commands. What they need is imported when they run, so that --help is quick."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from symcnn.cli.files import create, replace, replace_in
from symcnn.cli.lines import say
from symcnn.cli.options import BESIDE
from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from symcnn.problems import Problem

_TEMPLATE = Path(__file__).with_name("new.toml")


def evaluate(arguments: Namespace) -> None:
    """Print outputs, loss and gradients."""
    from symcnn.cli.results import evaluated

    notes: list[str] = []
    problem = problem_of(arguments, notes.append)
    results = evaluated(problem, arguments.exact, arguments.digits)
    for warning in results.warnings:
        say("warning", warning)
    if arguments.json:
        noted = {"notes": notes} if notes else {}
        print(json.dumps({**results.as_json(), **noted}, allow_nan=False))
        return
    from symcnn.cli.results import show

    show(results, arguments.digits, notes)


def export(arguments: Namespace) -> None:
    """Write the model as a module of its own, or as a workbook."""
    _check_export(arguments)
    if arguments.to == "xlsx":
        _export_workbook(arguments)
        return
    if arguments.to == "c":
        _export_c(arguments)
        return
    from symcnn.cli.results import in_range
    from symcnn.programs.export import sympy_module
    from symcnn.programs.export.module import archive, exported

    problem = problem_of(arguments)
    given = (problem.derivation, problem.values, problem.title)
    beside: dict[Path, str | bytes] = {}
    with in_range():
        if arguments.to == "sympy":
            text = sympy_module(*given)
        else:
            seen = _seen_from_module(arguments)
            text = exported(*given, arguments.to, seen, arguments.results)
        if arguments.arrays is not None:
            beside = {arguments.arrays: archive(*given[:2])}
    if arguments.file is None:
        replace(beside)
        sys.stdout.write(text)
        return
    replace({arguments.file: text, **beside})
    for file in (arguments.file, *beside):
        print(f"wrote {file}")


def _check_export(arguments: Namespace) -> None:
    """Refuse options that the target of an export has no use for."""
    to, arrays = arguments.to, arguments.arrays
    if arrays is not None and to in ("sympy", "xlsx"):
        raise SymcnnError(
            "--arrays applies only to modules of arrays: add --to numpy, --to jax or --to c"
        )
    if arrays == BESIDE and to != "c":
        raise SymcnnError("--arrays needs the name of a file here: add it, as in numbers.npz")
    if arguments.blank and to != "xlsx":
        raise SymcnnError("--blank applies only to workbooks: add --to xlsx")
    if to != "c" and (arguments.name or arguments.dtype):
        option = "--name" if arguments.name else "--dtype"
        raise SymcnnError(f"{option} applies only to programs of C: add --to c")
    if arguments.results and to in ("sympy", "xlsx"):
        raise SymcnnError("--results applies only to programs: add --to c or --to javascript")


def _export_c(arguments: Namespace) -> None:
    """Write a source and its header, and the numbers beside them where that is asked for."""
    from symcnn.cli.results import in_range
    from symcnn.programs.export.c import checked_stem
    from symcnn.programs.export.module import Form, exported_files

    file, arrays = arguments.file, arguments.arrays
    if file is None or file.suffix != ".c":
        raise SymcnnError("a program of C has two files, FILE.c and FILE.h: add -o FILE.c")
    stem, folder = checked_stem(file.stem), file.parent
    if arrays is not None and arrays != BESIDE:
        if arrays.suffix != ".c" or arrays.parent != folder or arrays == file:
            raise SymcnnError(f"--arrays {arrays}: give another FILE.c in the folder of {file}")
        checked_stem(arrays.stem)
    data = "" if arrays is None else f"{stem}_data.c" if arrays == BESIDE else arrays.name
    form = Form(stem, arguments.name or "", arguments.dtype or "float64", arguments.results, data)
    problem = problem_of(arguments)
    with in_range():
        given = (problem.derivation, problem.values, problem.title)
        texts = exported_files(*given, "c", form)
    paths = {folder / name: text for name, text in texts.items()}
    replace(paths)
    for path in paths:
        print(f"wrote {path}")


def _seen_from_module(arguments: Namespace) -> str:
    """Return the path from a module to its file of arrays, or nothing where it has none."""
    if arguments.arrays is None:
        return ""
    folder = Path() if arguments.file is None else arguments.file.parent
    return Path(relpath(arguments.arrays, folder)).as_posix()


def _export_workbook(arguments: Namespace) -> None:
    from symcnn.classroom.spreadsheets import spreadsheet
    from symcnn.cli.results import in_range

    if arguments.file is None:
        raise SymcnnError("a workbook cannot be printed: add -o FILE.xlsx")
    problem = problem_of(arguments)
    with in_range():
        workbook = spreadsheet(problem).to_xlsx(blank=arguments.blank)
    replace({arguments.file: workbook})
    print(f"wrote {arguments.file}")


def mark(arguments: Namespace) -> None:
    """Mark the answers of a student or of a class, with errors carried forward."""
    from symcnn.cli.marking import run, run_variants, write_template

    is_folder = arguments.problem is not None and Path(arguments.problem).is_dir()
    if arguments.template:
        write_template(None if is_folder else problem_of(arguments), arguments)
    elif is_folder:
        run_variants(Path(arguments.problem), arguments)
    else:
        run(problem_of(arguments), arguments)


def worksheet(arguments: Namespace) -> None:
    """Write sheets with friendly numbers, their keys and questions for Moodle."""
    from symcnn.cli.worksheets import run
    from symcnn.problems.examples import cnn_by_hand

    if arguments.network is None:
        arguments.network = cnn_by_hand()
    run(arguments)


def train(arguments: Namespace) -> None:
    """Train the network, and write the weights and the curve of the loss."""
    from symcnn.cli.training import run

    run(problem_of(arguments), arguments)


def theorem(arguments: Namespace) -> None:
    """State the derivatives of layers and losses for all sizes."""
    from symcnn.document.theory import theorem as stated
    from symcnn.document.theory.specimen import Subject
    from symcnn.document.theory.theorem import TITLE, subjects
    from symcnn.equations.values import known
    from symcnn.problems.catalog import LAYERS, LOSSES

    kinds = {**LAYERS, **LOSSES}
    if arguments.all == bool(arguments.names):
        raise SymcnnError("symcnn theorem needs either names, such as conv2d, or --all")
    for name in arguments.names:
        if name not in kinds:
            raise SymcnnError(f"there is no layer or loss {shown(name)}: {known(name, [*kinds])}")
    chosen = (kinds[name].made for name in arguments.names)
    made: list[Subject] = [*(subjects() if arguments.all else chosen)]
    document = stated(
        *made,
        index_base=arguments.index_base,
        decimal=arguments.decimal,
        title=TITLE if arguments.all else "",
        letters=dict(arguments.letters),
    )
    if not arguments.formats:
        print(document.to_text())
        return
    stem = "atlas" if arguments.all else "theorem"
    files = (document.files(format, stem) for format in arguments.formats)
    replace_in(
        arguments.folder, {name: content for made in files for name, content in made.items()}
    )


def new(arguments: Namespace) -> None:
    """Write a commented problem file to edit."""
    create(arguments.file, _TEMPLATE.read_text(encoding="utf-8"))
    print(f"wrote {arguments.file}: edit it, then run symcnn derive {arguments.file}")


def problem_of(arguments: Namespace, note: Callable[[str], None] | None = None) -> Problem:
    """Return the problem of a file, or the built-in example; ``note`` is that of ``load``."""
    from symcnn.problems import load
    from symcnn.problems.examples import cnn_by_hand

    return cnn_by_hand() if arguments.problem is None else load(arguments.problem, note)
