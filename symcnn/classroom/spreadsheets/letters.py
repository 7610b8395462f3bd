"""Letters of entries as they stand beside cells: Unicode's scripts, or raised and lowered text.

delta^z_11 is the text of Unicode; delta^x-hat has no such superscript, and is set in runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symcnn.writing.formula import Formula, Scripts
from symcnn.writing.formula.tree import Node
from symcnn.writing.formula.unicode import text

RAISED, LOWERED = "raised", "lowered"


class Run(NamedTuple):
    """Some letters, and whether they are raised or lowered."""

    letters: str
    script: str = ""


Letter = tuple[Run, ...]
"""The letter of an entry."""


def letter(formula: Formula, before: str = "") -> Letter:
    r"""Return a formula as runs: one, if Unicode has its scripts.

    >>> from symcnn.writing.formula import read
    >>> letter(read(r"\delta^{z}_{11}"))
    (Run(letters='δᶻ₁₁', script=''),)
    >>> [tuple(run) for run in letter(read(r"\delta^{\mu}_{1}"), "new ")]
    [('new δ', ''), ('μ', 'raised'), ('1', 'lowered')]
    """
    plain = text(formula)
    if "^" not in plain and "_" not in plain:
        return (Run(before + plain),)
    first, *others = _runs(formula)
    return (Run(before + first.letters, first.script), *others)


def width(letter: Letter) -> int:
    """Return the width of a letter in characters."""
    return sum(len(run.letters) for run in letter)


def _runs(node: Node) -> Iterator[Run]:
    if isinstance(node, Formula):
        for part in node.parts:
            yield from _runs(part)
    elif isinstance(node, Scripts):
        yield from _runs(node.base)
        scripts = (RAISED, node.sup), (LOWERED, node.sub)
        yield from (Run(text(Formula((part,))), script) for script, part in scripts if part)
    else:
        yield Run(text(Formula((node,))))
