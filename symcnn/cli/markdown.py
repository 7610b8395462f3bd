"""``--math``: the kind of Markdown that is written."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from symcnn.errors import SymcnnError

if TYPE_CHECKING:
    from symcnn.document.pages.dialects import Math

MATH = ("github", "dollars", "myst")
"""The kinds of Markdown."""


def math(parser: argparse.ArgumentParser) -> None:
    """Add the kind of Markdown."""
    about = (
        "formulas in Markdown: github for GitHub, dollars for Pandoc, Quarto and Jupyter Book, "
        "myst for MyST, with labels (default: github)"
    )
    parser.add_argument("--math", choices=MATH, help=about)


def math_of(arguments: argparse.Namespace) -> Math:
    """Return the kind of Markdown that is asked for.

    Raises:
        SymcnnError: If no Markdown is written.
    """
    if arguments.math and "md" not in arguments.formats:
        raise SymcnnError("--math applies only to Markdown: add --format md")
    chosen: Math = "github" if arguments.math is None else arguments.math
    return chosen
