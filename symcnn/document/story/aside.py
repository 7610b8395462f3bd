"""The error signals that no parameter needs: outside of full detail they are left out.

dL/dw  is computed from  delta^z,  z = w x,  and this from others nearer to the loss; what lies
before the first layer with parameters, such as the input, is not on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, paragraph
from symcnn.document.context import Context
from symcnn.document.story.usual import is_within
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number, listed, way_back
from symcnn.equations import Tensor

_NOT_NEEDED = {
    False: "The derivative with respect to {names}, which no {number} needs, is left out here.",
    True: "The derivatives with respect to {names}, which no {number} needs, are left out here.",
}
"""What is said of what is left out, by whether it is several tensors."""


def is_aside(context: Context, tensor: Tensor) -> bool:
    """Tell whether the derivative with respect to a tensor is left out: no parameter needs it."""
    is_told = tensor.name in context.needed.every or not context.derivation.depends_on(tensor)
    return context.leaves_out and not is_told


def start(context: Context) -> str:
    """Return how far error signals are followed: to the input, or to what needs them."""
    if is_aside(context, context.derivation.network.input):
        return f"the first layer with {learned_number(context.derivation.network)}s"
    return way_back(context.derivation)


def about(context: Context) -> Iterator[Block]:
    """Say which derivatives are left out."""
    aside = [t for t in context.differentiated if is_aside(context, t)]
    names = [context.named(t) for t in aside if not is_within(context, t)]
    if names:
        number = learned_number(context.derivation.network)
        said = _NOT_NEEDED[len(names) > 1]
        yield paragraph(*filled(said, names=listed(names), number=number))
