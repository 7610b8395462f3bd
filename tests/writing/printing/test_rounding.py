"""Rounded quotients keep their value, and take the least numbers that write them."""

from itertools import product

import pytest
from sympy import Integer, Max, Min, Symbol, ceiling, floor

from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.arithmetic import rounded
from symcnn.writing.printing.subscripts import limit
from tests.draws import one_of, some

r, q = Symbol("r", integer=True), Symbol("q", integer=True)


@pytest.mark.parametrize("divisor", one_of([2, 3, 4, 6]))
def test_a_rounded_quotient_keeps_its_value(divisor):
    """Each is read at more numbers than a period has."""
    cases = product((floor, ceiling), (1, -1, 2), range(-5, 6), (-2, 0, 3))
    for rounding, factor, number, plus in some(list(cases)[divisor:]):
        written = rounding((factor * r + number) / Integer(divisor)) + plus
        for times, added in ((1, 0), (-2, 1)):
            whole = times * written + added
            found = rounded(whole)
            for value in range(-2 * divisor - 1, 2 * divisor + 2):
                assert found.subs(r, value) == whole.subs(r, value), whole


@pytest.mark.parametrize(
    ("bound", "printed"),
    [
        (floor(r / 2 - Integer(1) / 2) + 1, "⌊r/2⌋ + 1"),
        (Min(1, floor(r / 2)), "min(2, ⌈r/2⌉)"),
        (Max(0, ceiling(r / 2) - 1), "max(1, ⌊r/2⌋)"),
        (floor(r / 3), "⌈r/3⌉"),
        (floor(r / 3 - Integer(2) / 3), "⌊r/3⌋"),
        (floor((2 * r + 1) / Integer(4)), "⌈r/2⌉"),
        (r - 2 * floor(r / 2) - 1, "r - 2 ⌈r/2⌉ + 1"),
        (floor((r - q) / Integer(2)) - 1, "⌊(r - q)/2⌋"),
        (ceiling((1 - q) / Integer(2)), "2 - ⌊q/2⌋"),
        (floor((5 - q) / Integer(2)), "4 - ⌈q/2⌉"),
    ],
)
def test_indices_from_one_are_rounded_as_a_person_writes_it(bound, printed):
    """Indices count from 0 inside and from 1 on paper: floor(r/2) is floor((r - 1)/2) + 1."""
    assert text(limit(bound, 1)) == printed
