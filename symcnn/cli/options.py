"""Arguments that several commands share, and their values, each checked when it is read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import symcnn
from symcnn import limits
from symcnn.document.outline import DETAILS, SECTIONS
from symcnn.errors import shown

# Found without importing them: they need SymPy, and --help is to be quick.
_WRITERS = Path(symcnn.__file__).parent / "document" / "pages" / "writers"
FORMATS = sorted(path.stem for path in _WRITERS.glob("[!_]*.py"))
SHEET_FORMATS = [*FORMATS, "xlsx"]
MARK_FORMATS = [*FORMATS, "csv", "xlsx"]
THEOREM_FORMATS = [*FORMATS, "v"]


def formats(written: str) -> list[str]:
    """Return the formats of a list such as tex,md."""
    return named(written, "format", FORMATS)


def sheet_formats(written: str) -> list[str]:
    """Return the formats of worksheets, which may also be workbooks."""
    return named(written, "format", SHEET_FORMATS)


def theorem_formats(written: str) -> list[str]:
    """Return the formats of theorems, which may also be files for Rocq."""
    return named(written, "format", THEOREM_FORMATS)


def mark_formats(written: str) -> list[str]:
    """Return the formats of reports, and those of the marks of a class."""
    return named(written, "format", MARK_FORMATS)


def sections(written: str) -> list[str]:
    """Return the sections of a list such as forward,weights."""
    return named(written, "section", SECTIONS)


def named(written: str, what: str, known: Sequence[str]) -> list[str]:
    """Return the names of a list, each of which has to be known."""
    names = list(dict.fromkeys(written.split(",")))
    for name in names:
        if name not in known:
            listed = f"{', '.join(known[:-1])} and {known[-1]}"
            raise argparse.ArgumentTypeError(
                f"there is no {what} {name[:20]!r}: choose from {listed}"
            )
    return names


def folder_path(written: str) -> Path:
    """Refuse what looks like a file: a folder of that name is not what was meant."""
    folder = Path(written)
    if folder.suffix[1:].lower() in FORMATS and not folder.is_dir():
        raise argparse.ArgumentTypeError(
            f"{shown(written)} looks like a file: give a folder to -o, and add "
            f"--format {folder.suffix[1:]}"
        )
    return folder


def letter(written: str) -> tuple[str, str]:
    """Return the tensor and the letter of conv1.weight=K."""
    name, found, chosen = written.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(
            f"{written[:20]!r} is not of the form TENSOR=LETTER, such as conv1.weight=K"
        )
    return name.strip(), chosen.strip()


def digits(written: str) -> int:
    """Return a number of significant digits."""
    if not (written.isascii() and written.isdecimal() and 1 <= int(written[:3]) <= limits.DIGITS):
        raise argparse.ArgumentTypeError(
            f"{written[:20]!r} is not a whole number from 1 to {limits.DIGITS}"
        )
    return int(written)


def names(written: str) -> list[str]:
    """Return the names of a list such as conv1,loss; which there are, the problem knows."""
    return [name.strip() for name in written.split(",") if name.strip()]


USUAL_FORMATS = ["tex", "md"]

STYLE = ("digits", "index_base", "decimal", "letters")
"""What says how numbers, indices and letters are printed."""

_PAIRS = ("letters", "macros", "settings")


def given(arguments: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Return options by their names, as functions take them: pairs are a table."""
    found = ((name, getattr(arguments, name)) for name in names)
    return {name: dict(value) if name in _PAIRS else value for name, value in found}


def problem(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], None]) -> None:
    """Add the problem file, and what is done with it."""
    parser.set_defaults(command=command)
    about = "the problem file (default: the built-in example, CNN by hand)"
    parser.add_argument("problem", metavar="PROBLEM.toml", nargs="?", help=about)


def format(
    parser: argparse.ArgumentParser,
    default: list[str],
    about: str,
    read: Callable[[str], list[str]] = formats,
) -> None:
    """Add the formats that are written."""
    metavar = ",".join(USUAL_FORMATS)
    parser.add_argument(
        "--format", dest="formats", metavar=metavar, type=read, default=default, help=about
    )


def several(
    parser: argparse.ArgumentParser,
    flag: str,
    metavar: str,
    read: Callable[[str], Any],
    about: str,
    **others: Any,
) -> None:
    """Add an option that may be repeated."""
    others = {"action": "append", "default": [], **others}
    parser.add_argument(flag, metavar=metavar, type=read, help=about, **others)


def layers(parser: argparse.ArgumentParser, about: str) -> None:
    """Add the layers that something is about, where it is not all of them."""
    several(parser, "--layer", "NAME", str, about, dest="layers")


def contents(parser: argparse.ArgumentParser) -> None:
    """Add the level of detail and the sections."""
    add = parser.add_argument
    about = "brief: a short version; standard: one worked entry per stage; full: every entry worked"
    add("--detail", choices=DETAILS, help=f"{about} (default: standard)")
    about = f"the sections to write, from {', '.join(SECTIONS)} (default: all)"
    add("--sections", metavar="NAME,...", type=sections, default=(), help=about)


def folder(parser: argparse.ArgumentParser) -> None:
    """Add the output folder."""
    about = "the output folder (default: the current one)"
    kind: Any = {"metavar": "DIR", "type": folder_path, "default": Path()}
    parser.add_argument("-o", dest="folder", help=about, **kind)


def style(parser: argparse.ArgumentParser) -> None:
    """Add the style of numbers, indices and letters."""
    numbers(parser)
    letters(parser)


def numbers(parser: argparse.ArgumentParser) -> None:
    """Add the style of numbers and indices."""
    about = "significant digits, 1 to 17 (default: 4)"
    parser.add_argument("--digits", type=digits, default=4, help=about)
    index_base(parser)
    decimal(parser)


def backend(parser: argparse.ArgumentParser) -> None:
    """Add what computes in floating point."""
    about = 'what computes: "native" compiles with the C compiler cc (default: auto, NumPy alone)'
    parser.add_argument("--backend", choices=["auto", "native"], default="auto", help=about)


def index_base(parser: argparse.ArgumentParser) -> None:
    """Add the number of the first entry."""
    about = "the index of the first entry of an axis (default: 1)"
    parser.add_argument("--index-base", type=int, choices=[0, 1], default=1, help=about)


def letters(parser: argparse.ArgumentParser) -> None:
    """Add the letters of tensors."""
    about = "the letter of a tensor in formulas, such as conv1.weight=K; may be repeated"
    several(parser, "--letter", "TENSOR=LETTER", letter, about, dest="letters")


def decimal(parser: argparse.ArgumentParser) -> None:
    """Add the decimal mark."""
    kind: Any = {"action": "store_const", "const": ",", "default": "."}
    parser.add_argument("--decimal-comma", dest="decimal", help="write 0,4 instead of 0.4", **kind)
