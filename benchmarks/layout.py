"""Tables as they come, row by row: as plain text, or as Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence

MARKDOWN = "--markdown" in sys.argv


class Table:
    """A table whose head is printed at once; its first column is aligned to the left."""

    def __init__(self, head: Sequence[str], first: int, others: int) -> None:
        """Print the head; ``first`` and ``others`` are the widths of the columns as text."""
        self._widths = first, others
        print()
        self.row(head)
        if MARKDOWN:
            print("|---|" + "--:|" * (len(head) - 1), flush=True)

    def row(self, cells: Sequence[str]) -> None:
        """Print one row."""
        if MARKDOWN:
            print(f"| {' | '.join(cells)} |", flush=True)
            return
        first, others = self._widths
        name, *rest = cells
        print(f"{name:{first}}" + "".join(f"{cell:>{others}}" for cell in rest), flush=True)
