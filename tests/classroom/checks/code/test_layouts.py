"""Arrays in the layout of a function, and back."""

import itertools

import numpy as np
import pytest

from symcnn.classroom.checks.code.layouts import layout_of
from symcnn.errors import SymcnnError
from tests.classroom.checks.code.asked import counted


@pytest.mark.parametrize(
    ("image", "axes", "shape", "due"),
    [
        ("NCHW", 2, (2, 4, 5, 3), (2, 3, 4, 5)),
        ("NHWC", 2, (2, 4, 5, 3), (2, 4, 5, 3)),
        ("CHWN", 2, (2, 4, 5, 3), (3, 4, 5, 2)),
        ("NCHW", 1, (2, 4, 3), (2, 3, 4)),
        ("NCW", 1, (2, 4, 3), (2, 3, 4)),
        ("LNC", 1, (2, 4, 3), (4, 2, 3)),
        ("NCDHW", 3, (2, 4, 5, 6, 3), (2, 3, 4, 5, 6)),
        ("NCHW", 3, (2, 4, 5, 6, 3), (2, 3, 4, 5, 6)),
        ("NCHW", 0, (2, 3), (2, 3)),
        ("CN", 0, (2, 3), (3, 2)),
    ],
)
def test_images_are_reordered_and_back(image, axes, shape, due):
    layout, array = layout_of(image, None, axes), counted(*shape)
    given = layout.given("x", array)
    assert given.shape == due
    assert given.flags.c_contiguous
    assert np.array_equal(layout.taken("x", given, array.ndim), array)


@pytest.mark.parametrize(
    ("image", "kernel", "axes", "shape", "due"),
    [
        ("NCHW", None, 2, (2, 1, 3, 6), (6, 3, 2, 1)),
        ("NHWC", None, 2, (2, 1, 3, 6), (2, 1, 3, 6)),
        ("NHWC", "OIHW", 2, (2, 1, 3, 6), (6, 3, 2, 1)),
        ("NCHW", "hwio", 2, (2, 1, 3, 6), (2, 1, 3, 6)),
        ("NCHW", "IOHW", 2, (2, 1, 3, 6), (3, 6, 2, 1)),
        ("NCL", None, 1, (2, 3, 6), (6, 3, 2)),
        ("NCL", "WIO", 1, (2, 3, 6), (2, 3, 6)),
        ("NCHW", None, 3, (2, 1, 4, 3, 6), (6, 3, 2, 1, 4)),
        ("NCHW", "OIHW", 0, (7, 3), (7, 3)),
        ("NC", "IO", 0, (7, 3), (3, 7)),
        ("NCHW", "OIHW, IO", 2, (7, 3), (3, 7)),
    ],
)
def test_kernels_are_reordered_and_back(image, kernel, axes, shape, due):
    layout, array = layout_of(image, kernel, axes), counted(*shape)
    given = layout.given("weight", array)
    assert given.shape == due
    assert np.array_equal(layout.taken("weight", given, array.ndim), array)


def test_each_entry_is_where_the_layout_says():
    x, w = counted(2, 4, 5, 3), counted(2, 1, 3, 6)
    layout = layout_of("NCHW", "OIHW", 2)
    given, kernel = layout.given("x", x), layout.given("weight", w)
    for n, i, j, c in itertools.product(range(2), range(4), range(5), range(3)):
        assert given[n, c, i, j] == x[n, i, j, c]
    for u, v, c, k in itertools.product(range(2), range(1), range(3), range(6)):
        assert kernel[k, c, u, v] == w[u, v, c, k]


def test_rows_of_a_flattened_image_are_in_the_order_of_the_function():
    layout = layout_of("NCHW", None, 2)
    rows = counted(2, 4 * 5 * 3)
    given = layout.given("dout", rows, (4, 5, 3))
    assert given[1, (2 * 4 + 1) * 5 + 3] == rows[1, (1 * 5 + 3) * 3 + 2]  # channel 2 at (1, 3)
    assert np.array_equal(layout.taken("y", given, 2, (4, 5, 3)), rows)


def test_weights_of_a_sample_follow_the_image():
    layout = layout_of("NCHW", None, 2)
    assert layout.given("weight", counted(4, 5, 3)).shape == (3, 4, 5)
    assert layout.given("bias", counted(3)).shape == (3,)


def test_vectors_may_have_axes_of_length_one():
    taken = layout_of("NHWC", None, 2).taken("bias", counted(1, 1, 1, 6), 1)
    assert np.array_equal(taken, counted(6))


def test_other_axes_are_told_apart():
    assert layout_of("NCHW", None, 2).taken("x", counted(2, 3), 4) is None


@pytest.mark.parametrize(
    ("image", "kernel", "axes", "message"),
    [
        ("NHCC", None, 2, "layout is 'NHCC': give 'NHWC' or 'NCHW'"),
        ("channels_last", None, 1, "layout is 'channels_last': give 'NLC' or 'NCL'"),
        ("NHWC", "OIWW", 2, "kernel_layout is 'OIWW': give 'HWIO' or 'OIHW'"),
        ("NHWC", "OIHW HWIO", 2, "kernel_layout is 'OIHW HWIO': give 'OIHW' or 'HWIO'"),
    ],
)
def test_wrong_layouts_are_refused_in_a_line(image, kernel, axes, message):
    with pytest.raises(SymcnnError) as error:
        layout_of(image, kernel, axes)
    assert str(error.value) == message
