"""What LaTeX says of the documents of random networks, and how their pages end.

    python -m tests.generated.typeset 50        # that many networks, each at every level
    python -m tests.generated.typeset 50 200    # from a network on

No error, no warning of LaTeX or of a package, and no line or page that is too full; no page
ends with a heading.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import symcnn as sc
from symcnn.document.outline import DETAILS, Detail
from symcnn.document.pages.html.text import plain
from symcnn.document.pages.writers.html import all_headings
from symcnn.errors import NotFiniteError
from tests.programs.random_networks import tiny_example

TERMS = 100
"""The most terms of a network's forward equations: where every entry is worked, tens of pages."""

_LATEXMK = ["latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-silent", "a.tex"]
_COMPLAINT = re.compile(r"^!.*|^(?:Overfull|.*Warning: |.*pdfTeX warning).*", re.MULTILINE)
_FOLIO = re.compile(r"\s*\d+\s*")
_NUMBER = re.compile(r"^(\d+\.)*\d+ +")


def problem(number: int) -> sc.Problem:
    """Draw a network with its numbers."""
    return sc.Problem(*tiny_example(300_000 + number, TERMS), title=f"Network {number}")


def faults(number: int, level: Detail) -> Iterator[str]:
    """Typeset a network's document, and name what is wrong with it."""
    try:
        document = sc.explain(problem(number), detail=level)
    except NotFiniteError:
        return
    with TemporaryDirectory() as folder:
        log = typeset(document.to_latex(), Path(folder))
        yield from complaints(log)
        if "Output written" in log:
            yield from stranded(document, pages(Path(folder) / "a.pdf"))


def typeset(tex: str, folder: Path) -> str:
    """Return what the last run of LaTeX says."""
    (folder / "a.tex").write_text(tex, encoding="utf-8")
    long = {"max_print_line": "1000", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    subprocess.run(_LATEXMK, cwd=folder, env=long, capture_output=True, check=False)
    return (folder / "a.log").read_text(encoding="utf-8", errors="replace")


def complaints(log: str) -> list[str]:
    """Return errors, warnings, and what does not fit."""
    return _COMPLAINT.findall(log)


def pages(file: Path) -> list[list[str]]:
    """Return the lines of every page, without its number."""
    run = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    written = run.stdout.decode().split("\f")[:-1]
    lines = ([line for line in page.split("\n") if line.strip()] for page in written)
    return [page[:-1] if page and _FOLIO.fullmatch(page[-1]) else page for page in lines]


def stranded(document: sc.Document, found: list[list[str]]) -> Iterator[str]:
    """Name the headings that are the last line of a page."""
    headings = {_letters(plain(block.title)) for block in all_headings(document.blocks)}
    for position, page in enumerate(found[:-1], start=1):
        if page and _NUMBER.match(page[-1].strip()):
            last = _letters(_NUMBER.sub("", page[-1].strip()))
            if last in headings:
                yield f"page {position} ends with the heading {page[-1].strip()}"


def _letters(text: str) -> str:
    """Return what a PDF's text and a heading have in common: letters, in their order."""
    return "".join(re.findall(r"[a-z]", text.lower()))


if __name__ == "__main__":
    count, first = (int(text) for text in (*sys.argv[1:], "0")[:2])
    for position in range(first, first + count):
        for level in DETAILS:
            for fault in faults(position, level):
                print(f"network {position}, {level}: {fault}", flush=True)
    print(f"{count} networks were typeset")
