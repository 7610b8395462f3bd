"""Estimated widths, beside those that pdflatex measured with amsmath at 10 pt."""

import pytest

from symcnn.writing.formula import read
from symcnn.writing.formula.width import width

MEASURED = [
    (r"w_{11} x_{1} + w_{21} x_{2}", 63.9),
    (r"\delta^{z}_{11} x_{1} + \delta^{z}_{21} x_{2}", 58.5),
    (r"(-0.00609750) \cdot 1 + 0 \cdot 0.4", 112.8),
    (r"\frac{\partial L}{\partial w^{(2)}_{1}}", 26.4),
    (
        r"\sum_{k=1}^{3} \sum_{u=\max\left(1, r - 1\right)}^{\min\left(2, r\right)} "
        r"\delta^{z}_{r-u+1, k} w_{uk}",
        123.9,
    ),
    (
        r"w^{(2)}_{1} a \left(1 - a\right) \left(a - t\right) \left(x_{1} \left[z_{11} \geq "
        r"z_{21}\right] + x_{2} \left[z_{11} < z_{21}\right]\right)",
        221.6,
    ),
    (r"\sigma\left(z^{(2)}_{12}\right)", 35.5),
    (r"\tanh\left(z_{111}\right)", 46.6),
    (r"\max\left(z_{11}, z_{21}\right)", 58.7),
    (r"\frac{1}{2} \left(t_{1} - a^{(2)}_{1}\right)^{2}", 61.8),
    (r"1.23456 \times 10^{-12}", 69.7),
    (r"\delta^{p}_{n, \left\lfloor{\frac{r}{2} - \frac{1}{2}}\right\rfloor + 1, k}", 56.1),
]


@pytest.mark.parametrize(("latex", "points"), MEASURED)
def test_the_estimate_is_near_and_seldom_too_small(latex, points):
    assert 0.96 * points <= width(read(latex)) <= 1.5 * points
