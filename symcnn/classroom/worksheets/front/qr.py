"""A QR code that says whose sheet a photograph or a scan shows: the variant, title and code."""

from __future__ import annotations

from io import BytesIO

from symcnn.document.inline import Image

_SIZE, _PIXELS, _QUIET = 62.0, 8, 4
"""How large it is printed, in points; the pixels of a cell, and the cells of its margin."""

_LETTERS = 120
"""The characters of a title that it has: of more its cells would be too small."""


def qr(title: str, variant: str, code: str) -> Image:
    """Return the QR code of a sheet: lines of text."""
    import segno  # an extra

    said = [f"variant {variant}"] if variant else []
    text = "\n".join([title[:_LETTERS], *said, f"sheet {code}"])
    content = BytesIO()
    segno.make_qr(text, error="m").save(content, kind="png", scale=_PIXELS, border=_QUIET)
    alt = "A QR code with the title and the variant of this sheet."
    return Image(content.getvalue(), "png", _SIZE, _SIZE, alt)
