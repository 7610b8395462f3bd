"""Documents that many tests read: each of them is explained once in a process."""

from functools import cache

import symcnn as sc
from symcnn.document.document import Document
from symcnn.document.outline import Detail
from tests.document.networks import NETWORKS, problem

SEED = "the seed"
PUBLISHED = "the seed as published"
NAMES = (SEED, PUBLISHED, *NETWORKS)
SEEDS = {SEED: sc.examples.cnn_by_hand, PUBLISHED: sc.examples.cnn_by_hand_as_published}


def problem_named(name: str) -> sc.Problem:
    return SEEDS[name]() if name in SEEDS else problem(name)


@cache
def explained(name: str = SEED, detail: Detail = "full") -> Document:
    """Return a document, of full detail unless another is asked for: it has the most lines."""
    return sc.explain(problem_named(name), detail=detail)
