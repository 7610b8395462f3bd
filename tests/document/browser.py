"""A browser without a window: what a page looks like, and whether it scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = which("chromium")
"""The system's own browser: nothing is downloaded."""

QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
)

Scheme = Literal["light", "dark"]


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium; it ends with the block."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield started
        finally:
            started.close()


@contextmanager
def opened(started: Browser, html: str, width: int, scheme: Scheme = "light") -> Iterator[Page]:
    """Show a page in a window of some width; whatever it asks of the network fails."""
    with started.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    ) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.set_content(html)
        yield page


def screenshot(started: Browser, html: str, width: int, scheme: Scheme, target: Path) -> None:
    """Write a picture of the whole page, from top to bottom, in few colours: it stays small."""
    with opened(started, html, width, scheme) as page:
        page.evaluate(_ALL_VISIBLE)
        save(page, target, full_page=True)


_ALL_VISIBLE = """() => document.querySelectorAll("main > *").forEach((part) => {
  part.style.contentVisibility = "visible";
})"""
"""Shows what long pages draw only when it is scrolled to."""


def save(page: Page, target: Path, *, full_page: bool = False) -> None:
    """Write a picture of what a page shows, or of all of it."""
    shot = Image.open(BytesIO(page.screenshot(full_page=full_page)))
    few = shot.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(target, format="PNG", optimize=True)
