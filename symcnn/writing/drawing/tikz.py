r"""A picture as TikZ: a tikzpicture that stands by itself wherever \usepackage{tikz} is.

Its colours are defined inside of it, so that a pasted fragment works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import singledispatch

from symcnn.writing.drawing.picture import (
    BRIGHT,
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
        "\\begin{tikzpicture}[x=1pt, y=-1pt, inner sep=0pt, line width=0.6pt, line cap=round]\n"
        f"{_colours(picture.shapes)}"
        f"\\useasboundingbox (0,0) rectangle {_point(picture.width, picture.height)};\n"
        f"{body}\n\\end{{tikzpicture}}"
    )


def _colours(shapes: Iterable[Shape]) -> str:
    used = sorted({shape.ink for shape in shapes} - {0})
    return "".join(f"\\definecolor{{{_colour(i)}}}{{HTML}}{{{BRIGHT[i]}}}\n" for i in used)


def _colour(ink: Ink) -> str:
    return {0: "black", -1: "symcnnfaint"}.get(ink, f"symcnn{ink}")


@singledispatch
def _shape(shape: Shape, escaped: Escape) -> str:
    raise TypeError(f"no TikZ for {type(shape).__name__}")


@_shape.register
def _(label: Label, escaped: Escape) -> str:
    options = f"{_colour(label.ink)}, anchor={_ANCHORS[label.anchor]}"
    options += r", font=\footnotesize" if label.small else ""
    text = escaped(label.text) if isinstance(label.text, str) else f"${latex(label.text)}$"
    return rf"\node[{options}] at {_point(label.x, label.baseline)} {{{text}}};"


@_shape.register
def _(line: Line, escaped: Escape) -> str:
    arrow = ", -latex" if line.arrow else ""
    points = " -- ".join(_point(*point) for point in line.points)
    return rf"\draw[{_outline(line)}{arrow}] {points};"


@_shape.register
def _(disc: Disc, escaped: Escape) -> str:
    circle = f"circle[radius={decimal(disc.radius)}pt]"
    return rf"\draw[{_outline(disc)}] {_point(disc.x, disc.y)} {circle};"


@_shape.register
def _(box: Box, escaped: Escape) -> str:
    corner = _point(box.x + box.width, box.y + box.height)
    return rf"\draw[{_outline(box)}] {_point(box.x, box.y)} rectangle {corner};"


def _outline(shape: Line | Disc | Box) -> str:
    colour, (width, dashes) = _colour(shape.ink), stroke(shape)
    options = [colour]
    options += [f"fill={colour}!12"] if getattr(shape, "filled", False) else []
    options += [f"line width={width:g}pt"] if width else []
    options += ["dash pattern=on {:g}pt off {:g}pt".format(*dashes)] if dashes else []
    return ", ".join(options)


def _point(x: float, y: float) -> str:
    return f"({decimal(x)},{decimal(y)})"
