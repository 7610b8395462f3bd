"""Formulas as textbooks write them: softmax, cross-entropy, batch normalisation, constants."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from sympy import exp, sqrt

import symcnn as sc
from tests.draws import slow

X = [[0.5, -1.5], [2.0, 0.25], [-0.75, 1.0]]


def tex(layers, loss, values, shape=(3,), batch=None, **options):
    network = sc.Network(shape, layers, loss, batch=batch)
    return " ".join(sc.explain(sc.Problem(network, values), **options).to_latex().split())


def softmax(target, loss=None, **options):
    layers, values = (
        [sc.Dense(3, bias=False)],
        {"x": X[0] + [1.0], "dense1.weight": [[1, 0, 2]] * 3},
    )
    if loss is None:
        return tex(layers, sc.SoftmaxCrossEntropy(), {**values, "target": target}, **options)
    return tex([*layers, sc.Softmax()], loss, {**values, "target": target}, **options)


QUOTIENT = r"\frac{e^{z_{m}}}{\sum_{r=1}^{3} e^{z_{r}}}"


def test_a_softmax_is_a_quotient_before_it_is_computed():
    text = softmax([0, 1, 0], sc.SquaredError(), detail="full")
    assert text.index(QUOTIENT) < text.index(r"e^{z_{m} - \ell}")
    assert r"\ell" not in softmax([0, 1, 0], sc.SquaredError())


def test_a_loss_is_a_cross_entropy_before_it_is_computed():
    text = softmax([0.25, 0.75, 0], detail="full")
    usual = r"-\sum_{m=1}^{3} t_{m} \log\left(p_{m}\right)"
    assert (
        text.index(QUOTIENT) < text.index(usual) < text.index(r"\ell - \sum_{m=1}^{3} t_{m} z_{m}")
    )


def test_targets_that_are_rounded_have_no_cross_entropy():
    """The two forms differ by (1 - sum of the targets) times l, here 10^(-10) l."""
    text = softmax([Decimal("0.3333333333")] * 3, detail="full")
    assert r"t_{m} \log" not in text
    assert r"\ell - \sum_{m=1}^{3} t_{m} z_{m}" in text


def test_a_smoothed_target_is_what_the_output_is_compared_with():
    loss = sc.SoftmaxCrossEntropy(label_smoothing=0.25)
    values = {"x": [1, 2, 3], "dense1.weight": [[1, 0, 2]] * 3, "target": [0, 1, 0]}
    text = tex([sc.Dense(3, bias=False)], loss, values)
    assert r"is smoothed: $\frac{3}{4} t_{m} + \frac{1}{12}$ takes its place." in text
    assert "cross-entropy of the smoothed target and this softmax" in text
    assert "smoothed" not in softmax([0, 1, 0])


@dataclass(frozen=True)
class Doubled(sc.Softmax):
    """e^(2 x - l), in which l is the logarithm of the sum of e^x: no softmax, and no sum of 1."""

    def value(self, log_probability):
        x = next(term for term in log_probability.args if not term.could_extract_minus_sign())
        return exp(log_probability + x)


def test_what_is_no_softmax_is_not_called_one():
    values = {"x": [1, 0, -1], "target": [1, 0, 0]}
    said = "gives positive numbers that sum to 1"
    assert said not in tex([Doubled()], sc.SquaredError(), values)
    assert said in tex([sc.Softmax()], sc.SquaredError(), values)


def test_exponentials_of_very_large_numbers_are_not_written_out():
    values = {"x": [1e5, 0, 1], "target": [1, 0, 0]}
    assert r"\frac{e^{" not in tex([sc.Softmax()], sc.SquaredError(), values)


def normalised(epsilon="0.00001", more=(), detail="standard", **settings):
    layers = [*more, sc.BatchNorm(epsilon=Decimal(epsilon), affine=False, **settings), sc.Tanh()]
    values = {"x": X}
    return tex(layers, sc.SumOfOutputs(), values, (3, 2), detail=detail)


def test_batch_normalisation_ends_in_its_compact_form():
    """Ioffe and Szegedy's chain of derivatives, with the sums of deviations left out."""
    text = normalised(detail="full")
    root = r"\frac{1}{\sqrt{V_{c} + \varepsilon}}"
    total = r"\sum_{r=1}^{3} \delta^{y}_{rc}"
    third = r"\frac{1}{3}"
    terms = rf"\delta^{{y}}_{{ic}} - {third} {total} - {third} y_{{ic}} {total} y_{{rc}}"
    assert rf"\delta^{{x}}_{{ic}} &= {root} \left({terms}\right)" in text
    assert r"x}_{ic} &= \frac{1}{\sqrt{V" not in normalised()  # in vectors alone


def test_the_sum_of_all_deviations_is_left_out():
    text = normalised(detail="full")
    sums = r"\sum_{i=1}^{3} \left(\mu_{c} - x_{ic}\right)"
    left = r"&= -\frac{1}{\sqrt{V_{c} + \varepsilon}} \sum_{i=1}^{3} \delta^{y}_{ic}"
    assert text.index(sums) < text.index("which leaves:") < text.index(left)
    at_once = normalised()
    assert sums not in at_once
    assert at_once.index("nothing comes back through $V$") < at_once.index(left)


@dataclass(frozen=True)
class LocallyNormalised(sc.Layer):
    """(x - m)/sqrt(V + 1) with the mean m and the variance V of a window of two entries."""

    prefix = "local"
    letter = "y"

    def output_shape(self, shape):
        return shape[0] // 2, 2

    def auxiliaries(self, shape):
        windows = (shape[0] // 2,)
        return {"mean": sc.Auxiliary(windows, "mu", "i"), "spread": sc.Auxiliary(windows, "V", "i")}

    def forward(self, y, x, mean, spread):
        i, u = y.indices
        deviation = x[2 * i + u] - mean[i]
        return (
            sc.define(mean[i], x[2 * i + u], reduction=sc.Mean(), over={u: 2}),
            sc.define(spread[i], deviation**2, reduction=sc.Mean(), over={u: 2}),
            sc.define(y[i, u], deviation / sqrt(spread[i] + 1)),
        )


def test_deviations_within_windows_are_left_out_too():
    """Beside mu[i], x[2 i + u] tells u: those of one window sum to 0."""
    layers, values = [LocallyNormalised(), sc.Tanh()], {"x": [1, -2, 3, 0.5]}
    page = tex(layers, sc.SumOfOutputs(), values, (4,), detail="full")
    assert r"\left(\mu_{i} - x_{" in page
    assert page.count("which leaves") == 1
    short = page[page.index("which leaves") :].partition("aligned}")[2]
    assert r"\mu_{i} - x_{" not in short.partition("aligned}")[0]


@slow
def test_the_constant_below_a_root_has_a_letter():
    text = normalised()
    assert r"Here $\varepsilon = 0.00001$." in text
    assert r"Here $\varepsilon = 0.125$." in normalised("0.125")


@pytest.mark.parametrize(
    ("alpha", "printed"), [("0.01", "0.01 x"), ("0.3", "0.3 x"), ("0.25", r"\frac{1}{4} x")]
)
def test_a_slope_is_a_decimal_as_its_author_wrote_it(alpha, printed):
    text = tex([sc.LeakyReLU(alpha=Decimal(alpha))], sc.SumOfOutputs(), {"x": [1, -2, 3]})
    assert printed in text


@slow
def test_two_constants_of_different_layers_have_no_letter():
    text = normalised(more=[sc.BatchNorm(epsilon=Decimal("0.001"), affine=False)])
    assert r"\varepsilon" not in text
    assert r"V_{c} + 0.001" in text
