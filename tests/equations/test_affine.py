import pytest
from sympy import Rational, floor, symbols

from symcnn import SymcnnError
from symcnn.equations import affine

i, j, p = symbols("i j p", integer=True)


def test_reads_coefficients_and_constant():
    form = affine(2 * i + 3 * (j - 1) + 4)
    assert form.coefficients == {i: 2, j: 3}
    assert form.constant == 1
    assert form.coefficient(p) == 0


def test_an_index_that_cancels_is_gone():
    assert affine(i + j - i).coefficients == {j: 1}


def test_a_number_is_a_constant():
    assert affine(i - i + 5) == affine(2 + 3 + i - i)
    assert affine(i - i + 5).constant == 5


def test_floor_counts_as_one_index_in_general_forms():
    assert affine(2 * floor(i / 3) + 1, floors=True).coefficient(floor(i / 3)) == 2


def test_bounds_take_each_index_to_its_worst_end():
    # 2 i - 3 j + 1 with i in 0..4 and j in 0..2: from -5 to 9.
    assert affine(2 * i - 3 * j + 1).bounds({i: 5, j: 3}) == (-5, 9)


def test_bounds_are_those_of_all_cases():
    sizes = {i: 4, j: 3, p: 2}
    form = -i + 2 * j - 3 * p + 7
    cases = [-a + 2 * b - 3 * c + 7 for a in range(4) for b in range(3) for c in range(2)]
    assert affine(form).bounds(sizes) == (min(cases), max(cases))


def test_bounds_of_an_unknown_index_are_unknown():
    assert affine(i + j).bounds({i: 2}) is None


@pytest.mark.parametrize("index", [i * j, i**2, i / 2, i + Rational(1, 2), 1.5 * i, floor(i / 2)])
def test_anything_else_is_refused(index):
    with pytest.raises(SymcnnError, match="is not affine: use sums of integer multiples of loop"):
        affine(index)
