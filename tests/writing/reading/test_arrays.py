r"""Convolution notation is read as a person reads it: x_{\cdot c} \star w_{\cdot ck}."""

import numpy as np
import pytest

from symcnn.writing.formula import Formula, read
from symcnn.writing.reading import Names, Scene, UnreadableError, read_arrays
from tests.writing.reading.test_reading import tensor

F, G = np.array([1.0, -2, 3, 5, 7]), np.array([2.0, -1, 4])
LINES = np.arange(10.0).reshape(5, 2) + 1
IMAGE, KERNEL = np.arange(20.0).reshape(4, 5) ** 2, np.array([[1.0, -2, 3], [4, 0, 5]])
BIAS = np.array([10.0, 20])
LONG = np.sin(np.arange(97.0 * 101)).reshape(97, 101)
FLAT = np.arange(6.0).reshape(1, 6)


def names():
    made = Names(slopes=lambda names, places: 100 * LINES[places])
    arrays = {
        "f": F,
        "g": G,
        "x": LINES,
        "h": IMAGE,
        "w": KERNEL,
        "b": BIAS,
        "y": FLAT,
        "a": FLAT[..., None],
        "q": LONG,
    }
    for letter, array in arrays.items():
        made.add(read(letter), tensor(letter, np.asarray(array)))
    made.add(read("x_{1}"), tensor("x1", 2 * LINES))
    return made


def values(latex, *lengths, base=1, laid=None, **letters):
    """Return the array that a formula is, at all of its positions."""
    found = np.indices(lengths).reshape(len(lengths), -1)
    at = {letter: np.asarray(float(n)) for letter, n in letters.items()}
    scene = Scene(names(), base, at, positions=tuple(found), laid=laid or {})
    return np.broadcast_to(read_arrays(read(latex))(scene), found[0].shape).reshape(lengths)


def parens(latex):
    return rf"\left({latex}\right)"


PADDED = r"\operatorname{pad}_{1}" + parens("f")
APART = np.array([2.0, 0, -1, 0, 4])


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"f \star g", np.correlate(F, G, "valid")),
        (r"f \ast g", np.convolve(F, G)),
        (r"f \ast " + parens(r"g \uparrow 2"), np.convolve(F, APART)),
        (r"f \star " + parens(r"g \uparrow 2"), np.correlate(F, APART, "valid")),
        (parens(r"f \ast g") + r"\downarrow 2", np.convolve(F, G)[::2]),
        (PADDED + r" \star g", np.correlate([0, *F, 0], G, "valid")),
        (r"\operatorname{crop}_{2}" + parens(r"f \ast g"), np.convolve(F, G)[2:]),
        (r"\operatorname{pad}_{S+1}" + parens("f") + r"\star g", np.correlate([0, 0, 0, *F], G)),
        (r"f - f \ast g", np.append(F, [0, 0]) - np.convolve(F, G)),
        ("-f", -F),
        (r"x_{\cdot 2} \star g + b_{k}", np.correlate(LINES[:, 1], G) + 20),
        (r"x_{1,\cdot 2} \star g", 2 * np.correlate(LINES[:, 1], G)),
        (r"\sum_{c=1}^{2} x_{\cdot c} \star g", np.correlate(LINES.sum(axis=1), G)),
        (r"\sum_{c=1}^{S-1} x_{\cdot c} \star g", np.correlate(LINES[:, 0], G)),
        (r"\frac{\partial L}{\partial x_{\cdot 1}}", 100 * LINES[:, 0]),
    ],
)
def test_numpy_has_the_same_arrays(latex, expected):
    assert values(latex, len(expected), S=2, k=2) == pytest.approx(expected)


def test_indices_count_from_the_base():
    one = values(r"\sum_{c=1}^{2} x_{\cdot c} \ast g", 7)
    zero = values(r"\sum_{c=0}^{1} x_{\cdot c} \ast g", 7, base=0)
    assert (one == zero).all()
    assert np.isnan(values(r"\sum_{c=1}^{2} x_{\cdot c} \ast g", 7, base=0)).all()


def test_along_two_axes_there_is_a_number_for_each():
    padded = np.pad(IMAGE, [(1, 0), (2, 0)])
    apart = np.zeros((2, 5))
    apart[:, ::2] = KERNEL
    moved = r"\operatorname{pad}_{1,2}" + parens("h")
    spread = parens(r"w \uparrow " + parens("1,2"))
    latex = parens(moved + r"\star" + spread) + r"\downarrow 2"
    places = [(i, j) for i in (0, 2) for j in (0, 2)]
    expected = [(padded[i : i + 2, j : j + 5] * apart).sum() for i, j in places]
    assert values(latex, 2, 2).ravel() == pytest.approx(expected)


@pytest.mark.parametrize("at_once", [1_000, 1_000_000])
def test_long_sums_are_worked_out_in_pieces(monkeypatch, at_once):
    """There are more than 8192 terms, and a column of numbers of more is miscounted by NumPy."""
    monkeypatch.setattr("symcnn.writing.reading.pieces._AT_ONCE", at_once)
    assert values(r"q \star q", 1, 2)[0] == pytest.approx(
        [(LONG * LONG).sum(), (LONG[:, 1:] * LONG[:, :-1]).sum()]
    )


def test_of_axes_of_length_1_those_are_known_that_an_array_has():
    """A name alone with the shape 1 x 6 is a row; one of 1 x 6 x 1 may be a row or a column."""
    assert values("y", 1, 6).tolist() == FLAT.tolist()
    assert values("y", 6).tolist() == FLAT[0].tolist()
    assert values("a", 1, 6).tolist() == FLAT.tolist()
    assert values("a", 6, 1, laid={"a": (1, 2)}).tolist() == FLAT.T.tolist()


@pytest.mark.parametrize(
    "latex",
    [
        r"f \star g \star f",
        r"f \star g \uparrow 2",
        r"f \star b_{1}",
        r"f \uparrow",
        r"f g",
        r"2 f",
        r"f \star",
        r"\star f",
        r"f +",
        r"f \uparrow 1 + S",
        r"\operatorname{pad}_{1} f",
        r"\operatorname{pad}" + parens("f"),
        r"\operatorname{pad}_{1,2}" + parens("f"),
        r"\operatorname{pad}_{-1}" + parens("f"),
        r"\max_{1 \le c \le 2} x_{\cdot c}",
        r"x \star g",
        r"x_{\cdot\cdot} \star g",
        r"r \star g",
        r"\frac{f}{g}",
        r"\frac{\partial M}{\partial x_{\cdot 1}}",
        "",
    ],
)
def test_what_could_be_read_in_two_ways_or_not_at_all_is_refused(latex):
    formula = read(latex) if latex else Formula(())
    scene = Scene(names(), 1, {"S": np.asarray(2.0)}, positions=(np.arange(3),))
    with pytest.raises(UnreadableError):
        read_arrays(formula)(scene)
