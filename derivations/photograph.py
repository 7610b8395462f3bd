"""Photograph the pages of this folder, to look at them.

    python derivations/photograph.py

Of every HTML page a picture of 390 and of 1280 pixels, light and dark; of every PDF its
pages side by side. They go to ``pictures/`` in the current folder, those of the built-in
example into its own folder besides. Fonts decide over pixels, so nothing compares them.
Needs Chromium and pdftoppm, and ``pip install -e ".[pages]"``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.document.browser import browser, screenshot  # noqa: E402  # found by the line above

KEPT = "cnn-by-hand"
WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
RESOLUTION, IN_A_ROW = 60, 5


def photograph(target: Path) -> None:
    """Write the pictures of all pages."""
    with browser() as started:
        for page in sorted(HERE.glob("*/*.html")):
            html = page.read_text(encoding="utf-8")
            for width in WIDTHS:
                for scheme in SCHEMES:
                    name = f"{page.parent.name}-{page.stem}-{width}-{scheme}.png"
                    screenshot(started, html, width, scheme, target / name)
                    keep(page, target / name)
    for document in sorted(HERE.glob("*/*.pdf")):
        contact_sheet(document, target / f"{document.parent.name}-{document.stem}-pages.png")


def keep(page: Path, picture: Path) -> None:
    """Copy a picture of the built-in example's derivation beside it."""
    if page.parent.name == KEPT and page.stem == "derivation":
        copy(picture, page.parent / picture.name.removeprefix(f"{KEPT}-"))


def contact_sheet(document: Path, target: Path) -> None:
    """Put the pages of a PDF side by side."""
    with TemporaryDirectory() as scratch:
        command = ["pdftoppm", "-r", str(RESOLUTION), "-png", str(document), f"{scratch}/page"]
        subprocess.run(command, check=True)
        pages = [Image.open(page) for page in sorted(Path(scratch).glob("*.png"))]
        width, height = pages[0].size
        rows = -(-len(pages) // IN_A_ROW)
        sheet = Image.new("RGB", (width * min(IN_A_ROW, len(pages)), height * rows), "white")
        for n, page in enumerate(pages):
            sheet.paste(page, (n % IN_A_ROW * width, n // IN_A_ROW * height))
        sheet.save(target)


if __name__ == "__main__":
    folder = Path("pictures")
    folder.mkdir(exist_ok=True)
    photograph(folder)
