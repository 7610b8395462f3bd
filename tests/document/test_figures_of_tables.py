"""Figures in tables claim something too: a wrong one makes the document fail."""

import dataclasses

import pytest

import symcnn as sc
from symcnn.document.blocks import Table
from symcnn.document.explanation import Numbers, oracles
from symcnn.document.rows.verify import claiming, verify
from symcnn.document.story import routing, step
from symcnn.errors import UnverifiedError
from tests.document.planted import with_another_digit

SEED = sc.examples.cnn_by_hand()


@pytest.fixture(scope="module")
def tables():
    return [b for b in sc.explain(SEED, detail="full").blocks if isinstance(b, Table) and b.figures]


def test_weights_derivatives_updates_and_margins_are_claimed(tables):
    names = {row.left.parts[0].text for row in claiming(tables)}
    margins = {"the margin of p_1", "the margin of z_13 < z_23"}
    assert {"w_11", "delta^w_11", "updated w_11", *margins} <= names
    assert len(names) >= 9 + 9 + 9 + 3


def test_a_digit_that_is_changed_is_caught(tables):
    seed_oracles = oracles(Numbers(SEED))
    for table in tables:
        for row in table.figures:
            (side,) = row.sides
            (figure,) = side.terms
            wrong = dataclasses.replace(side, terms=(with_another_digit(figure),))
            planted = dataclasses.replace(row, sides=(wrong,))
            with pytest.raises(UnverifiedError, match="does not hold"):
                verify([dataclasses.replace(table, figures=(planted,))], seed_oracles)


def test_a_step_with_the_wrong_sign_is_caught(monkeypatch):
    right = step._figures

    def uphill(context, tensor, position):
        weight, slope, updated = right(context, tensor, position)
        there = 2 * weight.claim.value - updated.claim.value
        return [weight, slope, step.figure(context, "uphill", updated.claim.left[0], there)]

    monkeypatch.setattr(step, "_figures", uphill)
    with pytest.raises(UnverifiedError, match="All weights"):
        sc.explain(SEED, detail="full")


def test_a_margin_to_the_wrong_rival_is_caught(monkeypatch):
    right = routing.figure
    monkeypatch.setattr(
        routing, "figure", lambda m, name, e, value, *_: right(m, name, e, 2 * value)
    )
    with pytest.raises(UnverifiedError, match="Which entry wins each window"):
        sc.explain(SEED, detail="full")
