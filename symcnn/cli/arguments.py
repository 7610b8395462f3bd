"""What can be said on the command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import symcnn
from symcnn import limits
from symcnn.backends import languages
from symcnn.cli import commands
from symcnn.errors import SymcnnError, shown
from symcnn.outline import DETAILS, SECTIONS

# Found without importing them: they need SymPy, and --help is to be quick.
_WRITERS = Path(symcnn.__file__).parent / "document" / "writers"
FORMATS = sorted(path.stem for path in _WRITERS.glob("[!_]*.py"))
USUAL_FORMATS = ["tex", "md"]
TRACEBACK = "--traceback"


_EXAMPLES = """\
examples:
  symcnn derive                       the built-in network: derivation.tex and derivation.md
  symcnn new my.toml                  a problem of your own, to edit and then to derive
"""


class _Parser(argparse.ArgumentParser):
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


def _parser() -> _Parser:
    """Return the parser with a subparser for every command."""
    parser = _Parser(
        prog="symcnn",
        description="The gradients of a convolutional network: on paper and in numbers.",
        epilog="Without a PROBLEM each command works on the built-in example, CNN by hand.",
        examples=_EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"symcnn {symcnn.__version__}")
    parser.set_defaults(command=lambda _: parser.print_help())
    add = parser.add_subparsers(metavar="COMMAND").add_parser
    for name, (arguments, about, example) in _COMMANDS.items():
        command = add(name, help=about, examples=f"example: symcnn {example}\n")
        arguments(command)
        command.add_argument(
            TRACEBACK, action="store_true", help="print the traceback of a fault of symcnn's own"
        )
    return parser


def _derive(parser: argparse.ArgumentParser) -> None:
    """Add what ``symcnn derive`` takes: what is worked, in which formats, and how it looks."""
    _problem(parser, commands.derive)
    _folder(parser)
    about = f"which files to write, of {', '.join(FORMATS)}; by default %(metavar)s"
    _format(parser, USUAL_FORMATS, about)
    add = parser.add_argument
    add(
        "--weight",
        metavar="ENTRY",
        help='follow one weight alone, "conv1.weight[1,0,0,2]" or, as formulas call it, w_23',
    )
    add(
        "--detail",
        choices=DETAILS,
        help="two pages, one worked entry of each stage, or every entry; by default standard",
    )
    about = f"which to write, of {', '.join(SECTIONS)}; by default all"
    add("--sections", metavar="NAME,...", type=_sections, default=(), help=about)
    add("--all-weights", action="store_true", help="work the weights of large tensors one by one")
    add(
        "--blanks",
        action="store_true",
        help="leave values and formulas open, with the solution in files of its own",
    )
    add(
        "--fragment",
        action="store_true",
        help="write LaTeX without a preamble, to paste into a document of one's own",
    )
    _style(parser)


def _format(parser: argparse.ArgumentParser, default: list[str], about: str) -> None:
    metavar = ",".join(USUAL_FORMATS)
    parser.add_argument(
        "--format", dest="formats", metavar=metavar, type=_formats, default=default, help=about
    )


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        dest="folder",
        metavar="DIR",
        type=_folder_path,
        default=Path(),
        help="where to write; by default the current folder",
    )


def _style(parser: argparse.ArgumentParser) -> None:
    """Add how numbers, indices and letters are written."""
    add = parser.add_argument
    add("--digits", type=_digits, default=6, help="significant digits, 1 to 17; by default 6")
    add(
        "--index-base",
        type=int,
        choices=[0, 1],
        default=1,
        help="what the first entry is called; by default 1",
    )
    add(
        "--decimal-comma",
        dest="decimal",
        action="store_const",
        const=",",
        default=".",
        help="write 0,4 for 0.4",
    )
    add(
        "--letter",
        dest="letters",
        metavar="TENSOR=LETTER",
        type=_letter,
        action="append",
        default=[],
        help="what formulas call a tensor, such as conv1.weight=K; can be given again",
    )


def _evaluate(parser: argparse.ArgumentParser) -> None:
    _problem(parser, commands.evaluate)
    add = parser.add_argument
    add("--json", action="store_true", help="print one JSON object instead")
    add("--exact", action="store_true", help="evaluate in exact arithmetic, and round at the end")
    add("--digits", type=_digits, default=6, help="significant digits in the table, 1 to 17")


def _train(parser: argparse.ArgumentParser) -> None:
    _problem(parser, commands.train)
    _training(parser)
    _folder(parser)
    _format(parser, [], f"write a document about it too, in some of {', '.join(FORMATS)}")


def _training(parser: argparse.ArgumentParser) -> None:
    """Add the steps, their size, and the samples that they are taken on."""
    add = parser.add_argument
    add("--steps", type=int, default=100, help="how many steps to take; by default 100")
    add("--rate", type=float, help="the learning rate; by default the problem's own")
    add(
        "--data",
        metavar="FILE.npz",
        type=Path,
        help="samples: x and classes y, or x and target; x_test and y_test for the accuracy",
    )
    add("--batch", type=int, metavar="N", help="how many samples a step takes; by default 64")
    add(
        "--held-out",
        metavar="SHARE",
        type=float,
        default=0.0,
        help="the share of the samples to measure the accuracy with, such as 0.2",
    )
    add(
        "--checkpoint",
        metavar="STEPS",
        type=int,
        help="write the weights every so many steps too; an interruption always leaves them",
    )
    add("--seed", type=int, default=0, help="what decides the order of the samples; by default 0")
    add(
        "--freeze",
        dest="frozen",
        metavar="PARAMETER",
        action="append",
        default=[],
        help="leave a parameter as it is, such as conv1.bias; can be given again",
    )
    add(
        "--dtype",
        choices=["float64", "float32"],
        default="float64",
        help="the type of the numbers; by default float64",
    )


def _export(parser: argparse.ArgumentParser) -> None:
    _problem(parser, commands.export)
    parser.add_argument("--to", choices=sorted([*languages(), "sympy"]), required=True)
    parser.add_argument(
        "-o", dest="file", metavar="FILE", type=Path, help="by default the module is printed"
    )


def _new(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=commands.new)
    add = parser.add_argument
    add("file", metavar="FILE.toml", type=Path)


def _problem(parser: argparse.ArgumentParser, command: commands.Command) -> None:
    parser.set_defaults(command=command)
    parser.add_argument("problem", metavar="PROBLEM.toml", nargs="?", help="by default CNN by hand")


def _formats(written: str) -> list[str]:
    return _named(written, "format", FORMATS)


def _sections(written: str) -> list[str]:
    return _named(written, "section", SECTIONS)


def _named(written: str, what: str, known: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(written.split(",")))
    for name in names:
        if name not in known:
            listed = f"{', '.join(known[:-1])} and {known[-1]}"
            raise argparse.ArgumentTypeError(f"{name[:20]!r} is no {what}: {listed} are")
    return names


def _folder_path(written: str) -> Path:
    """Refuse what looks like a file: a folder of that name is not what was meant."""
    folder = Path(written)
    if folder.suffix[1:].lower() in FORMATS and not folder.is_dir():
        raise argparse.ArgumentTypeError(
            f"{shown(written)} looks like a file: -o names a folder, --format {folder.suffix[1:]} "
            "what is written there"
        )
    return folder


def _letter(written: str) -> tuple[str, str]:
    name, found, letter = written.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is no TENSOR=LETTER")
    return name.strip(), letter.strip()


def _digits(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and 1 <= int(written[:3]) <= limits.DIGITS):
        raise argparse.ArgumentTypeError(
            f"{written[:20]!r} is not a whole number from 1 to {limits.DIGITS}"
        )
    return int(written)


_COMMANDS = {
    "derive": (
        _derive,
        "write the derivation of every weight's derivative",
        "derive my.toml --format pdf,html -o lecture",
    ),
    "evaluate": (
        _evaluate,
        "print outputs, loss and gradients",
        "evaluate my.toml --exact --digits 12",
    ),
    "train": (
        _train,
        "train the network by gradient descent",
        "train my.toml --steps 200 --rate 0.1 -o trained",
    ),
    "export": (_export, "write the model as a module", "export my.toml --to numpy -o model.py"),
    "new": (_new, "write a problem file to edit", "new my.toml"),
}
"""What takes a command's arguments, what the command does, and how it is used."""
