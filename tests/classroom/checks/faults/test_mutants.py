"""A sample of the functions that are made wrong by mutation; SYMCNN_MUTANTS sets how many."""

import pytest

from tests.classroom.checks.faults.mutants import judgements
from tests.draws import MUTANTS

_SLICE = 15


@pytest.mark.parametrize("first", range(0, MUTANTS, _SLICE))
def test_what_changes_a_result_is_caught_and_what_does_not_is_not(first):
    found = [one for one in judgements(min(_SLICE, MUTANTS - first), first) if one is not None]
    assert not [str(one) for one in found if one.is_accused]
    assert not [str(one) for one in found if one.is_missed]
