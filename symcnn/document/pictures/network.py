"""The picture of a small network: every entry a node with its value, every term an edge.

Below the values stand the error signals where there is room for them: what goes forward
and what comes back are seen in one picture. A student's picture has boxes in their place.
Whether there is a picture does not depend on values: it has at least the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn import limits
from symcnn.document.context import Context
from symcnn.document.pictures.below import Look, Size
from symcnn.document.pictures.edges import count
from symcnn.document.pictures.graph import Graph, graph
from symcnn.document.pictures.network_layout import Drawn, Layout
from symcnn.document.pictures.texts import Texts
from symcnn.writing.drawing.picture import WIDER, WIDEST

_BARE = Look(has_values=False, has_signals=False)
_PRINTED = (Look(True, True), Look(True, False), _BARE)
"""What a solution shows, best first."""

_SIZES = (Size(44.0, 17.0), Size(38.0, 15.0), Size(32.0, 13.0))
"""The boxes that one can write in, largest first."""

_BOXED = tuple(
    Look(True, True, False, size, is_beside) for is_beside in (False, True) for size in _SIZES
)
"""What a student gets, best first: boxes for values and error signals."""

_OPEN = _BARE._replace(is_solved=False)
"""What a student gets where boxes have no room."""


def network(context: Context) -> Drawn | None:
    """Draw a network; None if it is too large to be drawn entry by entry."""
    tensors = context.derivation.network.tensors.values()
    entries = sum(t.size for t in tensors if t.role not in ("parameter", "constant"))
    if entries > limits.DRAWN_ENTRIES or count(context) > limits.DRAWN_TERMS:
        return None
    return _best(graph(context), _PRINTED, WIDEST, WIDER)


def _best(made: Graph, looks: Sequence[Look], *widths: float) -> Drawn | None:
    """Draw what shows most, no wider than that asks for."""
    best: Drawn | None = None
    for widest in widths:
        for drawn in _fitting(made, looks, widest):
            if best is None or _seen(drawn) > _seen(best):
                best = drawn
            if all(_seen(drawn)):
                return drawn
    return best


def _seen(drawn: Drawn) -> tuple[bool, ...]:
    return drawn.look.has_values, drawn.has_signals, drawn.has_weights, drawn.has_functions


def asked_network(made: Graph) -> Drawn:
    """Draw a network that can be drawn for a student, with boxes to write in.

    The largest boxes are chosen that leave room for all labels of edges, for those of weights
    if there is no room for all.
    """
    ways: list[Drawn] = []
    for drawn in _fitting(made, _BOXED, WIDER):
        if drawn.has_weights and drawn.has_functions:
            return drawn
        ways.append(drawn)
    best = max(ways, key=lambda way: (way.has_weights, way.has_functions), default=None)
    return best or next(_fitting(made, (_OPEN,), WIDER))


def _fitting(made: Graph, looks: Iterable[Look], widest: float) -> Iterator[Drawn]:
    """Draw a network in each way for which the page is large enough."""
    texts = {solved: Texts(made.context, solved) for solved in (True, False)}
    layouts = (Layout(made, texts[look.is_solved], look, widest) for look in looks)
    yield from (layout.drawn() for layout in layouts if layout.fits())
