"""Layers from outside on paper: whatever evaluates is explained, and what is printed is so.

Their equations have integers in targets, guards of their own, terms of several kinds, or
maxima whose terms come from several places.
"""

import re
from itertools import product
from math import prod

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn.programs.export import sympy_module
from symcnn.programs.export.module import exported
from tests.draws import spread
from tests.programs import unusual_layers as unusual
from tests.programs.test_user_layers import CASES

LOSSES = {
    "half squared error": ([], sc.HalfSquaredError()),
    "sum of outputs": ([], sc.SumOfOutputs()),
    "upstream": ([], sc.Upstream()),
    "squared error": ([], sc.SquaredError("sum")),
    "mean squared error": ([], sc.MeanSquaredError()),
    "binary cross-entropy": ([sc.Sigmoid()], sc.BinaryCrossEntropy()),
    "cross-entropy": ([sc.Flatten(), sc.Softmax()], sc.CrossEntropy()),
    "softmax cross-entropy": ([sc.Flatten()], sc.SoftmaxCrossEntropy()),
}
EVERY = list(product(CASES, [None, 2], LOSSES))


def numbers(network):
    """Return sixteenths that are not 0, and targets that are distributions."""
    drawn = np.random.default_rng(3)
    values = {}
    for tensor in network.given:
        size, samples = prod(tensor.shape), network.batch or 1
        signs = drawn.choice([-1, 1], size) if tensor.name != "target" else 1
        values[tensor.name] = [Rational(int(n), 16) for n in signs * drawn.integers(1, 16, size)]
        if tensor.name == "target":
            values[tensor.name] = [Rational(samples, size)] * size
    return values


def problem(shape, layers, loss, batch=None):
    network = sc.Network(shape, layers, loss, batch=batch)
    return sc.Problem(network, numbers(network))


@pytest.mark.parametrize(("case", "batch", "loss"), spread(EVERY))
def test_all_that_evaluates_is_explained_and_exported(case, batch, loss):
    (shape, layers), (more, of) = CASES[case], LOSSES[loss]
    made = problem(shape, [*layers, *more], of, batch)
    assert sc.gradcheck(made).max_abs_error < 1e-9
    floats, exact = sc.evaluate(made), sc.evaluate(made, exact=True).rounded()
    for name, gradient in floats.gradients.items():
        np.testing.assert_allclose(gradient, exact.gradients[name], rtol=1e-9, atol=1e-11)
    document = sc.explain(made)
    assert all(document.files(format) for format in ("tex", "md", "html"))
    for text in (
        sympy_module(made.derivation, made.values, case),
        exported(made.derivation, made.values, case, "numpy"),
    ):
        compile(text, case, "exec")


def page(layer, size=4):
    return sc.explain(problem((size,), [layer, sc.Tanh()], sc.SumOfOutputs())).to_latex()


@pytest.mark.parametrize(
    ("layer", "rows"),
    [
        (
            unusual.Reflected(),
            [
                r"\begin{cases} x_{-i+4} & \text{if } i < 3 \\ x_{i-2} & \text{if } i < 7 \\ "
                r"x_{-i+10} & \text{otherwise} \end{cases}",
                r"\delta^{y}_{-q+4} \left[q \geq 2,\; q \leq 3\right]",
            ],
        ),
        (
            unusual.Dropped(),
            [r"2 \left(x_{3} \left[r = 3\right] + x_{1} \left[r = 1\right]\right)"],
        ),
        (
            unusual.Cumulative(),
            [r"y_{v} &= \sum_{q=1}^{v} x_{q}"],
        ),
        (
            unusual.MaxSpread(),
            [r"y_{i} &= \max_{1 \le q \le 4,\, 1 \le u \le 2,\, q-i+u=1} w_{u} x_{q}"],
        ),
        (unusual.First(), [r"\left[r = 1\right]"]),
    ],
)
def test_general_forms_say_by_brackets_or_limits_which_terms_there_are(layer, rows):
    text = page(layer)
    assert [row for row in rows if row not in text] == []


def test_a_theorem_says_all_or_is_not_stated():
    # Outside of x the term w e^0 + x_q is left out, which no subscript of x_q shows.
    text = page(unusual.LocalEnergy(), 5)
    of_input = text[text.index("the input}") : text.index("Every weight's derivative}")]
    assert "Theorem" not in of_input
    assert r"\sum_{u=\max\left(1, 3 - r\right)}^{\min\left(3, 7 - r\right)} \delta^{y}_{r}" in text


@pytest.mark.parametrize(
    ("layer", "is_multiplied"),
    [
        (sc.Conv1D(2, 3, padding=1), True),
        (unusual.LocalEnergy(), False),
        (unusual.SoftWindow(), False),
    ],
    ids=repr,
)
def test_a_weight_is_multiplied_by_padding_where_that_makes_0(layer, is_multiplied):
    """Of w e^(-x^2) the exponential is 1 at x = 0: the term is omitted, not multiplied by 0.

    So is that of a log-sum-exp, which would be e^0 = 1.
    """
    shape = (5, 1) if is_multiplied else (5,)
    made = problem(shape, [layer, sc.Tanh()], sc.SumOfOutputs())
    text = " ".join(sc.explain(made).to_markdown().split())
    assert ("a weight is multiplied by padding, that is by 0" in text) == is_multiplied
    assert ("the forward pass omits the term of a weight" in text) != is_multiplied


def test_a_theorem_has_brackets_where_one_entry_of_several_is_read():
    """The derivative with respect to the others is 0, which the theorem says as well."""
    said = page(unusual.SoftWindow())
    (stated,) = re.findall(
        r"\\frac{\\partial L}{\\partial w_{(.)}} &?= .*\\left\[1 = (.)\\right\]", said
    )
    assert stated[0] == stated[1]


def test_a_window_may_begin_behind_the_first_entry():
    document = sc.explain(problem((5,), [unusual.Late()], sc.SumOfOutputs()))
    assert document.to_latex().count("with padding -2") == 2
    assert "the padding before the first entry" in document.to_html()


def test_several_equations_are_several_paths():
    """Of entries that are mirrored, too, the error signal is not said to be only reindexed."""
    assert "reindexed" not in page(unusual.Reflected())
    assert "passed on unchanged" not in page(unusual.Reflected())
