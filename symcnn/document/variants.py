"""Parts of a page that are shown under a condition, where the page lets numbers be changed."""

from __future__ import annotations

from typing import NamedTuple


class Variant(NamedTuple):
    """When a part is shown.

    Attributes:
        number: The number of its condition.
        is_shown: Whether it is shown at first.
    """

    number: int
    is_shown: bool

    @property
    def attributes(self) -> str:
        """What the element has by which a script finds it."""
        return f' data-variant="{self.number}"{"" if self.is_shown else " hidden"}'


Variants = tuple[Variant | None, ...]
"""When the parts of a block are shown: always where there is none, and if it is empty."""


def attributes(variants: Variants, place: int) -> str:
    """Return what the element of one part of a block has; nothing if it is always shown."""
    variant = variants[place] if variants else None
    return "" if variant is None else variant.attributes
