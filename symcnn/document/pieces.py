"""What all blocks have, and the blocks of a sheet besides those of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from symcnn.document.outline import Role

if TYPE_CHECKING:
    from symcnn.document.blocks import Block


@dataclass(frozen=True)
class Told:
    """What all blocks have.

    Attributes:
        role: What it is for; the assembler gives it one if it has none.
        asked: What a student gets instead, if this, or the choice of it, tells something.
        on_paper: What stands instead on the lines of a page, which are longer than others.
    """

    role: Role | None = field(default=None, kw_only=True, compare=False)
    asked: tuple[Block, ...] | None = field(default=None, kw_only=True)
    on_paper: tuple[Block, ...] | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Image:
    """A picture that somebody else drew.

    Attributes:
        content: Its file.
        format: How the file's name ends.
        width: How wide it is printed, in points.
        height: How high it is printed, in points.
        alt: What it shows, in words, for those who do not see it.
    """

    content: bytes
    format: Literal["png", "pdf"]
    width: float
    height: float
    alt: str

    @property
    def name(self) -> str:
        """The name of its file beside a document: the same for the same picture."""
        return f"image-{sha256(self.content).hexdigest()[:8]}.{self.format}"


@dataclass(frozen=True)
class Emblems(Told):
    """Pictures side by side: the first one at the left margin, the last at the right one."""

    images: tuple[Image, ...]


@dataclass(frozen=True)
class Break(Told):
    """Where a page of paper ends.

    Attributes:
        kind: "page": it ends here, unless most of it is empty; "ruled": it ends here, with lines to
            write on as far as its foot.
    """

    kind: Literal["page", "ruled"] = "page"


def images_of(blocks: tuple[Block, ...]) -> dict[str, bytes]:
    """Return the files of the pictures that somebody else drew, by their names."""
    emblems = (block for block in blocks if isinstance(block, Emblems))
    return {image.name: image.content for block in emblems for image in block.images}
