"""``symcnn play`` and ``derive --interactive``: pages on which every number can be changed."""

from __future__ import annotations

import argparse
import webbrowser
from argparse import Namespace
from pathlib import Path
from tempfile import mkdtemp

from symcnn.cli import options
from symcnn.cli.commands import problem_of
from symcnn.cli.lines import bar, say
from symcnn.errors import SymcnnError, TooLargeError

_NOT_INTERACTIVE = {
    "weight": "--weight",
    "follow": "--follow",
    "all_weights": "--all-weights",
    "second_order": "--second-order",
    "blocks": "--block",
    "blanks": "--blanks",
    "practice": "--practice",
    "layers": "--layer",
    "quantities": "--quantities",
    "points": "--points",
    "fragment": "--fragment",
    "math": "--math",
    "slides": "--slides",
}
"""The options that pages to play with do not have."""


def play_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``symcnn play``."""
    options.problem(parser, play)
    options.contents(parser)
    options.style(parser)


def check_interactive(arguments: Namespace) -> None:
    """Refuse what pages to play with do not have.

    Raises:
        SymcnnError: Names the option.
    """
    for name, option in _NOT_INTERACTIVE.items():
        if getattr(arguments, name):
            raise SymcnnError(f"--interactive pages have no {option}: omit one of the two")
    if arguments.formats != ["html"]:
        raise SymcnnError("--interactive applies only to HTML: add --format html")


def play(arguments: Namespace) -> None:
    """Write the page to play with to a file of its own, and open it in the browser."""
    page = interactive_page(arguments)
    file = Path(mkdtemp(prefix="symcnn-")) / "interactive.html"
    file.write_text(page, encoding="utf-8")
    print(file)
    if not webbrowser.open(file.as_uri()):
        say("note", "no browser was found: open this file in a browser")


def interactive_page(arguments: Namespace) -> str:
    """Return the page to play with; of a network that is too large for one, the usual page."""
    from symcnn.classroom.explain import explain
    from symcnn.classroom.interactive import interactive_page as page
    from symcnn.cli.results import in_range

    problem = problem_of(arguments)
    given = options.given(arguments, "detail", "sections", *options.STYLE)
    with in_range(), bar("deriving"):
        try:
            return page(problem, **given).html
        except TooLargeError as error:
            say("warning", f"{error}; this is the page without controls")
            return explain(problem, **given).to_html()
