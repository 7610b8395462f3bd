"""What symcnn writes, read by the parser of its own language.

    .py           Python's           .json, .toml, .csv     those of Python's library
    .mjs          Node's, a module   .xml, .svg, .xlsx      Expat
    .html         html5lib's; its scripts Node's, its data that of JSON

Scripts are collected, and one process of Node reads all of them. LaTeX is typeset where
its tools are there (``tests/generated/typeset.py``).
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from shutil import which
from xml.etree import ElementTree

NODE = which("node")

_READ = """
const { Script, SourceTextModule } = require("node:vm");
const texts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
for (const [name, isModule, text] of texts) {
  try {
    isModule ? new SourceTextModule(text) : new Script(text);
  } catch (error) {
    console.log(`${name}: ${error.stack.split("\\n").slice(0, 5).join(" | ")}`);
  }
}
"""

_SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)


class Parsed:
    """Reads files; ``complaints`` are those of the parsers.

    A script, a module or not, is kept with the first file that it was found in.
    """

    def __init__(self) -> None:
        self.read, self.complaints = 0, list[str]()
        self._scripts = dict[tuple[bool, str], str]()

    def file(self, name: str, content: str | bytes) -> None:
        """Read a file, whose language is that of its name."""
        reader = _READERS.get(PurePath(name).suffix)
        if reader is None:
            return
        self.read += 1
        try:
            for script in reader(content) or ():
                self._scripts.setdefault(script, name)
        except Exception as error:  # whatever a parser raises is its complaint
            self.complaints.append(f"{name}: {type(error).__name__}: {error}")

    def finished(self) -> list[str]:
        """Let Node read the scripts; return all complaints."""
        if NODE is not None and self._scripts:
            done = subprocess.run(
                [NODE, "--experimental-vm-modules", "--no-warnings", "-e", _READ],
                input=json.dumps([(name, *script) for script, name in self._scripts.items()]),
                capture_output=True,
                text=True,
                check=True,
            )
            self.complaints += done.stdout.splitlines()
            self._scripts.clear()
        return self.complaints


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode()


def _plain(reader: Callable[[str], object]) -> Callable[[str | bytes], None]:
    def read(content: str | bytes) -> None:
        reader(_text(content))

    return read


def _module(content: str | bytes) -> list[tuple[bool, str]]:
    return [(True, _text(content))]


def _page(content: str | bytes) -> Iterator[tuple[bool, str]]:
    for attributes, text in _SCRIPT.findall(_text(content)):
        if "application/json" in attributes:
            json.loads(text)
        else:
            yield False, text


def markup(page: str) -> None:
    """Let html5lib read a page, which takes longer."""
    import html5lib

    html5lib.HTMLParser(strict=True).parse(page)


def _parts(content: str | bytes) -> None:
    assert isinstance(content, bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


_READERS: dict[str, Callable[[str | bytes], object]] = {
    ".csv": _plain(lambda text: [*csv.reader(io.StringIO(text, newline=""), strict=True)]),
    ".html": _page,
    ".json": _plain(json.loads),
    ".mjs": _module,
    ".py": _plain(ast.parse),
    ".svg": _plain(ElementTree.fromstring),
    ".toml": _plain(tomllib.loads),
    ".xlsx": _parts,
    ".xml": _plain(ElementTree.fromstring),
}
