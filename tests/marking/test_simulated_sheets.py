"""Simulated students: nothing right is marked wrong, and what is wrong is found.

Their networks are random, and worked in plain decimals without symcnn (see ``simulation``).
"""

from __future__ import annotations

import pytest

import symcnn as sc
from symcnn.marking.mistakes import CATALOGUE
from tests.draws import SHEETS
from tests.marking.simulation.networks import drawn
from tests.marking.simulation.pen import Pen
from tests.marking.simulation.sheets import sheet
from tests.marking.simulation.student import STEPS, Student


@pytest.mark.parametrize("seed", range(max(6, SHEETS // 4)))
def test_the_students_find_the_same_numbers(seed):
    """With many digits and without mistakes, their hand-written passes are symcnn's numbers."""
    net = drawn(seed)
    student = Student(net, Pen(digits=14, fixed=False, carries=False, up=False))
    for quantity in student.asked:
        found = [float(number) for number in student.exact(quantity).values()]
        assert found == pytest.approx([*map(float, net.problem.quantity(quantity))], abs=1e-12)


@pytest.mark.parametrize("seed", range(SHEETS))
def test_a_sheet_is_marked_fairly(seed):
    """Wrong figures stand where a mistake was made, and nowhere else."""
    made = sheet(seed)
    marking = sc.mark(made.student.drawn.problem, made.answers)
    wrong = {figure.quantity for figure in marking.figures if figure.verdict == "wrong"}
    assert wrong <= {*made.mistakes}
    assert {place for place in made.mistakes if made.is_clear(place)} <= wrong
    if wrong:
        assert marking.first_wrong.quantity == next(q for q in made.student.asked if q in wrong)
    for place in made.mistakes:
        if place in wrong and made.is_clear(place):
            check_names(made, place, marking)


def check_names(made, place, marking):
    """The mistake is named, and no other one but those that yield the same or nearly so."""
    figures = [f for f in marking.figures if f.quantity == place and f.verdict == "wrong"]
    named = set.intersection(*({m.name for m in f.mistakes} for f in figures))
    same = made.same(place)
    assert (same - {"another quantity"} or same) <= named
    if not made.student.left_out:
        assert named <= made.near(place)


def test_every_mistake_of_the_catalogue_is_simulated():
    layers = {layer for seed in range(40) for layer in map(type, drawn(seed).layers)}
    losses = {type(drawn(seed).loss) for seed in range(40)}
    tried = {"path missing", "updated weights used", "another quantity", *STEPS}
    for layer in layers:
        tried |= {*layer.forward_mistakes, *layer.backward_mistakes, *layer.slope_mistakes}
    for loss in losses:
        tried |= {*loss.mistakes, *loss.slope_mistakes}
    assert tried == {mistake.name for mistake in CATALOGUE}
