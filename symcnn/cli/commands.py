"""The commands. What they need is imported when they run, so that --help is quick."""

from __future__ import annotations

import argparse
import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from symcnn.cli import markdown, options
from symcnn.cli.files import create
from symcnn.cli.lines import bar, say, saying_what_is_not_compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from symcnn.problems import Problem


_TEMPLATE = Path(__file__).with_name("new.toml")


def evaluate(arguments: Namespace) -> None:
    """Print outputs, loss and gradients, or outputs alone."""
    from symcnn.cli.results import evaluated

    notes: list[str] = []
    asked = arguments.results
    problem = problem_of(arguments, notes.append, asked)
    with saying_what_is_not_compiled(), bar("evaluating"):
        results = evaluated(problem, arguments.exact, arguments.digits, arguments.backend, asked)
    for warning in results.warnings:
        say("warning", warning)
    if arguments.json:
        noted = {"notes": notes} if notes else {}
        print(json.dumps({**results.as_json(), **noted}, allow_nan=False))
        return
    from symcnn.cli.table import show

    show(results, arguments.digits, notes)


def mark(arguments: Namespace) -> None:
    """Mark the answers of a student or of a class, with errors carried forward."""
    from symcnn.cli.marking import run, run_variants, write_template

    markdown.math_of(arguments)
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


def summary(arguments: Namespace) -> None:
    """Print the layers in a table; numbers may be missing from the file."""
    from symcnn.problems.examples import cnn_by_hand
    from symcnn.problems.load import load_network

    if arguments.problem is None:
        network, title = cnn_by_hand().network, cnn_by_hand().title
    else:
        network, heading, _ = load_network(arguments.problem)
        title = heading.get("title", "")
    print(*filter(None, (title, str(network.summary()))), sep="\n\n")


def train(arguments: Namespace) -> None:
    """Train the network, and write the weights and the curve of the loss."""
    from symcnn.cli.training import run

    run(problem_of(arguments), arguments)


def new(arguments: Namespace) -> None:
    """Write a commented problem file to edit."""
    create(arguments.file, _TEMPLATE.read_text(encoding="utf-8"))
    print(f"wrote {arguments.file}: edit it, then run symcnn derive {arguments.file}")


def problem_of(
    arguments: Namespace,
    note: Callable[[str], None] | None = None,
    results: Literal["all", "outputs"] = "all",
) -> Problem:
    """Return the problem of a file, or the built-in example; the options are those of ``load``."""
    from symcnn.problems import load
    from symcnn.problems.examples import cnn_by_hand

    if arguments.problem is None:
        return cnn_by_hand()
    return load(arguments.problem, note, results=results)


def training(parser: argparse.ArgumentParser) -> None:
    """Add the number of steps, how they are taken, and the samples."""
    add = parser.add_argument
    add("--steps", type=int, default=100, help="the number of steps (default: 100)")
    add("--rate", type=float, help="the learning rate (default: that of the problem)")
    _steps(parser)
    add(
        "--data",
        metavar="FILE.npz",
        type=Path,
        help="the samples: arrays x and y (classes), or x and target",
    )
    add("--batch", type=int, metavar="N", help="the number of samples per step (default: 64)")
    options.backend(parser)
    add(
        "--weights",
        metavar="FILE",
        type=Path,
        help="also write the weights by the names and in the layouts of the network's source, to "
        "FILE.safetensors or FILE.npz",
    )
    about = "the seed that determines the order of the samples (default: 0)"
    add("--seed", type=int, default=0, help=about)
    add(
        "--dtype",
        choices=["float64", "float32"],
        default="float64",
        help="the floating-point type (default: float64)",
    )


def _steps(parser: argparse.ArgumentParser) -> None:
    """Add the optimizer and its settings."""
    add = parser.add_argument
    listed = "sgd, adam, adamw, rmsprop or adagrad"
    about = f"what takes the steps: {listed} (default: that of the problem, or sgd)"
    add("--optimizer", metavar="NAME", help=about)
    about = "a setting of the optimizer, such as momentum=0.9 or beta1=0.8; may be repeated"
    kind = {"metavar": "NAME=VALUE", "type": _setting, "action": "append", "default": []}
    add("--set", dest="settings", help=about, **kind)  # type: ignore[arg-type]  # argparse's own


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is no setting: give one such as momentum=0.9")
    return name.strip(), value.strip()


def mark_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is marked, how it is marked, and what is written of it."""
    parser.set_defaults(command=mark)
    add = parser.add_argument
    about = (
        "the problem file (default: the built-in example), or the folder that symcnn worksheet "
        "wrote, where students have variants"
    )
    add("problem", metavar="PROBLEM.toml|WORKSHEET", nargs="?", help=about)
    about = (
        "what was handed in: the answers of one student in TOML, JSON or a workbook; or "
        "those of a class, in CSV with a row for each student, in Moodle's table of responses, or "
        "in any number of files and folders (default: the figures printed in the source of the "
        "problem)"
    )
    add("answers", metavar="HANDIN", nargs="*", type=Path, help=about)
    add("--json", action="store_true", help="print a JSON object instead of text")
    listed = ", ".join(options.FORMATS)
    about = (
        f"write reports, in formats from {listed}; for a class, one per student, and the marks as "
        "a table in csv or xlsx"
    )
    options.format(parser, [], about, options.mark_formats)
    markdown.math(parser)
    options.folder(parser)
    about = (
        "print a blank file of answers in TOML, with every figure that is asked for, or write it "
        "to the file that -o names"
    )
    add("--template", action="store_true", help=about)
    options.numbers(parser)
