"""Where lines, rows and pages of a PDF end, and what is kept apart on them."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from symcnn.document.blocks import (
    EQUAL,
    Diagram,
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
from symcnn.document.pages.extent import foot, height
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.document.pages.latex_breaks import needs, together
from symcnn.document.pages.latex_text import sentence
from symcnn.document.pages.typst import pages
from symcnn.document.pages.writers import pdf
from symcnn.document.pictures.grids import Cell, Panel
from symcnn.document.pictures.panels import beside
from symcnn.document.story.pictures import network_picture
from symcnn.writing.drawing.picture import Box, Picture
from symcnn.writing.formula import read
from symcnn.writing.formula.breaking import Line
from symcnn.writing.formula.build import row
from tests.document.pictures.contexts import context
from tests.document.test_pdf import NO_CLAIM, words
from tests.draws import slow

TWO = Inline(read(r"i = 1, 2,\; q = 1, \dots, 8"))
SLOPE = r"\frac{\partial L}{\partial w^{(2)}_{1 \cdot}} \approx"


def display(*rows):
    made = [(read(left), Side(EQUAL, (read(right),))) for left, right in rows]
    return Rows(tuple(Row(left, (side,), NO_CLAIM) for left, side in made))


def test_a_line_ends_between_the_ranges_of_two_indices_and_in_none_of_them():
    assert sentence(("For ", TWO, ":")) == r"For $i = 1, 2,\allowbreak\; q = 1, \dots, 8$:"
    shown = pages("t", [paragraph("For ", TWO)])
    assert r"#box($i = 1 \, 2$);, #box($q = 1 \, dots.h \, 8$);" in shown.replace("…", "dots.h")


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


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
@pytest.mark.parametrize("place", [0, -1])
def test_the_number_of_a_display_over_two_pages_is_printed_once(monkeypatch, place):
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf, "which", lambda name: None)
    rows = [*display(*[("y", "x")] * 60).rows]
    rows[place] = replace(rows[place], number="7")
    content = pdf.write("t", [Rows(tuple(rows))], "a")["a.pdf"]
    shown = words(content)
    assert (shown.count("="), shown.count("(7)")) == (60, 1)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_the_number_of_an_equation_ends_where_lines_of_text_end(monkeypatch):
    """The page is 21 cm wide, and its text 13.5 cm."""
    typst = pytest.importorskip("typst")
    (row,) = display(("y", "x")).rows
    made = typst.compile(pages("t", [Rows((replace(row, number="7"),))]).encode(), format="pdf")
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    (end,) = re.findall(r'xMax="(.*?)" yMax=".*?">\(7\)<', boxes)
    assert float(end) == pytest.approx(17.25 / 2.54 * 72, abs=0.1)


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
    assert re.findall(r"#box\[#set text\((.*?)em\)", pages("t", [matrices])) == em


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


def lengths_of_pages(count):
    """Return how many words stand on each page of paragraphs of three lines."""
    blocks = [heading(1, "Words"), *[paragraph("word " * 60)] * count]
    *pages_of, _ = words(pdf.write("t", blocks, "a")["a.pdf"]).split("\f")
    return [page.count("word") for page in pages_of]


def is_filled(pages_of):
    return pages_of[-1] > 0.33 * max(pages_of)


@slow
@pytest.mark.skipif(not (shutil.which("pdftotext") and shutil.which("latexmk")), reason="no LaTeX")
def test_in_latex_a_last_page_is_filled_or_saved():
    found = [lengths_of_pages(count) for count in range(10, 16)]
    assert {*map(len, found)} == {1, 2}
    assert all(map(is_filled, found))


@slow
@pytest.mark.skipif(not (shutil.which("pdftotext") and shutil.which("latexmk")), reason="no LaTeX")
@pytest.mark.parametrize(
    ("high", "is_shorter"), [((320, 300), True), ((180, 340, 70), False)], ids=["shorter", "usual"]
)
def test_in_latex_pages_are_not_shorter_where_this_takes_another_page(high, is_shorter):
    """The picture of 340 points fits on a shorter page with one of its neighbours, not both."""
    pictures = [Diagram(Picture(90, n, (), "a"), ()) for n in high]
    below = [paragraph("below")] * 8
    blocks = [block for picture in pictures for block in (picture, paragraph("picture"))]
    made = words(pdf.write("t", [*blocks, *below], "a")["a.pdf"])
    first, second, end = made.split("\f")
    assert (first.count("picture") < len(high), end) == (is_shorter, "")
    assert second.count("picture") + first.count("picture") == len(high)


def test_the_height_of_paragraphs_is_that_of_their_lines():
    """Computer Modern has about 78 letters on a line of 384 points, and 13.6 points a line."""
    heights = [height(paragraph("x" * n)) for n in (60, 78, 79, 200)]
    assert heights == pytest.approx([17.6, 17.6, 31.2, 44.8])


def test_a_long_paragraph_may_stand_on_the_page_before_a_table():
    table = Table((("a",), ("b",)), ((("1",), ("2",)),) * 12, "ll")
    short, long = ([heading(1, "Symbols"), paragraph("word " * n), table] for n in (20, 120))
    of_short, of_long = (next(iter(needs([*blocks, *[table] * 3])))[1] for blocks in (short, long))
    assert of_short == 110 > 60 > of_long


def test_rows_of_padding_are_low_as_its_columns_are_narrow():
    entry, padding = Cell(read("x"), read("1")), Cell(read("0"), None, padding=True)
    cells = {(0, 0): padding, (1, 0): entry, (2, 0): entry}
    stacked = {(0, 0): entry._replace(symbol=read(r"\delta^{z}_{1}"))}
    picture = beside([[Panel("input", cells)], [Panel("signal", stacked)]], [read("=")], "")
    assert [s.height for s in picture.shapes if isinstance(s, Box)] == [15, 23, 23, 26]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_in_typst_no_figure_stands_above_the_sentence_that_refers_to_it(monkeypatch):
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf, "which", lambda name: None)
    first, second = (
        Diagram(Picture(90, 320, (), "a"), ("Says",), number=number) for number in ("1", "2")
    )
    text = [paragraph("word " * 250)] * 3
    blocks = [paragraph("one"), first, *text, paragraph("two"), second, paragraph("after")]
    found = re.findall(r"one|two|after|[12]\.", words(pdf.write("t", blocks, "a")["a.pdf"]))
    assert " ".join(found) == "one 1. two 2. after"


def test_the_figure_of_the_layers_may_stand_on_the_next_page():
    _, said, figure = network_picture(context("a batch through two convolutions"))
    assert "\\placed{" in body([figure], LatexPage())
    assert [part.label for part in said.text] == [figure.label]


@slow
@pytest.mark.skipif(not (shutil.which("pdftotext") and shutil.which("latexmk")), reason="no LaTeX")
@pytest.mark.parametrize(
    ("above", "order"), [(440, "1. Next after"), (530, "Next after 1."), (650, "1. Next after")]
)
def test_in_latex_a_section_does_not_begin_at_the_foot_of_a_page_before_a_figure(above, order):
    """Where much of the page is left, the text goes on, and the figure has the next page."""
    tall, low = (Picture(90, high, (), "a") for high in (above, 330))
    figure = Diagram(low, ("Says",), label="figure", number="1")
    blocks = [Diagram(tall, ()), figure, heading(1, "Next")]
    made = pdf.write("t", [*blocks, paragraph("after")], "a")["a.pdf"]
    assert " ".join(re.findall(r"Next|after|1\.", words(made))) == order


@slow
@pytest.mark.skipif(not (shutil.which("pdftotext") and shutil.which("latexmk")), reason="no LaTeX")
@pytest.mark.parametrize("above", range(604, 634, 6))
def test_in_latex_a_heading_stays_with_the_heading_below_it_before_a_figure(above):
    """Where the first one leaves less than the foot of a page, the second one has no other."""
    tall, low = (Picture(90, high, (), "a") for high in (above, 330))
    figure = Diagram(low, ("Says",), label="figure", number="1")
    headings = [heading(1, "Next"), heading(2, "Below")]
    made = pdf.write("t", [Diagram(tall, ()), figure, *headings, paragraph("after")], "a")["a.pdf"]
    (page,) = (page for page in words(made).split("\f") if "Next" in page)
    assert "Below" in page


def test_a_short_paragraph_is_not_alone_below_its_heading():
    """It stays with a theorem, and with the next paragraph, which stays with its display."""
    short, long = paragraph("It is used once."), paragraph("word " * 120)
    note = Note(("Theorem",), (paragraph("word " * 60), display(("y", "x"))))
    rows = display(("y", "x"))
    for after, least, most in (
        ([note], 105, 115),
        ([long], 60, 85),
        ([short, rows], 90, 115),
        ([rows], 70, 95),
    ):
        blocks = [heading(2, "Derivative"), short, *after, *[long] * 12]
        assert least < next(iter(needs(blocks)))[1] < most


def test_a_heading_stays_with_a_large_figure_but_not_with_a_small_one():
    large, small = (Diagram(Picture(90, high, (), "a"), ()) for high in (220, 90))
    of = [heading(1, "The network"), paragraph("The figure shows the network.")]
    of_large, of_small = (next(iter(needs([*of, f, *[f] * 3])))[1] for f in (large, small))
    assert of_large > 220 > 65 > of_small


@pytest.mark.parametrize(("high", "needed"), [(100, 200), (200, 200), (400, 318.4)])
def test_a_figure_that_would_not_fit_even_if_smaller_takes_its_heading_along(high, needed):
    """It stood behind the next section and its theorem."""
    figure = Diagram(Picture(90, high, (), "a"), ())
    assert foot(figure) == pytest.approx(needed)
