"""The student's version: gaps where the values were, everything else as it is."""

import re
from dataclasses import replace
from functools import cache

import pytest

import symcnn as sc
from symcnn.document.blocks import Heading, Rows, Table
from symcnn.document.rows.gaps import NUMBER, SIGN, formula_gap
from symcnn.document.traversal import all_rows
from symcnn.problems import Accuracy
from symcnn.writing.formula.latex import latex
from tests.document.shared import explained, problem_named
from tests.draws import one_of, slow

GAP, SIGN_GAP = latex(NUMBER), latex(SIGN)


@cache
def solution():
    return explained()


@cache
def blanks():
    return solution().with_blanks()


def wide_gap():
    formulas = (
        block
        for block in solution().blocks
        if isinstance(block, Rows) and block.rows[0].task == "formula"
    )
    return latex(formula_gap(next(formulas)))


@pytest.fixture(scope="module")
def tex():
    return blanks().to_latex()


@pytest.mark.parametrize(
    "given",
    [
        "$x = \\left(\\begin{array}{@{}rrr@{}}\n1 & 0.4 & 0.7\n\\end{array}\\right)$",
        "0.2 & 0.3 & -0.1\\\\\n0.1 & -0.1 & 0.2\n",
        "0.1 & 0.5 & 0.6\n",
        "$t = 0.8$",
        r"\eta = 0.5",
    ],
)
def test_what_is_given_stays(tex, given):
    assert given in tex


@pytest.mark.parametrize(
    "line",
    [
        rf"z_{{11}} &= w_{{11}} x_{{1}} + w_{{21}} x_{{2}} = {GAP}",
        rf"p_{{3}} &= \max\left(z_{{13}}, z_{{23}}\right) = {GAP}",
        rf"a &= \sigma\left(z^{{(2)}}\right) = {GAP}",
        rf"\frac{{\partial L}}{{\partial w_{{11}}}} &= @ = {GAP}",
        rf"$w_{{11}}$ & $0.2$ & ${GAP}$ & ${GAP}$ \\",
    ],
)
def test_values_and_the_weights_formulas_are_open(tex, line):
    assert line.replace("@", wide_gap()) in tex


@pytest.mark.parametrize(
    "answer",
    ["0.214", "0.553297", "0.0304312", "0.0609750", "0.0256095", "0.203049", "0.0291863"],
)
def test_no_answer_is_given_away(tex, answer):
    assert not re.search(rf"(?<![0-9.]){re.escape(answer)}", tex)


def test_rows_and_their_order_are_the_same():
    left = [row.left for row in all_rows(blanks().blocks)]
    assert left == [row.left for row in all_rows(solution().blocks)]


def test_sections_that_are_solutions_are_left_out():
    titles = ["".join(map(str, b.title)) for b in blanks().blocks if isinstance(b, Heading)]
    assert "Check" not in titles
    assert "Reconciling with the notebook" not in titles
    assert "All weights" in titles


def test_works_that_only_the_solution_cites_are_left_out(tex):
    assert "Squire" in solution().to_latex()
    assert "Squire" not in tex
    assert "Goodfellow" in tex


@slow
def test_students_are_not_told_which_closed_forms_are_too_long():
    problem = problem_named("strided, padded, grouped")
    said = "Those of $`w`$ and $`b`$ are found in the same way."
    solution = sc.explain(problem, sections=("closed-forms",))
    assert said in solution.to_markdown()
    assert "There is no room" not in solution.with_blanks().to_markdown()


def test_students_see_all_cases():
    pytest.importorskip("rich")
    network = sc.Network((1,), [sc.LeakyReLU()], sc.SumOfOutputs())
    solution = sc.explain(sc.Problem(network, {"x": [-1]}), detail="standard")
    assert "a = 0.01 x = " in solution.to_text()
    assert "a = {x if x > 0; 0.01 x otherwise} = ___" in solution.with_blanks().to_text()


@pytest.mark.parametrize(
    ("digits", "said"), [(12, "to twelve significant digits."), (1, "to one significant digit.")]
)
def test_students_are_told_how_many_digits_are_wanted(digits, said):
    problem = replace(sc.examples.cnn_by_hand(), answers=Accuracy(digits))
    made = sc.explain(problem, detail="brief", digits=6)
    assert f"Fill in the boxes. Give inexact results {said}" in made.with_blanks().to_markdown()
    assert "Round inexact" not in made.to_markdown()


@slow
def test_pictures_carry_no_points(tex):
    assert "Pictures carry no points." in tex
    short = explained("strided, padded, grouped", "brief").with_blanks()
    assert "carry no points" not in short.to_latex()


def test_what_is_computed_is_what_is_open():
    kinds = {row.task for block in solution().blocks for row in all_rows([block])}
    assert kinds == {"nothing", "value", "formula"}
    tables = [block for block in blanks().blocks if isinstance(block, Table)]
    assert sum(bool(table.tasks) for table in tables) >= 3


@pytest.mark.parametrize("name", one_of(["the seed", "batch normalisation", "logits"]))
@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_points_are_those_of_the_marking(name, detail):
    """The first three boxes are for the student's name, the date and the points."""
    solution = sc.explain(problem_named(name), detail=detail)
    first, _, others = solution.with_blanks().to_latex().partition("Points: ")
    assert first.count(r"\boxed{") == 2
    total = float(re.search(r" of ([0-9.,]+)\n", others)[1].replace(",", ""))
    assert total <= others.count(r"\boxed{") - 1
    asked = sc.mark(problem_named(name), {})
    assert total == asked.of if detail == "full" else total <= asked.of
    assert "Points: " + "$" in solution.with_blanks(7).to_latex()
    assert " of 7\n" in solution.with_blanks(7).to_latex()


def test_gaps_change_nothing_else():
    pairs = zip(_rows(solution()), _rows(blanks()), strict=True)
    assert all(a == b for a, b in pairs if a.task == "nothing")


def _rows(document):
    return [row for block in document.blocks if isinstance(block, Rows) for row in block.rows]


def test_a_comparison_does_not_say_which_side_is_larger(tex):
    """In the third window the second entry wins: no sign of the section on validity tells it."""
    section = tex[tex.index("Where they hold") :].split(r"\section")[0]
    assert rf"$z_{{11}} {SIGN_GAP} z_{{21}}$" in section
    assert rf"$z_{{13}} {SIGN_GAP} z_{{23}}$" in section
    assert not re.search(r"\\geq|\\ge\b|<|>", section.replace(">{", ""))


def test_zeros_are_not_told_from_rounded_values_by_their_sign(tex):
    """Three of the six derivatives are exactly 0."""
    rows = re.findall(r"delta\^\{z\}_\{\d\d\} &= (.*?)(?: & |$)", tex, re.MULTILINE)
    assert len(rows) == 6
    assert all(row.rstrip("*\\").endswith(f"= {GAP}") for row in rows)


def test_whether_the_loss_has_become_smaller_is_asked(tex):
    assert "Has it decreased?" in tex
    assert "has decreased" not in tex


def test_a_tie_is_not_told():
    network = sc.Network((2, 2, 1), [sc.MaxPool2D(2), sc.Flatten()], sc.HalfSquaredError())
    solution = sc.explain(sc.Problem(network, {"x": [1, 1, 1, 0], "target": [0]}))
    assert "three entries are the largest" in solution.to_markdown()
    assert "three entries" not in solution.with_blanks().to_markdown()
