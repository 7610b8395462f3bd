"""Photograph what the home of the site shows: a derivation, a marked sheet and a theorem.

    python docs/photograph.py build/site

The pictures, light and dark, go to ``docs/_static/home/``. They are parts of pages of the built
site; fonts decide over pixels, so nothing compares them. Needs ``pip install -e ".[pages]"``.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.document.browser import browser  # found so

SHOWN = {
    "derivation": ("gallery/cnn-by-hand.html", "#following-one-weight-through-the-network"),
    "marked": ("gallery/marked.html", "#the-first-wrong-figure"),
    "theorem": ("atlas/conv2d.html", ".note"),
}
WIDTH, HEIGHT, MARGIN = 400, 350, 8
ALONE = """
  :is(header, .bd-header-article, .headerlink, #pst-back-to-top) { display: none !important; }
"""


def photograph(site: Path, target: Path) -> None:
    """Write the pictures."""
    target.mkdir(parents=True, exist_ok=True)
    with browser() as started:
        for scheme in ("light", "dark"):
            with started.new_context(
                viewport={"width": WIDTH, "height": 1200}, color_scheme=scheme, offline=True
            ) as context:
                page = context.new_page()
                for name, (path, part) in SHOWN.items():
                    page.goto((site / path).absolute().as_uri())
                    page.add_style_tag(content=ALONE)
                    save(page, part, target / f"{name}-{scheme}.png")


def save(page: Page, part: str, target: Path) -> None:
    """Write the beginning of a part of a page, in few colours: it stays small."""
    box = page.locator(part).first.bounding_box()
    assert box is not None, f"there is no {part} on {page.url}"
    clip = {
        "x": max(0, box["x"] - MARGIN),
        "y": box["y"] - MARGIN,
        "width": min(WIDTH, box["width"] + 2 * MARGIN),
        "height": HEIGHT,
    }
    shot = Image.open(BytesIO(page.screenshot(clip=clip, full_page=True)))
    few = shot.convert("RGB").quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(target, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {Path(sys.argv[0]).name} SITE")
    photograph(Path(sys.argv[1]), Path(__file__).parent / "_static" / "home")
