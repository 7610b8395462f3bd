"""Figures stand in a formula where its value comes of them, and not where they cancel."""

import pytest

import symcnn as sc
from symcnn.document.traversal import all_rows
from symcnn.writing.formula.unicode import text


def rows(z, t):
    """Explain a sigmoid behind the binary cross-entropy, as LaTeX."""
    network = sc.Network((1,), [sc.Sigmoid()], sc.BinaryCrossEntropy())
    made = sc.explain(sc.Problem(network, {"x": [z], "target": [t]}), digits=6).to_latex()
    return [line for line in made.splitlines() if r"\approx" in line]


def row(lines, beginning):
    return next(line for line in lines if line.lstrip().startswith(beginning))


DELTA = r"\delta^{a} &= \frac{1 - t}{1 - a} - \frac{t}{a} \approx "
"""The derivative of the loss with respect to the output; at t = 0 it is 1 + e^z."""


def test_figures_that_come_to_the_value():
    # sigma(2) = 0.880797078, 1/(1 - 0.880797078) = 1 + e^2 = 8.389056099
    made = row(rows(2, 0), DELTA)
    assert r"\approx \frac{1 - 0}{1 - 0.880797} - \frac{0}{0.880797} \approx 8.38906" in made


@pytest.mark.parametrize(
    ("z", "delta"),
    [
        (50, r"5.18471 \times 10^{21}"),  # e^50 = 5.184705529e21; 1 - 1.00000 has no inverse
        (13, r"442414"),  # e^13 = 442413.392; the figure for a is 0.999998, which gives 500000
    ],
)
def test_figures_without_a_digit_of_the_value(z, delta):
    made = rows(z, 0)
    assert delta in row(made, DELTA)
    shows_figures = "1.00000" in row(made, DELTA) or "0.99999" in row(made, DELTA)
    assert shows_figures == (z == 13)
    assert not any(r"1 - 1.00000" in line for line in made)
    assert not any(r"\log{\left(1 - 1" in line for line in made)


@pytest.mark.parametrize(("target", "logarithms"), [(0, 1), (1, 1), (0.3, 2)])
def test_a_logarithm_that_0_is_multiplied_by_is_left_out_of_the_numbers(target, logarithms):
    network = sc.Network((1,), [sc.Sigmoid()], sc.BinaryCrossEntropy())
    made = sc.explain(sc.Problem(network, {"x": [0.5], "target": [target]}))
    loss = next(row for row in all_rows(made.blocks) if str(row.claim.left[0]) == "L")
    formula, numbers, _ = (text(side.formula) for side in loss.sides)
    assert formula.count("log") == 2
    assert numbers.count("log") == logarithms
    assert "0 · log" not in numbers.replace(".0", "")
