"""A logo: a small file in PNG or PDF, looked at before a typesetter is."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from symcnn.document.inline import Image
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.limits import sheets
from symcnn.limits.files import content_of

_HIGH, _WIDEST = 48.0, 160.0
"""How high a logo is printed, and how wide it can be, in points."""

_PNG, _PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"
_ALT = "The logo."


def logo_of(path: Path) -> Image:
    """Return a logo.

    Raises:
        TooLargeError: If the file is too large.
        SymcnnError: If it cannot be read, or is neither.
    """
    content = content_of(path, sheets.LOGO_BYTES)
    if content.startswith(_PNG):
        return picture(content, "png", *_size(content), alt=_ALT)
    if content.startswith(_PDF):
        return picture(content, "pdf", *_box(content), alt=_ALT)
    raise SymcnnError("the logo is neither PNG nor PDF: save it as one of the two")


def picture(
    content: bytes, format: Literal["png", "pdf"], wide: float, high: float, alt: str
) -> Image:
    """Return a picture as high as a logo, unless that is too wide."""
    scale = min(_HIGH / high, _WIDEST / wide)
    return Image(content, format, round(wide * scale, 1), round(high * scale, 1), alt)


def _size(content: bytes) -> tuple[int, int]:
    """Return the width and the height of a PNG, all of whose parts are sound."""
    parts = [*_parts(content)]
    if not parts or parts[0][0] != b"IHDR" or len(parts[0][1]) != 13 or parts[-1][0] != b"IEND":
        raise SymcnnError("the logo is a damaged PNG: save it again")
    wide, high = (int.from_bytes(parts[0][1][at : at + 4], "big") for at in (0, 4))
    if not wide * high:
        raise SymcnnError("the logo has no pixels: save it again")
    if wide * high > sheets.LOGO_PIXELS:
        raise TooLargeError(
            f"the logo has {wide * high:,} pixels: save it with at most {sheets.LOGO_PIXELS:,}"
        )
    return wide, high


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Run over the parts of a PNG: their kinds and what they hold."""
    at = len(_PNG)
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise SymcnnError("the logo is a damaged PNG: save it again")
        yield kind, body
        at += 12 + length


def _box(content: bytes) -> tuple[float, float]:
    """Return the width and the height of a PDF's page, if the file says so plainly."""
    _, found, rest = content.partition(b"/MediaBox")
    numbers = rest.partition(b"[")[2].partition(b"]")[0].split() if found else []
    try:
        left, low, right, top = map(float, numbers)
    except ValueError:
        raise SymcnnError("the page of the logo has no size: save it as PNG") from None
    if not (0 < right - left < 10_000 and 0 < top - low < 10_000):
        raise SymcnnError("the page of the logo has no size: save it as PNG")
    return right - left, top - low
