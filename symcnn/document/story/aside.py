"""The error signals that no parameter needs: outside of full detail they are left out.

dL/dw  is computed from  delta^z,  z = w x,  and this from others nearer to the loss; what lies
before the first layer with parameters, such as the input, is not on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, paragraph
from symcnn.document.context import Context
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, listed, way_back
from symcnn.equations import Tensor

_FEW = 3
"""The most layers of a network of which nothing is left out where there are weights."""

_NOT_NEEDED = {
    False: "The derivative with respect to {names}, which no {number} needs, is left out here.",
    True: "The derivatives with respect to {names}, which no {number} needs, are left out here.",
}
"""What is said of what is left out, by whether it is several tensors."""


def is_short(context: Context) -> bool:
    """Tell whether a network has few layers, or nothing that could be left out."""
    network = context.derivation.network
    return len(network.stages) <= _FEW or not any(map(context.is_reached, network.parameters))


def is_aside(context: Context, tensor: Tensor) -> bool:
    """Tell whether no parameter needs the derivative with respect to a tensor, and it is long."""
    thread, is_whole = context.scope.thread, context.tells("listing") or context.style.quantities
    if is_whole or is_short(context) or not context.derivation.depends_on(tensor):
        return False
    role = None if thread is None else context.derivation.network.tensors[thread.name].role
    return role != "input" and tensor.name not in context.needed.every


def start(context: Context) -> str:
    """Return how far error signals are followed: to the input, or to what needs them."""
    if is_aside(context, context.derivation.network.input):
        return f"the first layer with {learned_number(context.derivation.network)}s"
    return way_back(context.derivation)


def about(context: Context) -> Iterator[Block]:
    """Say which derivatives are left out."""
    names = [context.named(t) for t in context.differentiated if is_aside(context, t)]
    if names:
        number = learned_number(context.derivation.network)
        said = _NOT_NEEDED[len(names) > 1]
        yield paragraph(*filled(said, names=listed(names), number=number))
