"""Pictures: the network after the problem, and a window with the way back to one weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Block, Diagram, Inline, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.pictures.graph import One
from symcnn.document.pictures.layers import layers
from symcnn.document.pictures.network import Drawn, network
from symcnn.document.pictures.strip import strip
from symcnn.document.pictures.window import Window, find
from symcnn.document.pictures.window_pictures import path_picture, window_picture
from symcnn.drawing.picture import Picture, together, without_answers

_APART = 12.0
"""How far a window and the strip of its positions stand apart, in points."""

_SIGNALS = (
    " Below each disc stand its value and its error signal, which is computed in the opposite "
    "direction."
)


def network_picture(context: Context) -> Iterator[Block]:
    """Draw the network, entry by entry or layer by layer."""
    yield heading(2, "The network")
    drawn = network(context)
    if drawn is None:
        yield Diagram(layers(context), (_layers_caption(context),))
        return
    asked = _network_caption(drawn, solved=False)
    yield Diagram(drawn.picture, _network_caption(drawn), without_answers(drawn.picture), asked)


def small_picture(context: Context) -> Iterator[Block]:
    """Draw the network entry by entry, if it is small enough, without a word."""
    drawn = network(context)
    if drawn is not None:
        yield Diagram(drawn.picture, (), without_answers(drawn.picture))


def window_pictures(context: Context) -> Iterator[Block]:
    """Draw a window at one position, and the way back to one of its weights."""
    window = find(context)
    if window is None:
        return
    pictures = (
        _window(window),
        (path_picture(window), _path_caption(window)),
    )
    drawn = [Diagram(made, text, without_answers(made)) for made, text in pictures if made]
    if drawn:
        yield heading(1, "One window, and the way back to one weight")
        yield paragraph(
            "The first picture shows the window; the second shows how the derivative with respect "
            "to one weight is composed of error signals."
        )
    yield from drawn


def _network_caption(drawn: Drawn, solved: bool = True) -> Text:
    """Say what the discs and the edges of the picture are, of the kinds that it has."""
    graph = drawn.graph
    kinds = {edge.kind for edge in graph.every}
    words = (
        "The network, entry by entry: each edge leads to an entry that is computed from the one "
        "where it begins."
    )
    words += _SIGNALS if drawn.has_signals and solved else " Below each disc stands its value."
    if not drawn.has_weights:
        words += " The weights of the edges are not written, as there is no room for all of them."
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
        "parameters are shaded. An arrow down leads to the layer that reads the output; "
        "its error signal comes back up."
    )


def _window(window: Window) -> tuple[Picture | None, Text]:
    """Draw a window at one position and at one after another, in one picture."""
    one, more = window_picture(window), strip(window)
    if one is None or more is None:
        return one, _window_caption(window)
    positions = "the first positions" if more.is_cut else "every position"
    smaller = f" The small grids show the window at {positions}."
    return together(one, more.picture, _APART), (*_window_caption(window), smaller)


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
    """Say which products come back to the weight, and whether they are all of its derivative."""
    whole = "so its derivative is the sum of these entries times the error signals there"
    part = "and each such entry times the error signal there is a term of its derivative"
    return (
        "The way back to ",
        _weight(window),
        ". At each shaded position it is multiplied by another entry of the input, "
        f"{part if window.other_uses else whole}.{_left_out(window.other_uses)}",
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
