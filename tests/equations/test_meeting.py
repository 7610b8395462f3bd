"""Assignments that meet an entry, found axis by axis, are those of the whole list."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.derivation import derive
from symcnn.equations import Assignments, OnDemand, accesses, is_position, meeting
from symcnn.equations.assignments import Selected, columns
from tests.draws import seeds
from tests.programs.random_networks import example

EQUATIONS = 40


def equations(seed):
    """Return forward and backward equations of a random network."""
    derivation = derive(example(seed, most=3).network)
    made = [*derivation.network.equations, *(step.equation for step in derivation.steps)]
    return [equation for equation in made if equation.loops and equation.terms < 50_000][:EQUATIONS]


@pytest.mark.parametrize("seed", seeds(7_000))
def test_an_entry_of_every_access_is_met_where_the_list_has_it(seed):
    compared = 0
    for equation in equations(seed):
        listed = Assignments(equation)
        for read in (equation.target, *filter(lambda r: not is_position(r), listed.reads)):
            every = listed.targets if read == equation.target else listed.reads[read]
            for entry in {0, int(np.max(every, initial=0)) // 2, int(np.prod(read.shape)) - 1}:
                found = Selected(equation, meeting(equation, read, np.array([entry])))
                assert found.count == np.count_nonzero(every == entry)
                assert sorted(found.targets) == sorted(listed.targets[every == entry])
                for other in accesses(equation.value):
                    assert sorted(found.reads[other]) == sorted(listed.reads[other][every == entry])
                compared += found.count
    assert compared > 0


@pytest.mark.parametrize("seed", seeds(7_100, 0.5))
def test_assignments_on_demand_are_those_of_the_list(seed):
    for equation in equations(seed):
        listed, asked = Assignments(equation), OnDemand(equation)
        taken = [*columns(equation.loops).values()]
        for entry in range(0, int(np.prod(equation.target.shape)), 3):
            rows, numbers = listed.of_target(entry).tolist(), asked.of_target(entry).tolist()
            assert len(rows) == len(numbers)
            for row, number in zip(rows, numbers, strict=True):
                assignment = [int(column[number]) for column in taken]
                assert asked.targets[number] == entry == listed.targets[row]
                assert asked.number(assignment) == number
                assert listed.number(assignment) == row
                for read, entries in listed.reads.items():
                    assert asked.reads[read][number] == entries[row]


def test_what_a_guard_leaves_out_has_no_number():
    network = sc.Network((3, 1), [sc.Conv1D(1, 3, padding=1, bias=False)], sc.SumOfOutputs())
    asked = OnDemand(network.equations[0])
    assert [loop.size for loop in asked.equation.loops] == [3, 1, 1, 3]
    orders = [(i, 0, 0, u) for i in range(3) for u in range(3)]
    numbers = [asked.number(order) for order in orders]
    assert [n is None for n in numbers] == [True, *[False] * 7, True]
