r"""LaTeX of an author's in place of letters: --macro 'w=\mathbf{w}'."""

from __future__ import annotations

import argparse

from symcnn.cli.options import several


def macro(written: str) -> tuple[str, str]:
    r"""Return the letter and the LaTeX of w=\mathbf{w}."""
    pattern, found, text = written.partition("=")
    if not (found and pattern.strip() and text.strip()):
        raise argparse.ArgumentTypeError(
            f"{written[:20]!r} is not of the form LETTER=LATEX, such as w=\\mathbf{{w}}"
        )
    return pattern.strip(), text.strip()


def macros(parser: argparse.ArgumentParser) -> None:
    """Add LaTeX of an author's in place of letters."""
    about = (
        r"LaTeX in place of a letter, such as 'w=\mathbf{w}', or of one with scripts, which #1 "
        r"stands for: '\delta^{#1}=\bar{#1}'; may be repeated"
    )
    several(parser, "--macro", "LETTER=LATEX", macro, about, dest="macros")
