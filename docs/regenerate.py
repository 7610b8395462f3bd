"""Write the reference of all layers and losses, and that of mistakes, or check that it is current.

    python docs/regenerate.py            # write
    python docs/regenerate.py --check    # exit status 1 where it differs

Everything in layers.md comes from the classes: their docstrings, declared fields and names in
problem files. What is in mistakes.md comes from the catalogue of mistakes. In the tutorial on
backward passes, what the commands print is filled in.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from importlib import import_module
from inspect import cleandoc, getdoc, getmodule
from itertools import groupby
from pathlib import Path
from textwrap import dedent
from typing import Any

import symcnn
from symcnn.classroom.checks.judging import substituted
from symcnn.classroom.checks.mistakes import OF_PROGRAMS
from symcnn.classroom.marking import digits
from symcnn.classroom.marking.mistakes import OF_PAPER
from symcnn.classroom.marking.pages.worked import plain
from symcnn.problems.catalog import LAYERS, LOSSES, Kind, switched_off

sys.path.insert(0, str(Path(__file__).parent))
from transcripts import PAGES, filled, without_rounding

PAGE = Path(__file__).with_name("layers.md")
MISTAKES = Path(__file__).with_name("mistakes.md")
HEAD = """\
# Layers and losses

Every type of a problem file, with its Python class, its equations and its keys; a default stands in
parentheses behind its key. In Python, the settings are arguments of the class, and numbers
(`weight`, `bias_values`, `target`) are given by the names of the tensors (`conv1.weight`,
`conv1.bias`).
"""

MISTAKES_HEAD = """\
# Mistakes

What `symcnn mark` and `sc.mark` name when a figure is wrong. Each mistake is a change of the
equations by which a quantity is computed, and knows no layer: it is tried in every network, in the
forward pass, in every derivative and in the updated weights, at the figures before. Those are named
that yield the figure to all written digits; if some of them yield all figures of the quantity, only
these. `figure.causes` holds the formula that each of them follows.
"""

MISTAKES_OF_CODE = """\
# Mistakes of programs

What `sc.check_backward`, `sc.check_forward` and `sc.check_gradients` name besides: mistakes that
nobody makes who computes by hand. Marking does not try them.
"""

GUESSES = """\
## Guesses at what happened to a whole array

Where none of these yields an array, it is compared with the one that is due: multiplied by a
factor, rounded or cut to whole numbers, computed with another value of a setting or from exchanged
inputs, reversed, transposed, reshaped, of another sample. Where a maximum is taken, its winners are
looked for in other windows (`winners of other windows`), in all channels together (`mask over all
channels`), or among the smallest entries (`smallest instead of largest`). Mean, variance and sum
of exponentials may be those of all entries (`statistics over all axes`), and a softmax may run
over the samples (`normalised along the samples`). A product may be a sum, a quotient or a factor
alone. Last come two mistakes together.
"""


def page() -> str:
    """Return the text of the page."""
    parts = [HEAD, *contents(), *common(), *sections(LAYERS), *sections(LOSSES)]
    return "\n".join(parts).rstrip() + "\n"


def contents() -> Iterator[str]:
    """List the types."""
    for what, kinds in (("Layers", LAYERS), ("Losses", LOSSES)):
        yield from (f"{what}: " + ", ".join(f"[`{name}`](#{name})" for name in sorted(kinds)), "")


def common() -> Iterator[str]:
    """Describe the keys that every layer and every loss takes."""
    for base, what in ((symcnn.Layer, "layer"), (symcnn.Loss, "loss")):
        yield from (f"Every {what} also takes:", "")
        yield from (item(f.name, default(f), about(base, f.name)) for f in fields(base))
        yield ""


def sections(kinds: dict[str, Kind]) -> Iterator[str]:
    """Describe every type, under the heading of its module."""
    ordered = sorted(kinds.items(), key=lambda item: (item[1].made.__module__, item[0]))
    for module, group in groupby(ordered, lambda item: getmodule(item[1].made)):
        title, rest = re.split("[:;,.] ?", str(getdoc(module)).splitlines()[0], maxsplit=1)
        yield from (f"## {title}", "")
        yield from (rest[0].upper() + rest[1:], "") if rest else ()
        said = dict[tuple[str, str], str]()
        for name, kind in group:
            yield from (f"### {name}", "", f"`symcnn.{kind.made.__name__}`", "")
            yield from (text(part) + "\n" for part in parts(kind.made))
            for key, usual, meaning in keys(kind):
                first = said.setdefault((key, meaning), name)
                is_long = len(meaning.split()) > 6
                as_there = f"as of [`{first}`](#{first})"
                yield item(key, usual, as_there if is_long and first != name else meaning)
            yield ""


def item(key: str, usual: str, meaning: str) -> str:
    """Return a line of a list: a key, its default and its meaning."""
    return f"- `{key}` ({usual}): {meaning}" if usual else f"- `{key}`: {meaning}"


def keys(kind: Kind) -> Iterator[tuple[str, str, str]]:
    """Run over the keys of a type: name, default, meaning."""
    layer = issubclass(kind.made, symcnn.Layer)
    common = {f.name for f in fields(symcnn.Layer if layer else symcnn.Loss)}
    for field in fields(kind.made):
        if field.name not in common:
            yield field.name, default(field), about(kind.made, field.name)
    for name, switch in kind.numbers.items():
        meaning = "numbers" if layer else "one number per output"
        yield name, "", f"{meaning}, unless `{switched_off(switch)}`" if switch else meaning


def default(field: Any) -> str:
    """Return a field's default as a file states it."""
    if field.default is MISSING:
        return "required"
    if field.default is None:
        return ""
    word = isinstance(field.default, bool | str)
    return f"`{json.dumps(field.default) if word else field.default}`"


