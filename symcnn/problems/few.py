"""How many numbers are kept exactly."""

from __future__ import annotations

from collections.abc import Iterable

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.errors import TooLargeError


def check_few(given: Iterable[Tensor]) -> None:
    """Refuse more numbers than memory holds exactly, before the first one is read.

    Args:
        given: The tensors whose numbers are no arrays, which are kept as floats (see ``Row``).
    """
    numbers = sum(tensor.size for tensor in given)
    if numbers > limits.GIVEN_NUMBERS:
        raise TooLargeError(
            f"the network takes {numbers:,} numbers, more than the {limits.GIVEN_NUMBERS:,} that "
            "are kept exactly: give them as arrays of floats"
        )
