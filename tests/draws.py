"""How many random cases the tests draw: a few by default, more where a machine has time.

``SYMCNN_NETWORKS`` is the number of networks that the longest test draws; the other tests
draw their share of it. ``SYMCNN_CELLS`` is how many kinds of networks are walked through, of
all in one table, ``SYMCNN_FILES`` how many problem files something happens to, ``SYMCNN_SHEETS``
how many sheets of simulated students are marked, ``SYMCNN_HANDINS`` how many hand-ins of the
grid, and ``SYMCNN_MUTANTS`` how many mutants of right implementations are checked. The draws are
the same every time, unless ``SYMCNN_SEED`` says otherwise.
"""

import os
from math import gcd

import pytest

NETWORKS = int(os.environ.get("SYMCNN_NETWORKS", "6"))
CELLS = int(os.environ.get("SYMCNN_CELLS", "2"))
FILES = int(os.environ.get("SYMCNN_FILES", "2"))
SHEETS = int(os.environ.get("SYMCNN_SHEETS", "4"))
HANDINS = int(os.environ.get("SYMCNN_HANDINS", "20"))
MUTANTS = int(os.environ.get("SYMCNN_MUTANTS", "4"))
SEED = int(os.environ.get("SYMCNN_SEED", "0"))

MANY = NETWORKS >= 100

THOROUGH = NETWORKS >= 1000

slow = pytest.mark.skipif(not MANY, reason="runs where SYMCNN_NETWORKS is 100 or more")
"""For tests that take seconds and hold what others hold in smaller cases."""


huge = pytest.mark.skipif(not THOROUGH, reason="runs where SYMCNN_NETWORKS is 1000 or more")
"""For tests that take minutes, and gigabytes of memory."""


def seeds(first, share=1.0):
    """Return the seeds of a test that draws a share of all networks."""
    first += 1_000 * SEED
    return range(first, first + drawn(share))


def drawn(share):
    """Return how many cases a share is, two at the least."""
    return max(2, round(share * NETWORKS))


def some(cases, every=3):
    """Return every third of a list of cases, say, or all where a hundred networks are drawn."""
    return list(cases)[:: 1 if MANY else every]


def one_of(cases):
    """Return the first of cases that take seconds, or all where a hundred networks are drawn."""
    cases = list(cases)
    return cases if MANY else cases[:1]


def half(cases):
    """Return the cases in the middle, half of them, or all where a hundred networks are drawn."""
    return cases if MANY else cases[len(cases) // 4 : len(cases) - len(cases) // 4]


def spread(cells):
    """Return as many cells of a table as are walked through, of every row and column in turn."""
    stride = next(n for n in range(len(cells) * 3 // 8, len(cells)) if gcd(n, len(cells)) == 1)
    return [cells[n * stride % len(cells)] for n in range(min(CELLS, len(cells)))]
