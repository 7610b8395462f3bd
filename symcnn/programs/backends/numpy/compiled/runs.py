"""The statements of a program as nests where they can be, fused, and what nobody reads left out.

A nest is fused with an earlier one if nothing between them stands in its way, and no product of
matrices does. An assignment is needed if its entries are read before all of them are written
again, or returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from symcnn.programs.backends.numpy.arrays import Array, Assign, Grid, Grids, Nest
from symcnn.programs.backends.numpy.compiled.building import nested
from symcnn.programs.backends.numpy.compiled.forming import added, near, nest_of
from symcnn.programs.backends.numpy.compiled.fusing import conflict, fused, is_injective, reads_of
from symcnn.programs.backends.numpy.statements import (
    AddBlocks,
    ProductBlocks,
    ProductsOfCopies,
    Statement,
    SumOfProducts,
    arrays_of,
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


LOOK_BACK = 12
"""So many nests before it one is fused with, at most."""


@dataclass(frozen=True)
class Made:
    """A statement, and the numbers of the stages that it computes, or parts of them."""

    statement: Statement
    stages: frozenset[int]


def formed(statements: Iterable[Made]) -> list[Made]:
    """Return statements with nests in the place of those that can be loops, fused."""
    made, run = list[Made](), list[Made]()
    for given in statements:
        nest = nest_of(given.statement)
        if nest is not None:
            _add(run, nest, given.stages)
            continue
        made += run
        run = []
        made.append(replace(given, statement=blocks_of(given.statement) or given.statement))
    return [*made, *run]


def _add(run: list[Made], nest: Nest, stages: frozenset[int]) -> None:
    """Fuse a nest with one of a run, or append it."""
    for number in range(len(run) - 1, max(-1, len(run) - 1 - LOOK_BACK), -1):
        before = run[number].statement
        assert isinstance(before, Nest), "a run is made of nests"
        whole = fused(before, nest)
        if whole is not None:
            run[number] = Made(whole, run[number].stages | stages)
            return
        if conflict(before, nest):
            break
    run.append(Made(nest, stages))


def needed_alone(
    statements: Sequence[Statement], kept: Iterable[Array], outputs: Mapping[int, Iterable[Array]]
) -> list[Statement | None]:
    """Return statements without assignments that nobody needs; None where all is left out.

    Args:
        statements: All that is done in a call.
        kept: The arrays that are needed at its end.
        outputs: The arrays that are needed before a statement, by its number.
    """
    live, made = {*kept, *outputs.get(len(statements), ())}, list[Statement | None]()
    for number in range(len(statements) - 1, -1, -1):
        statement = statements[number]
        if isinstance(statement, Nest):
            shorter = _without_spare(statement, live)
            made.append(shorter)
            if shorter is not None:
                live -= {grid.array for grid in _filled(shorter)}
                live |= {read.array for read in reads_of(shorter)}
                live |= {m.out.array for m in shorter.body if m.out and m.fold and not m.fresh}
        else:
            made.append(statement)
            live |= {*arrays_of(statement)}
        live |= {*outputs.get(number, ())}
    return made[::-1]


def _filled(nest: Nest) -> Iterable[Grid]:
    """Run over the writes that set all entries of their array."""
    for made in nest.body:
        out = made.out
        if out is not None and not made.fold and _is_whole(out):
            yield out


def _is_whole(out: Grid) -> bool:
    return is_injective(out) and prod(out.shape) == out.array.size


def _without_spare(nest: Nest, live: set[Array]) -> Nest | None:
    """Return a nest without what is not needed in it or behind it; None if nothing is left."""
    wanted, body = set[int](), dict[int, Assign]()
    for number in range(len(nest.body) - 1, -1, -1):
        made = nest.body[number]
        is_kept = made.out is not None and (made.out.array in live or bool(made.out.array.fill))
        if is_kept or number in wanted:
            body[number] = made if is_kept else replace(made, out=None)
            wanted |= {o for o in made.operands if isinstance(o, int)}
    if not body:
        return None
    renumbered = {number: n for n, number in enumerate(sorted(body))}
    rest = [
        replace(
            made, operands=tuple(renumbered[o] if isinstance(o, int) else o for o in made.operands)
        )
        for _, made in sorted(body.items())
    ]
    return nested(nest.shape, rest)
