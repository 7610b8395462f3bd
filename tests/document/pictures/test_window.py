"""A window and the way back: the same products as the derivation's own formula."""

import re
from dataclasses import replace
from itertools import product

import pytest
from sympy import Mul, Rational, Symbol

import symcnn as sc
from symcnn.document.blocks import Diagram
from symcnn.document.facts.scope import Overview, Path
from symcnn.document.pictures.find_window import find
from symcnn.document.pictures.window_pictures import path_picture, window_picture
from symcnn.document.pictures.window_sums import bias_of, siblings
from symcnn.document.story.windows import window_pictures
from symcnn.writing.drawing.picture import Box, Label, Line
from tests.document.networks import NETWORKS, problem_of
from tests.document.pictures.contexts import asked_window, context, material_of, said
from tests.document.test_theorems import written


def window_of(*layers, shape, scope=None, detail="standard"):
    made = sc.Network(shape, layers, sc.HalfSquaredError())
    drawn = material_of(problem_of(made, "drawn"), detail)
    object.__setattr__(drawn, "scope", scope or Overview())
    return find(drawn)


CASES = {
    "plain": (sc.Conv2D(1, 2), (3, 3, 1)),
    "padded": (sc.Conv2D(2, 3, padding=1), (3, 4, 2)),
    "strided": (sc.Conv2D(1, 3, stride=2, padding=1), (5, 5, 1)),
    "dilated": (sc.Conv2D(1, 2, dilation=2), (4, 5, 1)),
    "grouped": (sc.Conv2D(4, 2, groups=2), (3, 3, 4)),
    "a sequence": (sc.Conv1D(2, 3, padding=2), (4, 2)),
}


