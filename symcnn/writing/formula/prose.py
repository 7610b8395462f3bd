r"""Text by users: words, with formulas between dollar signs. ``\$`` is a dollar sign."""

from __future__ import annotations

import re

from symcnn.errors import SymcnnError, shown
from symcnn.writing.formula.reader import read
from symcnn.writing.formula.tree import Formula

_BORDER = re.compile(r"(?<!\\)\$")


def prose(text: str) -> tuple[str | Formula, ...]:
    r"""Return words and formulas in turn; every formula is read, none is passed on as written.

    >>> prose(r"at $x$ it costs \$5")
    ('at ', Formula(parts=(Atom(text='x'),)), ' it costs $5')

    Raises:
        SymcnnError: If a formula does not end, or holds what the reader does not know.
    """
    parts = _BORDER.split(text)
    if len(parts) % 2 == 0:
        raise SymcnnError(
            f"a formula begins in {shown(text)} and does not end: "
            r"close it with $, or write \$ for a dollar sign"
        )
    return tuple(read(part) if n % 2 else part.replace(r"\$", "$") for n, part in enumerate(parts))
