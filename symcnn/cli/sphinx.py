"""Sphinx: derivations, theorems, figures and formulas on pages of reST and MyST.

    {symcnn} derivation my.toml             symcnn derive my.toml
    {symcnn} theorem conv2d                 symcnn theorem conv2d
    {symcnn} figure window my.toml          symcnn figure window my.toml
    {symcnn} formula conv1.weight my.toml   symcnn latex my.toml conv1.weight

A project names symcnn among the ``extensions`` of its configuration. Sphinx is imported here alone.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator
from inspect import getfile
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.nodes import Element, Node, system_message
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.directives.patches import MathDirective
from sphinx.domains.std import StandardDomain
from sphinx.util.docutils import SphinxRole
from sphinx.util.logging import getLogger

from symcnn.cli.arguments import parse
from symcnn.cli.commands import problem_of
from symcnn.cli.deriving import explained
from symcnn.cli.figures import drawn
from symcnn.cli.results import in_range
from symcnn.cli.stating import statement
from symcnn.cli.theorems import stated
from symcnn.document import blocks
from symcnn.document.pages.latex_text import escaped
from symcnn.document.pages.writers import md
from symcnn.errors import SymcnnError, shown
from symcnn.problems.catalog import LAYERS, LOSSES
from symcnn.problems.examples.builtin import CNN_BY_HAND
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.svg import svg
from symcnn.writing.drawing.tikz import tikz
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex

COMMANDS = {"derivation": "derive", "theorem": "theorem", "figure": "figure", "formula": "latex"}
_FITTED = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}"
TAKING = "layer weight follow detail sections digits index-base letter entry notation"
OPTIONS = (*TAKING.split(), "second-order", "decimal-comma", "staged")


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive and the role to a project of Sphinx."""
    app.add_directive("symcnn", SymcnnDirective)
    app.add_role("symcnn", FormulaRole())
    app.add_latex_package("tikz")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class SymcnnDirective(MathDirective):
    """A derivation, a theorem, a figure or a formula."""

    required_arguments, optional_arguments = 1, 0
    option_spec: ClassVar[Any] = dict.fromkeys(
        ("name", "label", "caption", *OPTIONS), directives.unchanged
    )

    def run(self) -> list[Node]:
        """Return its nodes; a mistake is a warning of Sphinx, and leaves them out."""
        made = _tried(self, self._made(*self.arguments[0].split()))
        if made and "name" in self.options:
            self._name(made)
        return [*made]

    def _name(self, made: list[Node]) -> None:
        titled = next((n for n in made if isinstance(n, nodes.admonition | nodes.rubric)), None)
        if titled is None:
            self.add_name(made[0])
            return
        name = nodes.fully_normalize_name(self.options["name"])
        titled["ids"].insert(0, nodes.make_id(name))
        title = (titled if isinstance(titled, nodes.rubric) else titled[0]).astext()
        domain = cast(StandardDomain, self.env.get_domain("std"))
        domain.note_hyperlink_target(name, self.env.docname, titled["ids"][0], title)

    def _made(self, kind: str, *words: str) -> Iterator[Node]:
        if kind not in COMMANDS:
            raise SymcnnError(f"there is no kind {shown(kind)}: choose from {', '.join(COMMANDS)}")
        asked = _parsed(self.env, kind, [*words], self._options())
        if kind == "derivation":
            yield from self._blocks(explained(problem_of(asked), asked).blocks)
        elif kind == "theorem":
            yield from self._blocks(stated(asked).blocks)
        elif kind == "figure":
            yield self._figure(drawn(problem_of(asked), asked).picture)
        else:
            made = statement(asked)
            yield from self._display(latex(row(made.left, "=", made.right)), alone=True)

    def _options(self) -> Iterator[str]:
        for name in {*OPTIONS} & {*self.options}:
            text = self.options[name]
            several = text.split() if name in ("layer", "letter") else [text]
            yield from (f"--{name}={one}" if one else f"--{name}" for one in several)

    def _blocks(self, several: Iterable[blocks.Block]) -> Iterator[Node]:
        for block in several:
            match block:
                case blocks.Heading():
                    yield nodes.rubric("", "", *map(_node, block.title))
                case blocks.Paragraph():
                    yield nodes.paragraph("", "", *map(_node, block.text))
                case blocks.Rows():
                    for rows, text in md.displays(block):
                        yield from self._display(text, rows[0].number)
                case blocks.Matrices():
                    yield from self._display(md.matrices_in_lines(block))
                case blocks.Table():
                    yield _table(block)
                case blocks.Diagram():
                    yield self._figure(block.picture, map(_node, block.caption))
                case blocks.Note():
                    title = nodes.title("", "", *map(_node, block.title))
                    inside = self._blocks(block.blocks)
                    yield nodes.admonition("", title, *inside, classes=["note"])

    def _display(self, text: str, number: str = "", alone: bool = False) -> Iterator[Node]:
        """Yield formulas set apart, counted by the page where the directive has a label."""
        label = self.options.get("label") if alone or number else None
        label = f"{label}-{number}" if label and number else label
        place: dict[str, Any] = {"docname": self.env.docname, "number": None, "label": label}
        placed: list[Node] = [nodes.math_block(text, text, **place, nowrap=False)]
        self.add_target(placed)
        yield from placed

    def _figure(self, picture: Picture, caption: Iterable[Node] = ()) -> Element:
        if "caption" in self.options:
            caption, _ = self.parse_inline(self.options["caption"])
        drawing = f"{_FITTED}{{!}}{{%\n{tikz(picture, escaped)}}}"
        texts = {"html": svg(picture, themed=True), "latex": drawing, "text": f"[{picture.alt}]"}
        made = nodes.figure("", *(nodes.raw("", text, format=to) for to, text in texts.items()))
        if said := [*caption]:
            made += nodes.caption("", "", *said)
        return made


