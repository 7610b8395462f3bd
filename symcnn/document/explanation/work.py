"""How much work a document is, known from the shapes alone: too much is refused at once."""

from __future__ import annotations

from symcnn import limits
from symcnn.errors import TooLargeError
from symcnn.network.network import Network


def check_work(network: Network) -> None:
    """Refuse a network whose document would take too much memory.

    Raises:
        TooLargeError: Names how large it is, and the limit.
    """
    entries = sum(tensor.size for tensor in network.tensors.values())
    if entries > limits.EXPLAINED_ENTRIES:
        raise TooLargeError(
            f"the network has {entries:,} entries in all its tensors, more than the "
            f"{limits.EXPLAINED_ENTRIES:,} that a document works out: use a smaller image, batch "
            "or network, explain some layers, or use evaluate"
        )
