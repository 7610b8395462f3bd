"""The document of the seed: what it says, line by line."""

import re

import pytest

import symcnn as sc
from tests.document.shared import explained


@pytest.fixture(scope="module")
def made():
    return sc.explain(sc.examples.cnn_by_hand(), detail="full", digits=6)


@pytest.fixture(scope="module")
def tex(made):
    return made.to_latex()


@pytest.fixture(scope="module")
def markdown(made):
    return made.to_markdown()


LINES = [
    # forward pass
    r"z_{ik} &= \sum_{u=1}^{2} w_{uk} x_{i+u-1}",
    r"z_{11} &= w_{11} x_{1} + w_{21} x_{2} = 0.2 \cdot 1 + 0.1 \cdot 0.4 = 0.24",
    r"z_{13} &= w_{13} x_{1} + w_{23} x_{2} = (-0.1) \cdot 1 + 0.2 \cdot 0.4 = -0.02",
    r"p_{3} &= \max\left(z_{13}, z_{23}\right) = \max\left(-0.02, 0.1\right) = 0.1",
    r"= 0.1 \cdot 0.24 + 0.5 \cdot 0.26 + 0.6 \cdot 0.1 = 0.214",
    r"a &= \sigma\left(z^{(2)}\right) = \sigma\left(0.214\right) \approx 0.553297",
    r"\approx 0.0304312",
    # backward pass
    r"\delta^{a} &= a - t",
    r"\delta^{z(2)} &= \delta^{a} a \left(1 - a\right)",
    r"\approx -0.0609750",
    r"\delta^{z}_{ik} &= \delta^{p}_{k} R^{p}_{ki}",
    r"\delta^{z}_{23} &= \delta^{p}_{3} \left[z_{13} < z_{23}\right]",
    r"\frac{\partial L}{\partial w_{uk}} &= \sum_{i=1}^{2} \delta^{z}_{ik} x_{i+u-1}",
    r"\frac{\partial L}{\partial w_{11}} &= \delta^{z}_{11} x_{1} + \delta^{z}_{21} x_{2} "
    r"\approx (-0.00609750) \cdot 1 + 0 \cdot 0.4 \approx -0.00609750",
    # closed form of the third filter's second weight
    r"\frac{\partial L}{\partial w_{23}} &= \left(a - t\right) a \left(1 - a\right) w^{(2)}_{3} "
    r"\left(x_{2} \left[z_{13} \geq z_{23}\right] + x_{3} \left[z_{13} < z_{23}\right]\right)",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_a_reader_looks_for(tex, line):
    assert line in tex


@pytest.mark.parametrize(
    "derivative",
    [
        "-0.00609750",
        "-0.0304875",
        "-0.0146340",
        "-0.00243900",
        "-0.0121950",
        "-0.0256095",
        "-0.0158535",
        "-0.0103658",
        "-0.00731700",
    ],
)
def test_the_true_derivatives_are_printed_to_six_digits(tex, derivative):
    assert derivative in tex


@pytest.mark.parametrize("count", [r"2 \cdot 1 \cdot 1 \cdot 3 = 6", r"1 \cdot 3 = 3"])
def test_parameters_are_counted_as_the_notebook_does(tex, count):
    assert count in tex


def test_output_sizes_are_worked_out_as_the_notebook_does(tex):
    assert "$(3 - 2) / 1 + 1 = 2$" in tex
    assert "$(1 - 1) / 1 + 1 = 1$" in tex


def test_the_sections_stand_in_order(tex):
    titles = re.findall(r"\\(?:section|leadingsection\[.*?\])\{(.*?)\}", tex)
    assert [title.removesuffix(".") for title in titles] == [
        "The problem",
        "Symbols",
        "Forward pass",
        "Which entry wins each window",
        "The loss",
        "Following one weight through the network",
        "Backward pass",
        "Every weight's derivative",
        "Try it",
        "Closed forms",
        "All weights",
        "Check",
        "Reconciling with the notebook",
        "What we have learned",
        "References",
    ]


def test_the_partial_sign_is_used_throughout(tex, markdown):
    for text in (tex, markdown):
        assert r"\frac{d}{d" not in text
        assert "Derivative(" not in text


def test_the_arithmetic_of_every_line_is_right(tex):
    """Read each line's numbers back as Python and compute them again."""
    checked = 0
    for line in re.findall(
        r"(?:=|\\approx) ([-(0-9][^=\\&]*?(?:\\cdot[^=\\&]*?)+) "
        r"(?:=|\\approx) (-?[0-9.]+)(?: \\tag[^\n]*?)?(?:\\\\\*?(?:\[\dpt\])?)?\n",
        tex,
    ):
        computed = eval(line[0].replace(r"\cdot", "*"))  # our own document
        assert computed == pytest.approx(float(line[1]), rel=2e-5, abs=1e-12)
        checked += 1
    assert checked >= 15


def test_updated_weights_go_against_the_derivative(tex):
    assert r"0.203049" in tex  # 0.2 + 0.5 * 0.00609750...
    assert r"0.507927" in tex  # 0.5 + 0.5 * 0.0158535...


@pytest.mark.parametrize("macro", ["operatorname", "newcommand", "mbox", "phantom", "def"])
def test_github_takes_the_markdown(markdown, macro):
    assert f"\\{macro}" not in markdown


def test_markdown_says_the_same_as_latex(tex, markdown):
    for line in LINES:
        assert line in markdown


def test_the_same_problem_gives_the_same_bytes(tex):
    again = sc.explain(sc.examples.cnn_by_hand(), detail="full", digits=6)
    assert again.to_latex() == tex


@pytest.mark.parametrize("figure", ["0.5533", "0.03043", "-0.06098", "-0.02561", "0.2030"])
def test_four_digits_are_printed_by_default(figure):
    """Of 0.553297, 0.0304312, -0.0609750, -0.0256095 and 0.203049."""
    made = explained().to_latex()
    assert re.search(rf"(?<![\d.-]){re.escape(figure)}(?!\d)", made)
