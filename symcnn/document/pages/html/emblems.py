"""The front of a sheet as HTML: pictures side by side, and where a printed page ends."""

from __future__ import annotations

from base64 import b64encode

from symcnn.document.blocks import Emblems
from symcnn.document.inline import Image
from symcnn.document.pages.html.text import escaped
from symcnn.errors import SymcnnError

PAGE_END = '<div style="break-after:page"></div>'


def emblems(block: Emblems) -> str:
    """Return pictures side by side, each of which the page itself holds.

    Raises:
        SymcnnError: If one is a PDF, which no page shows as a picture.
    """
    shown = "\n".join(map(_image, block.images))
    return f'<div style="display:flex;justify-content:space-between;gap:1em">\n{shown}\n</div>'


def _image(image: Image) -> str:
    if image.format != "png":
        raise SymcnnError("a page of HTML shows no PDF as a logo: give one in PNG")
    source = f"data:image/png;base64,{b64encode(image.content).decode()}"
    size = f'width="{round(image.width * 4 / 3)}" height="{round(image.height * 4 / 3)}"'
    return f'<img src="{source}" alt="{escaped(image.alt)}" {size} />'
