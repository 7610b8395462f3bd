"""No hand-in of the grid is marked unfairly or generously, in none of the marking places."""

import pytest

from symcnn.classroom.marking.mistakes import CATALOGUE
from tests.classroom.marking.grid.boxes import boxes
from tests.classroom.marking.grid.complaints import complaints
from tests.classroom.marking.grid.drawing import given, posed
from tests.classroom.marking.grid.hand import AS_WRITTEN, EVERYTHING, Hand
from tests.classroom.marking.grid.handin import worked
from tests.classroom.marking.grid.numbers import exactly
from tests.classroom.marking.simulation.fairness import OPTIMIZERS
from tests.draws import HANDINS, one_of
from tests.programs.backends.javascript.node import NODE

SLICE = 250

JUDGED_DIFFERENTLY = [
    *[51077, 53191, 51717, 5564, 10967, 13524, 73094],
    *[29430, 48053, 49649, 77593, 39304],
]


@pytest.mark.parametrize("first", range(0, HANDINS, SLICE))
def test_no_hand_in_is_marked_unfairly_or_generously(first):
    numbers = range(first, min(first + SLICE, HANDINS))
    assert [*map(str, complaints(numbers, practice=NODE is not None))] == []


@pytest.mark.parametrize("number", one_of(JUDGED_DIFFERENTLY))
def test_hand_ins_that_were_judged_differently_once(number):
    """0.00 in a box, a window of one entry, a given number that is the true one cut off; 0.00
    where three places are due; 0 as what follows from 0, of which intervals end near 0; a
    stage that is left out, with a digit more than is written; a probability above 1; both slopes
    of a leaky ReLU, or none, where a sign is open; a probability that was rounded on the way."""
    assert [*map(str, complaints([number], practice=False))] == []


@pytest.mark.parametrize("inside", [AS_WRITTEN, EVERYTHING])
@pytest.mark.parametrize("number", range(1, 1 + max(4, HANDINS // 100)))
def test_boxes_give_all_to_who_rounds_to_the_digits_asked_for(number, inside):
    """Whether he goes on with rounded figures or not."""
    net, settings = posed(number)
    with exactly():
        made = worked(net, Hand(settings.digits, inside=inside))
    shares = {(q, at): boxes(number)[q, at].share(text) for q, at, text in made.figures}
    assert {entry: share for entry, share in shares.items() if share != 1} == {}


def test_every_mistake_of_the_catalogue_is_made():
    names, made, number = {mistake.name for mistake in CATALOGUE} - OPTIMIZERS, set[str](), 0
    while number < 200 and made != names:
        made |= given(number).mistakes.keys()
        number += 1
    assert made == names
