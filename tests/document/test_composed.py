"""What cancels between two stages is cancelled: a - t for a sigmoid and cross-entropy."""

import pytest
from sympy import Symbol, exp, symbols

import symcnn as sc
from symcnn.derivation.cancelling import cancelled


def latex(units, layer, loss, **options):
    network = sc.Network((2,), [sc.Dense(units), layer], loss)
    weight = [[0.1, 0.2], [0.3, -0.4]][:units]
    values = {"x": [1, 2], "dense1.weight": weight, "dense1.bias": [0.1, 0.2][:units]}
    return sc.explain(
        sc.Problem(network, {**values, "target": [1, 0][:units]}), **options
    ).to_latex()


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize(
    ("units", "signal", "slope"),
    [
        (1, r"\delta^{z} &= a - t", r"w_{2}} &= \left(a - t\right) x_{2}"),
        (2, r"\delta^{z}_{m} &= a_{m} - t_{m}", r"w_{21}} &= \left(a_{2} - t_{2}\right) x_{1}"),
    ],
)
def test_a_sigmoid_and_its_cross_entropy_give_the_error(detail, units, signal, slope):
    """As in Bishop (2006), section 5.2: the derivative is y - t for canonical links."""
    text = latex(units, sc.Sigmoid(), sc.BinaryCrossEntropy(), detail=detail)
    assert signal in text
    assert (slope in text) == (detail != "brief")


def test_one_weights_way_has_it_too():
    text = latex(2, sc.Sigmoid(), sc.BinaryCrossEntropy(), weight="w_21")
    assert r"\delta^{z}_{m} &= a_{m} - t_{m}" in text


@pytest.mark.parametrize("loss", [sc.HalfSquaredError(), sc.MeanSquaredError()])
def test_where_nothing_cancels_nothing_is_said(loss):
    assert "simplifies this" not in latex(2, sc.Sigmoid(), loss)


a, t, x, y = symbols("a t x y", real=True)


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (a * (1 - a) * ((1 - t) / (1 - a) - t / a), a - t),
        (a * x * (1 - a) * ((1 - t) / (1 - a) - t / a) / 2, x * (a - t) / 2),
        (
            x * a * (1 - a) * ((1 - t) / (1 - a) - t / a) * sum(symbols("b_1:60")),
            x * (a - t) * sum(symbols("b_1:60")),
        ),
        ((exp(x) * y - y) / (exp(x) - 1), y),
        ((x - y) / (1 + x), (x - y) / (1 + x)),
        (t / a, t / a),
    ],
)
def test_fractions_are_in_lowest_terms_where_that_is_shorter(long, short):
    assert cancelled(long) == short


def test_large_fractions_are_left_alone():
    terms = [Symbol(f"x_{n}") for n in range(60)]
    large = sum(terms) / (1 + sum(terms)) * (1 + sum(terms))
    assert cancelled(large + a / (1 - a)) == large + a / (1 - a)
