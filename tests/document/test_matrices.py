"""Given numbers stand as matrices: all of them, each in its place, aligned and checked."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn import limits
from symcnn.document.blocks import Inline, Matrices, Matrix, Table
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.explanation.oracles import oracles
from symcnn.document.pages.columns import beside
from symcnn.document.rows.verify import UnverifiedError, verify
from tests.draws import slow

SHAPES = [(), (1,), (3,), (2, 3), (3, 1, 1), (4, 3, 1), (2, 3, 2), (1, 4, 5), (2, 2, 3, 2)]


def problem(shape, values, batch=None):
    network = sc.Network(shape, [sc.Tanh()], sc.SumOfOutputs(), batch=batch)
    return sc.Problem(network, {"x": values})


def explained(problem):
    return sc.explain(problem, detail="full")


def given(document):
    """Return the matrices of the given numbers, or their table."""
    start = next(n for n, b in enumerate(document.blocks) if getattr(b, "title", 0) == TITLE)
    return next(b for b in document.blocks[start + 2 :] if isinstance(b, Matrices | Table))


TITLE = ("The given numbers",)
needs_rich = pytest.mark.skipif(find_spec("rich") is None, reason="needs rich")


def figures(matrix: Matrix):
    return [[float(figure.claim.value) for figure in row] for row in matrix.figures]


@pytest.mark.parametrize("batch", [None, 2])
@pytest.mark.parametrize("shape", SHAPES[1:])
def test_every_number_stands_in_its_place(shape, batch):
    whole = shape if batch is None else (batch, *shape)
    values = np.arange(np.prod(whole)).reshape(whole) / 8 - 1
    shown = given(explained(problem(shape, values.tolist(), batch)))
    flat = [x for matrix in shown.matrices for row in figures(matrix) for x in row]
    assert sorted(map(float, flat)) == sorted(values.ravel())
    squeezed = values.squeeze()
    if squeezed.ndim <= 2:
        (matrix,) = shown.matrices
        assert figures(matrix) == np.atleast_2d(squeezed).tolist()


def test_a_channel_of_a_sample_is_a_matrix_with_dots_for_rows_and_columns():
    values = np.arange(2 * 2 * 3 * 2).reshape(2, 2, 3, 2)
    tex = explained(problem((2, 3, 2), values.tolist(), 2)).to_latex()
    assert (
        "$x_{2\\cdot\\cdot1} = \\left(\\begin{array}{@{}rrr@{}}\n12 & 14 & 16\\\\\n18 & 20 & 22\n"
        "\\end{array}\\right)$"
    ) in tex
    assert "row $i$, column $j$; one matrix for each $n$ and $c$" in tex


@needs_rich
def test_figures_are_aligned_at_the_decimal_mark():
    (matrix,) = given(explained(problem((3, 2), [0.25, 1, -1, 0.5, 12.5, Rational(1, 3)]))).matrices
    assert beside([matrix], 80) == [
        "      ⎛  0.25  1   ⎞",
        "  x = ⎜ -1     0.5 ⎟",
        "      ⎝ 12.5   1/3 ⎠",
    ]


def test_markdown_aligns_them_without_what_github_refuses():
    """GitHub shows no formula with a phantom; a space of half an em is as wide as a digit."""
    made = explained(problem((3, 2), [0.25, 1, -1, 0.5, 12.5, 2]))
    assert r"-1\phantom{.25} & 0.5" in made.to_latex()
    page = made.to_markdown()
    assert r"-1\;\enspace\enspace & 0.5" in page
    assert "phantom" not in page


@needs_rich
def test_matrices_stand_beside_each_other_as_far_as_the_width_goes():
    matrices = given(explained(problem((2, 2, 2), list(range(8))))).matrices
    assert beside(matrices, 80) == [
        "  x_{··1} = ⎛ 0  2 ⎞    x_{··2} = ⎛ 1  3 ⎞",
        "            ⎝ 4  6 ⎠              ⎝ 5  7 ⎠",
    ]
    assert len(beside(matrices, 30)) == 5


def test_markdown_begins_a_line_of_matrices_where_one_does_not_fit():
    """GitHub breaks no line of a formula: each line of a display has to fit its page."""
    page = explained(problem((2, 4, 3), [0.125 * n for n in range(24)])).to_markdown()
    shown = page[page.index("The given numbers") :].split("```")[1]
    lines = [line.count(r"x_{\cdot\cdot") for line in shown.split(r"\\[1ex]")]
    assert lines == [2, 1]
    assert r"\begin{gathered}" in page
    assert r"\begin{gathered}" not in explained(problem((2, 2, 2), list(range(8)))).to_markdown()


def test_a_rounded_entry_makes_the_matrix_approximate():
    (matrix,) = given(explained(problem((2,), [0.5, 0.12345678901234]))).matrices
    assert matrix.relation == r"\approx"
    assert "0.1235" in explained(problem((2,), [0.5, 0.12345678901234])).to_latex()


def test_a_wide_tensor_is_listed_row_by_row():
    values = [n / 1000 for n in range(40)]
    table = given(explained(problem((2, 20), values)))
    assert isinstance(table, Table)
    assert [figure.claim.value for figure in table.figures] == [
        Rational(n, 1000) for n in range(40)
    ]
    assert len(table.rows) == 2


def test_a_matrix_for_paper_is_listed_row_by_row_where_lines_are_narrow():
    """Seven columns of five digits fit 13.5 cm of paper, but no 80 columns of a terminal."""
    stated = problem((3, 7), [n - 1.12345 for n in range(21)])
    document = explained(stated)
    table = given(document)
    (on_paper,) = table.on_paper
    assert sorted(f.claim.value for row in on_paper.matrices[0].figures for f in row) == sorted(
        f.claim.value for f in table.figures
    )
    shown = document.to_latex()
    assert "1.87655, 2.87655" in shown.replace(" & ", ", ")
    assert "Its entries" not in shown
    for shown in (document.to_latex(fragment=True), document.to_html(), document.to_markdown()):
        assert "Its entries" in shown
    first, second, *_ = on_paper.matrices[0].figures[0]
    wrong = replace(on_paper.matrices[0], figures=((replace(first, sides=second.sides),),))
    planted = replace(table, on_paper=(Matrices((wrong,)),))
    with pytest.raises(UnverifiedError, match=r"x_11 is -1\.12"):
        verify([planted], oracles(Numbers(stated)))


def test_an_image_up_to_the_limit_is_written_out_and_what_is_larger_is_named(monkeypatch):
    assert limits.GIVEN_ENTRIES == 32 * 32
    monkeypatch.setattr(limits, "GIVEN_ENTRIES", 36)
    image = sc.Network((6, 6, 1), [sc.AvgPool2D(6)], sc.SumOfOutputs())
    text = explained(sc.Problem(image, {"x": [n / 1000 for n in range(36)]})).to_latex()
    assert "0.017" in text.partition(r"\subsection{The network}")[0]
    larger = sc.Network((37, 1, 1), [sc.AvgPool2D((37, 1))], sc.SumOfOutputs())
    text = explained(sc.Problem(larger, {"x": [n / 1000 for n in range(37)]})).to_latex()
    assert "37 numbers, not printed" in text


def test_a_wrong_figure_is_caught():
    stated = problem((2,), [0.5, 0.25])
    document = explained(stated)
    shown = given(document)
    (matrix,) = shown.matrices
    first, second = matrix.figures[0]
    planted = replace(matrix, figures=((replace(first, sides=second.sides), second),))
    blocks = [Matrices((planted,)) if b is shown else b for b in document.blocks]
    with pytest.raises(UnverifiedError, match=r"x_1 is 0\.5"):
        verify(blocks, oracles(Numbers(stated)))


def test_figures_with_a_power_of_ten_are_aligned_at_the_decimal_mark():
    """They stood four columns to the left of others."""
    pytest.importorskip("rich")
    values = [[-2.47671e-6, 0.5], [0.00185179, 1.25e-7], [-0.000248438, 2.5]]
    lines = beside(given(explained(problem((3, 2), values))).matrices, 80)
    assert sum("10\N{SUPERSCRIPT MINUS}" in line for line in lines) == 2
    for place in (str.index, str.rindex):
        assert len({place(line, ".") for line in lines}) == 1


@slow
def test_a_row_is_given_in_parts_that_fit_a_page():
    values = [n / 1000 + 1.000001 for n in range(450)]
    table = given(explained(problem((450,), values)))
    assert [len(name) for name, _ in table.rows] == [1, 0, 0]
    assert len(table.figures) == 450
    entries = [part for _, row in table.rows for part in row if isinstance(part, Inline)]
    assert len(entries) == 450


@slow
def test_of_a_network_that_nobody_can_follow_only_small_tensors_are_written_out(monkeypatch):
    layers = [sc.Dense(30), sc.ReLU(), sc.Dense(2)]
    network = sc.Network((30,), layers, sc.SumOfOutputs())
    values = {t.name: [0.125 * (n % 9) for n in range(t.size)] for t in network.given}
    usual = explained(sc.Problem(network, values)).to_latex()
    assert "numbers, not printed" not in usual
    monkeypatch.setattr(limits, "GIVEN_TOGETHER", 1_000)
    text = explained(sc.Problem(network, values)).to_latex()
    assert text.count("30 numbers, not printed") == 2  # the input and the first bias
    assert "900 numbers, not printed" in text
    assert "60 numbers, not printed" in text
    assert "2 numbers, not printed" not in text.replace("900 numb", "")


@slow
def test_what_is_not_printed_is_said():
    network = sc.Network((1025,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    values = {t.name: [n / 1000 for n in range(1025)] for t in network.given}
    text = sc.explain(sc.Problem(network, values), detail="standard").to_markdown()
    assert "Tensors of more than 1,024 entries are not printed." in text
    small = sc.explain(problem((2,), [0.5, 0.25]), detail="standard")
    assert "are not printed" not in small.to_markdown()
