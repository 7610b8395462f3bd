"""Planted errors: a row that does not hold is found, and named."""

import dataclasses
import importlib

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.document.blocks import EQUAL, ROUNDED, Row, Rows, Side
from symcnn.document.claims import Claim
from symcnn.document.explanation import Numbers, oracles
from symcnn.document.rows.verify import verify
from symcnn.errors import UnverifiedError
from symcnn.writing.formula import read
from symcnn.writing.formula.build import row as row_of
from tests.document.planted import with_another_digit
from tests.document.shared import explained

SEED = sc.examples.cnn_by_hand()
DERIVATION = SEED.derivation


@pytest.fixture(scope="module")
def seed_oracles():
    return oracles(Numbers(SEED))


def in_floats(monkeypatch):
    """Take every network for one that is too large for exact numbers."""
    module = importlib.import_module("symcnn.document.explanation.numbers")
    monkeypatch.setattr(module, "is_small", lambda derivation: False)


def row(symbol, formula, value=None, text=None, relation=ROUNDED):
    """A row  symbol = formula, or  symbol = formula ≈ text."""
    figures = [] if text is None else [Side(relation, (read(text),))]
    sides = (Side(EQUAL, (row_of(str(formula)),)), *figures)
    return Rows((Row(row_of(str(symbol)), sides, Claim((symbol,), lambda _: [formula], value)),))


def adjoint(name, position):
    return DERIVATION.adjoints[name].symbol(position)


w_11 = DERIVATION.symbol("conv1.weight", (0, 0, 0, 0))
x_1, x_2 = (DERIVATION.symbol("x", (n, 0, 0)) for n in (0, 1))
d_11, d_21 = (adjoint("conv1", (n, 0, 0)) for n in (0, 1))
kernel = adjoint("conv1.weight", (0, 0, 0, 0))
winner = DERIVATION.partial("conv1", (0, 0, 0), staged=True)
loser = DERIVATION.partial("conv1", (1, 0, 0), staged=True)

TRUE = [
    (kernel, d_11 * x_1 + d_21 * x_2),
    (d_11, winner),
    (d_21, loser),
]
PLANTED = {
    "a sign": (kernel, d_11 * x_1 - d_21 * x_2),
    "a missing term": (kernel, d_11 * x_1),
    "a wrong index": (kernel, d_11 * x_2 + d_21 * x_2),
    "a missing factor": (d_11, winner / adjoint("pool1", (0, 0, 0))),
    "a swapped mask": (d_11, loser),
    "a wrong constant": (d_11, 2 * winner),
}


@pytest.mark.parametrize(("symbol", "formula"), TRUE)
def test_what_holds_passes(seed_oracles, symbol, formula):
    verify([row(symbol, formula)], seed_oracles)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_error_is_caught_and_named(seed_oracles, planted):
    with pytest.raises(UnverifiedError, match=str(planted[0]).replace("^", r"\^")):
        verify([row(*planted)], seed_oracles)


RIGHT = DERIVATION.at(SEED.values).value(kernel)  # -0.006097503928824...
POOLED = DERIVATION.symbol("pool1", (0, 0, 0))  # 0.24


@pytest.mark.parametrize("text", ["-0.00609750", "-0.0061", r"-6.097503929 \times 10^{-3}"])
def test_a_right_figure_passes(seed_oracles, text):
    verify([row(kernel, kernel, RIGHT, text)], seed_oracles)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("-0.00609751", ROUNDED),  # the last digit
        ("-0.00609", ROUNDED),  # cut off, not rounded
        ("0.00609750", ROUNDED),
        (r"-6.0975 \times 10^{-4}", ROUNDED),
        ("-0.00609750", EQUAL),  # it is rounded
        ("0", ROUNDED),
        (r"\delta^{w}_{11}", EQUAL),
    ],
)
def test_a_wrong_figure_is_caught(seed_oracles, text, relation):
    with pytest.raises(UnverifiedError, match="delta"):
        verify([row(kernel, kernel, RIGHT, text, relation)], seed_oracles)


@pytest.mark.parametrize("text", ["0.24", "0{,}24", r"\frac{6}{25}", r"2.4 \times 10^{-1}"])
def test_exact_figures_are_read_in_every_form(seed_oracles, text):
    value = Rational(6, 25)
    verify([row(POOLED, POOLED, value, text, EQUAL)], seed_oracles)
    with pytest.raises(UnverifiedError):
        verify([row(POOLED, POOLED, value, text.replace("2", "3", 1), EQUAL)], seed_oracles)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_large_networks_are_checked_in_floats(monkeypatch, planted):
    in_floats(monkeypatch)
    floats = oracles(Numbers(SEED))
    verify([row(*true) for true in TRUE], floats)
    verify([row(kernel, kernel, RIGHT, "-0.00609750")], floats)
    with pytest.raises(UnverifiedError):
        verify([row(*planted)], floats)
    with pytest.raises(UnverifiedError):
        verify([row(kernel, kernel, RIGHT, "-0.00609751")], floats)


