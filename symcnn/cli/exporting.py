"""``symcnn export``: the model as a module, a program of C, a function or a workbook."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from collections.abc import Mapping
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from symcnn.cli import options
from symcnn.cli.commands import problem_of
from symcnn.cli.files import replace
from symcnn.cli.lines import bar
from symcnn.errors import SymcnnError
from symcnn.programs.backends import languages

if TYPE_CHECKING:
    from symcnn.problems import Problem

_BESIDE = Path()
"""What ``--arrays`` without a name stands for: a file named after the source of C."""


def export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``export``."""
    options.problem(parser, export)
    add = parser.add_argument
    targets = sorted([*languages(), "sympy", "torch", "xlsx"])
    about = (
        "the library to write for; c: a source and a header in C99; javascript: a module for web "
        "pages and Node; torch: a function of PyTorch with a custom gradient, and a module that "
        "holds the parameters; xlsx: a workbook with a formula in every cell (needs symcnn[xlsx])"
    )
    add("--to", choices=targets, required=True, help=about)
    about = "leave the cells of the workbook empty, to be filled in and marked"
    add("--blank", action="store_true", help=about)
    about = (
        "export only these layers as a network of their own, with what arrives there: a name, or "
        "what several names begin with; may be repeated"
    )
    options.layers(parser, about)
    _arrays(parser)
    _program(parser)
    about = (
        "the output file; for C the source, FILE.c (default: print the module to standard output)"
    )
    add("-o", dest="file", metavar="FILE", type=Path, help=about)


def _arrays(parser: argparse.ArgumentParser) -> None:
    """Add the file that keeps the numbers of a module."""
    about = (
        "keep the numbers of a module in a file of their own: an .npz file for Python; for C a "
        "source, by default FILE_data.c"
    )
    add = parser.add_argument
    add("--arrays", metavar="FILE", type=Path, nargs="?", const=_BESIDE, help=about)


def _program(parser: argparse.ArgumentParser) -> None:
    """Add what a program of C is called and computes, and what programs return."""
    add = parser.add_argument
    about = "what the names of a C program begin with (default: the name of its file)"
    add("--name", metavar="NAME", help=about)
    about = "the type of the numbers of a C program: double or float (default: float64)"
    add("--dtype", choices=["float64", "float32"], help=about)
    about = (
        "what a program returns. Of C, gradients with respect to the input and the parameters "
        "(the default), to the parameters alone (training), or every layer's output and gradient "
        "(all); of C and of JavaScript, the outputs alone, which need no loss and no target; of "
        "PyTorch and JAX, the outputs or the loss as a function with a custom gradient (PyTorch's "
        "default: outputs)"
    )
    choices = ["gradients", "all", "training", "outputs", "loss"]
    add("--results", choices=choices, help=about)


class _Made(NamedTuple):
    """What an export has made."""

    files: Mapping[Path, str | bytes]
    printed: str = ""


def export(arguments: Namespace) -> None:
    """Write the model as a module of its own, or as a workbook."""
    _check_export(arguments)
    kinds = {"xlsx": _workbook, "c": _program_of_c}
    make = kinds.get(arguments.to, _function if _is_function(arguments) else _module)
    with bar("exporting"):
        made = make(arguments)
    replace(made.files)
    if made.printed:
        sys.stdout.write(made.printed)
        return
    for file in made.files:
        print(f"wrote {file}")


def _module(arguments: Namespace) -> _Made:
    """Return a module of arrays or of SymPy, and its numbers where they stand beside it."""
    from symcnn.cli.results import in_range
    from symcnn.programs.export import sympy_module
    from symcnn.programs.export.module import archive, exported

    problem = _problem(arguments)
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
    return _written(arguments, text, beside)


def _written(arguments: Namespace, text: str, beside: Mapping[Path, str | bytes]) -> _Made:
    """Return a module as a file, or as what is printed, and what stands beside it."""
    if arguments.file is None:
        return _Made(beside, text)
    return _Made({arguments.file: text, **beside})


