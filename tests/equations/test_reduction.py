from itertools import product

import pytest
from sympy import Rational, exp, log, symbols

from symcnn import LogSumExp, Max, Mean, Sum

TERMS = symbols("a b c d", real=True)


def selectors(reduction, values):
    terms = TERMS[: len(values)]
    at = dict(zip(terms, values, strict=True))
    return [reduction.selector(terms, m).subs(at) for m in range(len(values))]


def test_a_sum_adds_and_every_term_answers_for_it():
    a, b, c, _ = TERMS
    assert Sum().combine([a, b, c]) == a + b + c
    assert selectors(Sum(), [5, 7, 7]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("values", "routed"),
    [
        ([3, 1, 2], [1, 0, 0]),
        ([1, 3, 2], [0, 1, 0]),
        ([3, 3, 2], [1, 0, 0]),
        ([2, 3, 3], [0, 1, 0]),
        ([3, 3, 3], [1, 0, 0]),
        ([3, 3, 3, 3], [1, 0, 0, 0]),
        ([4], [1]),
    ],
)
def test_the_first_largest_takes_all(values, routed):
    assert selectors(Max("first"), values) == routed


@pytest.mark.parametrize(
    ("values", "routed"),
    [
        ([3, 1, 2], [1, 0, 0]),
        ([3, 3, 2], [Rational(1, 2), Rational(1, 2), 0]),
        ([3, 3, 3], [Rational(1, 3)] * 3),
        ([3, 3, 3, 3], [Rational(1, 4)] * 4),
    ],
)
def test_split_ties_take_equal_shares(values, routed):
    assert selectors(Max("split"), values) == routed


@pytest.mark.parametrize("ties", ["first", "split"])
def test_the_routing_of_a_window_sums_to_1_whatever_the_ties(ties):
    for values in product(range(3), repeat=4):
        routed = selectors(Max(ties), values)
        assert sum(routed) == 1
        assert all(share == 0 for share, v in zip(routed, values, strict=True) if v < max(values))


@pytest.mark.parametrize("ties", ["first", "split"])
def test_the_largest_term_is_taken(ties):
    assert Max(ties).combine(TERMS).subs(dict(zip(TERMS, [2, 9, 4, 9], strict=True))) == 9


@pytest.mark.parametrize("values", [[5], [0, 0], [1, -2, 3], [Rational(1, 3), 7, 7, -4]])
def test_the_selectors_of_a_mean_and_of_a_log_sum_exp_sum_to_1(values):
    assert selectors(Mean(), values) == [Rational(1, len(values))] * len(values)
    softmax = selectors(LogSumExp(), values)
    assert abs(sum(s.evalf(60) for s in softmax) - 1) < 1e-55
    powers = [exp(v).evalf(60) for v in values]
    for selector, power in zip(softmax, powers, strict=True):
        assert abs(selector.evalf(60) - power / sum(powers)) < 1e-55


def test_a_mean_and_a_log_sum_exp_of_terms():
    a, b, c, _ = TERMS
    assert Mean().combine([a, b, c]) == (a + b + c) / 3
    assert LogSumExp().combine([a, b]) == log(exp(a) + exp(b))