class FormulaRole(SphinxRole):
    """One formula inside a sentence: {symcnn}`gradient of conv1.weight <my.toml>`."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the formula; a mistake is a warning of Sphinx."""
        return [*_tried(self, self._formula())], []

    def _formula(self) -> Iterator[Node]:
        subject, _, file = self.text.removesuffix(">").partition("<")
        made = statement(_parsed(self.env, "formula", [subject.strip(), file.strip()]))
        yield nodes.math(*[latex(row(made.left, "=", made.right))] * 2)


def _tried(asked: SymcnnDirective | SphinxRole, made: Iterator[Node]) -> list[Node]:
    try:
        with in_range():
            return [*made]
    except SymcnnError as error:
        getLogger(__name__).warning("%s", error, location=asked.get_location(), type="symcnn")
        return []


def _parsed(env: Any, kind: str, words: list[str], given: Iterable[str] = ()) -> Namespace:
    file = words.pop() if words and words[-1][-5:] in ("", ".toml") else ""
    for each in (*LAYERS.values(), *LOSSES.values()):
        env.note_dependency(getfile(each.made))  # of one's own, perhaps
    if kind == "theorem" and file:
        raise SymcnnError("a theorem is of a layer, not of a problem: give its type, say conv2d")
    if kind == "theorem":
        return parse(["theorem", *words, *given])
    path = Path(env.relfn2path(file)[1]) if file else CNN_BY_HAND
    env.note_dependency(str(path))
    if kind == "figure":
        return parse(["figure", *(words or ["network"]), os.path.relpath(path), *given])
    return parse([COMMANDS[kind], os.path.relpath(path), *[" ".join(words)][: len(words)], *given])


def _node(part: blocks.Part) -> Node:
    if isinstance(part, blocks.Inline):
        return nodes.math(*[latex(part.formula)] * 2)
    if isinstance(part, blocks.Address):
        return nodes.reference("", part.url, refuri=part.url)
    return nodes.Text(part if isinstance(part, str) else part.words)


def _table(block: blocks.Table) -> Element:
    several = (block.header, *block.rows)
    texts = (([nodes.paragraph("", "", *map(_node, cell))] for cell in row) for row in several)
    first, *others = (nodes.row("", *(nodes.entry("", *t) for t in row)) for row in texts)
    columns = [nodes.colspec(colwidth=1) for _ in block.alignment]
    head, body = nodes.thead("", first), nodes.tbody("", *others)
    return nodes.table("", nodes.tgroup("", *columns, head, body, cols=len(columns)))
