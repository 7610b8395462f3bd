"""Functions in pieces are printed as cases, and a worked entry takes the one that holds."""

from decimal import Decimal

import pytest

import symcnn as sc
from symcnn.writing.formula import FormulaError, read
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.operators import explicit
from symcnn.writing.formula.unicode import text

CASES = r"\begin{cases} x & \text{if } x > 0 \\ 0.01 x & \text{otherwise} \end{cases}"


def tex(layer, x=(1, -2, 3)):
    problem = sc.Problem(sc.Network((len(x),), [layer], sc.SumOfOutputs()), {"x": list(x)})
    return " ".join(sc.explain(problem, detail="full").to_latex().split())


def test_every_notation_writes_cases():
    tree = read(CASES)
    assert latex(tree) == CASES
    assert text(tree) == "{x if x > 0; 0.01 x otherwise}"
    written = mathml([explicit(tree)])
    assert written.count("<mtr>") == 2
    assert (
        '<mtext>if</mtext><mspace width="0.3em" /><mi>x</mi><mo>&gt;</mo><mn>0</mn>'
        in written.replace("<mrow>", "")
    )


@pytest.mark.parametrize(
    "wrong",
    [
        r"\begin{array} x & \text{if } x \end{array}",
        r"\begin{cases} x & y \end{cases}",
        r"\begin{cases} x & \text{if } x",
        r"\begin{cases} x \end{cases}",
        r"\begin{cases} x & \text{if } x \end{document}",
    ],
)
def test_nothing_but_whole_cases_is_read(wrong):
    with pytest.raises(FormulaError):
        read(wrong)


def test_a_leaky_relu_is_two_cases_and_each_entry_is_one_of_them():
    page = tex(sc.LeakyReLU(alpha=Decimal("0.01")))
    case = (
        r"\begin{cases} x_{q} & \text{if } x_{q} > 0 \\ 0.01 x_{q} & \text{otherwise} \end{cases}"
    )
    assert f"a_{{q}} &= {case}" in page
    assert r"a_{1} &= x_{1} = 1\\* a_{2} &= 0.01 x_{2} = 0.01 \cdot (-2) = -0.02" in page
    slope = r"\begin{cases} 1 & \text{if } z > 0 \\ 0.01 & \text{otherwise} \end{cases}"
    assert rf"\varphi'\left(z\right) = {slope}" in page


def test_an_elu_has_an_exponential_in_one_case_alone():
    page = tex(sc.ELU(alpha=Decimal("0.3")))
    case = r"x_{q} & \text{if } x_{q} > 0 \\ 0.3 (e^{x_{q}} - 1) & \text{otherwise}"
    assert case in page
    assert r"a_{2} &= 0.3 (e^{x_{2}} - 1) = 0.3 \cdot (e^{-2} - 1) \approx -0.2594" in page


def test_a_relu_stays_a_bracket_in_its_derivative():
    page = tex(sc.ReLU())
    assert "cases" not in page.replace("special cases", "")
    assert r"\left[x_{q} > 0\right]" in page