def products(window):
    """The pairs that the window's own geometry says meet at the weight."""
    adjoint = window.context.derivation.adjoints[window.output.name]
    met = ((p, window.met(p, window.offset)) for p in window.positions())
    return {
        adjoint.symbol(window.place(window.placed, p)) * window.symbol(window.covered, spot)
        for p, spot in met
        if window.is_inside(spot)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_way_back_has_the_terms_of_the_derivative(name):
    layer, shape = CASES[name]
    window = window_of(layer, shape=shape)
    formula = window.context.derivation.entries.formula(window.slope)
    assert set(formula.as_ordered_terms()) == products(window)


@pytest.mark.parametrize("name", CASES)
def test_the_window_has_terms_of_its_result(name):
    layer, shape = CASES[name]
    window = window_of(layer, shape=shape)
    at = window.position
    result = window.output.symbol(window.place(window.placed, at))
    terms = set(window.context.derivation.entries.formula(result).as_ordered_terms())
    met = {o: window.met(at, o) for o in window.offsets()}
    pairs = {
        Mul(window.symbol(window.weight, o), window.symbol(window.covered, s))
        for o, s in met.items()
        if window.is_inside(s)
    }
    assert pairs
    assert pairs <= terms


PADDED = CASES | {
    "strided, as wide as the image": (sc.Conv2D(2, 3, stride=2, padding=1), (5, 5, 1)),
    "padded more than it is long": (sc.Conv1D(1, 5, padding=4), (2, 1)),
    "transposed and cropped": (sc.ConvTranspose2D(2, 3, stride=2, padding=1), (2, 2, 1)),
}


@pytest.mark.parametrize("name", PADDED)
def test_the_weight_that_is_shown_is_used_as_often_as_any(name):
    layer, shape = PADDED[name]
    window = window_of(layer, shape=shape)
    _, at = window.context.derivation.entries.locate(window.looked_at)
    each = [
        replace(window, chosen=(*offset[: len(window.axes)], *at[-2:]))
        for offset in product(*(range(axis.offsets) for axis in window.axes))
    ]
    assert len(window.uses) == max(len(other.uses) for other in each)
    for other in each:
        assert other.is_inside(other.met(other.position, other.offset)) or not other.uses


def test_of_a_transposed_convolution_a_weight_with_four_terms_is_shown():
    layer, shape = PADDED["transposed and cropped"]
    window = window_of(layer, shape=shape)
    assert str(window.looked_at) == "w_222"
    formula = window.context.derivation.entries.formula(window.slope)
    assert len(formula.as_ordered_terms()) == 4


UNUSED = {
    "cropped": (sc.ConvTranspose2D(1, 3, padding=1), "lies outside the output", "are cropped"),
    "padded": (sc.Conv2D(1, 3, padding=1), "meets padding.", "the weight meets padding"),
}


@pytest.mark.parametrize("name", UNUSED)
def test_of_a_weight_without_a_term_it_is_said_that_it_has_none(name):
    layer, *expected = UNUSED[name]
    named = "conv_transpose1" if name == "cropped" else "conv1"
    scope = Path(f"{named}.weight", (0, 0, 0, 0), {})
    window = window_of(layer, shape=(1, 1, 1), scope=scope)
    drawn = [b for b in window_pictures(window.context) if isinstance(b, Diagram)]
    for diagram, what in zip(drawn, expected, strict=True):
        assert what in written(diagram.caption)


SUMS = [
    (layers, shape, batch, l2)
    for layers, shape in [
        *(([layer], shape) for layer, shape in CASES.values()),
        ([sc.Conv2D(1, 2, bias=False)], (3, 3, 1)),
        ([sc.Conv1D(1, 2, bias=False)], (40, 1)),
        ([sc.Conv1D(1, 3, 1, 1, name="a"), sc.Conv1D(1, 3, 1, 1, weight_from="a")], (3, 1)),
    ]
    for batch in (None, 1, 2)
    for l2 in (0, 1)
]


@pytest.mark.parametrize(("layers", "shape", "batch", "l2"), SUMS)
def test_what_is_called_summed_is_the_whole_sum(layers, shape, batch, l2):
    network = sc.Network(shape, layers, sc.HalfSquaredError(l2=l2), batch=batch)
    window = find(material_of(problem_of(network, "summed")))
    formula = window.context.derivation.entries.formula
    way_back = set(formula(window.slope).as_ordered_terms()) == products(window)
    assert is_called_whole(path_picture(window)) is way_back
    result = window.output.symbol(window.place(window.placed, window.position))
    drawn = {
        one.symbol(one.weight, offset) * one.symbol(one.covered, spot)
        for one in siblings(window)
        for offset, spot in one.met_at(window.position).items()
    }
    alone = set(formula(result).as_ordered_terms()) == drawn
    picture = window_picture(window)
    assert is_called_whole(picture) is alone
    bias = bias_of(window)
    if bias is not None:
        assert set(formula(result).as_ordered_terms()) == {*drawn, bias}


def signs(picture):
    """The signs between grids."""
    return [
        said(shape)
        for shape in picture.shapes
        if isinstance(shape, Label) and not shape.small and not isinstance(shape.text, str)
    ]


def is_called_whole(picture):
    assert ("=" in signs(picture)) is (" is the sum of " in picture.alt)
    assert ("=" in signs(picture)) is (" whose terms include " not in picture.alt)
    return "=" in signs(picture)


def test_the_seed_shows_the_third_filters_second_weight():
    window = find(context("seed"))
    assert str(window.looked_at) == "w_23"
    assert products(window) == {
        Symbol(f"delta^z_{i}3", real=True) * Symbol(f"x_{i + 1}", real=True) for i in (1, 2)
    }
    assert path_picture(window).alt == (
        "The way back to w₂₃: its derivative (≈ -0.02561) is the sum of δᶻ₁₃ times x₂, "
        "δᶻ₂₃ times x₃."
    )
    assert path_picture(asked_window(window)).alt == (
        "The way back to w₂₃: its derivative is the sum of δᶻ₁₃ times x₂, δᶻ₂₃ times x₃."
    )
    assert window_picture(window).alt == (
        "A window over its input: z₂₃ is the sum of w₁₃ times x₂, w₂₃ times x₃."
    )


def test_a_filter_is_shown_to_which_error_signals_come_back():
    """The second filter is dead; the students' figure, which tells nothing, shows the first."""
    pytest.importorskip("rich", reason="needs rich")
    layers = [sc.Conv1D(2, 2), sc.ReLU(), sc.Flatten(), sc.Dense(1)]
    network = sc.Network((3, 1), layers, sc.HalfSquaredError())
    values = {"x": [1, 2, 3], "conv1.weight": [[[1, 1]], [[1, 1]]], "conv1.bias": [0, -9]}
    values |= {"dense1.weight": [[1] * 4], "dense1.bias": [0], "target": [0]}
    made = sc.explain(sc.Problem(network, values))
    solved = made.to_text()
    assert "The way back to w₂₁" in solved
    assert "The way back to w₁₁" in made.with_blanks().to_text()


def cells(picture, name):
    """The cells whose symbols begin with a letter."""
    spots = [(s.x, s.y) for s in picture.shapes if isinstance(s, Label) and name in said(s)[:1]]
    return [
        box
        for box in picture.shapes
        if isinstance(box, Box)
        and any(0 < x - box.x < box.width and 0 < y - box.y < box.height for x, y in spots)
    ]


def test_students_have_room_for_values_and_see_nothing_of_them():
    """Whole numbers and long decimals: the cells that are to be filled are of one size."""
    made = sc.Network((3, 3, 1), [sc.Conv2D(1, 2)], sc.HalfSquaredError())
    image = {"x": [Rational(n, 8) for n in range(9)], "target": [1] * 4}
    pictures = []
    for unit in (8, Rational(1, 10**4)):
        weights = {"conv1.weight": [unit * n for n in (1, -2, 3, 4)], "conv1.bias": [unit]}
        window = find(material_of(sc.Problem(made, image | weights, title="drawn")))
        pictures.append(window_picture(asked_window(window)))
    first, second = (cells(picture, "z") for picture in pictures)
    assert {(box.width, box.height) for box in first} == {(44.0, 28.0)}
    assert [box[2:] for box in first] == [box[2:] for box in second]
    assert len(first) == 4


def titles(picture):
    return [s.text for s in picture.shapes if isinstance(s, Label) and isinstance(s.text, str)]


def test_the_filter_the_channel_and_the_sample_are_named():
    network = sc.Network((4, 2), [sc.Conv1D(3, 2)], sc.HalfSquaredError(), batch=2)
    window = find(material_of(problem_of(network, "named")))
    picture = window_picture(window)
    assert titles(picture) == [
        *("input", "sample 1", "kernel", "filter 3", "conv1", "sample 1, filter 3"),
    ]
    assert signs(picture) == [r"\star", r"+\, b_{3}\, ="]
    path = titles(path_picture(window))
    assert path[:4] == [
        "input",
        "sample 1, channel 1",
        "error signal of conv1",
        "sample 1, filter 3",
    ]
    alone = titles(window_picture(window_of(sc.Conv2D(1, 2), shape=(3, 3, 1))))
    assert alone[:3] == ["input", "kernel", "conv1"]


def test_of_a_group_its_own_channels_are_shown():
    """The last filter of two groups reads the channels 3 and 4."""
    window = window_of(sc.Conv2D(4, 2, groups=2), shape=(3, 3, 4))
    assert titles(window_picture(window))[:8] == [
        *("input", "channel 3", "input", "channel 4"),
        *("kernel", "channel 1, filter 4", "kernel", "channel 2, filter 4"),
    ]


def test_many_channels_are_not_drawn_and_said_to_be_added():
    window = window_of(sc.Conv2D(1, 2), shape=(3, 3, 5))
    assert len(siblings(window)) == 1
    assert signs(window_picture(window)) == [r"\star", r"+\, \cdots\, ="]
    first, *_ = [b for b in window_pictures(window.context) if isinstance(b, Diagram)]
    assert "and those of the other channels and the bias add up to" in written(first.caption)


def test_the_channels_of_a_sequence_are_columns():
    window = window_of(sc.Conv1D(2, 3), shape=(4, 2))
    boxes = [shape for shape in window_picture(window).shapes if isinstance(shape, Box)]
    assert len(boxes) == 4 * 2 + 3 * 2 + 2  # input, kernel and result
    assert sum(box.ink == 2 for box in boxes) == 2
    first, *_ = [b for b in window_pictures(window.context) if isinstance(b, Diagram)]
    assert "The columns of input and kernel are the channels." in written(first.caption)


def test_in_a_column_lines_join_what_met():
    path = path_picture(find(context("seed")))
    joining = [s for s in path.shapes if isinstance(s, Line) and not s.arrow]
    assert len(joining) == 2
    window = window_picture(find(context("seed")))
    assert not any(isinstance(s, Line) for s in window.shapes)


def test_the_shaded_cells_are_those_that_meet():
    shapes = path_picture(find(context("yrgo-cnn-by-hand"))).shapes
    shaded = [s for s in shapes if isinstance(s, Box) and s.filled]
    assert len(shaded) == 16 + 16 + 1
    assert len([s for s in shapes if isinstance(s, Box) and s.dashed]) == 9


@pytest.mark.parametrize("position", [(0, 0, 0, 1), (1, 0, 1, 2)])
def test_a_document_of_one_weight_shows_that_weight(position):
    scope = Path("conv1.weight", position, {})
    window = window_of(sc.Conv2D(4, 2, groups=2), shape=(3, 3, 4), scope=scope)
    symbol = window.looked_at
    assert symbol == window.context.derivation.symbol("conv1.weight", position)
    formula = window.context.derivation.entries.formula(window.slope)
    assert set(formula.as_ordered_terms()) == products(window)


def test_a_document_of_another_weight_shows_no_window():
    scope = Path("dense1.weight", (0, 0), {})
    layers = [sc.Conv1D(1, 2), sc.Flatten(), sc.Dense(1)]
    assert window_of(*layers, shape=(3, 1), scope=scope) is None


def test_large_grids_are_cut():
    window = window_of(sc.Conv2D(2, 5), shape=(28, 28, 1))
    for picture in (window_picture(window), path_picture(window)):
        dots = [s for s in picture.shapes if isinstance(s, Label) and said(s) == r"\cdots"]
        assert len(dots) == 4
        assert picture.height < 200
    drawn = [b for b in window_pictures(window.context) if isinstance(b, Diagram)]
    assert all("The dots stand for the entries" in written(b.caption) for b in drawn)


@pytest.mark.parametrize(
    ("layer", "size"),
    [(sc.Conv2D(1, 3, stride=2, dilation=2, padding=1), 7), (sc.Conv2D(1, 3, stride=2), 10)],
)
def test_no_row_is_left_out(layer, size):
    """All of the input is drawn, with the padding that windows reach, and every position."""
    window = window_of(layer, shape=(size, size, 1))
    inside = [spot for spot in window.covered_spots() if window.is_inside(spot)]
    assert len(inside) == size * size
    assert len(window.positions()) == window.axes[0].positions ** 2
    assert not any(window.cut)
    every = {window.met(p, o) for p in window.positions() for o in window.offsets()}
    assert every <= {*window.covered_spots()}


ALONE = {
    "pointwise": (sc.Conv2D(1, 1), (1, 1, 1)),
    "used once": (sc.Conv2D(1, 2), (2, 2, 1)),
    "laid once": (sc.ConvTranspose2D(1, 2), (1, 1, 1)),
    "laid pointwise": (sc.ConvTranspose2D(1, 1), (2, 1, 1)),
}


@pytest.mark.parametrize("name", ALONE)
def test_captions_speak_of_as_many_entries_as_are_shaded(name):
    layer, shape = ALONE[name]
    window = window_of(layer, shape=shape, detail="full")
    drawn = [b for b in window_pictures(window.context) if isinstance(b, Diagram)]
    for diagram, many in zip(drawn, (len(window.offsets()), len(window.uses)), strict=True):
        several = re.search("each|sum of", written(diagram.caption).partition("small")[0], re.I)
        assert bool(several) == (many > 1)


def test_a_window_of_one_entry_is_drawn_in_full_detail_alone():
    """Elsewhere the first window that covers more than one entry is."""
    several, one = sc.Conv2D(1, 2), sc.Conv2D(2, 1)
    for detail, kernels in (("standard", [(2, 2)]), ("full", [(1, 1)])):
        window = find(window_of(one, several, shape=(3, 3, 1), detail=detail).context, 2)
        assert [axis.offsets for axis in window.axes][:2] == [2, 2]
        drawn = window_of(one, shape=(3, 3, 1), detail=detail).context
        assert any(window_pictures(drawn)) == (detail == "full"), kernels


@pytest.mark.parametrize("name", ["logits", "batch normalisation"])
def test_without_a_window_there_is_none(name):
    assert find(material_of(problem_of(NETWORKS[name], name))) is None


def test_the_weights_of_a_loss_are_no_window():
    """The loss has no loop for its only entry, nor for the sample of a batch of one."""
    network = sc.Network((3,), [sc.Dense(2)], sc.HalfSquaredError(weighted=True), batch=1)
    assert find(material_of(problem_of(network, "weighted"))) is None


@pytest.mark.parametrize(
    ("layers", "shape", "said"),
    [
        ([sc.Conv1D(1, 2)], (3, 1), "the window at one position, and Figure 2 the way back to our"),
        ([sc.ConvTranspose1D(1, 2)], (3, 1), "the window for one entry of the input, and Figure 2"),
        (
            [sc.Embedding(3, 2), sc.Conv1D(1, 2)],
            (3,),
            "Figure 2 the way back to a weight on the path that we follow, w",
        ),
        ([sc.Embedding(3, 2), sc.Conv1D(1, 2)], (3,), "A window, and the way back to a weight"),
        ([sc.Conv1D(1, 2)], (3, 1), "Following one weight through the network"),
    ],
)
def test_it_is_said_whether_the_way_back_is_that_of_the_weight_that_is_followed(
    layers, shape, said
):
    pytest.importorskip("rich")
    network = sc.Network(shape, layers, sc.HalfSquaredError())
    follow = f"{network.parameters[0].name}[0,0{',0' * (len(layers) == 1)}]"
    text = sc.explain(problem_of(network, "windows"), follow=follow, sections=["windows"]).to_text()
    assert said in " ".join(text.split())
