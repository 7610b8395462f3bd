"""What is given and differentiated on request alone: a mask, a target, noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.equations.values import known
from symcnn.errors import SymcnnError, expect
from symcnn.network.network import Network


def requested(network: Network, also: Sequence[str]) -> tuple[str, ...]:
    """Return the names of given tensors with respect to which the loss is differentiated as well.

    Raises:
        SymcnnError: If one is no given tensor, or its entries are indices.
    """
    if isinstance(also, str):
        raise SymcnnError(f"also is {also!r}: give a list of names, [{also!r}]")
    expect(also, Iterable, "also", 'give a list of names, ["target"]')
    also = tuple(also)
    names = [t.name for t in network.given if t.role in ("given", "target")]
    for name in also:
        expect(name, str, "a name in also", 'give one such as "target"')
        if name in network.indexing:
            raise SymcnnError(
                f"the entries of {name} are indices, which have no derivative: leave it out of also"
            )
        if name not in names:
            choice = known(name, names) if names else "the network has none: remove it"
            raise SymcnnError(f"{name!r} is not a tensor that is given: {choice}")
    return also
