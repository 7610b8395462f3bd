import pytest

from symcnn.equations.notation import about, entry_symbol, parse_subscript, subscript, superscripted


@pytest.mark.parametrize(
    ("position", "shape", "written"),
    [
        ((0, 0, 0, 2), (2, 1, 1, 3), "13"),  # the seed's kernel: w_13
        ((0, 0), (1, 1), ""),
        ((8,), (9,), "9"),
        ((9,), (10,), "10"),
        ((1, 9), (3, 10), "2,10"),
        ((4, 0, 6), (5, 1, 7), "57"),
    ],
)
def test_subscripts_count_from_1_and_leave_out_axes_of_length_1(position, shape, written):
    assert subscript(position, shape) == written
    assert parse_subscript(written, shape) == position


def test_subscripts_count_from_0_on_request():
    assert subscript((0, 2), (2, 3), base=0) == "02"
    assert subscript((0, 9), (2, 10), base=0) == "09"
    assert subscript((0, 10), (2, 11), base=0) == "0,10"


def test_labels():
    assert superscripted("z", 1) == "z"
    assert superscripted("z", 3) == "z^(3)"
    assert about("delta", "z^(2)") == "delta^z(2)"
    assert about("delta", "mu") == "delta^mu"


@pytest.mark.parametrize(
    ("label", "printed"),
    [
        ("z^(2)", r"\delta^{z(2)}_{1}"),
        ("mu", r"\delta^{\mu}_{1}"),
        ("mu^(2)", r"\delta^{\mu (2)}_{1}"),
        ("xhat^(3)", r"\delta^{\hat{x} (3)}_{1}"),
        ("ell^(2)", r"\delta^{\ell (2)}_{1}"),
    ],
)
def test_letters_with_names_of_their_own_print_as_such(label, printed):
    from sympy import latex

    assert latex(entry_symbol(about("delta", label), (0,), (3,))) == printed


def test_a_symbol_prints_as_the_entry_it_is():
    from sympy import latex

    assert latex(entry_symbol("w", (1, 0, 0, 2), (2, 1, 1, 3))) == "w_{23}"
    assert latex(entry_symbol("z^(2)", (2,), (4,))) == "z^{(2)}_{3}"
    assert latex(entry_symbol("delta^z", (1, 0), (2, 2))) == r"\delta^{z}_{21}"
    assert latex(entry_symbol("t", (0,), (1,))) == "t"
    assert latex(entry_symbol("x", (1, 9), (3, 10))) == "x_{2,10}"


def test_subscripts_parse_back_to_their_entry():
    hypothesis = pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    shapes = st.lists(st.integers(1, 12), min_size=1, max_size=5).map(tuple)

    @hypothesis.settings(deadline=None, derandomize=True)
    @hypothesis.given(shapes.flatmap(lambda s: st.tuples(st.just(s), *map(_below(st), s))))
    def law(drawn):
        shape, *position = drawn
        assert parse_subscript(subscript(position, shape), shape) == tuple(position)

    law()


def _below(st):
    return lambda size: st.integers(0, size - 1)
