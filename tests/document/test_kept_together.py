"""What stays on one page, or on one line, and what may be divided."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symcnn.document.blocks import (
    Inline,
    Matrices,
    Matrix,
    Paragraph,
    Rows,
    Table,
    paragraph,
)
from symcnn.document.pages.latex_blocks import LatexPage, body
from symcnn.document.pages.latex_breaks import columns
from symcnn.document.pages.latex_text import natural, sentence
from symcnn.document.story.rounding import with_rounding
from symcnn.writing.formula import read
from tests.document.shared import explained
from tests.document.test_page_breaks import display
from tests.draws import slow

LONG = paragraph("word " * 120)
SHORT = paragraph("It is used once.")
LEXAI = Path(__file__).parents[2] / "derivations/lexailabs-one-hot-upstream/problem.toml"


def matrices(count=1):
    (figure,) = display(("x", r"\approx")).rows
    return Matrices((Matrix(read("y"), ((figure,),) * count),))


def test_a_long_table_begins_with_four_rows_on_a_page_and_ends_with_four():
    table = Table((("a",), ("b",)), ((("1",), ("2",)),) * 20, "ll")
    ends = re.findall(r"2 (\\\\\*?)\n", body([table], LatexPage()))
    assert [end.endswith("*") for end in ends] == [True] * 3 + [False] * 13 + [True] * 3 + [False]


@pytest.mark.parametrize("lines", [1, 2, 3, 20])
def test_a_display_begins_on_the_page_of_the_rule_above_it(lines):
    """The rule was left at the end of a page where the entry worked by it takes some lines."""
    blocks = [paragraph("For"), display(("y", "x")), display(*[("y", "x")] * lines)]
    shown = body(blocks, LatexPage())
    assert r"\postdisplaypenalty=10000" in shown
    assert r"\abovedisplayskip=4pt" in shown
    assert r"\abovedisplayskip=4pt" not in body(blocks[:2], LatexPage())


def test_formulas_with_cases_stay_on_a_line():
    """The brace of phi' stood at the beginning of a line, and its sign of equality on the last."""
    formula = Inline(read(r"\varphi'(y) = \begin{cases} 1 & \text{if } y > 0 \end{cases}"))
    assert sentence((formula,)).startswith(r"\mbox{$\varphi")


def test_a_line_ends_between_the_conditions_of_a_wide_bracket():
    """The proofs of max unpooling had lines of a few words drawn far apart."""
    conditions = r",\; ".join([r"a_{2i+1, 2j, k} < a_{2i+1, 2j+1, k}"] * 3)
    wide, narrow = (
        Inline(read(rf"\left[{made}\right]")) for made in (conditions, r"i > 1,\; j > 1")
    )
    assert sentence((wide,)).count(r"\allowbreak") == 2
    assert r"\left[" not in sentence((wide,))
    assert r"\allowbreak" not in sentence((narrow,))


def test_cells_that_fit_a_line_are_not_broken():
    """The last word of "stride 2, padding 1" stood on a line of its own beside empty paper."""
    settings = "1 filter, kernel size (3, 3), stride 2, padding 1"
    fits = ("conv_transpose1",), (settings,), ("z: 3 x 3 x 1",), ("w: 3 x 3 x 1 x 1, b: 1",)
    made = [Table(fits, ((*fits[:-1], ("word " * n,)),), "lXll") for n in (1, 60)]
    assert next(columns(table, 470) for table in made) == "@{}llll@{}"
    assert "p{" in columns(made[1], 470)


@slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX")
def test_the_natural_width_of_words_is_no_less_than_that_of_latex(tmp_path):
    said = {
        "".join(part for part in block.text if isinstance(part, str)).strip()
        for block in explained(detail="standard").blocks
        if isinstance(block, Paragraph)
    }
    texts = [text for text in sorted(said) if text]
    boxes = "".join(rf"\settowidth{{\x}}{{{sentence((t,))}}}\typeout{{W \the\x}}" for t in texts)
    source = rf"\documentclass{{article}}\begin{{document}}\newdimen\x{boxes}\end{{document}}"
    (tmp_path / "a.tex").write_text(source)
    subprocess.run(["pdflatex", "-interaction=batchmode", "a"], cwd=tmp_path, check=True)
    widths = [float(w) for w in re.findall(r"^W (.*)pt$", (tmp_path / "a.log").read_text(), re.M)]
    for text, width in zip(texts, widths, strict=True):
        assert width <= natural((text,)) <= 1.15 * width + 5, text


def test_text_above_a_display_in_small_letters_has_lines_as_far_apart_as_other_text():
    """TeX breaks a paragraph into lines at the display, with the distance that holds there."""
    term = "+".join("abcdefghijklmnopqrstuv")
    shown = body([paragraph("It is"), display(("y", rf"\left[{term}\right]"))], LatexPage())
    assert r"\expandafter\scriptsize\expandafter\baselineskip\the\baselineskip" in shown


def test_how_figures_are_rounded_is_said_below_the_matrices_of_a_display():
    (rounded,) = display(("y", "x")).rows
    blocks = [Rows((rounded,)), matrices(), matrices(), LONG]
    made = [*with_rounding(blocks, 6, may_change=True)]
    assert [made[0], *made[1:3], made[4]] == blocks
    assert "significant digits" in str(made[3])
