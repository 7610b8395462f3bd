"""The picture of a loss over the steps."""

from itertools import pairwise

import pytest

from symcnn.document.pictures.curve import curve, ticks, written
from symcnn.document.story.training import listed_steps, loss_curve
from symcnn.writing.drawing.bounds import label_bounds
from symcnn.writing.drawing.picture import Label, Line
from symcnn.writing.formula.build import decimal
from symcnn.writing.formula.latex import latex
from tests.document.pictures.contexts import said


def picture(numbers):
    return curve(numbers, "a curve")


def line(made):
    (found,) = (s for s in made.shapes if isinstance(s, Line) and s.ink == 1)
    return found.points


def texts(made):
    return [said(s) for s in made.shapes if isinstance(s, Label)]


def test_a_linear_curve():
    """Half of the way in the numbers is half of the way on the page."""
    points = line(picture([4, 3, 2, 0]))
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    assert x1 - x0 == pytest.approx(x2 - x1) == pytest.approx(x3 - x2)
    assert y2 == pytest.approx((y0 + y3) / 2)
    assert y1 == pytest.approx((y0 + y2) / 2)
    assert y0 < y1 < y2 < y3


def test_a_number_stands_at_its_tick():
    made = picture([4, 3, 2, 0])
    places = {said(s): s.y for s in made.shapes if isinstance(s, Label) and s.anchor == "end"}
    for number, (_, y) in zip([4, 3, 2, 0], line(made), strict=True):
        assert places[str(number)] == pytest.approx(y)


def test_a_curve_that_spans_a_lot_is_logarithmic():
    made = picture([1, 0.1, 0.01, 0.001])
    (_, y0), (_, y1), (_, y2), (_, y3) = line(made)
    assert y1 - y0 == pytest.approx(y2 - y1) == pytest.approx(y3 - y2)
    assert {"10^{0}", "10^{-1}", "10^{-2}", "10^{-3}"} <= set(texts(made))


@pytest.mark.parametrize(
    "numbers",
    [[2, 2], [0, 0], [-1e-9, -2e-9], [1e300, 5e299], [1e-20, 1e20], [1, 0.9999999], [0, 1e-300]],
)
def test_everything_stands_inside(numbers):
    made = picture(numbers)
    for label in (s for s in made.shapes if isinstance(s, Label)):
        bounds = label_bounds(label)
        assert bounds.left >= 0
        assert bounds.right <= made.width
        assert bounds.bottom <= made.height
    assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y in line(made))


def test_of_many_steps_the_extremes_are_drawn():
    numbers = [1 + n % 7 / 10 for n in range(50_000)]
    numbers[31_415], numbers[27_182] = 9.0, 0.5
    made = picture(numbers)
    points = line(made)
    assert len(points) < 1000
    assert min(points, key=lambda p: p[1])[0] == pytest.approx(62 + 326 * 31_415 / 49_999)
    assert max(points, key=lambda p: p[1])[0] == pytest.approx(62 + 326 * 27_182 / 49_999)
    assert points[0][0] == 62
    assert points[-1][0] == pytest.approx(388)
    assert all(a[0] <= b[0] for a, b in pairwise(points))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.3, 0.7, [0.3, 0.4, 0.5, 0.6, 0.7]),
        (-1, 3, [-1, 0, 1, 2, 3]),
        (0, 250_000, [0, 50_000, 100_000, 150_000, 200_000, 250_000]),
    ],
)
def test_ticks_are_round(low, high, expected):
    assert ticks(low, high) == expected


def test_ticks_are_written_with_as_many_digits():
    assert written([0.1, 0.15, 0.2]) == ["0.10", "0.15", "0.20"]
    assert [latex(decimal(text)) for text in written([0, 2e7])] == ["0", r"2 \times 10^{7}"]


def test_words_say_what_is_seen():
    alt = loss_curve([0.5, 0.25, 0.001], drawn=False).alt
    assert alt == (
        "Curve of the loss over 2 steps, on a logarithmic scale: 0.5 before the first step, "
        "0.001 after the last, 0.001 at its lowest."
    )
    assert "loss of the batches over 1 step:" in loss_curve([2, 1], drawn=True).alt


def test_steps_that_are_told():
    assert listed_steps(1) == [0, 1]
    assert listed_steps(3) == [0, 1, 2, 3]
    assert listed_steps(100) == [0, 1, 2, 5, 10, 20, 50, 100]
