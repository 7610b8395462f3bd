"""The data of a page as nodes of docutils, which every builder of Sphinx writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from docutils import nodes
from docutils.nodes import Element, Node
from sphinx.addnodes import only, pending_xref
from sphinx.domains.math import MathDomain
from sphinx.environment import BuildEnvironment

from symcnn.cli.embedded.content import Data

_COLUMNS = {"r": "text-right", "c": "text-center"}
_OWN = "symcnn-level"
"""The level of a heading in its document."""

_TEXT = 7
"""The level of what is no heading."""

_DIRECTIVE = "symcnn-directive"
"""What the names in a directive begin with, of what stands in it outside of all else."""

_PAGE = 430.0
"""The width of the text of a page of LaTeX in points: a wider picture is drawn smaller."""


@dataclass
class Page:
    """Makes nodes on a page.

    Attributes:
        env: The environment of the build.
        document: The page.
        name: What the labels of this directive begin with.
        label: The label of its only equation, or what those of all equations begin with; without
            one only those are numbered that sentences refer to.
        line: Where the directive stands.
    """

    env: BuildEnvironment
    document: nodes.document
    name: str
    label: str = ""
    line: int = 0
    _count: int = field(default=0, init=False)
    _alone: bool = field(default=False, init=False)

    def all(self, content: Sequence[Data]) -> list[Node]:
        """Return the nodes of blocks, one below the other."""
        self._alone = [block["kind"] for block in content] == ["display"]
        made = [node for block in content for node in self.one(block)]
        for node in made:
            if isinstance(node, Element):
                node[_DIRECTIVE] = self.name
        return made

    def one(self, block: Data) -> Iterator[Node]:
        """Run over the nodes of a block."""
        made = getattr(self, f"_{block['kind']}")(block)
        for node in made:
            if isinstance(node, Element):
                node.line = self.line
            yield node

    def _heading(self, block: Data) -> Iterator[Node]:
        text = self.sentence(block["text"])
        yield nodes.rubric("", "", *text, **{_OWN: block["level"]})

    def _paragraph(self, block: Data) -> Iterator[Node]:
        made = nodes.paragraph("", "", *self.sentence(block["text"]))
        if block["work"]:
            made["ids"].append(self._id("work", block["work"]))
        yield made

    def _display(self, block: Data) -> Iterator[Node]:
        label = self._label_of(block["number"])
        made = nodes.math_block(
            block["latex"],
            block["latex"],
            html=block["html"],
            docname=self.env.docname,
            number=None,
            label=label,
            nowrap=False,
        )
        made["no-wrap"] = False
        made.line, made.source = self.line, self.document["source"]
        if label is not None:
            domain = cast(MathDomain, self.env.get_domain("math"))
            domain.note_equation(self.env.docname, label, location=made)
            made["number"] = domain.get_equation_number_for(label)
            target = nodes.target("", "", ids=[nodes.make_id(f"equation-{label}")])
            self.document.note_explicit_target(target)
            yield target
        yield made

    def _label_of(self, number: str) -> str | None:
        """Return the label of an equation, if it has one."""
        if self.label:
            self._count += 1
            return self.label if self._alone else f"{self.label}-{self._count}"
        return self._id("equation", number) if number else None

    def _table(self, block: Data) -> Iterator[Node]:
        columns = block["alignment"]
        group = nodes.tgroup(cols=len(columns))
        group += [nodes.colspec(colwidth=1) for _ in columns]
        head, *body = [self._row(row, columns) for row in block["rows"]]
        group += [nodes.thead("", head), nodes.tbody("", *body)]
        yield nodes.table("", group, classes=["symcnn-table"])

    def _row(self, cells: Iterable[Any], columns: str) -> nodes.row:
        row = nodes.row()
        for cell, column in zip(cells, columns, strict=True):
            classes = [_COLUMNS[column]] if column in _COLUMNS else []
            text = nodes.paragraph("", "", *self.sentence(cell))
            row += nodes.entry("", text, classes=classes)
        return row

    def _figure(self, block: Data) -> Iterator[Node]:
        made = nodes.figure("", *self._picture(block), classes=["symcnn-figure"])
        if block["text"]:
            made += nodes.caption("", "", *self._title(block), *self.sentence(block["text"]))
        if block["number"]:
            target = self._id("figure", block["number"])
            made["names"].append(target)
            self.document.note_explicit_target(made, made)
        yield made

    def _title(self, block: Data) -> Iterator[Node]:
        """Say the number of a figure where the page does not count them."""
        if block["number"] and not self.env.config.numfig:
            title = nodes.strong("", f"Figure {block['number']}. ")
            yield only("", title, expr="not latex")

    def _picture(self, block: Data) -> Iterator[Node]:
        drawing = block["tikz"]
        if block["width"] > _PAGE:
            drawing = f"\\resizebox{{\\linewidth}}{{!}}{{%\n{drawing}}}"
        yield nodes.raw("", block["svg"], format="html")
        yield nodes.raw("", drawing, format="latex")
        yield nodes.raw("", f"[{block['alt']}]", format="text")

    def _note(self, block: Data) -> Iterator[Node]:
        title = nodes.title("", "", *self.sentence(block["text"]))
        inside = (node for part in block["blocks"] for node in self.one(part))
        made = nodes.admonition("", title, *inside, classes=["symcnn-theorem", "note"])
        if block["theorem"]:
            made["ids"].append(self._id("theorem", block["theorem"]))
        yield made

    def sentence(self, text: Iterable[Any]) -> Iterator[Node]:
        """Run over the nodes of a sentence."""
        for part in text:
            if isinstance(part, str):
                yield nodes.Text(part)
            elif "latex" in part:
                yield formula(part)
            elif "url" in part:
                yield nodes.reference("", part["url"], refuri=part["url"])
            else:
                yield self._reference(part)

    def _reference(self, part: Data) -> Node:
        target = self._id(part["refers"], part["number"])
        if part["refers"] == "equation":
            return self._cross("math", "eq", target)
        link = nodes.reference("", part["words"], internal=True, refid=target)
        return self._counted(link, target) if part["refers"] == "figure" else link

    def _cross(self, domain: str, role: str, target: str) -> Node:
        """Refer to what the page counts."""
        named = nodes.literal("", target, classes=["xref", role])
        return pending_xref(
            "",
            named,
            refdomain=domain,
            reftype=role,
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )

    def _counted(self, link: Node, target: str) -> Node:
        """Refer to a figure by the number that the page gives it, as LaTeX always does."""
        if self.env.config.numfig:
            return self._cross("std", "numref", target)
        place = f"\\detokenize{{{self.env.docname}:{target}}}"
        number = nodes.raw("", f"\\hyperref[{place}]{{Figure \\ref*{{{place}}}}}", format="latex")
        return nodes.inline(
            "", "", only("", number, expr="latex"), only("", link, expr="not latex")
        )

    def _id(self, kind: str, number: str) -> str:
        return str(nodes.make_id(f"{self.name}-{kind}-{number}"))


def formula(part: Data) -> nodes.math:
    """Return a formula inside a sentence."""
    return nodes.math(part["latex"], part["latex"], html=part["html"])


def in_sections(document: nodes.document) -> None:
    """Make sections of headings that stand in a section, and place others below those around."""
    headings = [node for node in document.findall(nodes.rubric) if _OWN in node]
    for parent, directive in dict.fromkeys((node.parent, _of(node)) for node in headings):
        if isinstance(parent, nodes.section) and directive:
            _divide(parent, directive)
    for heading in headings:
        heading["heading-level"] = min(heading[_OWN] + _depth(heading.parent), 6)


def _depth(node: Node | None) -> int:
    return 0 if node is None else isinstance(node, nodes.section) + _depth(node.parent)


def _divide(parent: Element, directive: str) -> None:
    """Divide what a directive put into a section: a heading of level 2 is below one of level 1."""
    own = [node for node in parent.children if _of(node) == directive]
    place = parent.index(own[0])
    parent.children = [node for node in parent.children if _of(node) != directive]
    inside: list[tuple[int, Element]] = []
    for number, node in enumerate(own):
        level = node[_OWN] if isinstance(node, nodes.rubric) else _TEXT
        inside = [one for one in inside if one[0] < level]
        made = node if level == _TEXT else _section(node, directive, number, parent.document)
        if inside:
            inside[-1][1].append(made)
        else:
            parent.insert(place, made)
            place += 1
        inside += [(level, made)] if level < _TEXT else []


def _section(heading: Element, name: str, number: int, document: nodes.document) -> Element:
    title = nodes.title("", "", *heading.children)
    own = nodes.make_id(f"{name}-{heading.astext()}")
    ids = [*heading["ids"], own if own not in document.ids else f"{own}-{number}"]
    made = nodes.section("", title, ids=ids, classes=heading["classes"])
    document.ids[ids[-1]] = made
    return made


def _of(node: Node) -> str:
    return str(node.get(_DIRECTIVE, "")) if isinstance(node, Element) else ""
