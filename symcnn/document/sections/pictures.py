"""Pictures: the network after the problem, and a window with the way back to one weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Block, Diagram, Inline, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.pictures.graph import Graph, One
from symcnn.document.pictures.layers import layers
from symcnn.document.pictures.network import network
from symcnn.document.pictures.window import Window, find
from symcnn.document.pictures.window_pictures import path_picture, window_picture
from symcnn.drawing.picture import without_answers


def network_picture(context: Context) -> Iterator[Block]:
    """Draw the network, entry by entry or layer by layer."""
    yield heading(2, "The network")
    drawn = network(context)
    if drawn is None:
        yield Diagram(layers(context), (_layers_caption(context),))
        return
    picture, graph = drawn
    asked = _network_caption(graph, solved=False)
    yield Diagram(picture, _network_caption(graph), without_answers(picture), asked)


def small_picture(context: Context) -> Iterator[Block]:
    """Draw the network entry by entry, if it is small enough, without a word."""
    drawn = network(context)
    if drawn is not None:
        picture, _ = drawn
        yield Diagram(picture, (), without_answers(picture))


def window_pictures(context: Context) -> Iterator[Block]:
    """Draw a window at one position, and the way back to one of its weights."""
    window = find(context)
    if window is None:
        return
    pictures = (
        (window_picture(window), _window_caption(window)),
        (path_picture(window), _path_caption(window)),
    )
    drawn = [Diagram(made, text, without_answers(made)) for made, text in pictures if made]
    if drawn:
        yield heading(1, "One window, and the way back to one weight")
        yield paragraph(
            "The first picture shows a window at one position; the second shows how the "
            "derivative with respect to one weight is composed of error signals, which the "
            "backward pass derives."
        )
    yield from drawn


def _network_caption(graph: Graph, solved: bool = True) -> Text:
    """Say what the edges of the picture are, of the kinds that it has."""
    kinds = {edge.kind for edge in graph.every}
    words = (
        "The network, entry by entry: each disc is an entry with its value below it, and each "
        "edge leads to an entry that is computed from it."
    )
    if any(edge.filter for edge in graph.every):
        words += (
            " Edges of one colour carry the weights of one filter, which are the same at every "
            "position."
        )
    if "winner" in kinds and solved:
        words += (
            " A thick edge starts at an entry that won its window, a dashed one at an entry that "
            "lost."
        )
    if any(isinstance(start, One) for start, _, _ in graph.lines):
        words += " Edges from a 1 carry biases."
    if graph.merged:
        words += f" {_listed(list(graph.merged))} reindexes entries and shares their discs."
    return (words,)


def _layers_caption(context: Context) -> str:
    batch = " for one sample" if context.derivation.network.batch is not None else ""
    return (
        "The network, layer by layer, from the input down to the loss. Each box has the layer's "
        f"name, the shape of its output{batch} and the number of its parameters; layers with "
        "parameters are shaded. An arrow leads to the layer that reads the output."
    )


def _window_caption(window: Window) -> Text:
    """Say what the window does where it is drawn, and what the weight meets there."""
    at = window.position
    result = window.output.symbol(window.output_position(at))
    met = window.met(at, window.offset)
    meets: Text = (
        (" is multiplied by ", Inline(window.texts.symbol(window.input_symbol(met))), " there.")
        if window.is_inside(met)
        else (" meets padding there.",)
    )
    return (
        f"The window of {window.output.name} at one position. Each shaded entry of the input is "
        "multiplied by the weight at the same position of the kernel, and the sum of the products "
        f"{'is' if window.is_whole else 'goes into'} ",
        Inline(window.texts.symbol(result)),
        ". The weight ",
        _weight(window),
        ", in the other colour,",
        *meets,
        _excerpt(window),
    )


def _path_caption(window: Window) -> Text:
    whole = "its derivative is a sum over these positions"
    part = "each of these positions adds a term to its derivative"
    return (
        "The way back to ",
        _weight(window),
        ". It is used at every shaded position, each time with another entry of the input, so "
        f"{part if window.other_uses else whole}: the error signal of the output there, times "
        f"the entry that the weight is multiplied by.{_left_out(window.other_uses)}",
    )


def _weight(window: Window) -> Inline:
    return Inline(window.texts.symbol(window.weight_symbol(window.offset)))


def _excerpt(window: Window) -> str:
    """Say what the picture of a window leaves out."""
    parts = {
        "the other samples": (window.context.derivation.network.batch or 1) > 1,
        "the other channels": window.has_channels,
        "the positions further on": any(window.cut),
    }
    return _left_out([part for part, is_left_out in parts.items() if is_left_out])


def _left_out(parts: Sequence[str]) -> str:
    return f" The picture leaves out {_listed(list(parts))}." if parts else ""


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
