"""The table of contents, and the names by which it finds the headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from unicodedata import normalize

from symcnn.document.blocks import Block, Heading
from symcnn.document.pages.html.text import plain, sentence
from symcnn.document.traversal import flat

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
        link = f'<a href="#{name}">{sentence(heading.title)}</a>'
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
