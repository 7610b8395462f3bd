"""The front of a sheet as LaTeX: pictures side by side, and where pages end."""

from __future__ import annotations

from collections.abc import Iterable

from symcnn.document.blocks import Block, Break, Emblems
from symcnn.document.inline import Image

_BREAKS = {
    "page": r"\par\penalty0\ifdim\pagetotal>.34\textheight\newpage\fi",
    "ruled": (
        r"\par\leaders\vbox to 22pt{\vfil\hrule width\textwidth height.2pt}\vskip 0pt plus 1fill"
        r"\newpage"
    ),
}


def printed(block: Emblems | Break) -> str:
    """Print a block."""
    if isinstance(block, Break):
        return _BREAKS[block.kind]
    return "\\par\\noindent " + "\\hfill ".join(map(_image, block.images)) + "\\par"


def _image(image: Image) -> str:
    sizes = f"width={image.width:g}bp,height={image.height:g}bp"
    return f"\\includegraphics[{sizes}]{{{image.name}}}"


def graphics(blocks: Iterable[Block]) -> str:
    """Return what an article with such pictures loads."""
    found = any(isinstance(block, Emblems) for block in blocks)
    return "\\usepackage{graphicx}\n" if found else ""
