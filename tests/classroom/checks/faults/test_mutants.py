"""A sample of the functions that are made wrong by mutation; SYMCNN_MUTANTS sets how many."""

import numpy as np
import pytest

from tests.classroom.checks.faults.measured import change
from tests.classroom.checks.faults.mutants import judgements, report
from tests.classroom.checks.faults.mutation import Mutant, mutants
from tests.classroom.checks.faults.right import RIGHT, Call, Right
from tests.draws import MUTANTS

SLICE = 60
QUICK = (5, 6, 8, 14, 25, 26, 45, 54, 58, 73, 74, 121)
"""Mutants whose checks take a fraction of a second."""

MISSED = 0.05
"""So many of those that change a result may do so at settings alone that no check draws."""


def slices():
    if len(QUICK) >= MUTANTS:
        return [QUICK[:MUTANTS]]
    return [range(first, min(first + SLICE, MUTANTS)) for first in range(0, MUTANTS, SLICE)]


@pytest.mark.parametrize("numbers", slices(), ids=lambda numbers: f"from {numbers[0]} on")
def test_what_changes_a_result_is_caught_and_nothing_else(numbers):
    found = [one for _, one in judgements(numbers)]
    print(report(found))
    changed = sum(one.is_changed for one in found)
    assert not [str(one) for one in found if one.is_accused]
    assert sum(one.is_missed for one in found) <= MISSED * changed, report(found)


def test_a_mutant_differs_from_its_function_in_one_place():
    found = mutants("def f(a, b):\n    c = a - b\n    c += 2\n    return c\n", "f")
    said = {mutant.said for mutant in found}
    assert {"line 2: a - b -> a + b", "line 3: c += 2 -> c = 2", "line 3: 2 -> 3"} <= said
    assert all(mutant.source.count("\n") == 3 for mutant in found)


def test_a_change_is_measured_against_the_function_itself():
    relu = next(right for right in RIGHT if right.name == "relu")
    assert change(relu, Mutant("", lambda: _RELU.format(">"))) == ("none", "none")
    assert change(relu, Mutant("", lambda: _RELU.format("<")))[1] == "numbers"


_RELU = """
def relu_forward(x):
    return x, x


def relu_backward(dout, cache):
    return dout * (cache {} 0)
"""


def test_calls_are_drawn_in_the_layout_of_the_function():
    right = next(right for right in RIGHT if right.name == "linear, einsum")
    call = right.draw(np.random.default_rng(0))
    x, w = call.others
    assert isinstance(right, Right)
    assert isinstance(call, Call)
    assert (call.dout.shape, x.shape) == ((len(x), len(w)), (len(x), w.shape[1]))
