"""A document inside a notebook, as Jupyter shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from symcnn.document.blocks import Block
from symcnn.document.pictures.palette import BRIGHT, DARK, IN_THE_DARK

_INLINE = re.compile(r"\$`(.*?)`\$")
_DISPLAY = re.compile(r"```math\n(.*?)\n```", re.DOTALL)
_SYSTEM = re.compile(re.escape(IN_THE_DARK) + r"\{(?:[^{}]*\{[^{}]*\})*\}")


def as_html(title: str, blocks: Sequence[Block]) -> str | None:
    """Return the page's text with its style; None where latex2mathml is not installed.

    The style's selectors name their class twice: Jupyter's own style of tables is more
    specific than one class, and would set every column to the right.
    """
    if not find_spec("latex2mathml"):
        return None
    style, end, text = _written("html", "body", title, blocks).partition("</style>")
    return style.replace(".derivation", ".derivation.derivation") + end + _themed(text)


def as_markdown(title: str, blocks: Sequence[Block]) -> str:
    """Return Markdown with formulas between dollar signs alone: GitHub's are not Jupyter's."""
    page = _written("md", "page", title, blocks)
    return _DISPLAY.sub(r"$$\n\1\n$$", _INLINE.sub(r"$\1$", page))


def _written(writer: str, part: str, title: str, blocks: Sequence[Block]) -> str:
    """Call a writer; it is imported now, because a document that is no output needs none."""
    module = import_module(f"symcnn.document.writers.{writer}")
    return str(getattr(module, part)(title, blocks))


def _themed(text: str) -> str:
    """Let pictures take the colours of the notebook's theme, which need not be the system's."""
    text = _SYSTEM.sub("", text)
    for ink, bright in BRIGHT.items():
        text = text.replace(f"color:#{bright}", f"color:light-dark(#{bright},#{DARK[ink]})")
    return text
