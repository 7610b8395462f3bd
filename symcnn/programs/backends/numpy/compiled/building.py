"""Nests and entries, built and changed, and numbers as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from symcnn.equations.notation import Shape
from symcnn.programs.backends.numpy.arrays import Array, Assign, Grid, Nest


def nested(shape: Shape, body: Sequence[Assign], by_block: bool = False) -> Nest:
    """Return a nest with the arrays of its body."""
    return Nest(shape, tuple(body), tuple(a.all for a in arrays_in(body)), by_block=by_block)


def arrays_in(body: Iterable[Assign]) -> list[Array]:
    """Return the arrays that assignments read and write, each once."""
    return [*dict.fromkeys(grid.array for made in body for grid in grids_of(made))]


def grids_of(made: Assign) -> Iterator[Grid]:
    """Run over the entries that an assignment reads and writes."""
    yield from (read for read in made.operands if isinstance(read, Grid))
    if made.out is not None:
        yield made.out


def with_grids(made: Assign, change: Callable[[Grid], Grid]) -> Assign:
    """Return an assignment with other entries."""
    operands = tuple(change(o) if isinstance(o, Grid) else o for o in made.operands)
    return replace(made, operands=operands, out=made.out and change(made.out))


def permuted(nest: Nest, order: Sequence[int]) -> Nest:
    """Return a nest with its loops in an order; what is left out is one round alone."""
    shape = tuple(nest.shape[axis] for axis in order)
    body = tuple(with_grids(made, lambda grid: ordered(grid, order)) for made in nest.body)
    return replace(nest, shape=shape, body=body)


def ordered(grid: Grid, order: Sequence[int]) -> Grid:
    """Return entries with their axes in an order; along others they stand at the beginning."""
    shape, steps = (tuple(of[axis] for axis in order) for of in (grid.shape, grid.steps))
    return replace(grid, shape=shape, steps=steps)


def moved(grid: Grid, axes: Sequence[int], at: Sequence[int]) -> Grid:
    """Return the entries that begin at a place along some axes."""
    ahead = sum(grid.steps[axis] * n for axis, n in zip(axes, at, strict=True))
    return replace(grid, start=grid.start + ahead)


def places_in(shape: Shape, axes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Run over all places along some axes, the last one fastest."""
    return product(*(range(shape[axis]) for axis in axes))


def is_number(text: object) -> bool:
    """Tell whether an operand is the text of a number."""
    return isinstance(text, str) and number(text) is not None


def number(text: str) -> float | None:
    """Return the number of a text, as Python's float; None of any other text."""
    if text in ("-np.inf", "np.inf"):
        return float(text.replace("np.", ""))
    try:
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
