"""What cancels between two stages is cancelled: a - t for a sigmoid and cross-entropy."""

import pytest
from sympy import Rational, Symbol, exp, symbols

import symcnn as sc
from symcnn.derivation.simplification import cancelled
from symcnn.document.blocks import Note
from symcnn.document.traversal import all_rows
from symcnn.document.words.sentences import unlinked
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.latex import latex
from tests.document.shared import explained


def tex(units, layer, loss, **options):
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
        (1, r"\delta^{z} = a - t", r"w_{2}} &= \left(a - t\right) x_{2}"),
        (2, r"\delta^{z}_{m} = a_{m} - t_{m}", r"w_{21}} &= \left(a_{2} - t_{2}\right) x_{1}"),
    ],
)
def test_a_sigmoid_and_its_cross_entropy_give_the_error(detail, units, signal, slope):
    """As in Bishop (2006), section 5.2: the derivative is y - t for canonical links."""
    text = tex(units, sc.Sigmoid(), sc.BinaryCrossEntropy(), detail=detail)
    assert signal in text.replace("&=", "=")  # the row of a theorem stands in its sentence
    assert (slope in text) == (detail != "brief")


def test_one_weights_way_has_it_too():
    text = tex(2, sc.Sigmoid(), sc.BinaryCrossEntropy(), weight="w_21")
    assert r"\delta^{z}_{m} &= a_{m} - t_{m}" in text


@pytest.mark.parametrize("loss", [sc.HalfSquaredError(), sc.MeanSquaredError()])
def test_where_nothing_cancels_nothing_is_said(loss):
    said = "Substituting the error signal of $a$"
    assert said not in tex(2, sc.Sigmoid(), loss)
    assert said in tex(2, sc.Sigmoid(), sc.BinaryCrossEntropy())


@pytest.mark.parametrize("options", [{"weight": "w_21"}])
def test_of_a_signal_that_is_given_twice_it_is_said_why(options):
    said = r"The second formula for $\delta^{z}$ follows from the first by substituting"
    assert said in tex(2, sc.Sigmoid(), sc.BinaryCrossEntropy(), **options)
    assert "follows from the first" not in tex(2, sc.Sigmoid(), sc.HalfSquaredError(), **options)


def test_the_compact_form_of_a_normalisation_is_said_to_follow():
    """An overview has the compact form alone, and does not speak of a second one."""
    made = explained("batch normalisation", "brief").to_latex()
    assert r"\delta^{x}_{nic} &= \frac{1}{\sqrt{V_{c} + \varepsilon}} \biggl(" in made
    assert "The second formula" not in made
    assert made.count(r"\delta^{x}_{nic} &=") == 1


def theorems(layers, loss, target, batch=None):
    network = sc.Network((2,), [sc.Dense(2), *layers], loss, batch=batch)
    values = {"x": [1, 2] * (batch or 1), "dense1.weight": [0.1, 0.2, 0.3, -0.4]}
    values |= {"dense1.bias": [0.1, 0.2], "target": target * (batch or 1)}
    document = sc.explain(sc.Problem(network, values))
    return {
        "".join(part for part in unlinked(note.title) if isinstance(part, str)): note
        for note in document.blocks
        if isinstance(note, Note)
    }


SOFTMAX = "Theorem 2 (softmax and cross-entropy)"
THIRD = SOFTMAX.replace("2", "3")
OVER = r"\quad \left(m = 1, 2\right)"
"""What the index of a formula runs over, which stands behind it."""


@pytest.mark.parametrize(
    ("layers", "loss", "title", "error"),
    [
        (
            [sc.Sigmoid()],
            sc.BinaryCrossEntropy(),
            "Theorem 3 (sigmoid and binary cross-entropy)",
            r"\delta^{z}_{m} = a_{m} - t_{m}" + OVER,
        ),
        ([], sc.SoftmaxCrossEntropy(), SOFTMAX, r"\delta^{z}_{m} = p_{m} - t_{m}" + OVER),
        (
            [sc.Softmax()],
            sc.CrossEntropy(),
            SOFTMAX.replace("2", "3"),
            r"\delta^{z}_{m} = p_{m} - t_{m}" + OVER,
        ),
    ],
)
def test_the_error_is_a_theorem_where_the_derivation_reaches_it(layers, loss, title, error):
    """Bishop (2006), equations (4.91) and (4.109)."""
    *_, row = all_rows([theorems(layers, loss, [Rational(1, 4), Rational(3, 4)])[title]])
    assert latex(joined([row.left, row.sides[0].formula])) == error
    third = theorems(layers, loss, [Rational(1, 4), Rational(3, 4)], batch=3)[title]
    assert r"\frac{1}{3} (" in latex(list(all_rows([third]))[-1].sides[0].formula)


@pytest.mark.parametrize(
    ("layers", "loss", "title", "error"),
    [
        (
            [sc.Sigmoid()],
            sc.BinaryCrossEntropy(label_smoothing=Rational(1, 5)),
            "Theorem 3 (sigmoid and binary cross-entropy)",
            r"a_{m} - \left(\frac{4}{5} t_{m} + \frac{1}{10}\right)",
        ),
        (
            [],
            sc.SoftmaxCrossEntropy(label_smoothing=Rational(1, 5)),
            SOFTMAX,
            r"p_{m} - \left(\frac{4}{5} t_{m} + \frac{1}{10}\right)",
        ),
    ],
)
def test_the_error_of_a_smoothed_target_is_that_of_what_takes_its_place(layers, loss, title, error):
    note = theorems(layers, loss, [0, 1])[title]
    *_, row = all_rows([note])
    assert latex(row.sides[0].formula) == f"= {error}{OVER}"
    assert any(part == "the smoothed target " for part in note.blocks[0].text)
    batch = theorems(layers, loss, [0, 1], batch=3)[title]
    *_, third = all_rows([batch])
    assert latex(third.sides[0].formula).startswith(r"= \frac{1}{3} \left(")


@pytest.mark.parametrize(
    ("layers", "loss", "target"),
    [
        ([sc.Softmax()], sc.CrossEntropy(), [1, 1]),
        ([sc.Sigmoid()], sc.HalfSquaredError(), [1, 0]),
        ([sc.Sigmoid()], sc.BinaryCrossEntropy(l2=1), [1, 0]),
        ([], sc.HalfSquaredError(), [1, 0]),
    ],
)
def test_no_theorem_where_its_conditions_do_not_hold(layers, loss, target):
    assert not [title for title in theorems(layers, loss, target) if "entropy" in title]


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