def _problem(arguments: Namespace) -> Problem:
    """Return the problem, or some of its layers."""
    alone = arguments.results == "outputs" or (arguments.to == "torch" and not arguments.results)
    problem = problem_of(arguments, results="outputs" if alone and not arguments.layers else "all")
    if not arguments.layers:
        return problem
    from symcnn.problems.parts import part

    return part(problem, arguments.layers).problem


def _is_function(arguments: Namespace) -> bool:
    """Tell whether a function with a custom gradient is written."""
    to, results = arguments.to, arguments.results
    return to == "torch" or (to == "jax" and results in ("outputs", "loss"))


def _function(arguments: Namespace) -> _Made:
    """Return the output or the loss as a function of PyTorch or JAX."""
    from symcnn.programs.export.autograd import to_autograd

    results: Literal["outputs", "loss"] = "loss" if arguments.results == "loss" else "outputs"
    if arguments.results not in (None, results):
        raise SymcnnError(
            f"a function of {arguments.to} does not return {arguments.results}: choose "
            "--results outputs or --results loss"
        )
    problem = _problem(arguments)
    text = to_autograd(
        problem.network, problem.values, arguments.to, results=results, title=problem.title
    )
    return _written(arguments, text, {})


def _check_export(arguments: Namespace) -> None:
    """Refuse options that the target of an export has no use for."""
    to, arrays = arguments.to, arguments.arrays
    if arrays is not None and to in ("sympy", "xlsx"):
        raise SymcnnError(
            "--arrays applies only to modules of arrays: add --to numpy, --to jax or --to c"
        )
    if arrays is not None and _is_function(arguments):
        raise SymcnnError("--arrays applies only to programs: a function has its numbers with it")
    if arrays == _BESIDE and to != "c":
        raise SymcnnError("--arrays needs the name of a file here: add it, as in numbers.npz")
    if arguments.blank and to != "xlsx":
        raise SymcnnError("--blank applies only to workbooks: add --to xlsx")
    if to != "c" and (arguments.name or arguments.dtype):
        option = "--name" if arguments.name else "--dtype"
        raise SymcnnError(f"{option} applies only to programs of C: add --to c")
    if arguments.results and to in ("sympy", "xlsx"):
        raise SymcnnError("--results applies only to programs: add --to c or --to javascript")
    if arguments.results == "loss" and to not in ("torch", "jax"):
        raise SymcnnError("--results loss applies only to functions: add --to torch or --to jax")


def _program_of_c(arguments: Namespace) -> _Made:
    """Return a source and its header, and the numbers beside them where that is asked for."""
    from symcnn.cli.results import in_range
    from symcnn.programs.export.module import Form, checked_stem, exported_files

    file, arrays = arguments.file, arguments.arrays
    if file is None or file.suffix != ".c":
        raise SymcnnError("a program of C has two files, FILE.c and FILE.h: add -o FILE.c")
    stem, folder = checked_stem(file.stem), file.parent
    if arrays is not None and arrays != _BESIDE:
        if arrays.suffix != ".c" or arrays.parent != folder or arrays == file:
            raise SymcnnError(f"--arrays {arrays}: give another FILE.c in the folder of {file}")
        checked_stem(arrays.stem)
    data = "" if arrays is None else f"{stem}_data.c" if arrays == _BESIDE else arrays.name
    form = Form(stem, arguments.name or "", arguments.dtype or "float64", arguments.results, data)
    problem = _problem(arguments)
    with in_range():
        given = (problem.derivation, problem.values, problem.title)
        texts = exported_files(*given, "c", form)
    return _Made({folder / name: text for name, text in texts.items()})


def _seen_from_module(arguments: Namespace) -> str:
    """Return the path from a module to its file of arrays, or nothing where it has none."""
    if arguments.arrays is None:
        return ""
    folder = Path() if arguments.file is None else arguments.file.parent
    return Path(relpath(arguments.arrays, folder)).as_posix()


def _workbook(arguments: Namespace) -> _Made:
    from symcnn.classroom.spreadsheets import spreadsheet
    from symcnn.cli.results import in_range

    if arguments.file is None:
        raise SymcnnError("a workbook cannot be printed: add -o FILE.xlsx")
    problem = _problem(arguments)
    with in_range():
        return _Made({arguments.file: spreadsheet(problem).to_xlsx(blank=arguments.blank)})
