"""``symcnn-myst``: the directive ``{symcnn}`` for mystmd, as an executable plugin.

    project:
      plugins:
        - type: executable
          path: .venv/bin/symcnn-myst

mystmd runs the program without arguments to learn what it offers, and then once for each directive,
whose data it writes to the standard input as JSON; the nodes of the page are read from its output.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from symcnn.cli.settings import SETTINGS
from symcnn.errors import SymcnnError

Node = dict[str, Any]

_NAME = "symcnn"
_FOLDER = Path("_build") / "symcnn"
"""Where what was made is kept, beside what mystmd makes."""

_OWN = ("label", "caption")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the plugin offers, or what a directive shows; a mistake stands on the page."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given:
        made: Any = specification()
    elif [*given] == ["--directive", _NAME]:
        made = shown(json.load(sys.stdin))
    else:
        print(f"symcnn-myst: error: the only directive is {_NAME}", file=sys.stderr)
        return 2
    json.dump(made, sys.stdout)
    return 0


def specification() -> Node:
    """Return what mystmd has to know of the directive."""
    from symcnn.cli.embedded.request import FLAGS, OPTIONS

    settings = (name.replace("_", "-") for name in SETTINGS)
    texts = {key: {"type": "string"} for key in (*_OWN, *OPTIONS, *settings)}
    directive = {
        "name": _NAME,
        "doc": "A derivation, a theorem, a figure or a formula of a network.",
        "arg": {"type": "string", "required": True},
        "options": {**texts, **{key: {"type": "boolean"} for key in FLAGS}},
        "body": {"type": "string"},
    }
    return {"name": "symcnn", "directives": [directive]}


def shown(data: Mapping[str, Any]) -> list[Node]:
    """Return the nodes of a directive."""
    from symcnn.cli.embedded.making import kept, made

    options = data.get("options") or {}
    try:
        content = kept(_request(data), _FOLDER, made)
    except SymcnnError as error:
        print(*error.lines, sep="\n", file=sys.stderr)
        return [_note("error", [_text("symcnn")], [_paragraph([line]) for line in error.lines])]
    return _Page(options.get("label", ""), options.get("caption", "")).all(content)


def _request(data: Mapping[str, Any]) -> Any:
    from symcnn.cli.embedded.request import FLAGS, Request, Source, written

    kind, subject, file = written(str(data.get("arg") or ""))
    text, source = str(data.get("body") or ""), None
    given = {
        name: "" if name in FLAGS else str(value)
        for name, value in (data.get("options") or {}).items()
        if name not in _OWN and value is not False
    }
    if file and text.strip():
        raise SymcnnError(f"the problem is given here and in {file}: remove one of the two")
    if text.strip():
        source = Source(text, Path())
    elif file:
        source = Source.of(Path(file), file)
    return Request(kind, subject, source, given)


_LABELLED = ("note", "figure", "display")
"""What has the label of a directive: a theorem, or else a figure, or else an equation."""


class _Page:
    """Makes nodes of mystmd."""

    def __init__(self, label: str, caption: str) -> None:
        self._label, self._caption = label, caption

    def all(self, content: Sequence[Mapping[str, Any]]) -> list[Node]:
        """Return the nodes of blocks, one below the other; the first of its kind has the label."""
        made, kinds = self._inside(content), [block["kind"] for block in content]
        named = next((kind for kind in _LABELLED if kind in kinds), "")
        if self._label and named:
            node = made[kinds.index(named)]
            node |= {"label": self._label, "identifier": self._label.lower()}
            node |= {"enumerated": True} if named == "display" else {}
        return made

    def _inside(self, content: Sequence[Mapping[str, Any]]) -> list[Node]:
        return [getattr(self, f"_{block['kind']}")(block) for block in content]

    def _heading(self, block: Mapping[str, Any]) -> Node:
        return {"type": "heading", "depth": 1 + block["level"], "children": _words(block["text"])}

    def _paragraph(self, block: Mapping[str, Any]) -> Node:
        return _paragraph(block["text"])

    def _display(self, block: Mapping[str, Any]) -> Node:
        return {"type": "math", "value": block["latex"], "enumerated": False}

    def _table(self, block: Mapping[str, Any]) -> Node:
        sides = {"r": "right", "c": "center"}
        rows = [
            {
                "type": "tableRow",
                "children": [
                    {
                        "type": "tableCell",
                        "header": place == 0,
                        "align": sides.get(side, "left"),
                        "children": _words(cell),
                    }
                    for cell, side in zip(row, block["alignment"], strict=True)
                ],
            }
            for place, row in enumerate(block["rows"])
        ]
        return {"type": "table", "children": rows}

    def _figure(self, block: Mapping[str, Any]) -> Node:
        address = f"data:image/svg+xml;base64,{b64encode(block['file'].encode()).decode()}"
        image = {"type": "image", "url": address, "alt": block["alt"]}
        caption = [self._caption] if self._caption else block["text"]
        said = [{"type": "caption", "children": [_paragraph(caption)]}] if caption else []
        return {"type": "container", "kind": "figure", "children": [image, *said]}

    def _note(self, block: Mapping[str, Any]) -> Node:
        return _note("note", _words(block["text"]), self._inside(block["blocks"]))


def _note(kind: str, title: list[Node], blocks: list[Node]) -> Node:
    named = {"type": "admonitionTitle", "children": title}
    return {"type": "admonition", "kind": kind, "children": [named, *blocks]}


def _paragraph(text: Iterable[Any]) -> Node:
    return {"type": "paragraph", "children": _words(text)}


def _words(text: Iterable[Any]) -> list[Node]:
    return [_text(part) if isinstance(part, str) else _part(part) for part in text]


def _text(words: str) -> Node:
    return {"type": "text", "value": words}


def _part(part: Mapping[str, Any]) -> Node:
    if "latex" in part:
        return {"type": "inlineMath", "value": part["latex"]}
    if "url" in part:
        return {"type": "link", "url": part["url"], "children": [_text(part["url"])]}
    return _text(part["words"])
