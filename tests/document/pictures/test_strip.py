"""The strip of window positions: what is shaded is what the equation reads."""

import pytest

import symcnn as sc
from symcnn.document.pictures.find_window import find
from symcnn.document.pictures.strip import strip
from symcnn.writing.drawing.picture import WIDEST, Box, Label
from tests.document.networks import problem_of
from tests.document.pictures.contexts import context, material_of, said
from tests.document.pictures.test_window import CASES, window_of


def shaded(picture):
    return [shape for shape in picture.shapes if isinstance(shape, Box) and shape.filled]


@pytest.mark.parametrize("name", CASES)
def test_every_position_has_its_window(name):
    """As many cells are shaded as there are positions times weights, one in the other colour."""
    layer, shape = CASES[name]
    window = window_of(layer, shape=shape)
    drawn = strip(window)
    count = len(window.positions())
    assert drawn.is_cut is any(window.cut)
    labels = [said(s) for s in drawn.picture.shapes if isinstance(s, Label)]
    assert len(labels) == len(set(labels)) == count
    assert len(shaded(drawn.picture)) == count * len(window.offsets())
    assert sum(box.ink == 2 for box in shaded(drawn.picture)) == count


def test_from_one_grid_to_the_next_the_window_moves_by_its_stride():
    window = window_of(sc.Conv1D(1, 2, stride=2), shape=(6, 1))
    boxes = shaded(strip(window).picture)
    side = boxes[0].width
    tops = [box.y for box in boxes if box.ink == 2]
    assert tops == pytest.approx([tops[0] + 2 * side * n for n in range(3)])


def test_words_say_what_each_window_reads():
    assert strip(find(context("seed"))).picture.alt == (
        "The window over its input at one position after another: z₁₃ from x₁ to x₂; "
        "z₂₃ from x₂ to x₃."
    )


def test_of_many_positions_the_first_are_drawn():
    window = window_of(sc.Conv2D(1, 3), shape=(28, 28, 1))
    drawn = strip(window)
    assert drawn.is_cut
    assert drawn.picture.width <= WIDEST
    assert drawn.picture.height <= 175
    assert len(shaded(drawn.picture)) == 25 * 9


def test_a_single_position_needs_no_strip():
    assert strip(window_of(sc.Conv2D(1, 3), shape=(3, 3, 1))) is None


def test_a_strip_holds_no_number():
    network = sc.Network((4, 2), [sc.Conv1D(2, 2)], sc.HalfSquaredError(), batch=2)
    drawn = strip(find(material_of(problem_of(network, "strip"))))
    labels = [said(s) for s in drawn.picture.shapes if isinstance(s, Label)]
    assert labels == ["z_{112}", "z_{122}", "z_{132}"]
