"""The picture of the network, which stands after the problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import Block, Citation, Diagram, Inline, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.given import Whole
from symcnn.document.pictures.graph import Graph, One
from symcnn.document.pictures.layers import Layers, layers
from symcnn.document.pictures.network import asked_network, network
from symcnn.document.pictures.network_layout import Drawn
from symcnn.document.pictures.whole import whole_picture
from symcnn.document.story.short import is_overview
from symcnn.document.words.words import counted, enumerated, meaning, noun
from symcnn.equations import Max

_ENTRIES, _LAYERS = "the figure of the entries", "the figure of the layers"
_SIGNALS = (
    "Below each node stands its value and, except for {others}, its error signal, which is "
    "computed in the opposite direction."
)
_NO_ROOM = "There is no room for the values that are computed."


_HIGH = 270.0
"""The height of the highest picture of entries outside of full detail, in points."""

_LOW = 150.0
"""The height of the highest picture in an overview, in points."""


def pictures(context: Context) -> Iterator[Block]:
    """Draw the whole network, if this is a part of one, and the network; in short, a small one."""
    if context.tells("summary"):
        yield from _small_picture(context)
    else:
        yield from _whole_network(context)
        yield from network_picture(context)


def network_picture(context: Context) -> Iterator[Block]:
    """Draw the network, entry by entry or layer by layer."""
    yield heading(2, "The network")
    drawn = network(context)
    if drawn is None or _is_crowded(context, drawn):
        yield paragraph(Citation(_LAYERS, "{} shows the network, from the input down to the loss."))
        yield replace(_by_layers(context, is_solved=True), label=_LAYERS)
        return
    yield paragraph(Citation(_ENTRIES, "{} shows the network, entry by entry."))
    yield replace(_diagram(drawn), label=_ENTRIES)


def _is_crowded(context: Context, drawn: Drawn) -> bool:
    """Tell whether a picture of entries would fill much of a page, and numbers stay as they are."""
    if context.tells("listing") or context.bindings.may_change:
        return False
    return drawn.picture.height > _HIGH


def _small_picture(context: Context) -> Iterator[Block]:
    """Draw the network entry by entry, if it is small enough and all error signals are shown."""
    hidden = [t for t in context.derivation.network.tensors.values() if t.role == "hidden"]
    is_whole = all(context.style.shows(f"{GRADIENT}{tensor.name}") for tensor in hidden)
    drawn = network(context) if is_whole else None
    if drawn is not None and not (is_overview(context) and drawn.picture.height > _LOW):
        yield _diagram(drawn)


def _diagram(drawn: Drawn) -> Diagram:
    return Diagram(drawn.picture, _network_caption(drawn), partial(_asked, drawn.graph))


def _asked(made: Graph) -> Diagram:
    drawn = asked_network(made)
    return Diagram(drawn.picture, _network_caption(drawn))


def _network_caption(drawn: Drawn) -> Text:
    """Say what the nodes and the edges of the picture are, of the kinds that it has."""
    graph = drawn.graph
    kinds = {edge.kind for edge in graph.every}
    start = (
        "The network, entry by entry: each edge leads to an entry that is computed from the one "
        "where it begins. "
    )
    words = ""
    if graph.has_several_weights:
        words += " An edge may carry several weights; they are not shown."
    elif not drawn.has_weights:
        words += " (The weights are not shown.)"
    filters = {edge.filter for edge in graph.every if edge.filter}
    if filters:
        colours = "Edges of one colour" if len(filters) > 1 else "The coloured edges"
        words += f" {colours} carry the weights of one filter, the same at every position."
    if graph.passes_on:
        words += " Entries of later layers that come from one filter alone have its colour."
    if "winner" in kinds and drawn.look.is_solved:
        every = graph.context.operations.values()
        maxima = [made for made in every if isinstance(made.first.reduction, Max)]
        in_windows = all(made.form == "maximum" for made in maxima)
        winner = "the winner of a window" if in_windows else "a winner"
        words += f" A thick edge starts at {winner}, a dashed one at an entry that lost."
    if biases := sum(isinstance(start, One) for start, _, _ in graph.lines):
        one = "The edge from the 1 carries the bias."
        words += f" {one if biases == 1 else 'Edges from a 1 carry biases.'}"
    if graph.merged:
        copies = enumerated(_copies(graph))
        words += f" In {copies}, entries are only renamed; they share their nodes."
    return (start, *_below_nodes(drawn), *filter(None, [words]))


def _copies(graph: Graph) -> list[str]:
    """Name what copies entries: layers, or what a layer or the loss computes on the way."""
    tensors = graph.context.derivation.network.tensors
    copies = [tensors[name] for name in graph.merged]
    return [tensor.name if tensor.role == "hidden" else meaning(tensor) for tensor in copies]


def _below_nodes(drawn: Drawn) -> Text:
    """Say what stands below the nodes: values and error signals, or boxes for them."""
    look = drawn.look
    if not look.has_values:
        return (_NO_ROOM if look.is_solved else "Write the value of each node below it.",)
    if look.is_solved:
        if not drawn.has_signals:
            return ("Below each node stands its value.",)
        derivation = drawn.graph.context.derivation
        given = derivation.network.loss_stage.given
        drawn_alone = _without_signals(drawn.graph)
        others = [*([] if given is None else [meaning(given)]), *drawn_alone, "the loss"]
        without = others if "x" in derivation.adjoints else ["the input", *others]
        return (_SIGNALS.format(others=enumerated(without)),)
    boxes = "Below each node stands its value, or a box for it."
    if not drawn.has_signals:
        return (boxes,)
    signals = f"{boxes} Error signals, which are computed in the opposite direction, go into "
    return (signals, "the boxes with ", Inline(drawn.signal), ".")


def _without_signals(graph: Graph) -> list[str]:
    """Name what is drawn of a loss and has no error signal, as its probabilities do not."""
    derivation = graph.context.derivation
    own = derivation.network.loss_stage.auxiliaries.values()
    alone = (tensor for tensor in own if not derivation.depends_on(tensor))
    return [f"the {noun(tensor)}" for tensor in alone if tensor.name in graph.depths]


def _by_layers(context: Context, *, is_solved: bool) -> Diagram:
    """Draw a network layer by layer; a student's has the given numbers alone."""
    made = layers(context, is_solved=is_solved)
    caption = _layers_caption(context, made)
    asked = partial(_by_layers, context, is_solved=False) if is_solved else None
    return Diagram(made.picture, caption, asked)


