"""Simulated students: nothing right is marked wrong, and what is wrong is found.

Their networks are random, and worked in plain decimals without symcnn (see ``simulation``).
"""

import pytest

from symcnn.classroom.marking.mistakes import CATALOGUE
from tests.classroom.marking.simulation.fairness import OPTIMIZERS, marked
from tests.classroom.marking.simulation.networks import drawn
from tests.classroom.marking.simulation.pen import Pen
from tests.classroom.marking.simulation.sheets import CLASS
from tests.classroom.marking.simulation.student import STEPS, Student
from tests.draws import SHEETS


@pytest.mark.parametrize("seed", range(max(6, SHEETS // 4)))
def test_the_students_find_the_same_numbers(seed):
    """With many digits and without mistakes, their hand-written passes are symcnn's numbers."""
    net = drawn(seed)
    student = Student(net, Pen(digits=14, fixed=False, carries=False, up=False))
    for quantity in student.asked:
        found = [float(number) for number in student.exact(quantity).values()]
        assert found == pytest.approx([*map(float, net.problem.quantity(quantity))], abs=1e-12)


@pytest.mark.parametrize("seed", range(max(1, SHEETS // CLASS)))
def test_sheets_are_marked_fairly(seed):
    """Wrong figures stand where a mistake was made, and nowhere else; the mistake is named."""
    assert [complaint for _, complaints in marked(seed) for complaint in complaints] == []


def test_every_mistake_of_the_catalogue_is_simulated():
    layers = {layer for seed in range(40) for layer in map(type, drawn(seed).layers)}
    losses = {type(drawn(seed).loss) for seed in range(40)}
    tried = {"path missing", "updated weights used", "another quantity", *STEPS}
    for layer in layers:
        tried |= {*layer.forward_mistakes, *layer.backward_mistakes, *layer.slope_mistakes}
    for loss in losses:
        tried |= {*loss.mistakes, *loss.slope_mistakes}
    assert tried | OPTIMIZERS == {mistake.name for mistake in CATALOGUE}
