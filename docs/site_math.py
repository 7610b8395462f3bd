"""Formulas on pages of the site as MathML: nothing is fetched, and no script runs."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx set formulas so."""
    app.add_html_math_renderer("mathml", (inline, None), (display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    writer.body.append(_mathml(node, block=False))
    raise nodes.SkipNode


def display(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write formulas that stand apart, with the number that other places refer to."""
    writer.body.append(writer.starttag(node, "div", CLASS="symcnn-display notranslate nohighlight"))
    writer.body.append(_mathml(node, block=True))
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(node, _("Link to this equation"))
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def _mathml(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    """Return a formula; what docutils cannot read stays as it is."""
    text = node.astext()
    try:
        return str(tex2mathml(text, as_block=block))
    except MathError as error:
        _log.warning("this formula cannot be MathML: %s", error, location=node, type="symcnn")
        return f"<code>{escape(text)}</code>"
