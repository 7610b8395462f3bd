"""``symcnn figure``: a picture of a document by itself."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from symcnn.cli import options
from symcnn.cli.commands import problem_of
from symcnn.cli.files import replace_in
from symcnn.cli.lines import bar
from symcnn.errors import SymcnnError

if TYPE_CHECKING:
    from symcnn.document.pages.picture import Figure
    from symcnn.problems import Problem

KINDS = ("network", "window", "path")
FORMATS = ("svg", "tikz", "pdf", "png")


def figure_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is drawn, of what, and how it is written."""
    about = (
        "network: its entries or its layers; window: a window of a layer at one position; path: "
        "where a weight is used, and what comes back to it"
    )
    parser.add_argument("kind", choices=KINDS, help=about)
    options.problem(parser, figure)
    about = "the layers that are drawn: a name, or what several names begin with; may be repeated"
    options.layers(parser, about)
    about = "the weight of a window or a path, such as w_12 (default: a telling one)"
    parser.add_argument("--weight", metavar="ENTRY", help=about)
    about = f"the formats to write, from {', '.join(FORMATS)} (default: svg)"
    options.format(parser, [], about, _formats)
    about = "the output folder (default: the current one), or one file, such as network.png"
    parser.add_argument(
        "-o", dest="place", metavar="DIR|FILE", type=Path, default=Path(), help=about
    )
    options.style(parser)


def figure(arguments: Namespace) -> None:
    """Write a picture in every format that was asked for: network.svg, network.pdf."""
    from symcnn.cli.results import in_range

    problem = problem_of(arguments)
    with in_range(), bar("drawing"):
        made = drawn(problem, arguments)
    folder, formats = _files(arguments)
    replace_in(folder, {name: made.file(format) for name, format in formats.items()})


def drawn(problem: Problem, arguments: Namespace) -> Figure:
    """Return the picture of a problem that is asked for."""
    from symcnn.document.explanation.figures import figure as made

    return made(problem, **options.given(arguments, "kind", "layers", "weight", *options.STYLE))


def _files(arguments: Namespace) -> tuple[Path, dict[str, str]]:
    """Return the folder, and the format of each file; the ending of a file says its own."""
    from symcnn.document.pages.picture import FORMATS as ENDINGS

    place: Path = arguments.place
    formats = {ending: format for format, ending in ENDINGS.items()}
    own = formats.get(place.suffix[1:].lower())
    if own is None or place.is_dir():
        chosen = arguments.formats or ["svg"]
        return place, {f"{arguments.kind}.{ENDINGS[format]}": format for format in chosen}
    if arguments.formats not in ([], [own]):
        raise SymcnnError(f"-o {place} is one file: give a folder, or omit --format")
    return place.parent, {place.name: own}


def _formats(written: str) -> list[str]:
    return options.named(written, "format", FORMATS)
