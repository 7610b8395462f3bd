"""Garbage is looked for rarely while a network is derived, and as before afterwards."""

import gc
from threading import Barrier, Thread

import pytest

from symcnn.limits.garbage import OBJECTS, collected_rarely


@pytest.fixture(autouse=True)
def _the_rest_is_passed_over():
    """Have no look at all that other tests have made, where it is looked for often."""
    gc.freeze()


def thresholds_within(barrier, found, number):
    with collected_rarely():
        barrier.wait()
        found[number] = gc.get_threshold()[0]
        barrier.wait()


def test_what_was_set_is_there_again_behind_blocks_of_several_threads():
    before, found, barrier = gc.get_threshold(), {}, Barrier(2)
    gc.set_threshold(701, 9, 8)
    try:
        threads = [Thread(target=thresholds_within, args=(barrier, found, n)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {0: OBJECTS, 1: OBJECTS}
        assert gc.get_threshold() == (701, 9, 8)
    finally:
        gc.set_threshold(*before)


def test_an_application_that_looks_for_none_is_left_alone():
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with collected_rarely():
            assert gc.get_threshold()[0] == 0
        assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