def parts(made: type) -> list[str]:
    """Return the paragraphs of a class's docstring but for what it says of attributes."""
    return [p for p in str(getdoc(made)).split("\n\n") if not p.startswith("Attributes:")]


def text(part: str) -> str:
    """Return a paragraph in Markdown: what is indented are equations."""
    if part.startswith("- "):
        return "\n".join(f"- {prose(line)}" for line in part.removeprefix("- ").split("\n- "))
    return f"```text\n{dedent(part)}\n```" if part.startswith(" ") else prose(part)


def prose(part: str) -> str:
    """Return the words of a paragraph on one line."""
    pieces = " ".join(part.split()).replace("``", "`").split("`")
    pieces[::2] = (words.replace("*", r"\*") for words in pieces[::2])
    return "`".join(pieces)


def about(made: type, field: str) -> str:
    """Return what a docstring says of a field: the class's, those above, or one referred to."""
    docs = [cleandoc(str(above.__doc__)) for above in made.__mro__]
    others = re.findall(r"those of ``(\w+)``", docs[0])
    docs += [cleandoc(str(getattr(symcnn, name).__doc__)) for name in others]
    for doc in docs:
        if found := re.search(rf"^ +{field}: (.*(?:\n {{8}}.*)*)", doc, re.MULTILINE):
            return prose(found[1])
    raise SystemExit(f"{made.__name__}.{field} is described nowhere: add it to the docstring")


def mistakes_page() -> str:
    """Return the text of the page of mistakes, under the headings of their files."""
    lines = [MISTAKES_HEAD]
    for file, mistakes in (OF_PAPER | {digits.__name__: digits.OF_DIGITS}).items():
        lines += listed(import_module(file), mistakes)
    lines += [MISTAKES_OF_CODE]
    for file, mistakes in OF_PROGRAMS.items():
        lines += listed(import_module(file), mistakes)
    lines += listed(substituted, substituted.mistakes())
    lines += [GUESSES]
    return "\n".join(lines).rstrip() + "\n"


def listed(module: object, mistakes: Iterable[Any]) -> list[str]:
    """Return the mistakes of a file under its heading: what was done, and what is right."""
    return [
        f"## {str(getdoc(module)).splitlines()[0].rstrip('.').split(': ')[0]}",
        "",
        *(f"- **{m.name}**: {plain(m.explanation)}" for m in mistakes),
        "",
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or tell whether they are as they should be."""
    made = {PAGE: page(), MISTAKES: mistakes_page()}
    made |= {path: filled(_read(path))[0] for path in PAGES}
    if arguments == ["--check"]:
        differ = [path for path, text in made.items() if not _is_same(_read(path), text)]
        for path in made:
            said = "differs: regenerate it" if path in differ else "is up to date"
            print(f"docs/{path.relative_to(Path(__file__).parent).as_posix()} {said}")
        return 1 if differ else 0
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    return 0


def _is_same(one: str, other: str) -> bool:
    return without_rounding(one) == without_rounding(other)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(f"usage: {Path(sys.argv[0]).name} [--check]")
    sys.exit(main(sys.argv[1:]))
