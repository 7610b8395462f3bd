"""Check the built site: nothing is fetched from elsewhere, and everything that is linked is there.

    python .ci/site.py build/site

Every page is read: scripts, styles, pictures and frames are the site's own; links lead to pages
and to places on them; no two elements share an id; pictures say what they show; no heading skips
a level.
With the extra ``pages``, some pages are opened in Chromium, light and dark, wide and narrow: axe
finds nothing, none scrolls sideways, and nothing is asked of the network; the search finds a page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
"""What a browser fetches by itself, without a click."""

_FOREIGN = re.compile(r"^(?:https?:)?//")
_IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""")


class Page(HTMLParser):
    """What a page of the site has."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.silent: list[str] = []
        self.levels: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element has."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if given.get(LOADED.get(tag, "")):
            self.loaded.append(given[LOADED[tag]])
        if tag == "img" and not given.get("alt"):
            self.silent.append(given.get("src", ""))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def complaints(site: Path) -> Iterator[str]:
    """Run over what is wrong with the site."""
    pages = sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)
    for path in pages:
        for complaint in of_page(site, path):
            yield f"{path.relative_to(site)}: {complaint}"
    for path in sorted(site.rglob("*.css")):
        if _IN_STYLE.search(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(site)}: a style is from elsewhere"


def of_page(site: Path, path: Path) -> Iterator[str]:
    """Run over what is wrong with a page."""
    page = read(path)
    yield from (
        f"{address} is from elsewhere" for address in page.loaded if _FOREIGN.match(address)
    )
    for address in dict.fromkeys([*page.links, *page.loaded]):
        if not re.match(r"\w+:|//", address) and not leads(site, path, address):
            yield f"{address} leads nowhere"
    yield from (f"the id {name!r} is there twice" for name in doubles(page.ids))
    yield from (f"{name} has no alt text" for name in page.silent)
    for above, below in zip(page.levels, page.levels[1:], strict=False):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"
    if _IN_STYLE.search(path.read_text(encoding="utf-8")):
        yield "a style is from elsewhere"


@cache
def read(path: Path) -> Page:
    """Return a page."""
    return Page(path.read_text(encoding="utf-8"))


def leads(site: Path, path: Path, address: str) -> bool:
    """Tell whether there is what a page links."""
    address, place = urldefrag(address)
    file = unquote(address.partition("?")[0])
    target = (path.parent / file if file else path).resolve()
    target = target / "index.html" if target.is_dir() else target
    if not target.is_relative_to(site.resolve()) or not target.is_file():
        return False
    return not place or target.suffix != ".html" or unquote(place) in read(target).ids


def doubles(names: list[str]) -> list[str]:
    """Return what is there more than once."""
    return sorted({name for name in names if names.count(name) > 1})


SEEN = (
    *("index.html", "students.html", "lecturers.html", "for-authors.html", "for-engineers.html"),
    *("tutorials/seed.html", "api/losses.html", "gallery/index.html", "gallery/mazur-2015.html"),
    *("gallery/marked.html", "atlas/index.html", "atlas/conv2d.html", "search.html"),
)


def seen(site: Path) -> Iterator[str]:
    """Run over what is wrong with pages as a browser shows them."""
    from axe_playwright_python.sync_playwright import Axe

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.document.browser import browser

    with browser() as started:
        for width, scheme in ((1280, "light"), (390, "dark")):
            with started.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                reduced_motion="reduce",
            ) as context:
                page, asked = context.new_page(), list[str]()
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                for name in SEEN:
                    page.goto((site / name).resolve().as_uri())
                    where = f"{name}, {width} pixels, {scheme}"
                    for found in Axe().run(page).response["violations"]:
                        yield f"{where}: {found['id']}: {found['nodes'][0]['html'][:200]}"
                    if page.evaluate("document.documentElement.scrollWidth") > width:
                        yield f"{where}: scrolls sideways"
                page.goto((site / "search.html").resolve().as_uri() + "?q=attention")
                page.wait_for_selector("#search-results li")
                yield from (f"{url} was asked for" for url in asked if url.startswith("http"))


def main(arguments: list[str]) -> int:
    """Print what is wrong; the status is 1 if anything is."""
    site = Path(arguments[0])
    found = [*complaints(site), *seen(site)]
    print(*found[:100], sep="\n")
    print(f"{len(found)} complaints about {sum(1 for _ in site.rglob('*.html'))} pages")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {Path(sys.argv[0]).name} SITE")
    sys.exit(main(sys.argv[1:]))
