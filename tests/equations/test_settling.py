"""Loops that a guard leaves one value."""

import pytest
from sympy import IndexedBase, symbols

from symcnn.equations import Max, define
from symcnn.equations.rewriting import settled

i, u = symbols("i u", integer=True)
p, x = IndexedBase("p", shape=(3,)), IndexedBase("x", shape=(1,))
alone = IndexedBase("p", shape=(1,))


@pytest.mark.parametrize("index", [u - 1, 1 - u, 2 * u - 2, 3 * u - 3, 4 - 4 * u])
def test_one_entry_of_a_window_is_inside(index):
    equation = settled(define(alone[0], x[index], over={u: 3}, reduction=Max()))
    assert (equation.value, equation.loops, equation.guards) == (x[0], (), ())


@pytest.mark.parametrize("index", [2 * u - 1, 2 * u - 6, i + u - 3, 2 * u + i - 1])
def test_none_is_or_which_one_depends_on_the_place(index):
    equation = define(p[i], x[index], over={u: 3}, reduction=Max())
    assert settled(equation) == equation
