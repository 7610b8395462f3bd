"""Products of matrices, block by block, between loops that copy before or add up behind them."""

from __future__ import annotations

from dataclasses import replace

from symcnn.programs.backends.numpy.arrays import Grid, Grids
from symcnn.programs.backends.numpy.compiled.building import nested
from symcnn.programs.backends.numpy.compiled.forming import added, near
from symcnn.programs.backends.numpy.nests import Assign, Nest
from symcnn.programs.backends.numpy.statements import (
    AddBlocks,
    ProductBlocks,
    ProductsOfCopies,
    Statement,
    SumOfProducts,
)


def blocks_of(statement: Statement) -> ProductBlocks | None:
    """Return products of matrices whose parts loops add to their places, or that loops copy."""
    match statement:
        case AddBlocks(
            function="np.matmul",
            left=left,
            right=right,
            out=Grid() as out,
            places=Grids(first=place, moving=(counting, *moving)),
            parts=Grids(first=part, moving=others),
        ):
            shape, body, _ = added(place, (counting, *moving), part, (None, *others))
            loops = near(shape, body, len(moving), 1, by_block=True)
            outs = Grids(out, ((counting[0], counting[1], 0),))
            return ProductBlocks(left, right, outs, None, loops, ((), loops.arrays))
        case ProductsOfCopies() | SumOfProducts():
            before, after = _copied(statement), _added_up(statement)
            arrays = before.arrays, after.arrays if after else ()
            return ProductBlocks(
                statement.left, statement.right, statement.out, before, after, arrays
            )
    return None


def _copied(statement: ProductsOfCopies | SumOfProducts) -> Nest:
    """Return loops that copy the rows of a strip."""
    place, sources = statement.place, statement.sources
    assert isinstance(place, Grid), "a strip has one place"
    assert isinstance(sources, Grids), "each strip has its own rows"
    ((_, count, ahead),), first = sources.moving, sources.first
    source = replace(first, shape=(count, *first.shape), steps=(ahead, *first.steps))
    strip = replace(place, shape=source.shape, steps=(0, *place.steps))
    return nested(source.shape, [Assign("copy", (source,), strip, False)], by_block=True)


def _added_up(statement: ProductsOfCopies | SumOfProducts) -> Nest | None:
    """Return loops that add the products of a strip to their total."""
    match statement:
        case SumOfProducts(
            sources=Grids(moving=((_, count, _),)),
            parts=Grids(first=first, moving=((_, size, ahead),)),
            total=Grid() as total,
        ):
            pass
        case _:
            return None
    shape, body = (count, *total.shape), list[Assign]()
    for number in range(size):
        start = first.start + number * ahead
        part = replace(first, start=start, shape=shape, steps=(0, *first.steps))
        before = (len(body) - 1,) if body else ()
        body.append(Assign("np.add" if body else "copy", (*before, part), None, False))
    into = replace(total, shape=shape, steps=(0, *total.steps))
    fold = Assign("copy", (len(body) - 1,), into, False, "np.add")
    return nested(shape, [*body, fold], by_block=True)
