"""Sphinx: derivations, theorems, figures and formulas on pages of reST and MyST.

A project names symcnn among the ``extensions`` of its configuration. Sphinx is imported here alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import ENUM, Config

import symcnn
import symcnn.document.pages.html
from symcnn.cli.sphinx.directive import FormulaRole, SymcnnDirective
from symcnn.cli.sphinx.mathml import RENDERER, display, inline
from symcnn.cli.sphinx.nodes import in_sections

STYLE = "symcnn.css"


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, the role and MathML to a project of Sphinx."""
    app.add_config_value("symcnn_math", "sphinx", "html", ENUM("sphinx", "mathml"))
    app.add_config_value("symcnn_problem", "", "env", (str,))
    app.add_directive("symcnn", SymcnnDirective)
    app.add_role("symcnn", FormulaRole())
    app.add_latex_package("tikz")
    app.add_css_file(STYLE)
    app.connect("config-inited", _chosen)
    before_contents = 400
    app.connect("doctree-read", lambda app, document: in_sections(document), before_contents)
    app.connect("build-finished", _styled)
    return {
        "version": symcnn.__version__,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _chosen(app: Sphinx, config: Config) -> None:
    """Offer MathML where it is asked for: Sphinx prefers what is offered to MathJax."""
    if config.symcnn_math == "mathml":
        app.add_html_math_renderer(RENDERER, (inline, None), (display, None))
        config.html_math_renderer = RENDERER


def _styled(app: Sphinx, error: Exception | None) -> None:
    """Write the style of formulas and tables beside the others."""
    if error is None and app.builder.format == "html":
        own = Path(__file__).with_name(STYLE).read_text(encoding="utf-8")
        pages = Path(symcnn.document.pages.html.__file__).with_name("content.css")
        folder = Path(app.outdir) / "_static"
        folder.mkdir(exist_ok=True)
        style = pages.read_text(encoding="utf-8") + own
        (folder / STYLE).write_text(style, encoding="utf-8")
