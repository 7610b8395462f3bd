"""No hand-in of the grid is marked unfairly or generously, in none of the marking places."""

from __future__ import annotations

import pytest

from symcnn.classroom.marking.mistakes import CATALOGUE
from tests.classroom.marking.grid.complaints import complaints
from tests.classroom.marking.grid.drawing import given
from tests.draws import HANDINS
from tests.programs.backends.javascript.node import NODE

SLICE = 250


@pytest.mark.parametrize("first", range(0, HANDINS, SLICE))
def test_no_hand_in_is_marked_unfairly_or_generously(first):
    numbers = range(first, min(first + SLICE, HANDINS))
    assert [*map(str, complaints(numbers, practice=NODE is not None))] == []


def test_every_mistake_of_the_catalogue_is_made():
    names, made, number = {mistake.name for mistake in CATALOGUE}, set[str](), 0
    while number < 200 and made != names:
        made |= given(number).mistakes.keys()
        number += 1
    assert made == names
