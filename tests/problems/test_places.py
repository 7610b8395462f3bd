"""Which entries of an array stand in a tensor: what NumPy's own moves of entries make."""

import numpy as np
import pytest

from symcnn.problems.weights.origin import Places, places_of
from tests.draws import seeds


def moved(random):
    """Return the numbers of entries after moves at random, and how many there were."""
    shape = random.integers(1, 5, random.integers(1, 5))
    made = np.arange(shape.prod()).reshape(shape).transpose(random.permutation(len(shape)))
    for axis, length in enumerate(made.shape):
        kind = random.integers(6)
        if kind == 0:
            made = np.flip(made, axis)
        elif kind == 1 and length > 1:
            made = np.delete(made, 0, axis)
        elif kind == 2:
            made = np.repeat(made, 2, axis)
    return (random.permutation(made.ravel()) if random.integers(5) == 0 else made), shape.prod()


@pytest.mark.parametrize("seed", seeds(0, share=0.5))
def test_entries_are_taken_put_and_added_as_by_their_numbers(seed):
    random = np.random.default_rng(seed)
    for _ in range(20):
        number, size = moved(random)
        places, base = places_of(number), random.normal(size=size)
        assert (places.size, places.range) == (number.size, (number.min(), number.max()))
        np.testing.assert_array_equal(places.taken(base), base[number.ravel()])
        added, wanted, own = np.zeros(size), np.zeros(size), random.normal(size=number.size)
        places.added(added, own)
        np.add.at(wanted, number.ravel(), own)
        np.testing.assert_allclose(added, wanted, rtol=1e-14)
        put = np.zeros(size)
        places.put(put, base[number.ravel()])
        assert set(put[number.ravel()]) == set(base[number.ravel()])
        assert not np.delete(put, number.ravel()).any()


def test_steps_are_found_and_what_has_none_is_listed():
    kernel = np.arange(54).reshape(2, 3, 3, 3).transpose(2, 3, 1, 0)
    assert places_of(kernel) == Places((9, 3, 2), (1, 9, 27))
    assert places_of(np.arange(12).reshape(4, 3)[1:3]) == Places((6,), (1,), 3)
    assert places_of(np.array([0, 1, 1, 0])) == Places((), (), 0, (0, 1, 1, 0))
    assert places_of(np.array([[7]])) == Places((), (), 7)
