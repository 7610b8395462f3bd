"""Where lines, rows and pages of a PDF end, and what is kept apart on them."""

import pytest

from symcnn.document.blocks import (
    EQUAL,
    Inline,
    Matrices,
    Matrix,
    Note,
    Row,
    Rows,
    Side,
    Table,
    heading,
    inline,
    paragraph,
)
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.document.pages.latex_breaks import together
from symcnn.document.pages.latex_text import sentence
from symcnn.document.pictures.grids import Cell, Panel
from symcnn.document.pictures.panels import beside
from symcnn.document.story.pictures import network_picture
from symcnn.writing.drawing.picture import Box
from symcnn.writing.formula import read
from symcnn.writing.formula.breaking import Line
from symcnn.writing.formula.build import row
from tests.document.pictures.contexts import context
from tests.document.test_pdf import NO_CLAIM

TWO = Inline(read(r"i = 1, 2,\; q = 1, \dots, 8"))
SLOPE = r"\frac{\partial L}{\partial w^{(2)}_{1 \cdot}} \approx"


def display(*rows):
    made = [(read(left), Side(EQUAL, (read(right),))) for left, right in rows]
    return Rows(tuple(Row(left, (side,), NO_CLAIM) for left, side in made))


def test_a_line_ends_between_the_ranges_of_two_indices_and_in_none_of_them():
    assert sentence(("For ", TWO, ":")) == r"For $i = 1, 2,\allowbreak\; q = 1, \dots, 8$:"


def test_fractions_in_a_table_are_kept_from_those_of_the_next_row():
    rows = tuple(((inline(*read(SLOPE).parts),), ("0, 1",)) for _ in range(2))
    table = Table((("Row",), ("Its entries",)), rows, "lX")
    assert body([table], LatexPage()).count("[9pt]") == 2


def groups(kinds):
    """Return how many lines stay together, of rows (r), their sides (s) and what goes on (.)."""
    begins = {"r": "row", "s": "side", ".": ""}
    made = [Line(row(), row(), begins[kind]) for kind in kinds]
    assert [line for group in together(made) for line in group] == made
    return [len(group) for group in together(made)]


@pytest.mark.parametrize(
    ("kinds", "together"),
    [
        ("rrss", [4]),
        ("rr", [2]),
        ("rrrr", [4]),
        ("rrrrrr", [2, 1, 1, 2]),
        ("rsssrss", [4, 3]),
        ("rr.s.s", [6]),
        ("rr...s....ss", [5, 2, 1, 2, 2]),
        ("rr..s..s..", [4, 3, 3]),
        ("r......", [7]),
        ("r........", [2, 1, 1, 1, 1, 1, 2]),
    ],
)
def test_a_page_ends_behind_a_chain_or_before_a_side_but_not_behind_a_rule(kinds, together):
    assert groups(kinds) == together
    shown = display(*[("y", "x")] * 6)
    assert body([shown], LatexPage()).count(r"\\*") == 2


def test_a_derivative_is_as_large_beside_its_matrix_as_in_other_equations():
    (number,) = display(("x", "y")).rows
    for left, mark in ((r"\frac{\partial L}{\partial w}", r"$\displaystyle \frac"), ("w", "$w")):
        shown = body([Matrices((Matrix(read(left), ((number,),)),))], LatexPage())
        assert mark in shown


@pytest.mark.parametrize(
    ("digits", "size", "em"),
    [(4, "\n$", []), (5, "\n$", ["0.92"]), (6, r"{\footnotesize$", ["0.84"])],
)
def test_a_matrix_wider_than_a_line_has_smaller_letters(digits, size, em):
    """In Computer Modern a digit takes 5 points, a dot 2.8 and the space of a column 8.

    In LaTeX, all are a little smaller than the text.
    """
    (figure,) = display(("x", f"0.{'1' * digits}")).rows
    matrices = Matrices((Matrix(read(SLOPE), ((figure,) * 7,)),))
    natural = 58 + 7 * (5 * (digits + 1) + 2.8 + 8)
    assert natural * float((em or ["1"])[0]) <= 340 < natural + 7 * 5
    shown = body([matrices], LatexPage())
    assert f"{size}\\displaystyle" in shown
    kept = r"\clubpenalty=0 \widowpenalty=0"
    assert rf"{{\raggedright\leftskip=\mathindent\small{kept}\arraycolsep" in shown


def test_a_display_stands_close_to_the_theorem_or_heading_above_it():
    rows = display(("y", "x"))
    assert "}\n\n\\vspace{-14pt}\n\\begin{align*}" in body(
        [heading(1, "Forward"), rows], LatexPage()
    )
    shown = body([Note(("Theorem",), (rows,)), rows], LatexPage())
    assert "\\end{quote}\n\n\\vspace{-14pt}\n\\begin{align*}" in shown
    assert "vspace" not in body([paragraph("For"), rows], LatexPage())


def test_a_page_may_end_between_a_display_and_its_matrices_before_a_large_gap():
    rows = display(("y", "x"))
    matrix = Matrix(read("y"), tuple((row,) for row in rows.rows))
    shown = body([rows, Matrices((matrix,))], LatexPage())
    assert [mark in shown for mark in (r"\postdisplaypenalty=7000", r"\penalty7000")] == [True] * 2


def test_rows_of_padding_are_low_as_its_columns_are_narrow():
    entry, padding = Cell(read("x"), read("1")), Cell(read("0"), None, padding=True)
    cells = {(0, 0): padding, (1, 0): entry, (2, 0): entry}
    stacked = {(0, 0): entry._replace(symbol=read(r"\delta^{z}_{1}"))}
    picture = beside([[Panel("input", cells)], [Panel("signal", stacked)]], [read("=")], "")
    assert [s.height for s in picture.shapes if isinstance(s, Box)] == [15, 23, 23, 26]


def test_the_figure_of_the_layers_may_stand_on_the_next_page():
    _, said, figure = network_picture(context("a batch through two convolutions"))
    assert "\\begin{figure}" in body([figure], LatexPage())
    assert [part.label for part in said.text] == [figure.label]
