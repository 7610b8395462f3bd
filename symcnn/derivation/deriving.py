"""From a network to its derivation: the chain rule, for every tensor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symcnn.derivation.chain import differentiate
from symcnn.derivation.derivation import Derivation
from symcnn.equations.values import known
from symcnn.errors import SymcnnError, expect
from symcnn.limits.garbage import collected_rarely
from symcnn.network.network import Network
from symcnn.writing.lettering import signal_of


@collected_rarely()
def derive(network: Network, also: Sequence[str] = ()) -> Derivation:
    """Differentiate the loss of a network with respect to every tensor in it.

    dL/dx, dL/dw, dL/db and dL/dy for the input, every weight, every bias and every layer's
    output, by the chain rule from the loss backwards.

    Args:
        network: The network.
        also: The names of given tensors, such as "target" or "dropout1.mask", with respect to
            which it is differentiated as well.

    Raises:
        SymcnnError: If the argument is not a network, or a name is not that of a given tensor.
    """
    expect(network, Network, "the network", "give a Network; a Problem has its own derivation")
    names = requested(network, also)
    signal = signal_of(network.letters)
    chain = differentiate(network.equations, network.tensors.values(), signal, names)
    return Derivation(network, chain.steps, chain.adjoints, chain.routings)


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
