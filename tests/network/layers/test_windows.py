from itertools import product

import pytest

from symcnn import AvgPool2D, Conv2D, HalfSquaredError, MaxPool2D, Network, Window


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "dilation", "positions"),
    [
        # Dumoulin and Visin (2016), the figures in the order of the guide
        (4, 3, 1, 0, 1, 2),
        (5, 4, 1, 2, 1, 6),
        (5, 3, 1, 1, 1, 5),  # half padding
        (5, 3, 1, 2, 1, 7),  # full padding
        (5, 3, 2, 0, 1, 2),
        (5, 3, 2, 1, 1, 3),
        (6, 3, 2, 1, 1, 3),  # another size, the same output
        (7, 3, 1, 0, 2, 3),  # dilated
        (5, 3, 1, 0, 1, 3),  # pooling
        # layers that everybody knows
        (32, 5, 1, 0, 1, 28),  # LeNet-5, first convolution
        (227, 11, 4, 0, 1, 55),  # AlexNet, first convolution
        (55, 3, 2, 0, 1, 27),  # AlexNet, overlapping pooling
        (224, 7, 2, 3, 1, 112),  # ResNet, first convolution
        (112, 3, 2, 1, 1, 56),  # ResNet, pooling
        (3, 2, 1, 0, 1, 2),  # the seed's convolution
        (2, 2, 1, 0, 1, 1),  # the seed's pooling
    ],
)
def test_published_output_sizes(size, kernel, stride, padding, dilation, positions):
    assert Window(size, kernel, stride, padding, padding, dilation).positions == positions


def test_output_sizes_count_the_starts_at_which_the_window_fits():
    spans = product(range(1, 8), range(1, 4), range(1, 4), range(3), range(3), range(1, 3))
    for size, kernel, stride, before, after, dilation in spans:
        padded, extent = size + before + after, dilation * (kernel - 1) + 1
        fits = [s for s in range(0, padded, stride) if s + extent <= padded]
        if fits:
            window = Window(size, kernel, stride, before, after, dilation)
            assert window.positions == len(fits)


def shapes(layer, shape):
    net = Network(shape, [layer], HalfSquaredError())
    return net.output.shape, {t.name: t.shape for t in net.parameters}


def test_layouts_of_a_convolution():
    assert shapes(Conv2D(8, (3, 5), groups=2), (10, 10, 6)) == (
        (8, 6, 8),
        {"conv1.weight": (3, 5, 3, 8), "conv1.bias": (8,)},
    )


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "positions", "before", "after"),
    [
        # TensorFlow's documentation of "SAME": ceil(13 / 5) = 3, pads 1 and 2
        (13, 6, 5, 3, 1, 2),
        (5, 2, 1, 5, 0, 1),  # an even kernel: the odd entry goes behind
        (5, 3, 1, 5, 1, 1),
        (224, 7, 2, 112, 2, 3),
        (4, 1, 3, 2, 0, 0),  # nothing to pad
    ],
)
def test_same_padding(size, kernel, stride, positions, before, after):
    layer = Conv2D(1, (kernel, 1), stride=(stride, 1), padding="same")
    window, _ = layer.windows((size, 1, 1))
    assert (window.positions, window.before, window.after) == (positions, before, after)


def test_valid_padding_is_none():
    window, _ = Conv2D(1, 3, padding="valid").windows((5, 5, 1))
    assert (window.before, window.after, window.positions) == (0, 0, 3)


@pytest.mark.parametrize(
    ("padding", "rows", "columns"),
    [
        (1, (1, 1), (1, 1)),
        ((1, 2), (1, 1), (2, 2)),
        ([1, 2], (1, 1), (2, 2)),
        (((1, 0), (2, 3)), (1, 0), (2, 3)),
        ((1, (2, 3)), (1, 1), (2, 3)),
    ],
)
def test_padding_for_each_side(padding, rows, columns):
    made = Conv2D(1, 3, padding=padding).windows((5, 5, 1))
    assert [(w.before, w.after) for w in made] == [rows, columns]


def test_a_pool_steps_by_its_size_unless_told():
    assert [w.stride for w in AvgPool2D((2, 3)).windows((6, 6, 1))] == [2, 3]
    assert [w.stride for w in MaxPool2D((2, 3), stride=1).windows((6, 6, 1))] == [1, 1]


def test_a_window_in_padding_alone_is_found():
    assert Window(3, 2, 1, before=2).misses_input() == 0
    assert Window(3, 2, 1, after=2).misses_input() == 3
    assert Window(1, 2, 1, before=1, after=1, dilation=2).misses_input() == 0  # -1 and 1
    assert Window(3, 2, 1, before=1, after=1).misses_input() is None
