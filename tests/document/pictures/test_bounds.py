"""Room: no two labels meet, all is inside of its picture, no line is drawn over a label."""

from itertools import combinations, pairwise
from math import hypot

import pytest

from symcnn.document.blocks import Diagram
from symcnn.document.pictures.find_window import find
from symcnn.document.pictures.grids import Cell, Panel
from symcnn.document.pictures.layers import layers
from symcnn.document.pictures.network import asked_network, network
from symcnn.document.pictures.panels import beside
from symcnn.document.pictures.window_pictures import window_picture
from symcnn.document.story.windows import window_pictures
from symcnn.writing.drawing.bounds import (
    Bounds,
    box_bounds,
    disc_bounds,
    label_bounds,
    line_bounds,
    within,
)
from symcnn.writing.drawing.picture import WIDER, WIDEST, Box, Disc, Label, Line
from symcnn.writing.formula import read
from tests.document.pictures.contexts import MAKERS, context, said
from tests.draws import some


def wide(name):
    """The pictures of a document, with the widths that they may have."""
    made, drawn = context(name), network(context(name))
    windows = [block.picture for block in window_pictures(made) if isinstance(block, Diagram)]
    asked = drawn and asked_network(drawn.graph)
    networks = [found.picture for found in (drawn, asked) if found is not None]
    own = [layers(made).picture, layers(made, is_solved=False).picture, *windows]
    return [*((picture, WIDER) for picture in networks), *((picture, WIDEST) for picture in own)]


BOUNDS = {Label: label_bounds, Disc: disc_bounds, Box: box_bounds, Line: line_bounds}


def inside(inner, outer):
    return all(a >= b - 1e-6 for a, b in zip(inner[:2], outer[:2], strict=True)) and all(
        a <= b + 1e-6 for a, b in zip(inner[2:], outer[2:], strict=True)
    )


@pytest.mark.parametrize("name", some(MAKERS, 3))
def test_nothing_collides_and_all_is_inside(name):
    for picture, widest in wide(name):
        whole = Bounds(0, 0, picture.width, picture.height)
        bounds = [(shape, BOUNDS[type(shape)](shape)) for shape in picture.shapes]
        assert picture.width <= widest + 1e-6
        assert [shape for shape, room in bounds if not inside(room, whole)] == []
        labels = [(s, room) for s, room in bounds if isinstance(s, Label)]
        discs = [(s, room) for s, room in bounds if isinstance(s, Disc)]
        meeting = [
            (a, b)
            for (a, one), (b, other) in combinations([*labels, *discs], 2)
            if one.meets(other) and not (isinstance(b, Disc) and inside(one, other))
        ]
        assert meeting == []
        assert list(drawn_over(picture)) == []


def drawn_over(picture):
    """The lines that pass through a label: it has no halo, or is below them."""
    for n, line in enumerate(picture.shapes):
        if isinstance(line, Line):
            for m, label in enumerate(picture.shapes):
                if isinstance(label, Label) and not (label.halo and m > n):
                    room = label_bounds(label)
                    if any(within(*pair, room) for pair in pairwise(line.points)):
                        yield line, label


@pytest.mark.parametrize("name", some(MAKERS, 3))
def test_boxes_to_write_in_are_empty(name):
    drawn = network(context(name))
    asked = drawn and asked_network(drawn.graph)
    shapes = asked.picture.shapes if asked else ()
    boxes = [box_bounds(shape) for shape in shapes if isinstance(shape, Box)]
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    discs = [disc_bounds(shape) for shape in shapes if isinstance(shape, Disc)]
    assert not any(box.meets(disc) for box in boxes for disc in discs)
    words = {said(s) for s in shapes for box in boxes if isinstance(s, Label) and meets(s, box)}
    assert words <= {r"\delta"}
    pieces = [p for s in shapes if isinstance(s, Line) for p in pairwise(s.points)]
    assert not any(within(*piece, box) for piece in pieces for box in boxes)


def meets(label, box):
    return label_bounds(label).meets(box)


def test_labels_stand_inside_of_their_boxes():
    shapes = window_picture(find(context("seed"))).shapes
    boxes = [box_bounds(shape) for shape in shapes if isinstance(shape, Box)]
    entries = [
        shape for shape in shapes if isinstance(shape, Label) and not isinstance(shape.text, str)
    ]
    assert len(boxes) == 3 + 2 + 2
    signs = [entry for entry in entries if not entry.small]
    assert len(signs) == 2
    entries = [entry for entry in entries if entry.small]
    assert len(entries) == 2 * len(boxes)
    assert all(any(inside(label_bounds(e), box) for box in boxes) for e in entries)


def test_edges_are_never_cut():
    """Each edge of the seed is one line from node to node, whatever stands on it."""
    picture = network(context("seed")).picture
    ends = [(line.points[0], line.points[-1]) for line in picture.shapes if isinstance(line, Line)]
    discs = [shape for shape in picture.shapes if isinstance(shape, Disc)]
    joined = [sum(touches(p, discs) for p in pair) for pair in ends]
    assert joined.count(2) == 24
    assert joined.count(0) == 2  # the arrows of the legend


def touches(point, discs):
    return any(abs(hypot(point[0] - d.x, point[1] - d.y) - d.radius) < 1e-6 for d in discs)


def test_a_label_is_as_wide_as_its_letters():
    formula = label_bounds(Label(10, 0, read("123"), anchor="start", small=False))
    assert formula.left == 10
    assert formula.right == pytest.approx(10 + 15, rel=0.05)  # digits of 10 pt are 5 pt wide
    words = label_bounds(Label(10, 0, "conv1.weight", anchor="end", small=False))
    assert words.right == 10
    assert words.right - words.left == pytest.approx(55, rel=0.25)  # 53.8 pt in LaTeX


def grid(side, symbol="x_{11}"):
    return Panel(
        "p",
        {(r, c): Cell(read(symbol), read("0.12345678")) for r in range(side) for c in range(side)},
    )


@pytest.mark.parametrize(("side", "labels"), [(2, 2), (6, 1), (12, 1), (25, 0)])
def test_cells_lose_their_symbols_and_values_before_the_page_is_too_narrow(side, labels):
    picture = beside([[grid(side)], [grid(2)]], (read("="),), "")
    inner = [s for s in picture.shapes if isinstance(s, Label) and not isinstance(s.text, str)]
    assert len(inner) == labels * (side * side + 4) + 1


def test_what_is_too_wide_is_not_drawn():
    assert beside([[grid(120)], [grid(2)]], (read("="),), "") is None
