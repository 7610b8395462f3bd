"""Sums over an image: from arrays, the same as in symbols, in as many symbols for any image."""

import numpy as np
import pytest

import symcnn as sc
from symcnn import limits
from symcnn.derivation.float_values import Computed
from symcnn.document.pictures.fields import outline
from symcnn.document.pictures.items import Item
from symcnn.document.pictures.layers import drawn
from symcnn.document.rows.long_terms import in_order
from symcnn.equations import Tensor, Total
from symcnn.equations.values import float_arrays
from symcnn.writing.drawing.picture import WIDEST


def problem(side: int, *layers: sc.Layer) -> sc.Problem:
    """Return a convolution with what follows it on an image, and dL/dy; some outputs are 0."""
    network = sc.Network((side, side, 1), [sc.Conv2D(2, 3, padding=1), *layers], sc.Upstream())
    random = np.random.default_rng(side)
    return sc.Problem(network, {t.name: random.normal(size=t.shape) for t in network.given})


@pytest.fixture(scope="module")
def small() -> sc.Problem:
    return problem(36, sc.ReLU())


def test_a_document_is_the_same_from_arrays_and_in_symbols(small, monkeypatch):
    from_arrays = sc.explain(small).to_latex()
    monkeypatch.setattr(limits, "SPELLED_TERMS", 10**9)
    assert sc.explain(small).to_latex() == from_arrays
    assert r"+ \cdots +" in from_arrays


def symbols(of: sc.Problem, monkeypatch) -> int:
    """Return how often an explanation names an entry."""
    named, count = Tensor.symbol, 0

    def counted(self, position):
        nonlocal count
        count += 1
        return named(self, position)

    with monkeypatch.context() as patched:
        patched.setattr(Tensor, "symbol", counted)
        sc.explain(of)
    return count


def test_an_explanation_names_as_many_entries_of_any_image(monkeypatch):
    few, many = (symbols(problem(side, sc.ReLU()), monkeypatch) for side in (36, 72))
    assert many < 1.1 * few


def test_a_long_sum_is_that_of_its_terms(small):
    derivation, made = sc.derive(small.network), sc.evaluate(small)
    symbol = derivation.adjoints["conv1.weight"].symbol((0, 2, 0, 1))
    total = derivation.entries.long(symbol)
    assert isinstance(total, Total)
    given = float_arrays(small.values, small.network.given)
    x = given["x"][..., 0]
    slopes = np.asarray(made.gradients["conv1"])[..., 1]
    assert total.size == 35 * 35
    expected = sum(slopes[i, j] * x[i - 1, j + 1] for i in range(1, 36) for j in range(35))
    known = Computed(derivation, given | made.outputs, made.gradients)
    assert known.number(total) == pytest.approx(expected, rel=1e-12)
    assert known.number(total.written_out()) == pytest.approx(expected, rel=1e-12)
    assert (
        total
        == derivation.entries.long(symbol)
        != derivation.entries.long(derivation.adjoints["conv1.weight"].symbol((0, 1, 0, 1)))
    )


def test_the_terms_of_a_long_sum_are_in_the_order_of_print(small):
    derivation = sc.derive(small.network)
    symbol = derivation.adjoints["conv1.weight"].symbol((2, 2, 0, 0))
    total = derivation.entries.long(symbol)
    terms, formula = in_order(total), derivation.entries.formula(symbol)
    assert [*terms] == [*in_order(formula)]
    assert terms[-2:] == [terms[len(terms) - 2], terms[-1]]


@pytest.mark.parametrize("side", [224, 1000, 10_000])
def test_large_images_fit_on_a_page(side):
    item = Item("x", (side, side, 3), "", (), values=outline((side, side, 3)))
    assert drawn([item])[0].width <= WIDEST
