"""Ties in floats: which windows are named, and which do not matter."""

import symcnn as sc
from symcnn.network.losses import SumOfOutputs
from symcnn.problems.evaluation import near_ties
from tests.problems.evaluation import yrgo


def found(problem):
    return list(near_ties(problem, sc.evaluate(problem)))


def pooled(values, layers=(), **settings):
    network = sc.Network((4, 1, 1), [*layers, sc.MaxPool2D((2, 1), **settings)], SumOfOutputs())
    return sc.Problem(network, {"x": values})


def test_the_published_window_is_named():
    (tie,) = found(yrgo.problem())
    assert (tie.layer, str(tie.window)) == ("pool1", "p_12")
    assert list(map(str, tie.entries)) == ["a_13", "a_14", "a_24"]
    assert tie.gap < 1e-15


def test_equal_and_nearly_equal_entries_are_told_apart():
    equal, near = found(pooled([1, 1, 3, 3 + 1e-12]))
    assert str(equal) == "pool1, window p_1: x_1 and x_2 are equal"
    assert str(near).startswith("pool1, window p_2: x_3 and x_4 differ by 1e-12")


def test_a_clear_winner_is_no_tie():
    assert found(pooled([1, 2, 3, 3.001])) == []


def test_what_a_relu_has_cut_off_decides_nothing():
    assert found(pooled([-1, -2, 1, 1], [sc.ReLU()])) != []
    assert found(pooled([-1, -2, 1, 2], [sc.ReLU()])) == []


def test_a_window_that_receives_nothing_decides_nothing():
    network = sc.Network(
        (2, 1, 1),
        [sc.MaxPool2D((2, 1)), sc.Flatten(), sc.Dense(1, bias=False)],
        SumOfOutputs(),
    )
    values = {"x": [1, 1], "dense1.weight": [0]}
    assert found(sc.Problem(network, values)) == []
    assert len(found(sc.Problem(network, values | {"dense1.weight": [1]}))) == 1


def test_entries_are_near_within_a_billionth_of_the_larger():
    """Rounding moves the digits behind the fifteenth; what differs in the eighth is no tie."""
    assert found(pooled([1, 1 + 2e-9, 1000, 1000 + 2e-6])) == []
    assert len(found(pooled([1, 1 + 5e-10, 1000, 1000 + 5e-7]))) == 2
