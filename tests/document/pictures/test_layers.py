"""The network layer by layer: boxes to scale, colours of numbers, and ways down and up."""

from itertools import pairwise

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.document.blocks import Diagram
from symcnn.document.pictures.fields import Extent, Scale, extent, field
from symcnn.document.pictures.layers import layers
from symcnn.writing.drawing.bounds import label_bounds, within
from symcnn.writing.drawing.picture import HEAT, Box, Label, Line
from tests.document.networks import problem_of
from tests.document.pictures.contexts import context, material_of, said, words


def material(layers_, shape, **more):
    made = sc.Network(shape, layers_, sc.HalfSquaredError(), **more)
    return material_of(problem_of(made, "drawn"))


def drawn(layers_, shape, **more):
    return layers(material(layers_, shape, **more)).picture


def of(picture, kind):
    return [shape for shape in picture.shapes if isinstance(shape, kind)]


def arrows(picture):
    return [line for line in of(picture, Line) if line.arrow]


def texts(picture):
    return [said(label) for label in of(picture, Label)]


def test_every_layer_has_its_shape_and_parameters():
    picture = layers(context("strided, padded, grouped")).picture
    found = texts(picture)
    for expected in (
        "input",
        r"5 \times 5 \times 2",
        "conv1",
        r"3 \times 3 \times 4",
        "40 parameters",
    ):
        assert expected in found
    assert "no parameters" not in found
    assert picture.alt.startswith(
        "Diagram of the layers from top to bottom: x of shape 5 by 5 by 2; "
        "conv1 of shape 3 by 3 by 4, 40 parameters, reads x; tanh1 of shape 3 by 3 by 4, "
        "reads conv1;"
    )


def test_values_go_down_and_error_signals_come_back_up():
    picture = layers(context("strided, padded, grouped")).picture
    ends = [(line.points[0][1], line.points[-1][1]) for line in arrows(picture)]
    assert sum(last > first for first, last in ends) == 7
    assert sum(last < first for first, last in ends) == 7
    found = set(texts(picture))
    assert {"x", "z", r"\delta^{x}", r"\delta^{z}", r"\delta^{z(2)}"} <= found
    assert {"values", "error signals"} <= found
    assert picture.alt.endswith("Arrows lead values down and error signals back up.")


def test_what_the_loss_does_not_depend_on_has_no_error_signal():
    picture = drawn([sc.Tanh(name="idle"), sc.Sigmoid(inputs="x")], (2,))
    found = texts(picture)
    assert r"\delta^{x}" in found
    assert len([text for text in found if "delta" in text]) == 2
    up = [line for line in arrows(picture) if line.points[-1][1] < line.points[0][1]]
    assert len(up) == 2  # from the loss, and from the sigmoid to the input


def squares(picture):
    """The outlines of grids: width and height."""
    return [(b.width, b.height) for b in of(picture, Box) if b.ink == -1 and not b.dashed]


def test_grids_are_to_scale():
    """Of 8 x 8, 4 x 4 and 2 x 2 entries, twice as many entries are twice as wide."""
    picture = drawn([sc.MaxPool2D(2), sc.MaxPool2D(2)], (8, 8, 1))
    sizes = squares(picture)
    side = sizes[0][0] / 8
    assert sizes[0] == (8 * side, 8 * side)
    assert (4 * side, 4 * side) in sizes
    assert (2 * side, 2 * side) in sizes


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((6, 5, 3), Extent(3, 6, 5)),
        ((4, 3), Extent(1, 4, 3)),
        ((7,), Extent(1, 1, 7)),
        ((1, 1, 8), Extent(1, 1, 8)),
        ((1, 4), Extent(1, 1, 4)),
        ((2, 3, 4, 5), Extent(20, 2, 3)),
        ((), Extent(1, 1, 1)),
    ],
)
def test_there_is_a_grid_for_each_channel(shape, expected):
    assert extent(shape) == expected


def test_colours_and_texts_are_those_of_the_entries():
    made = material([sc.Conv2D(2, 2)], (3, 3, 1))
    tensor = made.derivation.network.tensors["conv1"]
    own = field(made, tensor, 0)
    every = [tensor.symbol((r, c, k)) for k in range(2) for r in range(2) for c in range(2)]
    assert own.values == pytest.approx([float(made.value(symbol)) for symbol in every])
    largest = max(map(abs, own.values))
    heats = [
        b.heat for b in own.shapes(Scale(8.0, 100.0), 0.0, 0.0) if isinstance(b, Box) and b.heat
    ]
    told = [value for value in own.values if value]
    assert [heat > 0 for heat in heats] == [value > 0 for value in told]
    assert all(
        HEAT * abs(v) / largest <= abs(h) < HEAT * abs(v) / largest + 1
        for h, v in zip(heats, told, strict=True)
    )


def test_numbers_of_a_tensor_have_as_many_decimals_as_its_largest_asks_for():
    made = sc.Network((4,), [sc.Tanh()], sc.SumOfOutputs())
    values = {"x": [Rational(1, 3), Rational(-1, 300), 0, Rational(1, 4)]}
    own = field(material_of(sc.Problem(made, values)), made.input, 0)
    assert [said(Label(0, 0, text)) for text in own.texts] == ["0.33", "0.00", "0", "0.25"]
    assert own.is_rounded
    short = {"x": [Rational(1, 2), -1, 0, 12]}
    exact = field(material_of(sc.Problem(made, short)), made.input, 0)
    assert [said(Label(0, 0, text)) for text in exact.texts] == ["0", "-1", "0", "12"]


