"""A picture as SVG, inside of a page or as a file of its own.

Its text has the page's colour, and the other colours follow the reader's choice of a bright
or a dark screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import repeat

from symcnn.writing.drawing.bounds import label_bounds
from symcnn.writing.drawing.picture import (
    BRIGHT,
    DARK,
    HOT_BRIGHT,
    HOT_DARK,
    IN_THE_DARK,
    Box,
    Disc,
    Ink,
    Label,
    Line,
    Link,
    Picture,
    Point,
    Shape,
    decimal,
)
from symcnn.writing.formula import Fenced, Formula, nodes
from symcnn.writing.formula.build import NAME
from symcnn.writing.formula.letters import Run, runs

PIXELS = 4 / 3
"""Pixels to a point."""

READABLE = 1.5
"""Pixels to a point on a page: letters of 8 points, with their subscripts, beside its text."""

_DIGIT = 0.5
"""How wide a digit is, in sizes of its font."""

_FONT = "'Latin Modern Roman','Liberation Serif','Times New Roman',Tinos,Times,serif"
_STYLE = (
    f".symcnn text{{font-family:{_FONT};fill:currentColor}}"
    ".symcnn path,.symcnn rect,.symcnn circle"
    "{fill:none;stroke:currentColor;stroke-width:.7;stroke-linecap:round}"
    ".symcnn .thick{stroke-width:1.8}.symcnn rect.thick{stroke-width:1.4}"
    ".symcnn .dashed{stroke-dasharray:3 2.4}.symcnn rect.dashed{stroke-dasharray:1.6 1.6}"
    ".symcnn .filled{fill:currentColor;fill-opacity:.13}"
    ".symcnn .head{fill:currentColor;stroke:none}.symcnn .italic{font-style:italic}"
)
_HALO = (
    ".symcnn .halo{{fill:{0};stroke:{0};stroke-width:3.6;stroke-linejoin:round;"
    "pointer-events:none}}"
).format
_PAGE, _BRIGHT_PAGE, _DARK_PAGE = "var(--paper,Canvas)", "#fff", "#0d1117"
"""The colour behind a picture: on a page, and where a file of its own is likely to be shown."""

_CLASSES = {-1: "faint", **{ink: f"ink{ink}" for ink in BRIGHT if ink > 0}}
_HEATS = {heat: f"{'hot' if heat > 0 else 'cold'}{abs(heat)}" for heat in HOT_BRIGHT}


def svg(picture: Picture, *, themed: bool = False, attributes: Sequence[str] = ()) -> str:
    """Return a picture that stands inside of a page.

    Args:
        picture: The picture.
        themed: Whether the page itself is bright or dark, whatever the reader's system is.
        attributes: What the group of each shape has; a shape without any needs no group.
    """
    size = f'style="display:block;width:{picture.width * READABLE:.0f}px;height:auto"'
    colours = _halo(picture, _PAGE) + _palette(has_heat=_has_heat(picture), themed=themed)
    return _element(picture, size, colours, attributes)


def standalone(picture: Picture) -> str:
    """Return a picture as a file of its own."""
    size = f'width="{picture.width * PIXELS:.0f}" height="{picture.height * PIXELS:.0f}"'
    bright = f".symcnn{{color:#{BRIGHT[0]}}}"
    in_the_dark = f".symcnn{{color:#{DARK[0]}}}"
    if halo := _halo(picture, _BRIGHT_PAGE):
        bright += halo
        in_the_dark += _HALO(_DARK_PAGE)
    colours = bright + f"{IN_THE_DARK}{{{in_the_dark}}}"
    colours += _palette(has_heat=_has_heat(picture), themed=False)
    attributes = f'xmlns="http://www.w3.org/2000/svg" {size}'
    return _element(picture, attributes, colours) + "\n"


def _halo(picture: Picture, page: str) -> str:
    has_halo = any(isinstance(shape, Label) and shape.halo for shape in picture.shapes)
    return _HALO(page) if has_halo else ""


def _has_heat(picture: Picture) -> bool:
    return any(isinstance(shape, Box) and shape.heat for shape in picture.shapes)


def _element(picture: Picture, attributes: str, colours: str, of_shapes: Sequence[str] = ()) -> str:
    box = f"0 0 {decimal(picture.width)} {decimal(picture.height)}"
    alt = escape(picture.alt)
    return (
        f'<svg class="symcnn" role="img" aria-label="{alt}" viewBox="{box}" {attributes}>'
        f"<title>{alt}</title><style>{_STYLE}{colours}</style>\n"
        + "\n".join(map(_grouped, picture.shapes, of_shapes or repeat("")))
        + "\n</svg>"
    )


@lru_cache(maxsize=4)
def _palette(*, has_heat: bool, themed: bool) -> str:
    bright, dark = _rules(BRIGHT, _INK, _CLASSES), _rules(DARK, _INK, _CLASSES)
    both = _rules(_themed(BRIGHT, DARK), _INK, _CLASSES)
    if has_heat:
        bright += _rules(HOT_BRIGHT, _FILL, _HEATS)
        dark += _rules(HOT_DARK, _FILL, _HEATS)
        both += _rules(_themed(HOT_BRIGHT, HOT_DARK), _FILL, _HEATS)
    return both if themed else bright + f"{IN_THE_DARK}{{{dark}}}"


_INK, _FILL = "color:{}", "fill:{};stroke:none"


def _themed(bright: Mapping[Ink, str], dark: Mapping[Ink, str]) -> Mapping[Ink, str]:
    """Return colours that follow the page, which is bright or dark itself."""
    return {ink: f"light-dark(#{rgb},#{dark[ink]})" for ink, rgb in bright.items()}


def _rules(colours: Mapping[Ink, str], what: str, classes: Mapping[Ink, str]) -> str:
    own = {ink: rgb if "(" in rgb else f"#{rgb}" for ink, rgb in colours.items()}
    return "".join(f".symcnn .{name}{{{what.format(own[n])}}}" for n, name in classes.items())


def _grouped(shape: Shape, attributes: str) -> str:
    return f"<g{attributes}>{_shape(shape)}</g>" if attributes else _shape(shape)


def _shape(shape: Shape) -> str:
    match shape:
        case Label():
            return _label(shape)
        case Line():
            path = f'<path{_class(shape)}{_linked(shape.link)} d="{_path(shape.points)}"/>'
            return path + (_head(shape) if shape.arrow else "")
        case Disc(x, y, radius):
            place = f'cx="{decimal(x)}" cy="{decimal(y)}" r="{decimal(radius)}"'
            return f"<circle{_class(shape)}{_numbered(shape.figure)} {place}/>"
        case Box(x, y, width, height):
            place = f'x="{decimal(x)}" y="{decimal(y)}"'
            size = f'width="{decimal(width)}" height="{decimal(height)}"'
            return f"<rect{_class(shape)}{_numbered(shape.figure)} {place} {size}/>"


def _label(label: Label) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    place = f'x="{decimal(label.x)}" y="{decimal(label.baseline)}" font-size="{label.size:g}"'
    text = escape(label.text) if isinstance(label.text, str) else _formula(label.text, label.size)
    # letters with scripts are several runs, of which each would be painted over the one before
    below = f'<text class="halo" {place}{anchor}>{text}</text>' if label.halo else ""
    if label.halo and _has_brackets(label.text):
        left, top, right, bottom = map(decimal, label_bounds(label))
        below += f'<path class="halo" d="M{left} {top}H{right}V{bottom}H{left}Z"/>'
    return f"{below}<text{_class(label)} {place}{anchor}>{text}</text>"


def _has_brackets(text: Formula | str) -> bool:
    """Tell whether there are brackets, between which a line would be seen."""
    return not isinstance(text, str) and any(isinstance(node, Fenced) for node in nodes(text))


def _numbered(figure: int | None) -> str:
    """Say which entry a shape stands for, as its name does, where a page follows its numbers."""
    return "" if figure is None else f' data-figure="{figure}" data-place="{NAME}"'


def _linked(link: Link | None) -> str:
    named = zip(("to", "from", "weight"), link or (), strict=False)
    return "".join(f' data-{name}="{figure}"' for name, figure in named if figure is not None)


def _class(shape: Shape) -> str:
    kinds = [kind for kind in ("thick", "dashed", "filled") if getattr(shape, kind, False)]
    colours = [_CLASSES[shape.ink]] if shape.ink else []
    if isinstance(shape, Box) and shape.heat:
        colours = [_HEATS[shape.heat]]
    names = [*colours, *kinds]
    return f' class="{" ".join(names)}"' if names else ""


def _head(line: Line) -> str:
    """Draw the arrow's head: markers would need names that are unique on a page."""
    colour = f" {_CLASSES[line.ink]}" if line.ink else ""
    return f'<path class="head{colour}" d="{_path(line.head)}Z"/>'


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{decimal(x)} {decimal(y)}" for x, y in points)


@lru_cache(maxsize=2048)
def _formula(formula: Formula, size: float) -> str:
    return "".join(_spans(runs(formula), size))


def _spans(parts: Iterable[Run], size: float) -> Iterable[str]:
    """Place runs: shifts are relative to the run before, as SVG has no other."""
    line, before = 0.0, 0.0
    for run in parts:
        attributes = ' class="italic"' if run.italic else ""
        if run.scale != 1:
            attributes += f' font-size="{decimal(run.scale * size)}"'
        if run.over:
            attributes += f' dx="{decimal(-before)}"'
        if run.shift != line:
            attributes += f' dy="{decimal((run.shift - line) * size)}"'
        if run.key is not None:
            place = f' data-place="{run.place}"' if run.place else ""
            attributes += f' data-figure="{run.key}"{place}'
        line, before = run.shift, len(run.text) * _DIGIT * run.scale * size
        text = escape(run.text)
        yield f"<tspan{attributes}>{text}</tspan>" if attributes else text
