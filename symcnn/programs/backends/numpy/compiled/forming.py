"""Statements as loops: what NumPy computes in one function becomes assignments in a nest.

out = function(operands)         one assignment a round
out = sum over an axis           a fold, or, of few terms, one assignment after the other
the first of a window is kept    one assignment after the other for each place in the window
places += shares                 a fold into what is there
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

from symcnn.equations.notation import Shape
from symcnn.programs.backends.numpy.arrays import Assign, Grid, Grids, Nest, Operand
from symcnn.programs.backends.numpy.compiled.building import (
    is_number,
    moved,
    nested,
    ordered,
    permuted,
    places_in,
    with_grids,
)
from symcnn.programs.backends.numpy.statements import (
    AddAll,
    AddBlocks,
    Apply,
    Copy,
    Fill,
    KeepFirst,
    Reduce,
    Statement,
)

ARITHMETIC = ("np.add", "np.subtract", "np.multiply", "np.divide", "np.negative", "np.square")
COMPARISONS = ("np.equal", "np.greater", "np.less", "np.greater_equal", "np.less_equal")
FUNCTIONS = (*ARITHMETIC, *COMPARISONS, "np.sqrt", "np.maximum", "np.minimum")
"""What is computed as NumPy does, to the last digit: IEEE 754 fixes each of them."""

TILE = 16
"""So many entries are next to each other in a line of the cache."""

FOLDS = ("np.add", "np.maximum")

UNROLLED = 16
"""Up to so many terms are written one after the other instead of in a loop."""


def nest_of(statement: Statement) -> Nest | None:
    """Return a statement as loops, if it can be written so."""
    match statement:
        case Copy(out=Grid() as out, source=Grid() as source):
            made = _entrywise("copy", (source,), out)
            return made and _tiled(made)
        case Fill(out=Grid() as out, value=value) if is_number(value):
            return _entrywise("copy", (value,), out)
        case Apply(function=function, operands=operands, out=Grid() as out) if (
            function in FUNCTIONS
        ):
            return _entrywise(function, operands, out)
        case Reduce(function=function, operand=Grid() as terms, axes=axes, out=Grid() as out) if (
            function in FOLDS
        ):
            return _reduction(function, terms, axes, out)
        case KeepFirst(truths=Grid() as truths, axes=axes):
            return _first(truths, axes)
        case AddAll(places=Grids() as places, shares=Grids() as shares):
            return near(*added(places.first, places.moving, shares.first, shares.moving))
        case AddBlocks(function="np.multiply"):
            return _products(statement)
    return None


def _entrywise(function: str, operands: Iterable[Operand], out: Grid) -> Nest | None:
    order = _long_axes(out)
    given: list[Grid | str | int] = []
    for operand in operands:
        known = _spread(operand, out.shape)
        if known is None:
            return None
        given.append(known if isinstance(known, str) else ordered(known, order))
    truths = [isinstance(g, Grid) and g.array.truth for g in given]
    if function in ARITHMETIC and all(truths):
        return None  # NumPy's arithmetic of truth values is another one.
    place = ordered(out, order)
    return nested(place.shape, [Assign(function, tuple(given), place, out.array.truth)])


def _tiled(nest: Nest) -> Nest:
    """Return a copy that runs along both arrays, where they lie in different orders.

    Of the loop that is the innermost one of what is read, as many rounds as fill a line of the
    cache are done for each round of that which is the innermost one of what is written.
    """
    (made,) = nest.body
    read, out = made.operands[0], made.out
    assert isinstance(read, Grid), "entries are copied"
    assert out is not None, "they are copied to entries"
    inner = next((axis for axis, step in enumerate(read.steps) if step == 1), None)
    last = len(nest.shape) - 1
    if inner in (None, last) or nest.shape[inner] % TILE or out.steps[last] != 1:
        return nest

    def cut(grid: Grid) -> Grid:
        step, rest = grid.steps[inner], (grid.shape[inner + 1 :], grid.steps[inner + 1 :])
        return replace(
            grid,
            shape=(*grid.shape[:inner], grid.shape[inner] // TILE, *rest[0], TILE),
            steps=(*grid.steps[:inner], step * TILE, *rest[1], step),
        )

    whole = with_grids(made, cut)
    assert whole.out is not None, "it is written"
    return replace(nest, shape=whole.out.shape, body=(whole,))


def _spread(operand: Operand, shape: Shape) -> Grid | str | None:
    """Return entries of a shape, as NumPy broadcasts them; None of what is no entries."""
    if not isinstance(operand, Grid):
        return operand if isinstance(operand, str) and is_number(operand) else None
    missing = len(shape) - len(operand.shape)
    if missing < 0:
        return None
    own, steps = (1,) * missing + operand.shape, (0,) * missing + operand.steps
    if any(n not in (1, size) for n, size in zip(own, shape, strict=True)):
        return None
    moved = tuple(0 if n == 1 else step for n, step in zip(own, steps, strict=True))
    return replace(operand, shape=shape, steps=moved)


def _long_axes(grid: Grid) -> list[int]:
    """Return the axes of more than one entry, the one that moves farthest first."""
    long = [axis for axis, size in enumerate(grid.shape) if size > 1]
    return sorted(long, key=lambda axis: -abs(grid.steps[axis]))


def _reduction(function: str, terms: Grid, axes: Sequence[int], out: Grid) -> Nest | None:
    """Return what folds terms along axes, in few assignments or in loops."""
    kept = [axis for axis in range(len(terms.shape)) if axis not in axes]
    if tuple(terms.shape[axis] for axis in kept) != out.shape or out.array.truth:
        return None
    steps = [0] * len(terms.shape)
    for axis, step in zip(kept, out.steps, strict=True):
        steps[axis] = step
    if prod(terms.shape[axis] for axis in axes) <= UNROLLED:
        return _unrolled_reduction(function, terms, axes, out)
    order = _long_axes(terms)
    place = ordered(replace(out, shape=terms.shape, steps=tuple(steps)), order)
    fold = Assign("copy", (ordered(terms, order),), place, False, function, True)
    return nested(place.shape, [fold])


def _unrolled_reduction(function: str, terms: Grid, axes: Sequence[int], out: Grid) -> Nest:
    kept = [axis for axis in range(len(terms.shape)) if axis not in axes]
    order = _long_axes(out)
    place, body = ordered(out, order), list[Assign]()
    for at in places_in(terms.shape, axes):
        term = ordered(ordered(moved(terms, axes, at), kept), order)
        if body:
            body.append(Assign(function, (len(body) - 1, term), None, False))
        else:
            body.append(Assign("copy", (term,), None, False))
    body[-1] = replace(body[-1], out=place)
    return nested(place.shape, body)


def _first(truths: Grid, axes: Sequence[int]) -> Nest | None:
    """Return what keeps the first that holds in each window, if windows are small."""
    if prod(truths.shape[axis] for axis in axes) > UNROLLED:
        return None
    kept = [axis for axis in range(len(truths.shape)) if axis not in axes]
    rest = ordered(truths, kept)
    order = _long_axes(rest)
    body = [Assign("copy", ("1",), None, True)]
    for at in places_in(truths.shape, axes):
        place = ordered(ordered(moved(truths, axes, at), kept), order)
        free = len(body) - 1
        body.append(Assign("and", (place, free), place, True))
        body.append(Assign("and_not", (free, len(body) - 1), None, True))
    return nested(ordered(rest, order).shape, body[:-1])


def near(
    shape: Shape,
    body: Sequence[Assign],
    moving: int,
    first: int = 0,
    by_block: bool = False,
) -> Nest:
    """Return loops that add to places, with those that move these around the last two of the rest.

    So what neighbouring places get is added one after the other, while it is near. The first
    loops stay in front.
    """
    place = body[-1].out
    assert place is not None, "it is kept"
    shifts = range(first, first + moving)
    rest = sorted(range(first + moving, len(shape)), key=lambda axis: -abs(place.steps[axis]))
    long = [axis for axis in rest if shape[axis] > 1]
    order = [*range(first), *long[:-2], *shifts, *long[-2:]]
    return permuted(nested(shape, body, by_block), order)


_Moving = Sequence[tuple[str, int, int] | None]


def added(
    place: Grid, moving: _Moving, share: Grid, others: _Moving
) -> tuple[Shape, list[Assign], int]:
    """Return loops that add shares to places, and how many move these; None moves nothing."""
    sizes = tuple(loop[1] for loop in moving if loop is not None)
    ahead = tuple(loop[2] if loop else 0 for loop in moving)
    ahead_of_shares = tuple(loop[2] if loop else 0 for loop in others)
    into = replace(place, shape=sizes + place.shape, steps=ahead + place.steps)
    term = replace(share, shape=into.shape, steps=ahead_of_shares + share.steps)
    fold = Assign("copy", (term,), into, False, "np.add")
    return into.shape, [fold], len(sizes)


def _products(statement: AddBlocks) -> Nest | None:
    """Return loops that add products of two entries to their places, without shares between."""
    match statement:
        case AddBlocks(
            left=Grids(first=left, moving=(first,)),
            right=Grids(first=right, moving=(second,)),
            out=Grid() as out,
            places=Grids(first=place, moving=(counting, *moving)),
            parts=Grids(first=part, moving=others),
        ):
            pass
        case _:
            return None
    shape = (counting[1], *(size for _, size, _ in moving), *place.shape)
    into = replace(
        place, shape=shape, steps=(counting[2], *(step for _, _, step in moving), *place.steps)
    )
    # Which axis of the block each loop is, is known by the step that both have.
    within = (*(step for _, _, step in others), *part.steps)
    factors = []
    for factor, (_, _, step) in ((left, first), (right, second)):
        spread = _spread(factor, out.shape)
        if not isinstance(spread, Grid):
            return None
        known = {
            s: own for s, n, own in zip(out.steps, out.shape, spread.steps, strict=True) if n > 1
        }
        if any(n > 1 and s not in known for s, n in zip(within, shape[1:], strict=True)):
            return None
        own = tuple(known[s] if n > 1 else 0 for s, n in zip(within, shape[1:], strict=True))
        factors.append(replace(factor, shape=shape, steps=(step, *own)))
    times = Assign("np.multiply", tuple(factors), None, False)
    return near(shape, [times, Assign("copy", (0,), into, False, "np.add")], len(moving), 1)
