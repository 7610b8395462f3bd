"""Formulas as MathML, which browsers set by themselves: no script, no font, no request."""

from __future__ import annotations

import re

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

_KNOWN = (
    (r"\\begin{array}{[^}]*}", r"\\begin{matrix}"),
    (r"\\end{array}", r"\\end{matrix}"),
    (r"{gathered}", "{matrix}"),
    (r"\\\\\[[^]]*\]", r"\\\\"),
    (r"\\dots\b", r"\\ldots"),
    (r"\\enspace\b", r"\\;"),
)
"""What docutils does not read, in words that it does."""


def mathml(formula: str, *, block: bool) -> str:
    """Return a formula of LaTeX as MathML."""
    for pattern, known in _KNOWN:
        formula = re.sub(pattern, known, formula)
    return tex2mathml(formula, as_block=block)


def inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula of a line."""
    translator.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def displayed(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula of its own; what is too wide scrolls, also with the keys."""
    formula = mathml(node.astext(), block=True)
    translator.body.append(f'<div class="formula" tabindex="0">{formula}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; ``html_math_renderer`` names it where there are others."""
    app.add_html_math_renderer("symcnn_site", (inline, None), (displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
