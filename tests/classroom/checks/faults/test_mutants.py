"""A sample of the functions that are made wrong by mutation; SYMCNN_MUTANTS sets how many."""

import numpy as np
import pytest

from tests.classroom.checks.faults.measured import change
from tests.classroom.checks.faults.mutants import is_tried, judged
from tests.classroom.checks.faults.mutation import Mutant, mutants
from tests.classroom.checks.faults.right import RIGHT, Call, Right
from tests.draws import MUTANTS

SLICE = 6

# The settings that show them are not drawn: padding 2.
UNSEEN = {"line 13: 2 * padding -> 2"}


@pytest.mark.parametrize("first", range(0, MUTANTS, SLICE))
def test_what_changes_a_result_is_caught_and_nothing_else(first):
    tried = [n for n in range(first, min(first + SLICE, MUTANTS)) if is_tried(n)]
    found = [one for one in map(judged, tried) if one.mutant.said not in UNSEEN]
    assert not [str(one) for one in found if one.is_missed or one.is_accused]


def test_a_mutant_differs_from_its_function_in_one_place():
    found = mutants("def f(a, b):\n    c = a - b\n    c += 2\n    return c\n", "f")
    said = {mutant.said for mutant in found}
    assert {"line 2: a - b -> a + b", "line 3: c += 2 -> c = 2", "line 3: 2 -> 3"} <= said
    assert all(mutant.source.count("\n") == 3 for mutant in found)


def test_a_change_is_measured_against_the_function_itself():
    relu = next(right for right in RIGHT if right.name == "relu")
    assert change(
        relu, Mutant("", "def relu_forward(x):\n    return x, x\n" + _RELU.format(">"))
    ) == (
        "none",
        "none",
    )
    turned = Mutant("", "def relu_forward(x):\n    return x, x\n" + _RELU.format("<"))
    assert change(relu, turned)[1] == "numbers"


_RELU = "def relu_backward(dout, cache):\n    return dout * (cache {} 0)\n"


def test_calls_are_drawn_in_the_layout_of_the_function():
    right = next(right for right in RIGHT if right.name == "linear, einsum")
    call = right.draw(np.random.default_rng(0))
    x, w = call.others
    assert isinstance(right, Right)
    assert isinstance(call, Call)
    assert (call.dout.shape, x.shape) == ((len(x), len(w)), (len(x), w.shape[1]))
