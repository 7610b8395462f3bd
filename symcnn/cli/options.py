"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from symcnn.cli import values
from symcnn.document.outline import DETAILS, SECTIONS

USUAL_FORMATS = ["tex", "md"]


def problem(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], None]) -> None:
    """Add the problem file, and what is done with it."""
    parser.set_defaults(command=command)
    about = "the problem file (default: the built-in example, CNN by hand)"
    parser.add_argument("problem", metavar="PROBLEM.toml", nargs="?", help=about)


def format(
    parser: argparse.ArgumentParser,
    default: list[str],
    about: str,
    read: Callable[[str], list[str]] = values.formats,
) -> None:
    """Add the formats that are written."""
    metavar = ",".join(USUAL_FORMATS)
    parser.add_argument(
        "--format",
        dest="formats",
        metavar=metavar,
        type=read,
        default=default,
        help=about,
    )


def layers(parser: argparse.ArgumentParser) -> None:
    """Add the layers that are explained, where they are not all."""
    about = (
        "explain these layers of a large network alone, by a name or what several begin with, "
        "layer1.0; may be repeated"
    )
    parser.add_argument(
        "--layer", dest="layers", metavar="NAME", action="append", default=[], help=about
    )


def contents(parser: argparse.ArgumentParser) -> None:
    """Add the level of detail and the sections."""
    add = parser.add_argument
    about = "brief: two pages; standard: one worked entry per stage; full: every entry"
    add("--detail", choices=DETAILS, help=f"{about} (default: standard)")
    about = f"the sections to write, from {', '.join(SECTIONS)} (default: all)"
    add("--sections", metavar="NAME,...", type=values.sections, default=(), help=about)


def folder(parser: argparse.ArgumentParser) -> None:
    """Add the output folder."""
    parser.add_argument(
        "-o",
        dest="folder",
        metavar="DIR",
        type=values.folder_path,
        default=Path(),
        help="the output folder (default: the current one)",
    )


def arrays(parser: argparse.ArgumentParser) -> None:
    """Add the file that keeps the numbers of a module."""
    about = "keep the numbers out of a module of Python, in this file, which it reads"
    parser.add_argument("--arrays", metavar="FILE.npz", type=Path, help=about)


def style(parser: argparse.ArgumentParser) -> None:
    """Add the style of numbers, indices and letters."""
    numbers(parser)
    letters(parser)


def numbers(parser: argparse.ArgumentParser) -> None:
    """Add the style of numbers and indices."""
    about = "significant digits, 1 to 17 (default: 6)"
    parser.add_argument("--digits", type=values.digits, default=6, help=about)
    index_base(parser)
    decimal(parser)


def index_base(parser: argparse.ArgumentParser) -> None:
    """Add the number of the first entry."""
    parser.add_argument(
        "--index-base",
        type=int,
        choices=[0, 1],
        default=1,
        help="the number of the first entry (default: 1)",
    )


def letters(parser: argparse.ArgumentParser) -> None:
    """Add the letters of tensors."""
    parser.add_argument(
        "--letter",
        dest="letters",
        metavar="TENSOR=LETTER",
        type=values.letter,
        action="append",
        default=[],
        help="the letter of a tensor, such as conv1.weight=K; may be repeated",
    )


def decimal(parser: argparse.ArgumentParser) -> None:
    """Add the decimal mark."""
    parser.add_argument(
        "--decimal-comma",
        dest="decimal",
        action="store_const",
        const=",",
        default=".",
        help="write 0,4 instead of 0.4",
    )
