r"""A picture as TikZ: a tikzpicture that stands by itself wherever \usepackage{tikz} is.

Its colours are defined inside of it, so that a pasted fragment works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symcnn.writing.drawing.picture import (
    BRIGHT,
    HOT_BRIGHT,
    SIZE,
    Box,
    Disc,
    Ink,
    Label,
    Line,
    Picture,
    Shape,
    decimal,
    stroke,
)
from symcnn.writing.formula.latex import latex

Escape = Callable[[str], str]
"""Makes words print as they stand."""

_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


def tikz(picture: Picture, escaped: Escape) -> str:
    """Return a picture as LaTeX."""
    body = "\n".join(_shape(shape, escaped) for shape in picture.shapes)
    return (
        "\\begin{tikzpicture}[x=1pt, y=-1pt, inner sep=0pt, line width=0.6pt, line cap=round,\n"
        f"  every node/.style={{{_font(SIZE)}}}]\n"
        f"{_colours(picture.shapes)}"
        f"\\useasboundingbox (0,0) rectangle {_point(picture.width, picture.height)};\n"
        f"{body}\n\\end{{tikzpicture}}"
    )


def _colours(shapes: Iterable[Shape]) -> str:
    shapes = tuple(shapes)
    used = {_colour(ink): BRIGHT[ink] for ink in sorted({shape.ink for shape in shapes} - {0})}
    heats = sorted({shape.heat for shape in shapes if isinstance(shape, Box) and shape.heat})
    used |= {_heat(heat): HOT_BRIGHT[heat] for heat in heats}
    return "".join(f"\\definecolor{{{name}}}{{HTML}}{{{rgb}}}\n" for name, rgb in used.items())


def _heat(heat: int) -> str:
    return f"symcnn{'hot' if heat > 0 else 'cold'}{abs(heat)}"


def _colour(ink: Ink) -> str:
    return {0: "black", -1: "symcnnfaint"}.get(ink, f"symcnn{ink}")


def _shape(shape: Shape, escaped: Escape) -> str:
    match shape:
        case Label():
            options = f"{_colour(shape.ink)}, anchor={_ANCHORS[shape.anchor]}"
            options += f", {_font(shape.size)}" if shape.size != SIZE else ""
            options += ", fill=white, inner sep=0.4pt" if shape.halo else ""
            text = escaped(shape.text) if isinstance(shape.text, str) else f"${latex(shape.text)}$"
            return rf"\node[{options}] at {_point(shape.x, shape.baseline)} {{{text}}};"
        case Line():
            arrow = ", -latex" if shape.arrow else ""
            points = " -- ".join(_point(*point) for point in shape.points)
            return rf"\draw[{_outline(shape)}{arrow}] {points};"
        case Disc(x, y, radius):
            circle = f"circle[radius={decimal(radius)}pt]"
            return rf"\draw[{_outline(shape)}] {_point(x, y)} {circle};"
        case Box(x, y, width, height):
            corner = _point(x + width, y + height)
            if shape.heat:
                return rf"\fill[{_heat(shape.heat)}] {_point(x, y)} rectangle {corner};"
            return rf"\draw[{_outline(shape)}] {_point(x, y)} rectangle {corner};"


def _font(size: float) -> str:
    """Give letters the size that their picture was made for, whatever that of the text is."""
    return rf"font=\fontsize{{{size:g}}}{{{1.2 * size:g}}}\selectfont"


def _outline(shape: Line | Disc | Box) -> str:
    colour, (width, dashes) = _colour(shape.ink), stroke(shape)
    options = [colour]
    options += [f"fill={colour}!12"] if getattr(shape, "filled", False) else []
    options += [f"line width={width:g}pt"] if width else []
    options += ["dash pattern=on {:g}pt off {:g}pt".format(*dashes)] if dashes else []
    return ", ".join(options)


def _point(x: float, y: float) -> str:
    return f"({decimal(x)},{decimal(y)})"
