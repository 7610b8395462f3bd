"""Pictures as Typst: each shape stands where the picture says, letters in the page's font."""

from __future__ import annotations

from symcnn.writing.drawing.picture import (
    BRIGHT,
    HOT_BRIGHT,
    Box,
    Disc,
    Ink,
    Label,
    Line,
    Outline,
    Picture,
    Shape,
    stroke,
)
from symcnn.writing.formula.typst import formula, string

_PLACES = {"start": ("left", 0.0), "middle": ("center", 0.5), "end": ("right", 1.0)}
"""How a label stands, and where in the picture it would stand by itself."""


_THIN = 0.7
"""The width of a stroke that is not thick, in points."""


def drawing(picture: Picture) -> str:
    """Return a picture as a box of code."""
    shapes = "\n".join(f"  {_shape(shape, picture)}" for shape in picture.shapes)
    size = f"width: {_points(picture.width)}, height: {_points(picture.height)}"
    return f"box({size}, {{\n{shapes}\n}})"


def _shape(shape: Shape, picture: Picture) -> str:
    match shape:
        case Label():
            return _label(shape, picture)
        case Line():
            first, *others = (_point(*point) for point in shape.points)
            parts = [f"curve.move({first})", *(f"curve.line({point})" for point in others)]
            path = _placed(0, 0, f"curve({_outline(shape)}, {', '.join(parts)})")
            return path + (_head(shape) if shape.arrow else "")
        case Disc(x, y, radius):
            circle = f"circle(radius: {_points(radius)}, {_outline(shape)})"
            return _placed(x - radius, y - radius, circle)
        case Box(x, y, width, height):
            size = f"width: {_points(width)}, height: {_points(height)}"
            if shape.heat:
                fill = f"fill: rgb({string(HOT_BRIGHT[shape.heat])})"
                return _placed(x, y, f"rect({size}, {fill})")
            return _placed(x, y, f"rect({size}, {_outline(shape)})")


def _label(label: Label, picture: Picture) -> str:
    letters = string(label.text) if isinstance(label.text, str) else f"${formula(label.text)}$"
    text = f"text(size: {_points(label.size)}, fill: {_colour(label.ink)}, {letters})"
    if label.halo:
        text = f"box(fill: white, outset: 0.5pt, {text})"
    side, share = _PLACES[label.anchor]
    dx, dy = label.x - share * picture.width, label.y - 0.5 * picture.height
    return f"place({side} + horizon, dx: {_points(dx)}, dy: {_points(dy)}, {text});"


def _head(line: Line) -> str:
    points = ", ".join(_point(*corner) for corner in line.head)
    return _placed(0, 0, f"polygon(fill: {_colour(line.ink)}, {points})")


def _placed(x: float, y: float, shape: str) -> str:
    return f"place(top + left, dx: {_points(x)}, dy: {_points(y)}, {shape});"


def _outline(shape: Outline) -> str:
    colour, (width, dashes) = _colour(shape.ink), stroke(shape)
    dash = f", dash: ({', '.join(map(_points, dashes))})" if dashes else ""
    fill = f", fill: {colour}.transparentize(87%)" if getattr(shape, "filled", False) else ""
    return f'stroke: (paint: {colour}, thickness: {width or _THIN}pt, cap: "round"{dash}){fill}'


def _colour(ink: Ink) -> str:
    return f"rgb({string(BRIGHT[ink])})" if ink else "black"


def _point(x: float, y: float) -> str:
    return f"({_points(x)}, {_points(y)})"


def _points(value: float) -> str:
    return f"{round(value, 2):g}pt"
