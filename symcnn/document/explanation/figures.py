"""The pictures of a document, each by itself: the network, a window, the way of a weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from symcnn.document.context import Context
from symcnn.document.explanation.numbers import Numbers, chosen
from symcnn.document.explanation.worked_out import check_work, scope_of
from symcnn.document.facts.given import Check
from symcnn.document.pages.picture import Figure
from symcnn.document.pictures.find_window import find, followed
from symcnn.document.pictures.layers import layers as by_layers
from symcnn.document.pictures.network import network as by_entries
from symcnn.document.pictures.window_pictures import path_picture, window_picture
from symcnn.document.style import Style
from symcnn.errors import SymcnnError, check_choice
from symcnn.problems import Problem, check_problem
from symcnn.problems.parts import part
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.printing.manner import DecimalMark

Kind = Literal["network", "window", "path"]
KINDS: tuple[Kind, ...] = ("network", "window", "path")

_NO_CHECK = Check("none", (), 0.0)
"""A picture states nothing that would have to be checked beside the forward and backward pass."""


def figure(
    problem: Problem,
    kind: Kind = "network",
    *,
    layers: Sequence[str] = (),
    weight: str | None = None,
    digits: int = Style.digits,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    letters: Mapping[str, str] | None = None,
) -> Figure:
    """Return a picture of a problem, as its document has it.

    Args:
        problem: The network with its numbers.
        kind: "network" draws it entry by entry if it is small, else layer by layer; "window" draws
            a window of a layer over its input at one position, with the kernel and the result;
            "path" draws where a weight is used and which error signals come back to it.
        layers: The layers that are drawn, if not all of them: see ``explain``.
        weight: The weight of a window or a path, "conv1.weight[0, 0, 0, 2]" or "w_13"; by default
            one whose way is easy to follow.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis: 1 as in textbooks, or 0.
        decimal: The decimal mark of numbers, a point or a comma.
        letters: Letters of tensors in formulas, by name: {"conv1.weight": "K"}.

    Raises:
        SymcnnError: If there is no such picture, or an option is invalid.
    """
    check_problem(problem)
    check_choice("kind", kind, KINDS, " or ".join(f'"{known}"' for known in KINDS))
    if kind == "network" and weight is not None:
        raise SymcnnError("a picture of the network follows no weight: omit weight")
    own = part(problem, layers).problem if layers else problem
    named = own.with_letters(letters) if letters else own
    style = Style(digits, index_base, decimal)
    with np.errstate(all="ignore"):
        context = _context(named, style, weight)
        picture = _network(context) if kind == "network" else _window(context, kind)
    return Figure(picture, f"{problem.title}: {kind}")


def _context(problem: Problem, style: Style, weight: str | None) -> Context:
    check_work(problem.network)
    numbers = Numbers(problem)
    return Context(
        problem.title,
        problem.derivation,
        numbers.value,
        _NO_CHECK,
        problem.learning_rate,
        style=style,
        scope=scope_of(numbers, weight, style, follow=None, all_weights=False),
        arrays=numbers.arrays,
        chosen=chosen(numbers),
    )


def _network(context: Context) -> Picture:
    drawn = by_entries(context)
    return by_layers(context).picture if drawn is None else drawn.picture


def _window(context: Context, kind: Kind) -> Picture:
    found = find(context, least=2) or find(context)
    if found is None:
        raise SymcnnError(
            f"there is no {kind} to draw, as no weights slide over an input of one or two axes: "
            "choose a convolution, or draw the network"
        )
    window = followed(found, context.scope.thread)
    picture = window_picture(window) if kind == "window" else path_picture(window)
    if picture is None:
        raise SymcnnError(f"the {kind} is too large to be drawn: choose a smaller layer or image")
    return picture
