"""The loop assignments of an equation, against loops written in plain Python."""

from itertools import product

import pytest
from sympy import symbols

from symcnn.equations import (
    Assignments,
    Tensor,
    accesses,
    affine,
    as_sum,
    define,
    entry_at,
    every,
    position_of,
    strides,
    without_unit_loops,
)
from symcnn.equations.reduction import Mean

i, c, u = symbols("i c u", integer=True, nonnegative=True)


def tensor(name, *shape):
    return Tensor(name, shape, "hidden", name, tuple("abc"[: len(shape)]))


X, W, Z = tensor("x", 5, 2), tensor("w", 3, 2, 1), tensor("z", 3, 1)
STRIDED = define(Z[i, 0], W[u, c, 0] * X[2 * i + u - 1, c], over={i: 3, u: 3, c: 2})


def by_hand():
    """What the equation adds to what: z's, w's and x's entries, padding left out."""
    for at_i, at_u, at_c in product(range(3), range(3), range(2)):
        row = 2 * at_i + at_u - 1
        if 0 <= row < 5:
            yield at_i, 2 * at_u + at_c, 2 * row + at_c


def test_targets_and_reads_are_those_of_plain_loops():
    listed, (w, x) = Assignments(STRIDED), accesses(STRIDED.value)
    assert {str(w.base), str(x.base)} == {"w", "x"}
    reads = {str(read.base): entries for read, entries in listed.reads.items()}
    found = zip(listed.targets.tolist(), reads["w"].tolist(), reads["x"].tolist(), strict=True)
    assert sorted(found) == sorted(by_hand())
    assert listed.count == len(list(by_hand())) == 14


def test_assignments_are_found_by_their_target():
    listed = Assignments(STRIDED)
    sums = {entry: sorted(numbers) for entry, numbers in listed.by_target()}
    for entry in range(3):
        assert sums[entry] == sorted(listed.of_target(entry).tolist())
        assert len(sums[entry]) == sum(target == entry for target, _, _ in by_hand())


def test_an_assignment_has_a_number_unless_a_guard_leaves_it_out():
    order = [loop.symbol for loop in STRIDED.loops]
    numbers = [
        Assignments(STRIDED).number([case[symbol] for symbol in order])
        for case in every(STRIDED.loops)
    ]
    assert [n for n in numbers if n is not None] == list(range(14))
    assert len(numbers) == STRIDED.terms == 18
    assert STRIDED.terms_of_entry == 6


def test_an_equation_without_loops_has_one_assignment():
    total, one = tensor("L", 1), tensor("t", 1)
    listed = Assignments(define(total[0], 2 * one[0]))
    assert (listed.count, listed.targets.tolist()) == (1, [0])
    assert list(every(())) == [{}]


def test_an_affine_form_at_numbers():
    assert affine(2 * i - u + 3).at({i: 5, u: 4}) == 9


@pytest.mark.parametrize("shape", [(1,), (7,), (2, 3, 4), (5, 1, 2)])
def test_row_major_order_is_that_of_nested_loops(shape):
    for entry, place in enumerate(product(*map(range, shape))):
        assert entry_at(place, shape) == entry
        assert position_of(entry, shape) == place
    assert strides(shape)[-1] == 1


def test_unit_loops_are_put_to_zero():
    k = symbols("k", integer=True, nonnegative=True)
    short = without_unit_loops(define(Z[i, k], W[u, c, k] * X[i + u, c]))
    assert short.target == Z[i, 0]
    assert short.value == W[u, c, 0] * X[i + u, c]
    assert k not in short.sizes


def test_a_mean_is_a_sum_of_nths():
    mean = define(tensor("m", 1)[0], X[i, c], reduction=Mean())
    assert as_sum(mean).value == X[i, c] / 10