def test_below_zero_there_is_a_dash_where_there_are_no_numbers():
    made = sc.Network((2, 2, 1), [sc.Tanh()], sc.SumOfOutputs())
    problem = sc.Problem(made, {"x": [1, -1, -2, 0]})
    own = field(material_of(problem), made.input, 0)
    shapes = list(own.shapes(Scale(9.0, 100.0), 0.0, 0.0))
    dashes = [s for s in shapes if isinstance(s, Line) and s.ink == 0]
    assert len(dashes) == 2


def document(problem, **more):
    """The picture of the layers in a document, and its caption in words."""
    blocks = [b for b in sc.explain(problem, **more).blocks if isinstance(b, Diagram)]
    (found,) = [b for b in blocks if b.label == "the figure of the layers"]
    return found


IMAGE = sc.Network(
    (6, 6, 1),
    [sc.Conv2D(2, 3), sc.ReLU(), sc.MaxPool2D(2), sc.Flatten(), sc.Dense(3)],
    sc.HalfSquaredError(),
)


def test_the_entries_that_the_thread_meets_have_frames():
    found = document(problem_of(IMAGE, "framed"), follow="w_322")
    frames = [box for box in of(found.picture, Box) if box.thick]
    assert len(frames) == 2 * 6  # values and error signals of the input and of five layers
    assert "Frames mark the path of w_{322}." in words(found.caption)


def test_a_caption_says_of_colours_what_the_picture_has():
    found = document(problem_of(IMAGE, "captions"))
    said_ = words(found.caption)
    assert "left, error signals back up on the right." in said_
    assert "Positive entries are blue, negative ones orange" in said_
    assert "sample" not in said_
    asked = found.for_students()
    assert words(asked.caption).endswith(
        "in each tensor the colour deepens with the absolute value."
    )
    batch = sc.Network((4, 4, 1), [sc.Conv2D(2, 3), sc.ReLU()], sc.HalfSquaredError(), batch=3)
    said_ = words(document(problem_of(batch, "a batch")).caption)
    assert "The layers for sample 3 of the batch, those with parameters in blue." in said_
    single = sc.Network((4, 4, 1), [sc.Conv2D(2, 3)], sc.HalfSquaredError(), batch=1)
    assert "The layers for one sample, those with" in words(
        document(problem_of(single, "one")).caption
    )
    alone = sc.Network((5, 5, 3), [sc.ReLU()], sc.SumOfOutputs())
    assert "error signal" in words(document(problem_of(alone, "alone")).caption)


def test_students_see_the_given_numbers_alone():
    made = material_of(problem_of(IMAGE, "asked"))
    solved, asked = layers(made), layers(made, is_solved=False)
    told = [n for n, one in enumerate(asked.fields) if one.values]
    assert told == [0]
    assert asked.fields[0] == solved.fields[0]
    assert sum(bool(one.values) for one in solved.fields) == len(solved.fields)


def test_large_images_are_outlines_to_scale():
    picture = layers(material([sc.Conv2D(8, 5), sc.MaxPool2D(2)], (60, 60, 3))).picture
    assert sum(bool(box.heat) for box in of(picture, Box)) == 1  # the loss
    assert max(width for width, _ in squares(picture)) > 20
    assert picture.height < 400
    assert "\\cdots" in texts(picture)


def test_branches_stand_beside_each_other():
    made = drawn(
        [
            sc.Dense(2, name="one", inputs="x"),
            sc.Dense(2, name="other", inputs="x"),
            sc.Add(inputs=("one", "other")),
        ],
        (3,),
    )
    names = {said(label): label for label in of(made, Label)}
    assert names["one"].y == names["other"].y
    assert names["one"].x < names["other"].x
    turned = [line for line in arrows(made) if len(line.points) == 4]
    assert (
        len(turned) == 8
    )  # values and error signals of two branches, from the input and to the sum
    for line in turned:
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line.points))


def test_branches_that_are_too_wide_stand_below_each_other():
    branches = [sc.Dense(2, name=f"branch {n}", inputs="x") for n in range(9)]
    made = drawn([*branches, sc.Add(inputs=tuple(b.name for b in branches))], (3,))
    heights = [label.y for label in of(made, Label) if said(label).startswith("branch")]
    assert len(set(heights)) == 9


def test_a_skip_connection_goes_around():
    picture = layers(context("a residual connection with a shared kernel")).picture
    around = [line for line in arrows(picture) if len(line.points) == 4]
    down, up = sorted(around, key=lambda line: line.points[1][0])
    assert down.points[-1][1] > down.points[0][1]
    assert up.points[-1][1] < up.points[0][1]
    assert "those of first" in texts(picture)


def test_skip_connections_that_overlap_have_lanes_of_their_own():
    tanhs = [sc.Tanh() for _ in range(4)]
    merge = sc.Add(inputs=("x", "tanh1", "tanh2", "tanh4"))
    around = [line.points for line in arrows(drawn([*tanhs, merge], (2,))) if len(line.points) == 4]
    xs = [points[1][0] for points in around]
    assert len(set(xs)) == len(xs) == 2 * 3


@pytest.mark.parametrize(
    "name", ["strided, padded, grouped", "a residual connection with a shared kernel"]
)
def test_arrows_pass_no_words(name):
    picture = layers(context(name)).picture
    rooms = [label_bounds(label) for label in of(picture, Label)]
    lines = [pair for line in arrows(picture) for pair in pairwise(line.points)]
    assert not any(within(*pair, room) for pair in lines for room in rooms)


def test_the_middle_of_many_layers_is_one_row():
    picture = drawn([sc.Tanh() for _ in range(40)], (3,))
    assert "26 further layers" in texts(picture)
    assert sum(box.dashed for box in of(picture, Box)) == 1
    assert picture.height < 560


def test_names_that_are_too_long_are_shortened():
    found = texts(drawn([sc.Dense(1, name="a" * 60)], (2,)))
    assert any(text.startswith("aaa") and text.endswith("a...") for text in found)
