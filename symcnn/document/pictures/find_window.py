"""The window that is drawn: of the first equation that is a convolution, or a transposed one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from math import prod

from sympy import Indexed

from symcnn.document.context import Context
from symcnn.document.facts.scope import Path
from symcnn.document.facts.thread import Thread
from symcnn.document.pictures.texts import Texts
from symcnn.document.pictures.window import Axis, Window
from symcnn.equations import Equation, accesses, affine, further_guards


def find(context: Context, least: int = 1) -> Window | None:
    """Return the first window with weights, or with the one weight that a document follows.

    Args:
        context: The derivation.
        least: How many entries beside each other it covers at least.
    """
    scope = context.scope
    name, chosen = (scope.name, scope.position) if isinstance(scope, Path) else (None, None)
    texts = Texts(context)
    for equation in context.derivation.network.equations:
        for found in _windows(texts, equation, chosen):
            covers = prod(axis.offsets for axis in found.axes) >= least
            if covers and _can_be_drawn(found) and name in (None, found.tensor(found.weight).name):
                return found
    return None


def followed(window: Window, thread: Thread | None) -> Window:
    """Return the window with the weight that a thread meets, at the entry where it meets it."""
    if thread is None or window.chosen is not None:
        return window
    weight, placed = window.tensor(window.weight), window.tensor(window.placed)
    met = thread.positions.get(weight.label), thread.positions.get(placed.label)
    return window if None in met else replace(window, chosen=met[0], at=met[1])


def _windows(texts: Texts, equation: Equation, chosen: tuple[int, ...] | None) -> Iterator[Window]:
    """Run over what an equation is, if one of its reads is the weight of a window over another.

    A convolution's window covers what is read, a transposed convolution's the result.
    """
    target = equation.target
    for read, weight in permutations(accesses(equation.value), 2):
        for covered, placed in ((read, target), (target, read)):
            axes = tuple(_axes(equation, covered, placed, weight))
            yield Window(texts, equation, covered, placed, weight, axes, chosen)


def _axes(equation: Equation, covered: Indexed, placed: Indexed, weight: Indexed) -> Iterator[Axis]:
    """Run over the indices of one position and one offset: s i + d u - p, or i where u is 0."""
    sizes = equation.sizes
    beside = covered.free_symbols | placed.free_symbols
    single = iter([u for u in weight.indices if sizes.get(u) == 1 and u not in beside])
    for index, size in zip(covered.indices, covered.shape, strict=True):
        symbols = [s for s in affine(index).coefficients if s in sizes]
        positions = [s for s in symbols if s in placed.indices and s not in weight.indices]
        offsets = [s for s in symbols if s in weight.indices and s not in placed.indices]
        if len(symbols) == 2 and len(positions) == len(offsets) == 1:
            i, u = positions[0], offsets[0]
            yield Axis(i, u, index, int(size), sizes[i], sizes[u])
        elif symbols == positions == [index] and (alone := next(single, None)) is not None:
            yield Axis(index, alone, index, int(size), sizes[index], 1)


def _can_be_drawn(window: Window) -> bool:
    """Tell whether it is a window, with weights, that can be drawn on paper."""
    has_roles = window.input.role in ("input", "hidden")
    return (
        len(window.axes) in (1, 2)
        and has_roles
        and window.tensor(window.weight).role == "parameter"
        and _is_plain(window)
    )


def _is_plain(window: Window) -> bool:
    """Tell whether it sums weights times entries, which the loops of the axes move over.

    A layer from outside can read a weight twice, move it along with its window, or multiply it by
    several entries of the window.
    """
    equation, axes = window.equation, window.axes
    moving = {axis.position for axis in axes} | {axis.offset for axis in axes}
    placed, weighed = set(window.placed.indices), set(window.weight.indices)
    others = (placed | weighed | set(window.covered.indices)) - moving
    others -= {axis.index for axis in axes}
    still = not any(index.free_symbols & moving for index in others)
    product = equation.value == window.weight * window.read
    own = not further_guards(equation.guards, equation.target, window.weight, window.read)
    return (
        still
        and product
        and own
        and _meets_one(window)
        and {axis.position for axis in axes} <= placed
        and {axis.offset for axis in axes} <= weighed
    )


def _meets_one(window: Window) -> bool:
    """Tell whether no index moves on while weight and position stay, but for that of channels."""
    known = window.placed.free_symbols | window.weight.free_symbols
    indices = (index for index in window.covered.indices if len(index.free_symbols) > 1)
    return all(index.free_symbols <= known for index in indices)
