r"""What is exactly a short decimal is printed as one: the sum of a softmax is 1, not about 1."""

from fractions import Fraction

import pytest
from sympy import Float, Integer, Rational

import symcnn as sc
from symcnn.document.explanation import exact_oracle
from symcnn.document.traversal import all_rows
from symcnn.reference.enclosures import Precision
from symcnn.writing.formula.latex import latex
from tests.document.test_indices import parts

LAYERS = {
    "softmax": ([sc.Softmax()], {"x": [1, 2]}, "L", "1"),
    "opposite": (
        [sc.Tanh(), sc.Dense(1)],
        {"x": [1, -1], "dense1.weight": [[1, 1]], "dense1.bias": [88]},
        "L",
        "88",
    ),
    "normalised": (
        [sc.Flatten(), sc.Softmax(), sc.Dense(1)],
        {"x": [1, 2], "dense1.weight": [[3, 3]], "dense1.bias": [Rational(5, 2)]},
        "L",
        "5.5",
    ),
    "a softmax pulled at both ends": ([sc.Softmax()], {"x": [1, 2]}, r"\delta^{x}_{1}", "0"),
    "near 88, not 88": ([sc.SiLU()], {"x": [88, 0]}, "L", r"\approx 88.00"),
}


def explained(name):
    layers, values, *_ = LAYERS[name]
    network = sc.Network((2,), layers, sc.SumOfOutputs())
    return sc.explain(sc.Problem(network, values, title=name))


@pytest.mark.parametrize("name", LAYERS)
def test_a_figure_is_called_equal_where_it_is(name):
    *_, left, figure = LAYERS[name]
    ends = [
        latex(row.sides[-1].formula)
        for row in all_rows(explained(name).blocks)
        if latex(row.left) == left
    ]
    assert ends[-1].removeprefix("= ") == figure


NETWORKS = {
    "one of many": ((29,), [sc.Tanh()], sc.SumOfOutputs()),
    "a target": ((29,), [sc.Sigmoid()], sc.HalfSquaredError()),
    "renamed": ((5, 6, 1), [sc.Flatten()], sc.SumOfOutputs()),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_what_holds_for_some_indices_is_a_formula(name):
    shape, layers, loss = NETWORKS[name]
    network = sc.Network(shape, layers, loss)
    values = {t.name: [Rational(n, 64) for n in range(t.size)] for t in network.given}
    found = list(parts(sc.explain(sc.Problem(network, values)).blocks))
    for (kind, text), (after, _) in zip(found, [*found[1:], ("end", "")], strict=True):
        assert not (kind == "said" and text.endswith("$:") and after != "rows")


def test_a_maximum_over_an_axis_of_one_entry_has_no_condition():
    layer = sc.MaxPool2D((2, 3), (2, 1), ((0, 0), (1, 1)))
    network = sc.Network((4, 1, 1), [layer], sc.SumOfOutputs())
    rows = [
        t
        for kind, t in parts(
            sc.explain(sc.Problem(network, {"x": [1, 2, 3, 4]}), detail="full").blocks
        )
    ]
    assert r"p_{i} = \max_{1 \le u \le 2} x_{2(i-1)+u}\quad \left(i = 1, 2\right)" in rows


@pytest.mark.parametrize(("gap", "digits"), [(500_000, 140), (10**7, 140)])
def test_a_figure_that_is_not_told_from_0_takes_few_digits(gap, digits, monkeypatch):
    """Of log-softmax of (gap, 0) the first is -e^-gap: 10^-217147, and 10^-4342944 at the second.

    Thousands of digits do not tell the difference gap - log(e^gap + 1) from 0: they were tried
    for every figure, for seconds.
    """
    tried = []

    class Counted(exact_oracle._Known):
        def __init__(self, *arguments):
            tried.extend(a.digits for a in arguments if isinstance(a, Precision))
            super().__init__(*arguments)

    monkeypatch.setattr(exact_oracle, "_Known", Counted)
    network = sc.Network((2,), [sc.LogSoftmax()], sc.SumOfOutputs())
    values = {"x": [Integer(gap), Integer(0)]}
    oracle = exact_oracle.ExactOracle(sc.derive(network), values)
    first, second = (network.tensors["log_softmax1"].symbol((n,)) for n in range(2))
    assert oracle.shows(first, Float(0, 50), Fraction(0))
    assert oracle.shows(second, Integer(-gap), Fraction(1, 10**60))
    assert not oracle.shows(second, Float(0, 50), Fraction(0))
    assert max(tried) <= digits
