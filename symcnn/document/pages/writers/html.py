"""The HTML writer: one page that needs nothing else, for screens, phones and paper.

Formulas are MathML, which browsers show and screen readers speak; no script runs, but for
pages that follow what their reader does (``Scripted``), and nothing is fetched.

A page with a script is one file, too, which fetches nothing and runs its own script alone. What the
script needs is data, never markup, and a Content-Security-Policy names it by its hash.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

import symcnn.document.pages.html
from symcnn.document.blocks import Block, Heading
from symcnn.document.pages.html.elements import Elements, uncounted
from symcnn.document.pages.html.text import escaped, plain, sentence
from symcnn.document.pages.writers import Files
from symcnn.document.traversal import flat

_FILES = Path(symcnn.document.pages.html.__file__).parent
_SCOPE = ".derivation"


@dataclass(frozen=True)
class Host:
    """A page that a document is shown inside of.

    Attributes:
        scope: What every selector of the document's style begins with.
        themed: Whether the page itself is bright or dark, whatever the reader's system is.
    """

    scope: str = _SCOPE
    themed: bool = False


NOTEBOOK = Host(".derivation.derivation", themed=True)
"""Jupyter: its style of tables is more specific than one class, and sets all columns right."""


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the page as a file."""
    return {f"{stem}.html": page(title, blocks)}


def page(title: str, blocks: Sequence[Block], head: str = "", end: str = "") -> str:
    """Return the whole page; what else stands in its head, and at its end, is that of a script."""
    headings = all_headings(blocks)
    ids = anchors(headings)
    return page_of(title, contents(headings, ids), Elements(ids).all(blocks), head, end)


def page_of(title: str, links: str, text: str, head: str = "", end: str = "") -> str:
    """Return a whole page.

    Args:
        title: Its title.
        links: The table of contents.
        text: The elements that it consists of.
        head: What else stands in its head.
        end: What else stands at the end of its body.
    """
    name = escaped(title)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
{style("page.css")}{style("content.css")}</style>{head}
</head>
<body>
<a class="skip" href="#{CONTENT}">Skip to the text</a>
<header><h1>{name}</h1></header>
{links}
<main id="{CONTENT}" class="derivation">
{text}
</main>{end}
</body>
</html>
"""


def body(title: str, blocks: Sequence[Block], host: Host = Host()) -> str:
    """Return the text alone with what style it needs, to be shown inside another page."""
    elements = Elements(themed=host.themed)
    return (
        f'<div class="derivation">\n<style>\n{style("content.css", host.scope)}</style>\n'
        f"<h1>{escaped(title)}</h1>\n{elements.all(blocks)}\n</div>\n"
    )


@cache
def style(name: str, scope: str = _SCOPE) -> str:
    """Return a style sheet, for elements inside of a scope."""
    return (_FILES / name).read_text(encoding="utf-8").replace(_SCOPE, scope)


CONTENT = "content"
"""The id of what the page is about, which no heading takes."""


def all_headings(blocks: Iterable[Block]) -> list[Heading]:
    """Return the headings, those in notes included, in the order of the page."""
    return [block for block in flat(blocks) if isinstance(block, Heading)]


def anchors(headings: Iterable[Heading]) -> list[str]:
    """Return an id for every heading, made of its words and no other's."""
    taken = {CONTENT}
    return [_free(_slug(heading), taken) for heading in headings]


def contents(headings: Sequence[Heading], ids: Sequence[str]) -> str:
    """Return the links to all headings, those of subsections within their sections'.

    A single heading needs none.
    """
    if len(headings) < 2:
        return ""
    sections: list[list[str]] = []
    for heading, name in zip(headings, ids, strict=True):
        link = f'<a href="#{name}"{uncounted(heading)}>{sentence(heading.title)}</a>'
        if heading.level == 1 or not sections:
            sections.append([link])
        else:
            sections[-1].append(link)
    return (
        '<nav aria-label="Contents">\n<details open>\n<summary>Contents</summary>\n'
        f"<ol>\n{_items(map(_section, sections))}\n</ol>\n</details>\n</nav>"
    )


def _section(links: list[str]) -> str:
    first, *rest = links
    return f"{first}\n<ol>\n{_items(rest)}\n</ol>\n" if rest else first


def _items(links: Iterable[str]) -> str:
    return "\n".join(f"<li>{link}</li>" for link in links)


def _slug(heading: Heading) -> str:
    words = normalize("NFKD", plain(heading.title)).lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "section"


def _free(name: str, taken: set[str]) -> str:
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    taken.add(free)
    return free


class Scripted(NamedTuple):
    """What a page has besides its text.

    Attributes:
        style: Its own style.
        data: What the script reads.
        name: The name of the element with the data.
        script: The script.
        panel: Elements that stand before the data.
    """

    style: str
    data: Mapping[str, Any]
    name: str
    script: str
    panel: str = ""

    @property
    def head(self) -> str:
        """What stands at the end of the page's head: its style, and what it may do."""
        digest = b64encode(sha256(self.script.encode()).digest()).decode()
        rules = (
            f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'"
        )
        policy = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        return f"\n<style>\n{self.style}</style>\n{policy}"

    @property
    def end(self) -> str:
        """What stands at the end of its body: no text of a problem becomes markup or script."""
        held = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        data = held.replace("<", "\\u003c")
        return (
            f'\n{self.panel}<script type="application/json" id="{self.name}">{data}</script>\n'
            f"<script>{self.script}</script>"
        )


def typed_numbers() -> str:
    """Return the functions of JavaScript that read numbers as people type them."""
    return (_FILES / "typed.js").read_text(encoding="utf-8")
