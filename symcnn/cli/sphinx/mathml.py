"""Formulas on pages of HTML as MathML: nothing is fetched, and no script runs.

What symcnn has made is written by symcnn; other formulas of a page by docutils.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

RENDERER = "symcnn"
"""How Sphinx calls it, as ``html_math_renderer``."""

_log = logging.getLogger(__name__)


def inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    html = node.get("html")
    shown = f'<span class="derivation">{html}</span>' if html else _by_docutils(node, block=False)
    writer.body.append(shown)
    raise nodes.SkipNode


def display(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write formulas that stand apart, with the number that other places refer to."""
    writer.body.append(writer.starttag(node, "div", CLASS="symcnn-display notranslate nohighlight"))
    html = node.get("html")
    shown = f'<div class="derivation">{html}</div>' if html else _by_docutils(node, block=True)
    writer.body.append(shown)
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def _by_docutils(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    """Return a formula that an author has written; what docutils cannot read stays as it is."""
    text = node.astext()
    try:
        return str(tex2mathml(text, as_block=block))
    except MathError as error:
        _log.warning("this formula cannot be MathML: %s", error, location=node, type="symcnn")
        return f"<code>{escape(text)}</code>"
