"""Comparisons of indices, where letters for sizes multiply them on both sides."""

from itertools import product

import pytest
from sympy import Ge, Le, Mod

import symcnn as sc
from symcnn.equations.notation import index
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.arithmetic import arithmetic
from symcnn.writing.printing.subscripts import compared, position

A, H = sc.size("A"), sc.size("H")
ROW, R = index("i"), index("r")


@pytest.mark.parametrize(
    ("relation", "printed", "holds"),
    [
        (
            Le(A * ROW - H * (R + 1), -1),
            r"A i < H \left(r + 1\right)",
            lambda a, h, i, r: a * i < h * (r + 1),
        ),
        (
            Ge(A * ROW - H * (R + 1), 1 - A - H),
            r"H r < A \left(i + 1\right)",
            lambda a, h, i, r: h * r < a * (i + 1),
        ),
        (Le(A * ROW, H * R), r"A i \leq H r", lambda a, h, i, r: a * i <= h * r),
        (Ge(A * ROW, H * R), r"H r \leq A i", lambda a, h, i, r: h * r <= a * i),
    ],
)
def test_what_is_subtracted_stands_on_the_other_side(relation, printed, holds):
    assert latex(compared(relation, 0)) == printed
    for a, h, i, r in product(range(1, 5), range(1, 5), range(4), range(4)):
        assert bool(relation.subs({A: a, H: h, ROW: i, R: r})) == holds(a, h, i, r)


@pytest.mark.parametrize(
    ("relation", "printed"),
    [(Ge(A * ROW + R - 3, 0), r"A i + r \geq 3"), (Ge(ROW - R, 0), r"i \geq r")],
)
def test_elsewhere_numbers_do(relation, printed):
    assert latex(compared(relation, 0)) == printed


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        (2 * H + A - 2 - R, "A + 2 H - r - 2"),
        (R - A * ROW + H, "r + H - A i"),
        (A - ROW, "A - i"),
        (5 - ROW, "-i + 5"),
        (2 * R - 1, "2 r - 1"),
    ],
)
def test_no_letter_is_subtracted_from_nothing_beside_sizes(place, printed):
    spaced = latex(position(place, 0)).replace(" ", "")
    assert spaced == printed.replace(" ", "")


def test_single_lengths_stand_before_multiples():
    padded, other = (sc.size(name, least=0) for name in "PC")
    assert latex(arithmetic(2 * other + H - A)) == "H + 2 C - A"
    assert latex(arithmetic(2 * padded + H + 1)) == "H + 2 P + 1"


def test_a_remainder_of_a_difference_has_parentheses():
    remainder = Mod(1 - R, 2, evaluate=False)
    assert latex(arithmetic(2 - remainder)) == r"2 - \left(\left(1 - r\right) \bmod 2\right)"
