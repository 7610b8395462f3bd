"""How much work a document is, known from the shapes alone: too much is refused at once."""

from __future__ import annotations

from symcnn import limits
from symcnn.errors import TooLargeError
from symcnn.network import Network


def check_work(network: Network) -> None:
    """Refuse a network whose document would take too much time or memory.

    Raises:
        TooLargeError: Names what is too large, and the limit.
    """
    entries = sum(tensor.size for tensor in network.tensors.values())
    _check(entries, limits.EXPLAINED_ENTRIES, "entries in all its tensors")
    largest = max(equation.terms for equation in network.equations)
    _check(largest, limits.ENUMERATED_TERMS, "terms in one of its equations")
    total = sum(equation.terms for equation in network.equations)
    _check(total, limits.EXPLAINED_TERMS, "terms in its forward pass")


def _check(number: int, most: int, what: str) -> None:
    if number > most:
        raise TooLargeError(
            f"the network has {number:,} {what}, more than the {most:,} that a document works out: "
            "use a smaller image, batch or network, or use evaluate"
        )
