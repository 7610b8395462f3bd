"""Simulated students: nothing right is marked wrong, and what is wrong is found.

Their networks are random, and worked in plain decimals without symcnn (see ``simulation``).
"""

from __future__ import annotations

import pytest

import symcnn as sc
from tests.draws import SHEETS
from tests.marking.simulation.networks import drawn
from tests.marking.simulation.pen import Pen
from tests.marking.simulation.sheets import sheet
from tests.marking.simulation.student import Student


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
