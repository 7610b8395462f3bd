"""Pictures as Typst: each shape stands where the picture says, letters in the page's font."""

from __future__ import annotations

from functools import singledispatch
from math import hypot

from symcnn.document.pictures.palette import BRIGHT
from symcnn.document.pictures.picture import Box, Disc, Ink, Label, Line, Picture, Shape
from symcnn.formula.typst import formula, string

_ARROW = 5.0
_PLACES = {"start": ("left", 0.0), "middle": ("center", 0.5), "end": ("right", 1.0)}
"""How a label stands, and where in the picture it would stand by itself."""


def drawing(picture: Picture) -> str:
    """Return a picture as a box of code."""
    shapes = "\n".join(f"  {_shape(shape, picture)}" for shape in picture.shapes)
    size = f"width: {_points(picture.width)}, height: {_points(picture.height)}"
    return f"box({size}, {{\n{shapes}\n}})"


@singledispatch
def _shape(shape: Shape, picture: Picture) -> str:
    raise TypeError(f"no Typst for {type(shape).__name__}")


@_shape.register
def _(label: Label, picture: Picture) -> str:
    letters = string(label.text) if label.words else f"${formula(label.text)}$"
    text = f"text(size: {_points(label.size)}, fill: {_colour(label.ink)}, {letters})"
    side, share = _PLACES[label.anchor]
    dx, dy = label.x - share * picture.width, label.y - 0.5 * picture.height
    return f"place({side} + horizon, dx: {_points(dx)}, dy: {_points(dy)}, {text});"


@_shape.register
def _(line: Line, picture: Picture) -> str:
    stroke = _stroke(line.ink, 1.8 if line.thick else 0.7, "(3pt, 2.4pt)" if line.dashed else "")
    first, *others = (_point(*point) for point in line.points)
    parts = [f"curve.move({first})", *(f"curve.line({point})" for point in others)]
    path = _placed(0, 0, f"curve(stroke: {stroke}, {', '.join(parts)})")
    return path + (_head(line) if line.arrow else "")


@_shape.register
def _(disc: Disc, picture: Picture) -> str:
    corner = disc.x - disc.radius, disc.y - disc.radius
    options = _outline(disc.ink, 0.7, filled=disc.filled)
    return _placed(*corner, f"circle(radius: {_points(disc.radius)}, {options})")


@_shape.register
def _(box: Box, picture: Picture) -> str:
    dashes = "(1.6pt, 1.6pt)" if box.dashed else ""
    options = _outline(box.ink, 1.4 if box.thick else 0.7, dashes, filled=box.filled)
    size = f"width: {_points(box.width)}, height: {_points(box.height)}"
    return _placed(box.x, box.y, f"rect({size}, {options})")


def _head(line: Line) -> str:
    """Draw the head of an arrow."""
    (a, b), (x, y) = line.points[-2:]
    length = hypot(x - a, y - b)
    u, v = (x - a) / length * _ARROW, (y - b) / length * _ARROW
    corners = [(x, y), (x - u - 0.4 * v, y - v + 0.4 * u), (x - u + 0.4 * v, y - v - 0.4 * u)]
    points = ", ".join(_point(*corner) for corner in corners)
    return _placed(0, 0, f"polygon(fill: {_colour(line.ink)}, {points})")


def _placed(x: float, y: float, shape: str) -> str:
    return f"place(top + left, dx: {_points(x)}, dy: {_points(y)}, {shape});"


def _outline(ink: Ink, width: float, dashes: str = "", *, filled: bool) -> str:
    fill = f", fill: {_colour(ink)}.transparentize(87%)" if filled else ""
    return f"stroke: {_stroke(ink, width, dashes)}{fill}"


def _stroke(ink: Ink, width: float, dashes: str) -> str:
    dash = f", dash: {dashes}" if dashes else ""
    return f"(paint: {_colour(ink)}, thickness: {width}pt, cap: {string('round')}{dash})"


def _colour(ink: Ink) -> str:
    return f"rgb({string(BRIGHT[ink])})" if ink else "black"


def _point(x: float, y: float) -> str:
    return f"({_points(x)}, {_points(y)})"


def _points(value: float) -> str:
    return f"{round(value, 2):g}pt"
