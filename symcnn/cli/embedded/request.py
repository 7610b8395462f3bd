"""What a directive asks for, with the options of the command line, and by what it is known again.

{symcnn} derivation my.toml             symcnn derive my.toml
{symcnn} theorem conv2d                 symcnn theorem conv2d
{symcnn} figure window my.toml          symcnn figure window my.toml
{symcnn} formula conv1.weight my.toml   symcnn latex my.toml conv1.weight
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import symcnn
from symcnn.errors import SymcnnError, located, shown
from symcnn.limits.files import content_of, text_of
from symcnn.problems.reading import tables

_GENERATED = Path("<string>")
"""Where the methods stand that Python writes for a dataclass."""

KINDS = ("derivation", "theorem", "figure", "formula")

FLAGS = ("all-weights", "second-order", "decimal-comma", "staged")
"""The options that take nothing."""

OPTIONS = (
    *("layer", "weight", "follow", "detail", "sections", "block", "digits", "index-base"),
    *("letter", "entry", "notation"),
)
"""The options that take something, as on the command line."""

_SEVERAL = ("layer", "letter", "block")
"""The options that may be repeated there: here several words."""


@dataclass(frozen=True)
class Source:
    """A problem file, or the text of one.

    Attributes:
        text: The text.
        folder: Where it is.
        name: What the file is called; nothing for a text.
        above: How many lines of a page stand above a text.
    """

    text: str
    folder: Path
    name: str = ""
    above: int = 0

    @classmethod
    def of(cls, file: Path, name: str) -> Source:
        """Read a file.

        Raises:
            SymcnnError: If it cannot be read.
        """
        with located(name):
            return cls(text_of(file), file.parent, name)

    @property
    def lines(self) -> str:
        """The text with its lines where they are on the page, as errors count them."""
        return "\n" * self.above + self.text


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        kind: Which of the four.
        subject: The types of layers, the kind of a figure, or the name of a quantity.
        source: The problem; without one it is the built-in example.
        options: The options that are stated, with their texts.
    """

    kind: str
    subject: str
    source: Source | None
    options: Mapping[str, str]

    @property
    def arguments(self) -> Iterator[str]:
        """The options as the command line has them."""
        for name, text in self.options.items():
            if name in FLAGS:
                yield f"--{name}"
            elif name in _SEVERAL:
                yield from (f"--{name}={one}" for one in text.split())
            else:
                yield f"--{name}={text}"

    @property
    def files(self) -> Sequence[Path]:
        """The files that it depends on besides the problem's: of arrays, and of layers' code."""
        read, names = _tables(self.source), set(self.subject.split())
        layers = read.get("layers")
        if isinstance(layers, list):
            names |= {str(layer.get("type")) for layer in layers if isinstance(layer, dict)}
        arrays = read.get("arrays")
        beside = self.source.folder / arrays if self.source and isinstance(arrays, str) else None
        loss = read.get("loss")
        names |= {str(loss.get("type"))} if isinstance(loss, dict) else set()
        return [*([beside] if beside else []), *_code(names)]

    @property
    def key(self) -> str:
        """By what the result is known again: all that it is made from."""
        text = self.source.text if self.source else None
        said = [symcnn.__version__, self.kind, self.subject, text, sorted(self.options.items())]
        digest = sha256(json.dumps(said).encode())
        for file in self.files:
            digest.update(_content(file))
        return digest.hexdigest()


def written(argument: str) -> tuple[str, str, str]:
    """Return the kind, the subject and the file of what stands behind a directive's name.

    Raises:
        SymcnnError: If there is no such kind.

    >>> written("formula gradient of conv1.weight my.toml")
    ('formula', 'gradient of conv1.weight', 'my.toml')
    """
    kind, *words = argument.split()
    if kind not in KINDS:
        raise SymcnnError(f"there is no kind {shown(kind)}: choose from {', '.join(KINDS)}")
    file = words.pop() if words and words[-1].endswith(".toml") else ""
    return kind, " ".join(words), file


def _tables(source: Source | None) -> Mapping[str, Any]:
    """Return what a problem's text says; of what is no TOML nothing."""
    try:
        return tables(source.text) if source else {}
    except SymcnnError:
        return {}


def _code(names: set[str]) -> Iterator[Path]:
    """Run over the files of layers and losses of one's own, which have registered themselves."""
    catalog = sys.modules.get("symcnn.problems.catalog")
    kinds = {**catalog.LAYERS, **catalog.LOSSES} if catalog else {}
    for name in sorted(names & {*kinds}):
        made = kinds[name].made
        if not made.__module__.startswith("symcnn."):
            codes = (getattr(value, "__code__", None) for value in vars(made).values())
            yield from {Path(code.co_filename) for code in codes if code} - {_GENERATED}


def _content(file: Path) -> bytes:
    try:
        return content_of(file)
    except SymcnnError:  # what is wrong with it is said when it is used
        return b""
