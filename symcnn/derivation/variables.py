"""What the loss is differentiated twice with respect to: the input and the parameters."""

from __future__ import annotations

from symcnn.equations import Tensor
from symcnn.equations.values import known
from symcnn.errors import SymcnnError
from symcnn.network.network import Network

VARIABLES = ("input", "parameter")
"""The roles of tensors with respect to which the loss is differentiated twice."""


def variables(network: Network) -> dict[str, Tensor]:
    """Return the input and the parameters by their names."""
    return {t.name: t for t in network.tensors.values() if t.role in VARIABLES}


def variable(network: Network, name: str) -> Tensor:
    """Return an input or a parameter by its name.

    Raises:
        SymcnnError: If there is none.
    """
    given = variables(network)
    if name not in given:
        raise SymcnnError(f"{name!r} is neither an input nor a parameter: {known(name, [*given])}")
    return given[name]
