"""The directive ``{symcnn}``, ``.. symcnn::``, and the role of the same name."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.nodes import Node, system_message
from docutils.parsers.rst import directives
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from symcnn.cli.embedded.content import Data
from symcnn.cli.embedded.making import kept, made
from symcnn.cli.embedded.request import FLAGS, OPTIONS, Request, Source, written
from symcnn.cli.settings import SETTINGS
from symcnn.cli.sphinx.nodes import Page, formula
from symcnn.errors import SymcnnError

_log = logging.getLogger(__name__)

_OWN = ("name", "label", "caption")
"""The options that say where it stands on the page."""

Convertor = Callable[[str], Any]


def _options() -> Mapping[str, Convertor]:
    """Return the options that the command line has, the settings of layers, and those of a page."""
    taking = (*_OWN, *OPTIONS, *(name.replace("_", "-") for name in SETTINGS))
    return {
        **dict.fromkeys(taking, directives.unchanged_required),
        **dict.fromkeys(FLAGS, directives.flag),
        "class": directives.class_option,
    }


class SymcnnDirective(SphinxDirective):
    """A derivation, a theorem, a figure or a formula."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = _options()

    def run(self) -> list[Node]:
        """Return its nodes; a mistake is a warning of Sphinx, and leaves them out."""
        try:
            content = _content(self.env, self._request())
        except SymcnnError as error:
            for line in error.lines:
                _log.warning("%s", line, location=self.get_location(), type="symcnn")
            return []
        return self._placed(content)

    def _request(self) -> Request:
        kind, subject, file = written(self.arguments[0])
        text = "\n".join(self.content)
        if file and text.strip():
            raise SymcnnError(f"the problem is given here and in {file}: remove one of the two")
        own = (*_OWN, "class")
        given = {name: text or "" for name, text in self.options.items() if name not in own}
        if text.strip():
            here = Path(self.env.doc2path(self.env.docname)).parent
            source: Source | None = Source(text, here, above=self._above)
        else:
            source = None if kind == "theorem" and not file else _source(self.env, file)
        return Request(kind, subject, source, given)

    @property
    def _above(self) -> int:
        """The lines of the page above the content, which MyST counts from the directive on."""
        line, offset = int(self.lineno), int(self.content_offset)
        return offset if offset >= line else line + offset

    def _placed(self, content: list[Data]) -> list[Node]:
        """Return nodes with the names by which the page refers to them."""
        name = self.options.get("name", "")
        serial = f"symcnn-{self.env.new_serialno('symcnn')}"
        label = self.options.get("label", "")
        if [block["kind"] for block in content] == ["display"]:
            label, name = label or name, ""
        page = Page(self.env, self.state.document, name or serial, label, self.lineno)
        made = page.all(content)
        if "caption" in self.options and isinstance(made[0], nodes.figure):
            inline, _ = self.parse_inline(self.options["caption"])
            made[0] += nodes.caption("", "", *inline)
        for node in made:
            if isinstance(node, nodes.Element):
                node["classes"] += self.options.get("class", [])
        if name:
            self._name(made)
        return made

    def _name(self, made: list[Node]) -> None:
        """Let the page refer to the first theorem or heading, or the only figure; else to here."""
        name = nodes.fully_normalize_name(self.options["name"])
        if isinstance(made[0], nodes.figure):
            made[0]["names"].append(name)
            self.state.document.note_explicit_target(made[0], made[0])
            return
        identity = nodes.make_id(name)
        titled = nodes.admonition | nodes.rubric
        begins = next((node for node in made if isinstance(node, titled)), None)
        if begins is None:
            title = name
            made.insert(0, nodes.target("", "", ids=[identity]))
        else:
            title = (begins if isinstance(begins, nodes.rubric) else begins[0]).astext()
            begins["ids"].insert(0, identity)
        domain = cast(StandardDomain, self.env.get_domain("std"))
        domain.note_hyperlink_target(name, self.env.docname, identity, title)


class FormulaRole(SphinxRole):
    """One formula inside a sentence: {symcnn}`gradient of conv1.weight <my.toml>`."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the formula; a mistake is a warning of Sphinx."""
        try:
            content = _content(self.env, self._request())
        except SymcnnError as error:
            for line in error.lines:
                _log.warning("%s", line, location=self.get_location(), type="symcnn")
            return [], []
        return [formula(content[0]["sentence"])], []

    def _request(self) -> Request:
        subject, _, file = self.text.removesuffix(">").partition("<")
        return Request("formula", subject.strip(), _source(self.env, file.strip()), {})


def _source(env: BuildEnvironment, file: str) -> Source | None:
    """Return the problem of a file, on which the page depends; by default the project's own."""
    name = file or env.config.symcnn_problem
    if not name:
        return None
    where = env.relfn2path(name if file else f"/{name}")[1]
    env.note_dependency(where)
    return Source.of(Path(where), os.path.relpath(where))


def _content(env: BuildEnvironment, request: Request) -> list[Data]:
    """Return what is asked for, and note what the page depends on."""
    for file in request.files:
        env.note_dependency(str(file))
    return kept(request, Path(env.doctreedir) / "symcnn", made)
