"""Where the layers of a document stand in the network that they are some of."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Citation, Diagram, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.whole import Whole
from symcnn.document.pictures.whole import whole_picture
from symcnn.document.words.words import counted

_WHOLE = "the figure of the whole network"


def whole_network(context: Context) -> Iterator[Block]:
    """Say what arrives from the other layers and comes back from them, and draw all of them."""
    if context.whole is None:
        return
    yield heading(2, "The whole network")
    yield paragraph(*about(context))
    yield paragraph(Citation(_WHOLE, "{} shows where these layers stand in it."))
    caption = (
        f"The whole network; {context.whole.part} is the part that is derived here. Each box has "
        "the layer's name, the shape of its output for one sample and the number of its "
        "parameters."
    )
    yield Diagram(whole_picture(context.whole), (caption,), label=_WHOLE)


def about(context: Context) -> Text:
    """Say why the derivatives are those of the whole network's loss; nothing of a whole network."""
    if context.whole is None:
        return ()
    network = context.derivation.network
    given = network.target
    leaving = context.whole.leaving.name
    assert given is not None  # the loss of a part takes the derivative of the whole one
    return (
        f"{_these(context.whole)} ",
        context.named(network.input),
        f" is {_arrives(context.whole)}, and ",
        context.named(given),
        f" is the derivative of the whole network's loss with respect to {leaving}; both are from "
        "one pass through the whole network. The loss here, ",
        context.named(network.loss_tensor),
        ", has ",
        context.named(given),
        " as its derivative with respect to ",
        context.named(network.output),
        ", so that all derivatives before it are those of the whole network's loss.",
    )


def _these(whole: Whole) -> str:
    learned = sum(tensor.size for tensor in whole.network.parameters)
    of = f"{counted(len(whole.network.stages), 'layer')} and {counted(learned, 'parameter')}"
    return f"These layers are part of a network ({whole.title}) of {of}. The input"


def _arrives(whole: Whole) -> str:
    name = whole.arriving.name
    return "that of the whole network" if name == "x" else f"the output of {name}"
