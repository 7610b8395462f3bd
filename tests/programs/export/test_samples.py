"""Statements for any number of samples, from those for some: nothing is guessed."""

import pytest

from symcnn.programs.export.autograd.samples import OfOneBatchError, counts_beside, of_any

COUNTS = [31, 37, 41, 43]


def texts(written):
    return [written.format(n=n, more=n + 1, twice=2 * n, square=n * n) for n in COUNTS]


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("x.reshape(({n}, 4))", "x.reshape((batch, 4))"),
        ("x.reshape((2, {twice}))/{twice}", "x.reshape((2, 2*batch))/(2*batch)"),
        ("a[0:{more}]", "a[0:(batch + 1)]"),
        ("x_{n}", None),
        ("0.{n}", None),
        ("{square}", None),
    ],
)
def test_numbers_that_follow_the_samples(written, made):
    if made is None:
        with pytest.raises(OfOneBatchError):
            of_any(texts(written), COUNTS)
    else:
        assert of_any(texts(written), COUNTS) == made


def test_half_of_an_even_number_is_no_whole_multiple():
    with pytest.raises(OfOneBatchError):
        of_any([str((n - 1) // 2) for n in COUNTS], COUNTS)


def test_counts_share_no_divisor_with_lengths():
    assert counts_beside([62, 5, 37]) == [41, 43, 47, 53]
