import importlib

import pytest

from tests.classroom.checks.faults.mutants import check
from tests.classroom.checks.faults.right import RIGHT
from tests.draws import some


def test_there_are_twenty_and_more():
    assert len({right.name for right in RIGHT}) >= 20


@pytest.mark.parametrize("right", some(RIGHT, 5), ids=lambda right: right.name)
def test_a_right_implementation_is_not_accused(right):
    functions = right.functions(vars(importlib.import_module(right.module)))
    verdict = check(right, functions)
    assert verdict, verdict.to_json()
