"""Closed forms as a person leaves them: what all terms share stands once, and cancels there."""

import re

import pytest
from sympy import Rational

import symcnn as sc
from symcnn import limits
from symcnn.document.blocks import Rows
from tests.document.networks import problem_of
from tests.draws import slow


def rows(length=4):
    """The closed forms of a leaky unit that is averaged, with cross-entropy behind it."""
    network = sc.Network(
        (length, 1),
        [
            *(sc.Conv1D(1, 1, bias=False), sc.LeakyReLU(), sc.AvgPool1D(length), sc.Flatten()),
            *(sc.Dense(1, bias=False), sc.Sigmoid()),
        ],
        sc.BinaryCrossEntropy(),
    )
    values = {"x": list(range(1, length + 1)), "conv1.weight": [0.5], "dense1.weight": [2]}
    text = sc.explain(sc.Problem(network, {**values, "target": [1]})).to_latex()
    (section,) = re.findall(r"\{Closed forms\.\}(.*?)\\(?:leading)?section", text, re.DOTALL)
    return re.sub(r"\\\\\*?\n &\\quad| {2,}", "", section)


def test_what_all_terms_share_stands_in_front_and_cancels():
    terms = " + ".join(
        rf"x_{{{n}}} \left(0.01 \left[z_{{{n}}} \leq 0\right] + \left[z_{{{n}}} > 0\right]\right)"
        for n in (1, 2, 3, 4)
    )
    front = r"\frac{1}{4} \left(a^{(2)} - t\right) w^{(2)}"
    assert rf"\frac{{\partial L}}{{\partial w}} &= {front} ({terms})" in re.sub(
        r"\\bigg?[lr]", "", rows()
    )


def test_factors_stand_as_the_chain_rule_meets_them_from_the_loss_back():
    """Rumelhart, Hinton and Williams (1986): the error, its slope, the weight, the next slope."""
    pytest.importorskip("rich")
    network = sc.Network(
        (1,),
        [sc.Dense(1), sc.Sigmoid(), sc.Dense(1), sc.Sigmoid()],
        sc.HalfSquaredError(),
    )
    values = {"dense1.weight": [1], "dense1.bias": [0], "dense2.weight": [1], "dense2.bias": [0]}
    text = sc.explain(sc.Problem(network, {"x": [2], "target": [1], **values})).to_text()
    assert "∂L/∂w = (a⁽²⁾ - t) a⁽²⁾ (1 - a⁽²⁾) w⁽²⁾ a (1 - a) x" in text


@pytest.mark.parametrize(("detail", "count"), [("standard", 8), ("full", 34)])
def test_where_all_would_fill_a_page_a_large_tensor_has_an_example(detail, count):
    """There is room for eight rows, of which two short ones share one."""
    pytest.importorskip("rich")
    network = sc.Network((5,), [sc.Dense(4), sc.Dense(2)], sc.HalfSquaredError())
    values = {tensor.name: [0.5] * tensor.size for tensor in network.given}
    text = sc.explain(sc.Problem(network, values), detail=detail).to_text()
    section = re.split(r"Closed forms\n|\nwhere\n|Check\n", text)[1]
    assert section.count("∂L/∂") == count
    said = "the derivative with respect to one entry each is given as an example"
    assert (said in " ".join(section.split())) == (detail == "standard")


@slow
def test_full_detail_gives_no_fewer_closed_forms_than_standard():
    """Where the stages are too many to be listed, it has the forms that keep them."""
    layers = [sc.Conv1D(2, 3), sc.AvgPool1D(2), sc.Tanh(), sc.Flatten(), sc.Dense(1)]
    network = sc.Network((6, 2), layers, sc.HalfSquaredError(), batch=3)
    values = {t.name: [Rational(n % 7 - 3, 10) for n in range(t.size)] for t in network.given}
    problem = sc.Problem(network, values)
    made = [
        sc.explain(problem, detail=level, sections=["closed-forms"]).to_latex().count("&=")
        for level in ("standard", "full")
    ]
    assert made[1] >= made[0] > 3


def test_short_closed_forms_stand_beside_each_other_and_long_ones_do_not():
    """Weights of a dense layer have (z - t) x; those before it sum over the two units behind."""
    layers = [sc.Dense(1), sc.Tanh(), sc.Dense(2)]
    problem = problem_of(sc.Network((2,), layers, sc.HalfSquaredError()), "short and long")
    lines = sc.explain(problem).to_latex().partition(r"{Closed forms}")[2].splitlines()
    shown = [line.count("&=") for line in lines if r"\partial L" in line and "&=" in line]
    assert shown == [1, 1, 1, 2, 2]


def test_a_short_closed_form_between_long_ones_is_aligned_with_them(monkeypatch):
    monkeypatch.setattr(limits, "CLOSED_FORM_LINES", 24)
    layers = [sc.ConvTranspose2D(1, 3, stride=2, padding=1), sc.Sigmoid()]
    problem = problem_of(sc.Network((2, 2, 1), layers, sc.MeanSquaredError()), "laid down")
    blocks = sc.explain(problem, sections=["closed-forms"]).blocks
    (rows,) = (block for block in blocks if isinstance(block, Rows))
    assert len(rows.rows) == 10
    assert not rows.alike
