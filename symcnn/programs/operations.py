"""How many arithmetic operations a program emits."""

from __future__ import annotations

from typing import NamedTuple

from symcnn.backends.python.listing import Listing


class Operations(NamedTuple):
    """Operations of the forward pass, and of the gradients after it."""

    forward: int
    gradients: int

    @property
    def ratio(self) -> float:
        """(forward + gradients) / forward."""
        return (self.forward + self.gradients) / self.forward


def operations(listing: Listing) -> Operations:
    """Return how many operations the statements take, as their blocks say."""
    passes = (listing.forward, listing.backward)
    return Operations(*(sum(block.operations for block in part) for part in passes))
