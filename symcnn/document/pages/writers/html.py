"""The HTML writer: one page that needs nothing else, for screens, phones and paper.

Formulas are MathML, which browsers show and screen readers speak; no script runs, but for
pages that follow what their reader does (``scripted``), and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import symcnn.document.pages.html
from symcnn.document.blocks import Block
from symcnn.document.pages.html.contents import CONTENT, all_headings, anchors, contents
from symcnn.document.pages.html.elements import Elements
from symcnn.document.pages.html.text import escaped
from symcnn.document.pages.writers import Files

_STYLES = Path(symcnn.document.pages.html.__file__).parent
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
{_style("page.css")}{_style("content.css")}</style>{head}
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
        f'<div class="derivation">\n<style>\n{_style("content.css", host.scope)}</style>\n'
        f"<h1>{escaped(title)}</h1>\n{elements.all(blocks)}\n</div>\n"
    )


@cache
def _style(name: str, scope: str = _SCOPE) -> str:
    return (_STYLES / name).read_text(encoding="utf-8").replace(_SCOPE, scope)
