"""Comparisons of indices, where letters for sizes multiply them on both sides."""

from itertools import product

import pytest
from sympy import Ge, Le

import symcnn as sc
from symcnn.equations.notation import index
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.subscripts import compared

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
