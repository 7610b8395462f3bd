"""How a sheet is printed: on A4 across, as wide as the paper, with no matrix on two pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

_WIDTH, _HEIGHT = 700, 480
"""What the margins leave of the paper, in points; the widths of columns depend on fonts."""

_ROW = 15
"""The height of a row."""

_HEADER = 3
"""The rows that every page begins with, the last of them empty."""

_LEAST = 40
"""A wider sheet, which would be printed smaller than this percentage, takes several pages."""

_SEVERAL = 60
"""The percentage at which it is printed then."""


def print_on_paper(page: Any, widths: Sequence[float], blocks: Sequence[tuple[int, int]]) -> None:
    """Set how a worksheet is printed.

    Args:
        page: The worksheet.
        widths: The widths of its columns, in characters.
        blocks: The first row and the row behind each block that belongs on one page.
    """
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(0, _HEADER - 1)
    page.set_footer("&L&A&RPage &P of &N")
    scale = min(100, int(100 * _WIDTH / sum(0.75 * (7 * width + 5) for width in widths)))
    if scale >= _LEAST:
        page.fit_to_pages(1, 0)
    else:
        scale = _SEVERAL
        page.set_print_scale(scale)
        page.repeat_columns(0, 0)
    rows = int(_HEIGHT / _ROW * 100 / scale) - _HEADER
    page.set_h_pagebreaks([*_breaks(blocks, rows)])


def _breaks(blocks: Sequence[tuple[int, int]], rows: int) -> Iterator[int]:
    """Run over the rows that begin a page."""
    begin = _HEADER
    for first, behind in blocks:
        if behind - begin > rows and first > begin:
            yield first
            begin = first
        while behind - begin > rows:  # it is longer than a page, which is divided anywhere
            begin += rows