def _layers_caption(context: Context, made: Layers) -> Text:
    """Say what stands on the left and on the right, and what colours and frames mean."""
    blue = ", those with parameters in blue" if context.derivation.network.parameters else ""
    words = f"The layers{_sample(context, made)}{blue}."
    if made.has_signals:
        words += " Values go down on the left, error signals back up on the right."
    if not made.is_coloured:
        return (words,)
    words += (
        " Positive entries are blue, negative ones orange; in each tensor the colour deepens with "
        "the absolute value."
    )
    if made.is_rounded:
        words += " Numbers are rounded."
    thread = context.scope.thread
    if thread is None or not made.is_framed:
        return (words,)
    weight = context.derivation.symbol(thread.name, thread.position)
    return (f"{words} Frames mark the path of ", Inline(context.printed(weight)), ".")


def _sample(context: Context, made: Layers) -> str:
    """Say which sample is shown, or that one is, of a batch."""
    if made.sample is None:
        return ""
    is_told = made.is_coloured and (context.derivation.network.batch or 1) > 1
    number = made.sample + context.style.index_base
    return f" for sample {number} of the batch" if is_told else " for one sample"


_WHOLE = "the figure of the whole network"


def _whole_network(context: Context) -> Iterator[Block]:
    """Say what arrives from the other layers and comes back from them, and draw all of them."""
    if context.whole is None:
        return
    yield heading(2, "The whole network")
    yield paragraph(*about(context))
    yield paragraph(Citation(_WHOLE, "{} shows where these layers stand in it."))
    caption = (
        f"The whole network; {context.whole.part} is the part that is derived here. Beside "
        "each name stand the shape of the layer's output for one sample and the number of its "
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
