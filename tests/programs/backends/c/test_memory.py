"""The workspace: nothing that is needed lies in the memory of something else, and it is small."""

from random import Random

import numpy as np
import pytest

import symcnn as sc
from symcnn import limits
from symcnn.programs.backends.c.backend import BACKEND
from symcnn.programs.backends.c.steps import Need, most_at_once, placed
from symcnn.programs.plans.plan import plan_of
from tests.draws import NETWORKS


@pytest.mark.parametrize("seed", range(5 * NETWORKS))
def test_what_is_needed_at_once_lies_apart(seed):
    drawn = Random(seed)
    needs = []
    for number in range(drawn.randint(1, 30)):
        first = drawn.randint(0, 20)
        needs.append(Need(number, drawn.randint(1, 50), first, drawn.randint(first, 25)))
    places = placed(needs)
    for step in range(26):
        taken = np.zeros(places.entries, int)
        for need in needs:
            if need.first <= step <= need.last:
                start = places.offsets[need.key]
                taken[start : start + need.size] += 1
                assert taken[start : start + need.size].max() == 1
        assert taken.sum() <= most_at_once(needs)
    assert most_at_once(needs) <= places.entries <= 1.2 * most_at_once(needs)


def test_nothing_needs_nothing():
    assert placed([]).entries == 0


def test_places_are_used_again():
    """Of 5, 3 and 5 entries, one after the other and two at a time, 8 suffice."""
    needs = [Need("a", 5, 0, 1), Need("b", 3, 1, 2), Need("c", 5, 2, 3)]
    places = placed(needs)
    assert places.entries == 8
    assert places.offsets["a"] == places.offsets["c"]


def program(network, monkeypatch, results="gradients"):
    monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)
    return BACKEND.lowered(plan_of(sc.derive(network), results), "float64")


def test_a_chain_needs_two_layers_at_a_time(monkeypatch):
    """x (4) -> 7 -> 5 -> 6 -> output: functions of entries and reshapes take no memory."""
    layers = [
        *(sc.Dense(7), sc.Tanh(), sc.Reshape((1, 7)), sc.Flatten()),
        *(sc.Dense(5), sc.ReLU(), sc.Dense(6), sc.Tanh(), sc.Dense(2)),
    ]
    network = sc.Network((4,), layers, sc.HalfSquaredError())
    assert program(network, monkeypatch, "outputs").entries == 7 + 5
    forward_alone = program(network, monkeypatch).outputs
    assert forward_alone.entries == 7 + 5


def test_lenet_needs_what_its_layers_do(monkeypatch):
    """The multiplications of convolutions and dense layers, counted by hand."""
    layers = [
        *(sc.Conv2D(6, 5), sc.ReLU(), sc.MaxPool2D(2), sc.Conv2D(16, 5), sc.ReLU()),
        *(sc.MaxPool2D(2), sc.Flatten(), sc.Dense(120), sc.ReLU(), sc.Dense(84), sc.ReLU()),
        sc.Dense(10),
    ]
    network = sc.Network((32, 32, 1), layers, sc.SoftmaxCrossEntropy())
    made = program(network, monkeypatch, "training")
    convolutions = 28 * 28 * 6 * 25 + 10 * 10 * 16 * 25 * 6
    assert made.outputs.count.products == convolutions + 400 * 120 + 120 * 84 + 84 * 10
    assert made.outputs.count.calls == 0
    assert made.outputs.entries == 4704 + 1176  # the first convolution, and its pool


def test_padding_is_not_counted(monkeypatch):
    """3 taps at each of 4 places, of which the first and the last have 2 inside."""
    network = sc.Network((4, 1), [sc.Conv1D(1, 3, padding=1, bias=False)], sc.SumOfOutputs())
    assert program(network, monkeypatch).outputs.count.products == 2 + 3 + 3 + 2
