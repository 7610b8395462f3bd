"""Photograph the pages of this folder, to look at them.

    python derivations/photograph.py

Of every HTML page a picture of 390 and of 1280 pixels, light and dark; of the built-in example's
page that follows its numbers, what is seen before and after one is dragged; of every PDF its
pages side by side. They go to ``pictures/`` in the current folder, those of the built-in
example into its own folder besides, with the pages that the README shows. Fonts decide
over pixels, so nothing compares them.
Needs Chromium and pdftoppm, and ``pip install -e ".[pages]"``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.document.browser import browser, opened, save, screenshot  # noqa: E402  # found so

KEPT = "cnn-by-hand"
WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
RESOLUTION, IN_A_ROW = 60, 5
SHOWN, SHOWN_RESOLUTION = (1, 4, 5), 90
DRAGGED, PIXELS, STEPS = "w\u2082\u2083 (conv1.weight)", 36, 8


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
        drag(started)
    for document in sorted(HERE.glob("*/*.pdf")):
        sheet = side_by_side(pages_of(document, RESOLUTION))
        sheet.save(target / f"{document.parent.name}-{document.stem}-pages.png")
    pages = pages_of(HERE / KEPT / "derivation.pdf", SHOWN_RESOLUTION)
    shown = side_by_side([pages[number - 1] for number in SHOWN])
    few = shown.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(HERE / KEPT / "pages.png", optimize=True)


def keep(page: Path, picture: Path) -> None:
    """Copy a picture of the built-in example's derivation beside it."""
    if page.parent.name == KEPT and page.stem == "derivation":
        copy(picture, page.parent / picture.name.removeprefix(f"{KEPT}-"))


def drag(started: Browser) -> None:
    """Drag the third filter's second weight over a border, and walk the way back to it."""
    html = (HERE / KEPT / "interactive.html").read_text(encoding="utf-8")
    for width in WIDTHS:
        for scheme in SCHEMES:
            with opened(started, html, width, scheme) as page:
                page.click("[data-do=fold]")
                page.select_option("#entry", label=DRAGGED)
                walk_back(page)
                save(page, HERE / KEPT / f"interactive-before-{width}-{scheme}.png")
                given = page.locator(".matrices .chosen").first
                given.scroll_into_view_if_needed()
                given.hover()
                page.mouse.down()
                box = given.bounding_box()
                assert box is not None
                page.mouse.move(box["x"] + box["width"] / 2 - PIXELS, box["y"], steps=6)
                page.mouse.up()
                page.keyboard.press("Escape")
                walk_back(page)
                save(page, HERE / KEPT / f"interactive-after-{width}-{scheme}.png")


def walk_back(page: Page) -> None:
    """Walk to the end of the way back to the chosen number."""
    page.evaluate("document.activeElement.blur()")
    for _ in range(STEPS):
        page.keyboard.press("b")
    page.evaluate("document.querySelector('figure').scrollIntoView()")
    page.wait_for_timeout(200)


def pages_of(document: Path, resolution: int) -> list[Image.Image]:
    """Return the pages of a PDF as pictures."""
    with TemporaryDirectory() as scratch:
        command = ["pdftoppm", "-r", str(resolution), "-png", str(document), f"{scratch}/page"]
        subprocess.run(command, check=True)
        return [Image.open(page).convert("RGB") for page in sorted(Path(scratch).glob("*.png"))]


def side_by_side(pages: list[Image.Image]) -> Image.Image:
    """Put pages side by side."""
    width, height = pages[0].size
    rows = -(-len(pages) // IN_A_ROW)
    sheet = Image.new("RGB", (width * min(IN_A_ROW, len(pages)), height * rows), "white")
    for n, page in enumerate(pages):
        sheet.paste(page, (n % IN_A_ROW * width, n // IN_A_ROW * height))
    return sheet


if __name__ == "__main__":
    folder = Path("pictures")
    folder.mkdir(exist_ok=True)
    photograph(folder)
