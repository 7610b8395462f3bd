"""Docstrings for Sphinx: their indented equations, and names that are linked."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import symcnn

_INDENTED = re.compile(r"^ +\S")
_BACKSLASH = re.compile(r"\\(?=(?:[^`]*``[^`]*``)*[^`]*$)")
"""A backslash that does not stand between double backquotes."""

_INITIAL = re.compile(r"^(\s*[A-Z])\.(?= )")
"""An initial, which is not the number of an item of a list."""


_ATTRIBUTES = frozenset({"attribute", "data", "property"})


class Docstrings:
    """Docstrings as reST, before Napoleon reads their sections and behind it."""

    def __init__(self) -> None:
        """Begin with none."""
        self._attributes: dict[str, list[str]] = {}

    def before(
        self, app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
    ) -> None:
        """Make equations blocks, and keep signs that reST has other uses for."""
        lines[:] = as_rest(lines)
        if what in _ATTRIBUTES:
            self._attributes[name] = list(lines)

    def behind(
        self, app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
    ) -> None:
        """Say of an attribute what it is: Napoleon takes words before a colon for its type."""
        if what in _ATTRIBUTES:
            lines[:] = self._attributes.pop(name)


def as_rest(lines: list[str]) -> list[str]:
    """Return lines of a docstring as reST: equations are indented after an empty line."""
    made, inside = list[str](), False
    for before, line in zip(["", *lines], lines, strict=False):
        indented = bool(_INDENTED.match(line))
        inside = inside and (indented or not line.strip())
        if indented and not inside and not before.strip() and not _in_section(made):
            made += ["::", ""]
            inside = True
        is_code = inside or line.lstrip().startswith((">>>", "..."))
        made.append(line if is_code else _INITIAL.sub(r"\1\\.", _BACKSLASH.sub(r"\\\\", line)))
    return made


def _in_section(lines: list[str]) -> bool:
    """Tell whether the last line that is not indented heads a section such as ``Args:``."""
    last = next((line for line in reversed(lines) if line.strip() and line[0] != " "), "")
    return bool(re.fullmatch(r"[A-Z][a-z]+:", last)) or last.endswith("::")


def link(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Link a public name by where it is public, not by the file that defines it."""
    name = str(node.get("reftarget", "")).rsplit(".")[-1]
    if node.get("refdomain") != "py" or name not in symcnn.__all__:
        return None
    domain = env.get_domain("py")
    return domain.resolve_any_xref(  # a class, a function or a module
        env, node["refdoc"], app.builder, f"symcnn.{name}", node, content
    )[0][1]


def readable(
    app: Sphinx,
    what: str,
    name: str,
    obj: object,
    options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str, str | None] | None:
    """Write a default that is made anew each time as an ellipsis: Sphinx cannot read others."""
    return (signature.replace("<factory>", "..."), returns) if signature else None


def is_left_out(
    app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object
) -> bool | None:
    """Leave out members where a class is its declared fields: ``Layer`` has the rest."""
    return True if app.env.docname in ("api/layers", "api/losses") else None


_LINES = re.compile(r'<dl>\n((?:<dd>.*</dd>\n)+)</dl>(?=\s*<span class="sig-paren">)')


def lay_out(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Make the lines of a signature lines: Sphinx writes them as a list of what has no name."""
    if "body" in context:
        context["body"] = _LINES.sub(_as_lines, context["body"])


def _as_lines(found: re.Match[str]) -> str:
    lines = found[1].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
    return f'<span class="sig-lines">\n{lines}</span>'


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to what autodoc reads, to names that it does not find, and to pages."""
    for name in symcnn.__all__:  # modules are imported by the names that are public
        if isinstance(module := getattr(symcnn, name), ModuleType):
            sys.modules.setdefault(f"symcnn.{name}", module)
    docstrings = Docstrings()
    app.connect("autodoc-process-docstring", docstrings.before, priority=400)
    app.connect("autodoc-process-docstring", docstrings.behind, priority=600)
    app.connect("autodoc-process-signature", readable)
    app.connect("autodoc-skip-member", is_left_out)
    app.connect("missing-reference", link)
    app.connect("html-page-context", lay_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
