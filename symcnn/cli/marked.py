"""The arguments of ``symcnn mark``."""

from __future__ import annotations

import argparse
from pathlib import Path

from symcnn.cli import commands, markdown, options


def mark_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what is marked, how it is marked, and what is written of it."""
    parser.set_defaults(command=commands.mark)
    add = parser.add_argument
    about = (
        "the problem file (default: the built-in example), or the folder that symcnn worksheet "
        "wrote, where students have variants"
    )
    add("problem", metavar="PROBLEM.toml|WORKSHEET", nargs="?", help=about)
    about = (
        "what was handed in: the answers of one student in TOML, JSON, Markdown or a workbook; or "
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
    options.worth(parser)
    about = "the share of the points for a figure that follows from a wrong one (default: 1)"
    add("--carried", metavar="SHARE", type=float, default=1.0, help=about)
    options.precision(parser)
    about = (
        "print a blank file of answers in TOML, with every figure that is asked for, or write it "
        "to the file that -o names"
    )
    add("--template", action="store_true", help=about)
    options.numbers(parser)
