"""Formulas of many terms are read back piece by piece, those of large networks without arrays."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.derivation.random_values import Scattered
from symcnn.errors import UnverifiedError
from symcnn.writing.formula import precedence
from symcnn.writing.printing import subscripts
from symcnn.writing.reading import pieces
from tests.document.positioned import Encoding
from tests.writing.reading.test_reading import READ, value
from tests.writing.reading.test_statements import PROBLEM


@pytest.fixture
def limits(monkeypatch):
    def put(at_once, most):
        monkeypatch.setattr(pieces, "_AT_ONCE", at_once)
        monkeypatch.setattr(pieces, "_MOST", most)

    return put


@pytest.mark.parametrize("at_once", [1, 2])
def test_piece_by_piece_sums_are_the_same(limits, at_once):
    limits(at_once, 100)
    for latex, expected in READ:
        assert value(latex, i=4) == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert value(r"\sum_{u=0}^{3} x_{u}", padded=True) == 1.75
    assert value(r"\min_{0 \le u \le 3} x_{u}") == -0.5
    assert value(r"\prod_{u=1}^{3} x_{u}") == -0.25


def test_a_sum_of_too_many_terms_is_none_that_is_worked_out():
    with pytest.raises(pieces.TooManyError):
        value(r"\sum_{u=1}^{1000000000} u")


def test_what_has_too_many_terms_is_read_back_at_fewer_places(monkeypatch, limits):
    """A sum of three terms at each of three entries: at one entry, three terms fit."""
    limits(1, 3)
    assert sc.explain(PROBLEM)
    monkeypatch.setattr(precedence, "factor", lambda printed: printed)
    with pytest.raises(UnverifiedError):
        sc.explain(PROBLEM)


def test_without_a_place_where_it_fits_a_document_is_written_all_the_same(limits):
    limits(1, 0)
    assert sc.explain(PROBLEM)
    assert sc.derive(PROBLEM.network).latex("layer1")


IMAGE = sc.Network((224, 224, 3), [sc.Flatten(), Encoding()], sc.HalfSquaredError())
FLAT = sc.Network((224 * 224 * 3,), [Encoding()], sc.HalfSquaredError())
FORMULAS = {
    "a formula": lambda: sc.derive(IMAGE).latex("layer1"),
    "a derivative": lambda: sc.derive(IMAGE).latex("gradient of flatten1"),
    "a second one": lambda: sc.derive(FLAT).hessian("x", "x").latex(),
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_of_large_networks_are_read_back(monkeypatch, formula):
    assert FORMULAS[formula]()
    monkeypatch.setattr(precedence, "factor", lambda printed: printed)
    with pytest.raises(UnverifiedError):
        FORMULAS[formula]()


def convolved(kernel):
    shape = (sc.size("H"), sc.size("W"), 1)
    return sc.derive(sc.Network(shape, [sc.Conv2D(1, kernel, stride=2)], sc.HalfSquaredError()))


@pytest.mark.parametrize("kernel", [2, 11])
def test_sizes_are_drawn_that_are_not_smaller_than_a_kernel(monkeypatch, kernel):
    """Subscripts that count from 0 beside ranges that count from 1 are seen."""
    assert "x_{2(i-1)+u, 2(j-1)+v}" in convolved(kernel).latex("conv1")
    position = subscripts.position
    monkeypatch.setattr(subscripts, "position", lambda index, base: position(index, 0))
    with pytest.raises(UnverifiedError):
        convolved(kernel).latex("conv1")


def test_numbers_of_entries_are_spread_evenly_and_differ_from_place_to_place():
    """Their mean and variance are those of a uniform distribution, and neighbours do not agree."""
    made = Scattered((1000, 1000), (3, 5), -1.0, 1.0)
    numbers = made.at((np.arange(1000).reshape(-1, 1), np.arange(1000)))
    assert len(np.unique(numbers)) == numbers.size
    assert -1 <= numbers.min() < -0.9999 < 0.9999 < numbers.max() < 1
    assert abs(numbers.mean()) < 5 / np.sqrt(3 * numbers.size)
    assert abs(numbers.var() - 1 / 3) < 5 * np.sqrt(4 / 45 / numbers.size)
    for moved in (numbers[1:] * numbers[:-1], numbers[:, 1:] * numbers[:, :-1]):
        assert abs(moved.mean()) < 5 / 3 / np.sqrt(moved.size)


def test_an_entry_has_the_same_number_wherever_it_is_read():
    made = Scattered((2**40, 2**40), (0, 1), 0.0, 1.0)
    one = made.at((np.int64(2**39), np.int64(7)))
    assert one == made.at((np.array([1, 2**39]), np.array([7, 7])))[1]
    whole = Scattered((50,), (0, 1), 0, 3, whole=True).at((np.arange(50),))
    assert {*whole.tolist()} == {0, 1, 2}
