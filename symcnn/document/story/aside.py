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

_NOT_NEEDED = {
    False: "No {number}'s derivative needs the one with respect to {names}: it is left out.",
    True: "No {number}'s derivative needs those with respect to {names}: they are left out.",
}
"""What is said of what is left out, by whether it is several tensors."""


def is_aside(context: Context, tensor: Tensor) -> bool:
    """Tell whether the derivative with respect to a tensor is left out: no parameter needs it."""
    is_told = tensor.name in context.needed.every or not context.derivation.depends_on(tensor)
    return (context.leaves_out and not is_told) or tensor.name in context.softmaxes.within


def start(context: Context) -> str:
    """Return how far error signals are followed: to the input, or to what needs them."""
    network = context.derivation.network
    if not is_aside(context, network.input):
        return way_back(context.derivation)
    number = learned_number(network)
    own = [stage.output.name for stage in network.stages if stage.parameters]
    alone = f"{own[0]}, the only layer with {number}s"
    return alone if len(own) == 1 else f"the first layer with {number}s"


def is_one(context: Context) -> bool:
    """Tell whether error signals are followed to one layer alone."""
    told = [t for t in context.differentiated if not is_aside(context, t)]
    return sum(tensor.role != "auxiliary" for tensor in told) == 1


def about(context: Context) -> Iterator[Block]:
    """Say which derivatives are left out."""
    aside = [t for t in context.differentiated if is_aside(context, t)]
    names = [context.named(t) for t in aside if t.name not in context.softmaxes.within]
    if names:
        number = learned_number(context.derivation.network)
        said = _NOT_NEEDED[len(names) > 1]
        yield paragraph(*filled(said, names=listed(names), number=number))
