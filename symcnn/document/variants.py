"""Parts of a page that are shown under a condition, where the page lets numbers be changed."""

from __future__ import annotations

from typing import NamedTuple


class Variant(NamedTuple):
    """When a part is shown.

    Attributes:
        number: The number of its condition; none if it has none.
        is_shown: Whether it is shown at first.
        about: The numbers of the decisions that it speaks of: it is hidden where one of these
            falls as it does in no document.
    """

    number: int | None
    is_shown: bool
    about: tuple[int, ...] = ()

    @property
    def attributes(self) -> str:
        """What the element has by which a script finds it."""
        return f"{self._names}{'' if self.is_shown else ' hidden'}"

    @property
    def attributes_of_shapes(self) -> str:
        """The same of a group of shapes, which cannot have the attribute ``hidden``."""
        return self._names + ("" if self.is_shown else ' display="none"')

    @property
    def _names(self) -> str:
        number = "" if self.number is None else f' data-variant="{self.number}"'
        about = f' data-about="{" ".join(map(str, self.about))}"' if self.about else ""
        return f"{number}{about}"


Variants = tuple[Variant | None, ...]
"""When the parts of a block are shown: always where there is none, and if it is empty."""


def attributes(variants: Variants, place: int) -> str:
    """Return what the element of one part of a block has; nothing if it is always shown."""
    variant = variants[place] if variants else None
    return "" if variant is None else variant.attributes
