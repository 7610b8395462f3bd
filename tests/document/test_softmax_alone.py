"""A softmax is told as a quotient alone where nothing that is told needs its log-sum-exp."""

import re
from decimal import Decimal

import pytest

import symcnn as sc
from symcnn.document.blocks import Diagram, Note
from symcnn.document.pages.html.text import plain
from symcnn.document.traversal import all_rows
from symcnn.writing.drawing.picture import Label
from symcnn.writing.formula.latex import latex
from tests.document.networks import problem_of
from tests.document.test_compact import attending
from tests.document.test_theorems import words

DEEP = [sc.Dense(3), sc.Tanh(), sc.Dense(3), sc.Tanh(), sc.Dense(3)]
ATTENTION = [*attending(2), sc.Flatten(), sc.Dense(1)]
SHORT = [sc.Dense(3)]


def document(layers, loss, shape=(2,), values=None, **options):
    network = sc.Network(shape, layers, loss)
    problem = problem_of(network, "softmax")
    return sc.explain(sc.Problem(network, {**problem.values, **(values or {})}), **options)


def rows(made):
    return [
        latex(row.left) + "".join(latex(s.formula) for s in row.sides)
        for row in all_rows(made.blocks)
    ]


@pytest.mark.parametrize("layers", [SHORT, DEEP], ids=["short", "deep"])
def test_a_loss_of_a_softmax_is_worked_out_as_textbooks_write_it(layers):
    made = document(layers, sc.SoftmaxCrossEntropy(), values={"target": [0, 1, 0]})
    text = words(*made.blocks) + "".join(rows(made))
    assert r"\ell" not in text
    assert "log-sum-exp" not in text
    written = [row for row in rows(made) if row.startswith("L=") and r"\log" in row]
    general, worked = written
    assert r"-\sum_{m=1}^{3} t_{m} \log\left(p_{m}\right)" in general
    assert r"t_{2} \log\left(p_{2}\right)" in worked
    assert worked.count(r"\approx") == 2


@pytest.mark.parametrize(
    ("layers", "options", "target"),
    [
        (DEEP, {"detail": "full"}, [0, 1, 0]),
        (DEEP, {"detail": "brief"}, [0, 1, 0]),
        (DEEP, {"follow": "x_1"}, [0, 1, 0]),
        (DEEP, {}, [Decimal("0.3333333333")] * 3),  # they do not sum to 1
    ],
    ids=["full", "brief", "to the input", "rounded"],
)
def test_elsewhere_the_log_sum_exp_is_told(layers, options, target):
    made = document(layers, sc.SoftmaxCrossEntropy(), values={"target": target}, **options)
    assert any(row.startswith(r"\ell") for row in rows(made))


def test_the_derivative_of_a_softmax_is_stated_at_once():
    made = document(ATTENTION, sc.HalfSquaredError(), shape=(3, 2))
    text = words(*made.blocks) + "".join(rows(made))
    assert r"\ell" not in text
    assert "Substituting" not in text
    (stated,) = (b for b in made.blocks if isinstance(b, Note) and "(softmax)" in str(b.title))
    assert "is the softmax of" in words(stated)
    full = document(ATTENTION, sc.HalfSquaredError(), shape=(3, 2), detail="full")
    assert "Substituting the error signal of" in words(*full.blocks)


def test_an_entry_of_it_is_worked_out_as_a_product():
    made = document(ATTENTION, sc.HalfSquaredError(), shape=(3, 2))
    (worked,) = (r for r in rows(made) if r.startswith(r"\delta^{s}_{") and r"\approx" in r)
    entry, formula, numbers, _ = re.split(r"=|\\approx", worked)
    at = re.search(r"_\{(\d)(\d)\}", entry)
    assert at
    i, j = at.groups()
    products = " - ".join(rf"\delta^{{a}}_{{{i}{k}}} a_{{{i}{k}}}" for k in (1, 2, 3))
    assert formula == rf" a_{{{i}{j}}} \left(\delta^{{a}}_{{{i}{j}}} - {products}\right)"
    assert re.match(r" \S+ \\cdot \\left\(.*\\right\)$", numbers)


def test_a_picture_of_entries_has_the_probabilities_and_no_log_sum_exp():
    made = document(SHORT, sc.SoftmaxCrossEntropy())
    drawn, *_ = (block for block in made.blocks if isinstance(block, Diagram))
    assert "except for the target, the probabilities and the loss" in plain(drawn.caption)
    labels = [shape.text for shape in drawn.picture.shapes if isinstance(shape, Label)]
    nodes = {latex(text) for text in labels if not isinstance(text, str)}
    assert {"p_{1}", "p_{2}", "p_{3}", "L"} <= nodes
    assert r"\ell" not in nodes
