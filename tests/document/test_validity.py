"""Where the closed forms hold: the comparisons that decide, with their margins."""

import re
from pathlib import Path

import pytest
from sympy import Rational

import symcnn as sc


def section(problem):
    tex = sc.explain(problem, detail="full").to_latex()
    found = re.search(r"\\subsection\{Where they hold\}(.*?)\\section", tex, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(
    "row",
    [
        r"$z_{11} \geq z_{21}$ & $0.24 \geq 0.15$ & $0.09$ & "
        r"$w_{11} x_{1} + w_{21} x_{2} \geq w_{11} x_{2} + w_{21} x_{3}$ \\",
        r"$z_{13} < z_{23}$ & $-0.02 < 0.1$ & $0.12$ & ",
    ],
)
def test_the_seed_names_its_comparisons(row):
    assert row in section(sc.examples.cnn_by_hand())


def test_without_brackets_the_seeds_derivatives_are_products():
    text = section(sc.examples.cnn_by_hand())
    assert (
        r"\frac{\partial L}{\partial w_{23}} &= "
        r"\left(a - t\right) a \left(1 - a\right) w^{(2)}_{3} x_{3}" in text
    )
    assert r"\left[" not in text.partition("derivatives are:")[2]


def relu(x):
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.ReLU()], sc.SumOfOutputs())
    return sc.Problem(network, {"x": [x], "dense1.weight": [Rational(1, 2)]})


@pytest.mark.parametrize(
    ("x", "holds", "derivative"), [(3, r"z > 0", "x = 3"), (-3, r"z \leq 0", "0")]
)
def test_a_rectifier_is_open_or_closed(x, holds, derivative):
    text = section(relu(x))
    assert f"${holds}$" in text
    assert rf"\frac{{\partial L}}{{\partial w}} &= {derivative}" in text


def test_the_closest_comparisons_are_listed_by_distance():
    network = sc.Network((30, 1), [sc.Conv1D(1, 1, bias=False), sc.ReLU()], sc.SumOfOutputs())
    numbers = [Rational(2 * ((7 * n) % 31) - 29, 8) for n in range(30)]
    values = {"x": numbers, "conv1.weight": [1]}
    text = section(sc.Problem(network, values))
    assert "The 24 closest are:" in text
    margins = [float(m) for m in re.findall(r"& \$([\d.]+)\$ *(?:&|\\)", text)]
    assert margins == sorted(map(abs, map(float, numbers)))[:24]


def test_smooth_networks_hold_everywhere():
    network = sc.Network((1,), [sc.Dense(1), sc.Tanh()], sc.SumOfOutputs())
    values = {"x": [1], "dense1.weight": [1], "dense1.bias": [0]}
    assert section(sc.Problem(network, values)) == ""


def test_a_product_too_wide_for_a_line_is_a_sum_that_can_be_broken():
    geoj = Path(__file__).parents[2] / "derivations" / "geoj-cs231n-two-layer" / "problem.toml"
    text = section(sc.load(geoj)).partition("derivatives are:")[2]
    assert re.findall(r"\\partial (\w+_\{\d*\})\} &=", text)[:2] == ["w_{11}", "w_{12}"]
    assert r"\approx -0.0909338" in text


def test_a_derivative_that_is_its_bracket_alone():
    # y = max(0, w x + b) and L = y: dL/db = [z > 0], which is 1 at z = 1 + 2.
    network = sc.Network((1,), [sc.Dense(1), sc.ReLU()], sc.SumOfOutputs())
    problem = sc.Problem(network, {"x": [1], "dense1.weight": [1], "dense1.bias": [2]})
    assert r"\frac{\partial L}{\partial b} &= 1" in section(problem)
