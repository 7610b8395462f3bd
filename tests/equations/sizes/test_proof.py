"""Proofs: what is claimed is tried at many numbers, and what has to be found is found."""

import math
import random
from fractions import Fraction
from itertools import product

import pytest
from sympy import Max, Min, ceiling, floor, lambdify, sympify

from symcnn import index, size
from symcnn.equations.sizes import is_at_least
from tests.draws import MANY, slow

H, K, S, D = (size(name) for name in "HKSD")
P = size("P", least=0)
i, u, r = (index(name) for name in "iur")
POSITIONS = floor((H + 2 * P - D * (K - 1) - 1) / S) + 1
VALID = POSITIONS.subs(P, 0)
LOW = Max(0, ceiling((r + P - K + 1) / S), evaluate=False)
HIGH = Min(POSITIONS.subs(D, 1) - 1, floor((r + P) / S), evaluate=False)
RANGES = {i: POSITIONS, u: K, r: H}


@pytest.mark.parametrize(
    ("claim", "least", "ranges"),
    [
        pytest.param(S * i + D * u, 0, RANGES, id="nothing lies before the input"),
        pytest.param(H - 1 - S * i - D * u, 0, {i: VALID, u: K}, id="nor behind it, unpadded"),
        pytest.param(HIGH - LOW, -1, RANGES | {i: POSITIONS.subs(D, 1)}, id="limits of a sum"),
        pytest.param(H * K - 1 - (K * r + u), 0, {r: H, u: K}, id="row-major order"),
        pytest.param(P - floor(P / 2), 0, {}, id="half of a padding"),
        pytest.param(H * S - floor((H * S - 1) / S) * S, 1, {}, id="a remainder"),
        pytest.param(floor(K / 2 - S + S) - ceiling(K / 2) + 1, 0, {}, id="floor and ceiling"),
        pytest.param(H + P - Min(H, K), 0, {}, id="a minimum"),
        pytest.param(Max(H, K) - K, 0, {}, id="a maximum"),
    ],
)
def test_what_holds_is_found(claim, least, ranges):
    assert is_at_least(claim, least, ranges)


@pytest.mark.parametrize(
    ("claim", "least", "ranges"),
    [
        pytest.param(S * i + D * u - P, 0, RANGES, id="padding lies before the input"),
        pytest.param(H - K, 0, {}, id="a kernel may be longer than an input"),
        pytest.param(HIGH - LOW, 0, RANGES, id="a sum may be empty"),
        pytest.param(H * K - 2, 0, {}, id="one entry"),
        pytest.param(floor(H / S), 1, {}, id="a stride longer than the input"),
        pytest.param(Min(H, K) - K, 0, {}, id="a minimum"),
    ],
)
def test_what_fails_somewhere_is_not(claim, least, ranges):
    assert not is_at_least(claim, least, ranges)


def drawn(seed):
    """Return a claim about letters and indices with floors, and the ranges of the indices."""
    rng = random.Random(seed)

    def linear(depth):
        parts = rng.sample([H, K, S, P, i, r, H * S, S * i, K * S], rng.randint(1, 3))
        whole = sum(rng.choice([-2, -1, 1, 1, 2]) * part for part in parts) + rng.randint(-2, 2)
        if depth and rng.random() < 0.6:
            kind = rng.choice([floor, ceiling])
            whole += rng.choice([-1, 1, S]) * kind(linear(depth - 1) / rng.choice([2, 3, S]))
        if depth and rng.random() < 0.3:
            extremum = rng.choice([Max, Min])
            whole += rng.choice([-1, 1]) * extremum(linear(0), linear(0), evaluate=False)
        return whole

    ranges = {i: rng.choice([K, H, 3]), r: rng.choice([H, floor((H - 1) / S) + 1, 4])}
    return linear(2), ranges


def integers(expression):
    """Return what evaluates an expression exactly."""
    names = {"floor": math.floor, "ceiling": math.ceil, "Max": max, "Min": min}
    made = lambdify([H, K, S, P, i, r], expression, modules=[names])
    return lambda *numbers: made(*map(Fraction, numbers))


@pytest.mark.parametrize("seed", range(400 if MANY else 15))
def test_what_is_proved_holds_wherever_it_is_tried(seed):
    claim, ranges = drawn(seed)
    proved = [least for least in (-4, -1, 0) if is_at_least(claim, least, ranges)]
    value, lengths = integers(claim), [integers(sympify(n)) for n in ranges.values()]
    for sizes in product((1, 2, 5), (1, 3), (1, 2, 4), (0, 1, 3)):
        many = [int(length(*sizes, 0, 0)) for length in lengths]
        for place in product(*({0, n // 2, n - 1} for n in many if n > 0)):
            if len(place) == 2:
                assert all(value(*sizes, *place) >= least for least in proved), (claim, sizes)


@slow
def test_of_enough_random_claims_some_are_proved():
    proved = [is_at_least(claim, -4, ranges) for claim, ranges in map(drawn, range(60))]
    assert 5 < sum(proved) < 55
