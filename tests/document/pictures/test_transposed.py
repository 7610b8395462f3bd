"""The window of a transposed convolution: what is shaded is what the equation writes."""

from collections import Counter

import pytest

import symcnn as sc
from symcnn.document.blocks import Diagram
from symcnn.document.pictures.find_window import find
from symcnn.document.pictures.window_pictures import path_picture, window_picture
from symcnn.document.pictures.window_sums import overlap
from symcnn.document.story.windows import window_pictures
from symcnn.writing.drawing.picture import Box, Label
from tests.document.networks import problem_of
from tests.document.pictures.contexts import asked_window, context, material_of, said, words
from tests.document.pictures.test_window import signs, titles
from tests.document.pictures.transposed import CASES


def window_of(layer, shape, batch=None):
    network = sc.Network(shape, [layer], sc.HalfSquaredError(), batch=batch)
    return find(material_of(problem_of(network, "transposed")))


def geometry(layer, axis):
    """The stride, the padding before and the dilation along an axis, as the layer has them."""
    pair = [n if isinstance(n, int) else n[axis] for n in (layer.stride, layer.padding)]
    return (*pair, getattr(layer, "dilation", 1))


@pytest.mark.parametrize("name", CASES)
def test_weights_meet_the_entries_of_the_usual_formula(name):
    """Entry i and weight u go into s i + d u - p."""
    window, (layer, *_) = find(context(name)), CASES[name]
    assert window.is_transposed
    for position in window.positions():
        for offset in window.offsets():
            for axis, spot in enumerate(window.met(position, offset)[: len(window.axes)]):
                s, p, d = geometry(layer, axis)
                assert spot == s * position[axis] + d * offset[axis] - p


def terms(window, symbol):
    return set(window.context.derivation.entries.formula(symbol).as_ordered_terms())


@pytest.mark.parametrize("name", CASES)
def test_each_shaded_entry_has_the_product_as_a_term(name):
    window = find(context(name))
    one = window.symbol(window.placed, window.position)
    inside = 0
    for offset in window.offsets():
        spot = window.met(window.position, offset)
        if window.is_inside(spot):
            inside += 1
            product = window.symbol(window.weight, offset) * one
            assert product in terms(window, window.symbol(window.covered, spot))
    shapes = window_picture(window).shapes
    shaded = [s for s in shapes if isinstance(s, Box) and s.filled]
    assert len(shaded) == 1 + 2 * len(window.offsets())
    assert sum(not box.dashed for box in shaded) == 1 + len(window.offsets()) + inside
    assert sum(box.ink == 2 for box in shaded) == 2


@pytest.mark.parametrize("name", CASES)
def test_the_way_back_has_terms_of_the_derivative(name):
    window = find(context(name))
    signals = window.context.derivation.adjoints[window.output.name]
    met = {p: window.met(p, window.offset) for p in window.positions()}
    products = {
        signals.symbol(window.place(window.covered, spot)) * window.symbol(window.placed, p)
        for p, spot in met.items()
        if window.is_inside(spot)
    }
    derivative = terms(window, window.slope)
    assert products <= derivative
    path = path_picture(window)
    assert ("=" in signs(path)) is (products == derivative)
    assert (r"+\, \cdots\, =" in signs(path)) is (products != derivative)
    assert len([s for s in path.shapes if isinstance(s, Box) and s.filled]) == 2 * len(products) + 1


@pytest.mark.parametrize("name", [name for name, (_, shape, _) in CASES.items() if shape[-1] == 1])
def test_windows_are_said_to_overlap_where_an_entry_has_two_products(name):
    window = find(context(name))
    products = [
        sum(len(term.free_symbols) == 2 for term in terms(window, window.output.symbol(position)))
        for position in window.output.positions()
    ]
    assert overlap(window) is (max(products) > 1)


def captions(name):
    return [words(b.caption) for b in window_pictures(context(name)) if isinstance(b, Diagram)]


def test_captions_say_where_products_go_and_what_is_left_out():
    window, path = captions("transposed, strided and cropped")
    assert window == (
        "The window of conv_transpose1 for one entry of the input: x_{1221} is multiplied by "
        "every weight of the kernel, and each product is added to the shaded entry of the output "
        "at the same place of the window. The product with the weight w_{2212} (orange) is added "
        "to z_{1332}. The padding crops the dashed cells. Where the windows of several entries "
        "overlap, the products are summed. (The other channels, the other filters and the bias "
        "are not shown.)"
    )
    assert path == (
        "The way back to w_{2212}. The weight multiplies each shaded entry of the input, and each "
        "product lands on one entry of the output, whose error signal is shaded. Each of these "
        "products, input entry times error signal, is a term of its derivative. Further terms come "
        "from the other sample."
    )


def test_captions_say_only_what_there_is():
    plain, path = captions("a transposed convolution")
    assert "crop" not in plain
    assert "not shown" not in plain + path
    assert "is added to z_{33}. Where the windows of several entries overlap" in plain
    beside, _ = captions("transposed, side by side")
    assert "No entry of the output lies in the windows of two entries of the input." in beside
    alone, _ = captions("transposed, one entry")
    assert "two entries" not in alone
    assert "overlap" not in alone
    large, _ = captions("transposed, large")
    assert large.endswith(
        "(The other channels, the other filters and the bias are not shown.) The dots stand for "
        "the entries that are not drawn."
    )


def test_the_filter_the_channel_and_the_sample_are_named():
    window = find(context("transposed, strided and cropped"))
    picture = window_picture(window)
    assert titles(picture) == [
        *("input", "sample 1, channel 1", "kernel", "channel 1, filter 2"),
        *("conv_transpose1", "sample 1, filter 2"),
    ]
    assert signs(picture) == [r"\times", r"+\, \cdots\, ="]
    grouped = window_picture(find(context("transposed, grouped")))
    assert titles(grouped)[1::2] == ["channel 3", "channel 3, filter 2", "filter 4"]


def test_of_windows_apart_the_bias_is_named():
    window = window_of(sc.ConvTranspose2D(1, 2, stride=2), (2, 2, 1))
    assert signs(window_picture(window)) == [r"\times", r"+\, b\, ="]


def test_words_say_where_each_product_goes():
    window = find(context("transposed, a column"))
    assert window_picture(window).alt == (
        "A window of the output, to which the products of x₂ are added: w₁ times x₂ to z₃, "
        "w₂ times x₂ to z₄, w₃ times x₂ to z₅."
    )


def test_students_see_the_given_numbers_alone():
    window = find(context("transposed, one entry"))
    solution, picture = map(window_picture, (window, asked_window(window)))
    told, asked = (
        Counter(said(s) for s in drawn.shapes if isinstance(s, Label))
        for drawn in (solution, picture)
    )
    assert (told - asked).total() == 4
    assert not asked - told
    assert picture.alt == solution.alt


def test_an_entry_whose_products_are_all_cropped_is_not_shown():
    window = window_of(sc.ConvTranspose2D(1, (1, 1), padding=((2, 0), (0, 0))), (4, 1, 1))
    assert window.position == (2, 0)
    assert "x₃ to z₁" in window_picture(window).alt
