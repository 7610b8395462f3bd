"""README.md, the index of this folder: a picture of each network, and what it shows.

What is said of a network is the comment at the head of its problem file. ``regenerate.py``
writes the page, and checks it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
HEAD = """\
# Derivations

The built-in example, and examples that others published, worked by symcnn: every figure that a
source prints stands beside the right one at the end of its derivation. `symcnn derive` makes
such a folder from its `problem.toml`; `python derivations/regenerate.py` makes all of them.
"""
ATLAS = """\
## The atlas

What every layer and every loss computes, and its derivatives, for all sizes: theorems with their
proofs, and no numbers.

{links}
"""
KINDS = {"pdf": "PDF", "html": "HTML", "md": "Markdown", "txt": "text", "tex": "LaTeX"}
AS_PUBLISHED = (
    "CNN by hand, as published",
    "What the notebook really computed: a product with every entry of a window, broadcast by "
    "NumPy, in the place of the convolution.",
)


def page() -> str:
    """Return the text of the index."""
    folders = sorted(file.parent for file in HERE.glob("*/derivation.md"))
    folders.sort(key=lambda folder: not folder.name.startswith("cnn-by-hand"))
    return "\n".join(
        [
            HEAD,
            ATLAS.format(links=" · ".join(atlas_links())),
            *(line for folder in folders for line in section(folder)),
        ]
    )


def atlas_links() -> Iterator[str]:
    """Link the atlas in every format."""
    return (f"[{kind}](atlas/atlas.{name})" for name, kind in KINDS.items())


def section(folder: Path) -> Iterator[str]:
    """Present one network: title, what it shows, its picture, and links to its files."""
    title, about = described(folder)
    picture = f"[![The network]({folder.name}/derivation-1.svg)]({folder.name}/derivation.md)"
    yield from (f"## {title}", "", about, "", picture, "", " · ".join(links(folder)), "")


def described(folder: Path) -> tuple[str, str]:
    """Return the title of a problem, and the comment at the head of its file."""
    file = folder / "problem.toml"
    if not file.exists():
        return AS_PUBLISHED
    text = file.read_text(encoding="utf-8")
    comment = re.match(r"(?:#.*\n)+", text)
    assert comment, f"{file} does not say what it shows: begin it with a comment"
    problem = tomllib.loads(text)
    address = re.search(r"https?://\S+", problem.get("source", ""))
    source = [f"[The source]({address[0]})."] if address else []
    lines = [line.lstrip("# ") for line in comment[0].splitlines()]
    return problem["title"], " ".join([*source, *lines])


def links(folder: Path) -> Iterator[str]:
    """Link the derivation in every format, the student's version, and the problem."""
    for name, kind in KINDS.items():
        yield f"[{kind}]({folder.name}/derivation.{name})"
    others = {
        "interactive.html": "with numbers to change",
        "student.pdf": "with gaps for students",
        "practice.html": "practice",
        "problem.toml": "problem file",
    }
    for name, kind in others.items():
        if (folder / name).exists():
            yield f"[{kind}]({folder.name}/{name})"
