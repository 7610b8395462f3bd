"""The built-in problems."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from symcnn.problems.examples.published import as_published, between
from symcnn.problems.load import load
from symcnn.problems.problem import Problem

CNN_BY_HAND = Path(__file__).with_name("cnn_by_hand.toml")
"""The problem file of the first example."""


def cnn_by_hand() -> Problem:
    """Return the example of the notebook "CNN by hand", computed correctly.

    A 3x1 input, a convolution with three 2x1 filters, a max-pool and one sigmoid neuron:
    nine weights.

    >>> cnn_by_hand().quantity("conv1")
    (6/25, 13/50, -1/50, 3/20, 1/20, 1/10)
    """
    return load(CNN_BY_HAND)


def cnn_by_hand_as_published() -> Problem:
    """Return the network that the notebook computed: its first layer is not a convolution.

    >>> cnn_by_hand_as_published().quantity("conv1")
    (21/50, 7/25, 7/50, 33/100, 11/50, 11/100)
    """
    meant = cnn_by_hand()
    return replace(as_published(meant), reconciliation=between(None, meant))
