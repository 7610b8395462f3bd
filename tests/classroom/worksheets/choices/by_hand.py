"""Sheets of multiple choice on the built-in example, and on one with a hostile title."""

from dataclasses import replace
from functools import cache

import symcnn as sc
from symcnn.problems.examples import cnn_by_hand

HOSTILE = 'A </mattext> ]]> & "B" <script>alert(1)</script> -- > \x07 $course$/top'
SEED = 3


def sheets(seed=SEED, title=""):
    """Return two variants, as multiple choice."""
    return _made(seed, title)


@cache
def _made(seed, title):
    problem = cnn_by_hand()
    problem = replace(problem, title=title) if title else problem
    return sc.worksheet(problem, 2, seed).choices()
