"""From a network to its derivation: the chain rule, for every tensor."""

from __future__ import annotations

from collections.abc import Sequence

from symcnn.derivation.chain import differentiate
from symcnn.derivation.derivation import Derivation
from symcnn.derivation.requested import requested
from symcnn.errors import expect
from symcnn.network.network import Network
from symcnn.writing.lettering import signal_of


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
