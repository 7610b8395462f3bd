"""Mini-batches: what is drawn, in which order, and that it comes again."""

from itertools import chain, islice

import numpy as np

import symcnn as sc
from symcnn.problems.training.feed import order
from tests.problems.training.test_descent import square


def batches(samples, batch, count, seed=0):
    return [b.tolist() for b in islice(order(samples, batch, np.random.default_rng(seed)), count)]


def test_every_sample_has_its_turn_before_any_comes_again():
    drawn = batches(6, 2, 6)
    assert sorted(chain(*drawn[:3])) == sorted(chain(*drawn[3:])) == [0, 1, 2, 3, 4, 5]
    assert drawn[:3] != drawn[3:]


def test_what_is_left_over_is_not_used_in_that_turn():
    drawn = batches(7, 3, 200)
    assert {len(batch) for batch in drawn} == {3}
    turns = [[*drawn[n], *drawn[n + 1]] for n in range(0, 200, 2)]
    assert all(len(set(turn)) == 6 for turn in turns)
    assert set(chain(*turns)) == set(range(7))


def test_the_seed_decides_the_order():
    assert batches(50, 10, 7, seed=3) == batches(50, 10, 7, seed=3)
    assert batches(50, 10, 7, seed=3) != batches(50, 10, 7, seed=4)


def test_a_training_comes_again_with_its_seed():
    random = np.random.default_rng(1)
    data = {"x": random.normal(size=(40, 2)), "y": random.integers(0, 2, 40)}

    def losses(seed):
        options = {"data": data, "batch": 8, "seed": seed}
        return sc.train(square(), 12, 0.1, **options).losses

    assert losses(5) == losses(5)
    assert losses(5) != losses(6)