@pytest.mark.parametrize("large", [False, True])
def test_networks_that_have_values_at_few_numbers_are_checked_near_their_own(monkeypatch, large):
    """Of 2 x, a probability without a softmax, there is no logarithm where x is negative."""
    if large:
        in_floats(monkeypatch)
    network = sc.Network((2,), [sc.Dense(2, bias=False)], sc.CrossEntropy())
    values = {"x": [0.5, 0.25], "dense1.weight": [1, 1, 0.5, 0.5], "target": [0.5, 0.5]}
    stated = sc.Problem(network, values)
    assert len(oracles(Numbers(stated))) >= 3
    assert sc.explain(stated).blocks


def test_far_from_zero_a_digit_is_not_lost():
    """1 - sigma(40) is 4e-18: nothing is left of it in floats."""
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.Sigmoid()], sc.BinaryCrossEntropy())
    stated = sc.Problem(network, {"x": [1], "dense1.weight": [40], "target": [0.25]})
    assert r"\approx 1.76539 \times 10^{17}" in sc.explain(stated, digits=6).to_latex()


def test_a_wrong_value_is_caught_behind_a_right_text(seed_oracles):
    with pytest.raises(UnverifiedError):
        verify([row(kernel, kernel, RIGHT + Rational(1, 10**20), "-0.00609750")], seed_oracles)


def test_a_row_that_holds_at_the_numbers_alone_is_caught(seed_oracles):
    """At the seed's numbers position 1 wins; elsewhere the bracket matters."""
    with pytest.raises(UnverifiedError):
        verify([row(d_11, adjoint("pool1", (0, 0, 0)))], seed_oracles)


def test_a_row_that_was_compared_at_no_entry_is_caught(seed_oracles):
    sides = (Side(EQUAL, (row_of("0"),)),)
    nowhere = Rows((Row(row_of("z"), sides, Claim((), lambda _: [])),))
    with pytest.raises(UnverifiedError, match="it was compared at no entry"):
        verify([nowhere], seed_oracles)


def test_every_row_of_the_document_carries_a_claim():
    document = explained()
    rows = [r for block in document.blocks if isinstance(block, Rows) for r in block.rows]
    assert len(rows) > 50
    assert all(r.claim.left for r in rows)


def test_a_row_of_the_document_that_is_changed_is_caught(seed_oracles):
    """Add a trifle to what each row claims, one at a time: none goes through."""
    trifle = Rational(1, 10**30)
    document = explained()
    rows = [r for block in document.blocks if isinstance(block, Rows) for r in block.rows]
    for r in rows:
        claim = dataclasses.replace(
            r.claim, right=lambda s, c=r.claim: [e + trifle for e in c.right(s)]
        )
        with pytest.raises(UnverifiedError):
            verify([Rows((dataclasses.replace(r, claim=claim),))], seed_oracles)


def test_every_last_digit_of_the_document_matters(seed_oracles):
    """Raise the last digit of each figure by one, one at a time: none goes through."""
    document = explained()
    rows = [r for block in document.blocks if isinstance(block, Rows) for r in block.rows]
    valued = [r for r in rows if r.claim.value is not None]
    assert len(valued) > 30
    for r in valued:
        *sides, last = r.sides
        (figure,) = last.terms
        raised = Side(last.relation, (with_another_digit(figure),))
        with pytest.raises(UnverifiedError):
            verify([Rows((dataclasses.replace(r, sides=(*sides, raised)),))], seed_oracles)


def test_a_value_that_rounding_has_eaten_is_no_error():
    """The output is the target but for 1e-11: of the difference, few digits are left."""
    network = sc.Network(
        (1,), [sc.Dense(1, bias=False), sc.Dense(1, bias=False)], sc.HalfSquaredError()
    )
    values = {
        "x": [0.123456789],
        "dense1.weight": [0.987654321],
        "dense2.weight": [1000003],
        "target": [0.123456789 * 0.987654321 * 1000003 + 1e-11],
    }
    assert sc.explain(sc.Problem(network, values)).blocks


def test_shaking_does_not_excuse_a_planted_error(seed_oracles):
    kernel_formula = d_11 * x_1 + d_21 * x_2
    with pytest.raises(UnverifiedError):
        verify([row(kernel, kernel_formula * (1 + 10**-7))], seed_oracles)


def test_a_value_beside_a_tie_is_rounded_to_either_side():
    """A sigmoid of 200 is 1 to 86 digits: 8.854055 of it is as good as a tie."""
    network = sc.Network(
        (1,),
        [sc.Dense(1, bias=False), sc.Sigmoid(), sc.Dense(1, bias=False)],
        sc.SumOfOutputs(),
    )
    weights = {"dense1.weight": [200], "dense2.weight": [Rational("8.854055")]}
    made = sc.explain(sc.Problem(network, {"x": [1]} | weights), detail="brief")
    assert r"\approx 8.8540" in made.to_latex()
