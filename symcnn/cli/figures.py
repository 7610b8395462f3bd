"""``symcnn figure``: a picture of a document by itself."""

from __future__ import annotations

import argparse
from argparse import Namespace

from symcnn.cli import options
from symcnn.cli.commands import problem_of
from symcnn.cli.files import replace_in
from symcnn.cli.progress import bar

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
    options.format(parser, ["svg"], about, _formats)
    options.folder(parser)
    options.style(parser)


def figure(arguments: Namespace) -> None:
    """Write a picture in every format that was asked for: network.svg, network.pdf."""
    from symcnn.cli.results import in_range
    from symcnn.document.explanation.figures import figure as drawn
    from symcnn.document.pages.picture import FORMATS as ENDINGS

    problem = problem_of(arguments)
    with in_range(), bar("drawing"):
        made = drawn(
            problem,
            arguments.kind,
            layers=arguments.layers,
            weight=arguments.weight,
            digits=arguments.digits,
            index_base=arguments.index_base,
            decimal=arguments.decimal,
            letters=dict(arguments.letters),
        )
    chosen = arguments.formats
    replace_in(arguments.folder, {f"{arguments.kind}.{ENDINGS[f]}": made.file(f) for f in chosen})


def _formats(written: str) -> list[str]:
    return options.named(written, "format", FORMATS)
