"""The network layer by layer."""

import symcnn as sc
from symcnn.document.pictures.layers import layers
from symcnn.writing.drawing.picture import Box, Label, Line
from tests.document.networks import problem_of
from tests.document.pictures.contexts import context, material_of, said


def drawn(layers_, shape, **more):
    made = sc.Network(shape, layers_, sc.HalfSquaredError(), **more)
    return layers(material_of(problem_of(made, "drawn")))


def of(picture, kind):
    return [shape for shape in picture.shapes if isinstance(shape, kind)]


def test_every_layer_has_its_shape_and_parameters():
    picture = layers(context("strided, padded, grouped"))
    texts = [said(label) for label in of(picture, Label)]
    assert texts[:3] == ["input", r"5 \times 5 \times 2", "the input"]
    assert texts[3:6] == ["conv1", r"3 \times 3 \times 4", "40 parameters"]
    assert len(of(picture, Box)) == 6 + 3
    assert [box.filled for box in of(picture, Box)].count(True) == 2
    assert picture.alt.startswith(
        "Diagram of the layers from top to bottom: x of shape 5 by 5 by 2, the input; "
        "conv1 of shape 3 by 3 by 4, 40 parameters, reads x; tanh1 of shape 3 by 3 by 4, "
        "no parameters, reads conv1;"
    )


def test_values_go_down_and_error_signals_come_back_up():
    picture = layers(context("strided, padded, grouped"))
    arrows = [line.points for line in of(picture, Line)]
    assert sum(last > first for (_, first), (_, last) in arrows) == 6 + 1
    assert sum(last < first for (_, first), (_, last) in arrows) == 6 + 1
    texts = [said(label) for label in of(picture, Label)]
    assert {"x", "z", r"\delta^{x}", r"\delta^{z}", r"\delta^{z(2)}"} <= set(texts)
    assert picture.alt.endswith("Arrows lead values down and error signals back up.")


def test_what_the_loss_does_not_depend_on_has_no_error_signal():
    picture = drawn([sc.Tanh(name="idle"), sc.Sigmoid(inputs="x")], (2,))
    texts = [said(label) for label in of(picture, Label)]
    assert r"\delta^{x}" in texts
    assert len([text for text in texts if "delta" in text]) == 2


def test_a_skip_connection_goes_around():
    picture = layers(context("a residual connection with a shared kernel"))
    around = [line for line in of(picture, Line) if len(line.points) == 4]
    assert len(around) == 1
    assert len(of(picture, Line)) == 6 + 6 + 1
    assert [label.ink for label in of(picture, Label) if said(label) == "a"] == [0, 2]
    assert "those of first" in [said(label) for label in of(picture, Label)]


def test_skip_connections_that_overlap_have_lanes_of_their_own():
    tanhs = [sc.Tanh() for _ in range(4)]
    merge = sc.Add(inputs=("x", "tanh1", "tanh2", "tanh4"))
    around = [line.points for line in of(drawn([*tanhs, merge], (2,)), Line)]
    xs = [points[1][0] for points in around if len(points) == 4]
    assert len(set(xs)) == len(xs) == 3


def test_the_middle_of_many_layers_is_one_row():
    picture = drawn([sc.Tanh() for _ in range(40)], (3,))
    texts = [said(label) for label in of(picture, Label)]
    assert "26 further layers" in texts
    assert len(of(picture, Box)) == 8 + 1 + 8 + 1
    assert picture.height < 520


def test_names_that_are_too_long_are_shortened():
    picture = drawn([sc.Dense(1, name="a" * 60)], (2,))
    assert any(
        said(label).startswith("aaa") and said(label).endswith("a...")
        for label in of(picture, Label)
    )
