from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from sympy import I, Rational, oo, sqrt

from symcnn import SymcnnError, Tensor
from symcnn.equations.values import entries, exact, exact_entries, float_array, known, required

MATRIX = Tensor("m", (2, 3), "input", "m", ("r", "s"))
SCALAR = Tensor("t", (1,), "target", "t", ("m",))


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (0.4, Rational(2, 5)),  # as written, not 3602879701896397/2^53
        (0.1 + 0.2, Rational(30000000000000004, 10**17)),
        (Decimal("0.07"), Rational(7, 100)),
        (Fraction(1, 3), Rational(1, 3)),
        (-3, Rational(-3)),
        (1e-30, Rational(1, 10**30)),
        (np.float64(0.7), Rational(7, 10)),
        (np.int32(5), Rational(5)),
        (Rational(107, 500), Rational(107, 500)),
        (sqrt(2), sqrt(2)),
    ],
    ids=repr,
)
def test_numbers_are_exact(given, number):
    assert exact(given, "x") == number


@pytest.mark.parametrize(
    "given",
    [
        *(True, np.bool_(True), None, "0.4", "__import__('os').system('true')", [], {}),
        *(float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), 1j, oo, I),
    ],
    ids=repr,
)
def test_what_is_no_number_is_refused(given):
    with pytest.raises(SymcnnError, match=r"^x, number 2, is .*: a finite number is needed$"):
        exact(given, "x, number 2,")


ABSURD = [10**1000, Decimal("1e999999999"), Fraction(1, 10**500)]
UNWRITTEN = [Fraction(1, 10**5000), Rational(10**5000), Rational(1, 7**5500)]
"""Python refuses to write integers of so many digits."""


@pytest.mark.parametrize("given", [*ABSURD, *UNWRITTEN], ids=range(6))
def test_an_absurd_number_is_refused_at_once(given):
    with pytest.raises(SymcnnError, match="give a number below 10") as refused:
        exact(given, "x")
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "given",
    [
        *([[1, 2, 3], [4, 5, 6]], ((1, 2, 3), (4, 5, 6)), [1, 2, 3, 4, 5, 6]),
        *(np.arange(1, 7), np.arange(1, 7).reshape(2, 3)),
    ],
    ids=repr,
)
def test_nested_and_flat_rows_are_the_same(given):
    assert exact_entries(given, MATRIX) == [1, 2, 3, 4, 5, 6]


def test_a_single_number_is_a_tensor_of_one():
    assert exact_entries(0.8, SCALAR) == exact_entries([0.8], SCALAR) == [Rational(4, 5)]


@pytest.mark.parametrize(
    ("given", "shape"),
    [([1, 2, 3], "3"), ([[1, 2], [3, 4]], "2x2"), (1, "of a single number"), ([], "0")],
)
def test_another_shape_is_refused(given, shape):
    with pytest.raises(SymcnnError) as refused:
        entries(given, MATRIX)
    assert str(refused.value) == (
        f"m has the shape {shape}, but 2x3 is needed: give nested lists of that shape or one "
        "flat list of 6 numbers"
    )


def test_ragged_rows_are_refused():
    with pytest.raises(SymcnnError, match=r"^m is ragged: give every row the same number"):
        entries([[1, 2, 3], [4, 5]], MATRIX)


def test_missing_and_misspelt_names():
    with pytest.raises(SymcnnError, match=r"^numbers for 't' are missing: give them in the"):
        required({"m": []}, [MATRIX, SCALAR])
    with pytest.raises(SymcnnError, match=r"^the network takes no numbers for 'mm': did you mean"):
        required({"m": [], "mm": [], "t": []}, [MATRIX, SCALAR])
    assert known("wieght", ["weight", "bias"]) == "did you mean 'weight'? choose from weight, bias"
    assert known("zzz", ["weight", "bias"]) == "choose from weight, bias"


def test_of_many_known_names_the_first_are_listed():
    names = [f"layer{n:04}" for n in range(1000)]
    listed = ", ".join(names[:6])
    assert (
        known("layer0999", names) == f"did you mean 'layer0999'? choose from {listed} and 994 more"
    )


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_is_below_ten_to_the_300(sign):
    """A product with a number from one other tensor is a float still, or is refused by name."""
    largest = Decimal("9.99e299") * sign
    assert exact(largest, "x") == Rational(*largest.as_integer_ratio())
    for given in (
        sign * 10**300,
        Decimal("1e300") * sign,
        sign * 1e305,
        Fraction(sign * 10**302, 7),
    ):
        with pytest.raises(SymcnnError, match=r"give a number below 10\^300"):
            exact(sign * given, "x")


@pytest.mark.parametrize("digits", [400, 401])
def test_a_number_has_at_most_400_digits(digits):
    number = Fraction(1, 10 ** (digits - 1) + 1)
    if digits <= 400:
        assert exact(number, "x") == Rational(number)
        return
    with pytest.raises(SymcnnError, match="of at most 400 digits"):
        exact(number, "x")


@pytest.mark.parametrize("given", [[0, 1, "x", 3, 4, 5], [[0, 1, "x"], [3, 4, 5]]])
@pytest.mark.parametrize("read", [exact_entries, float_array])
def test_the_number_that_is_none_is_counted_from_1(given, read):
    with pytest.raises(SymcnnError, match=r"^m, number 3, is 'x': a finite number is needed$"):
        read(given, MATRIX)


def test_an_array_of_floats_is_taken_as_it_is():
    """Without a copy: a program is called with large batches again and again."""
    given = np.arange(6.0)
    assert np.shares_memory(float_array(given, MATRIX), given)
    assert float_array(np.arange(6), MATRIX).tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_what_is_no_float_is_named_in_an_array():
    with pytest.raises(SymcnnError, match=r"^m, number 5, is nan: a finite number is needed$"):
        float_array(np.array([0, 1, 2, 3, np.nan, np.inf]), MATRIX)
    with pytest.raises(SymcnnError, match=r"^m, number 2, is 1e\+39, beyond float32: make it smal"):
        float_array(np.array([0, 1e39, 2, 3, 4, 1e40]), MATRIX, "float32")


@pytest.mark.parametrize("given", [Fraction(1, 3), Rational(2, 3), sqrt(2), Decimal("0.1"), 7])
def test_a_float_is_the_nearest(given):
    nearest = float(Fraction(str(given))) if given != sqrt(2) else 2**0.5
    assert float_array(given, SCALAR)[0] == nearest
