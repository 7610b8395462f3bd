"""The names above the columns of a network's picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symcnn.document.pictures.graph import Graph
from symcnn.writing.drawing.bounds import label_bounds, label_width
from symcnn.writing.drawing.picture import Label


def headers(made: Graph, xs: Sequence[float], right: float) -> tuple[list[Label], float]:
    """Name the columns, in two rows if need be; return what the discs begin under.

    Args:
        made: What is drawn.
        xs: The middles of the columns.
        right: Where the picture ends.
    """
    labels: list[Label] = []
    for n, x in enumerate(xs):
        name = _header(made, n)
        half = label_width(Label(x, 0, name)) / 2
        x = min(max(x, half + 1), right - half - 1)
        rows = (Label(x, y, name, -1) for y in (5.0, 15.0))
        free = next((label for label in rows if _is_free(label, labels)), None)
        if name and free and half * 2 + 2 < right:
            labels.append(free)
    return labels, max((label.y for label in labels), default=5.0) + 11


def _header(made: Graph, n: int) -> str:
    """Name the tensors of a column, copies included, in the order of the network."""
    names = [name for name, depth in made.depths.items() if depth == n]
    copies = made.merged
    names += [copy for copy, of in copies.items() if _first(of, copies) in names]
    network = made.context.derivation.network
    order = [t.name for t in network.tensors.values() if t.name in names]
    outputs = {"x", *(stage.output.name for stage in network.stages)}
    words = {"x": "input", **{n: n.rpartition(".")[2] for n in order if n not in outputs}}
    return ", ".join(words.get(name, name) for name in order)


def _first(name: str, copies: Mapping[str, str]) -> str:
    while name in copies:
        name = copies[name]
    return name


def _is_free(label: Label, others: Iterable[Label]) -> bool:
    own = label_bounds(label).widened(2)
    return not any(own.meets(label_bounds(other)) for other in others)
