"""The command line: its commands, their arguments and their help."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import symcnn
from symcnn.cli import (
    checking,
    commands,
    deriving,
    exporting,
    figures,
    importing,
    markdown,
    options,
    stating,
    theorems,
)
from symcnn.cli.options import FORMATS
from symcnn.document.outline import LEVELS
from symcnn.errors import SymcnnError

TRACEBACK = "--traceback"


_EXAMPLES = """\
examples:
  symcnn derive               derive the built-in example: derivation.tex, derivation.md
  symcnn new my.toml          write a problem file to edit
  symcnn derive my.toml       derive your own problem
"""


class Parser(argparse.ArgumentParser):
    """A parser whose help opens with examples, and whose errors are errors like all others."""

    def __init__(self, *, examples: str, **options: Any) -> None:
        """Take what ``argparse`` takes, and the lines that the help opens with."""
        super().__init__(allow_abbrev=False, **options)
        self._examples = examples

    def format_help(self) -> str:
        """Return the examples, and below them what argparse writes."""
        return f"{self._examples}\n{super().format_help()}"

    def error(self, message: str) -> NoReturn:
        """Raise, instead of printing the usage and leaving."""
        raise SymcnnError(f"{message}: see {self.prog} --help")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the arguments; ``command`` is the function that runs them."""
    parser = _parser()
    if "_ARGCOMPLETE" in os.environ:  # a shell that was told to asks how a line can go on
        import argcomplete

        argcomplete.autocomplete(parser)
    return parser.parse_args(arguments)


def _parser() -> Parser:
    parser = Parser(
        prog="symcnn",
        description="Derive the gradients of a convolutional network, on paper and in numbers.",
        epilog="Where PROBLEM.toml is left out, a command uses the built-in example, CNN by hand.",
        examples=_EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"symcnn {symcnn.__version__}")
    parser.set_defaults(command=lambda _: parser.print_help())
    add = parser.add_subparsers(metavar="COMMAND").add_parser
    for name, (arguments, about, example) in _COMMANDS.items():
        command = add(name, help=about, examples=f"example: symcnn {example}\n")
        arguments(command)
        command.add_argument(
            TRACEBACK, action="store_true", help="print the traceback of an internal error"
        )
    return parser


def _evaluate(parser: argparse.ArgumentParser) -> None:
    options.problem(parser, commands.evaluate)
    add = parser.add_argument
    add("--json", action="store_true", help="print a JSON object instead of a table")
    add(
        "--exact",
        action="store_true",
        help="evaluate in exact arithmetic, and round only the results",
    )
    about = "the significant digits in the table, 1 to 17 (default: 6)"
    add("--digits", type=options.digits, default=6, help=about)
    about = "what to print: all, or the outputs alone, which need no loss and no target"
    add("--results", choices=["all", "outputs"], default="all", help=about)
    options.backend(parser)


def _summary(parser: argparse.ArgumentParser) -> None:
    options.problem(parser, commands.summary)


def _train(parser: argparse.ArgumentParser) -> None:
    options.problem(parser, commands.train)
    commands.training(parser)
    options.folder(parser)
    options.format(
        parser, [], f"also write a report, in one or more formats from {', '.join(FORMATS)}"
    )
    markdown.math(parser)


def _worksheet(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=commands.worksheet)
    add = parser.add_argument
    about = (
        "the problem file, whose numbers may be missing, and are replaced if they are not "
        "(default: the built-in example)"
    )
    add("network", metavar="PROBLEM.toml", nargs="?", help=about)
    add(
        "--variants",
        type=int,
        default=1,
        metavar="N",
        help="the number of different worksheets (default: 1)",
    )
    add("--seed", type=int, default=0, help="the seed that determines the numbers (default: 0)")
    about = "how far the sheets go: from the first convolution only to all derivatives"
    about = f"{about} (default: full)"
    add("--level", choices=LEVELS, default="full", help=about)
    listed = ", ".join(options.SHEET_FORMATS)
    about = f"the formats of sheets and keys, from {listed} (default: tex,pdf or else html)"
    options.format(parser, [], about, options.sheet_formats)
    markdown.math(parser)
    options.folder(parser)
    about = (
        "the significant digits that are asked for, 3 to 8 (default: those that the problem "
        "states, or 4)"
    )
    add("--digits", type=options.digits, help=about)
    options.index_base(parser)
    options.decimal(parser)
    add("--overwrite", action="store_true", help="overwrite existing files")


def _new(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=commands.new)
    add = parser.add_argument
    add("file", metavar="FILE.toml", type=Path, help="the file to write; it must not exist")


_COMMANDS = {
    "derive": (
        deriving.derivation_arguments,
        "write the derivation of all gradients as a document",
        "derive my.toml --format pdf,html -o lecture\n"
        "example: symcnn derive my.toml --interactive --open\n"
        "example: symcnn derive my.toml --format html --practice",
    ),
    "figure": (
        figures.figure_arguments,
        "write a picture of the network, of a window or of a weight's path by itself",
        "figure network my.toml --format svg,png -o pictures\n"
        "example: symcnn figure path my.toml --weight w_12 --format pdf",
    ),
    "latex": (
        stating.latex_arguments,
        "print one formula, to be pasted into a paper",
        "latex my.toml conv1.weight --width 240\n"
        "example: symcnn latex my.toml conv1.weight --entry w_23 --staged --format mathml",
    ),
    "macros": (
        stating.macros_arguments,
        "write all formulas of a network as commands of LaTeX",
        "macros my.toml -o gradients.tex",
    ),
    "evaluate": (
        _evaluate,
        "print the outputs, the loss and all gradients",
        "evaluate my.toml --exact --digits 12",
    ),
    "summary": (
        _summary,
        "print the layers with their shapes, parameters and multiplications",
        "summary my.toml",
    ),
    "train": (
        _train,
        "train the network by gradient descent",
        "train my.toml --steps 200 --rate 0.1 -o trained",
    ),
    "export": (
        exporting.export_arguments,
        "write the network and its gradients as a module or a workbook",
        "export my.toml --to numpy -o model.py\n"
        "example: symcnn export my.toml --to c --dtype float32 -o model.c",
    ),
    "import": (
        importing.import_arguments,
        "read a network from PyTorch or ONNX, and compare it with its source",
        "import model.onnx -o my.toml",
    ),
    "mark": (
        commands.mark_arguments,
        "mark answers, with errors carried forward",
        "mark my.toml answers.toml",
    ),
    "check": (
        checking.check_arguments,
        "check a backward pass of yours, and name what is wrong with it",
        "check layers.py:conv_backward --layer conv2d --stride 2 --layout NCHW\n"
        "example: symcnn check layers.py --suite cs231n",
    ),
    "check-formula": (
        checking.formula_arguments,
        "check a formula for a gradient, and say which index or factor is wrong",
        "check-formula 'dw_m = sum_i d_i x_{i+m}' --of 'gradient of conv1.weight' my.toml",
    ),
    "worksheet": (
        _worksheet,
        "write sheets to be solved by hand, with keys and Moodle questions",
        "worksheet my.toml --variants 30 --seed 7 -o class",
    ),
    "theorem": (
        theorems.theorem_arguments,
        "state the derivatives of a layer for all sizes",
        "theorem conv2d --format pdf -o notes\n"
        "example: symcnn theorem conv2d --fragment --no-checks --width 240 --bib paper.bib",
    ),
    "new": (_new, "write a commented problem file to edit", "new my.toml"),
}
"""For each command: the function that adds its arguments, a summary and an example."""
