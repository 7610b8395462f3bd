"""Products of copied windows, a strip of rows at a time, so that the copy is never there whole.

    p[h, v, c, j, n] = x[h, c, j + v, n]  for all h,  then  z[i] = w p[i : i + 3]  for all i

becomes, for i from 0 to 7, from 8 to 15, and so on: the copy of the 10 rows that these 8 read,
and their products. The strip stays in the cache between both, and memory for one is enough.
Neighbouring strips copy the rows again that both read, so a strip is several times as long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

from symcnn.equations import strides
from symcnn.programs.backends.numpy.arrays import Array, Grid, Grids
from symcnn.programs.backends.numpy.statements import (
    Copy,
    Fill,
    Product,
    ProductsOfCopies,
    Reduce,
    Statement,
    SumOfProducts,
    arrays_of,
)

AT_LEAST = 4
"""So many times as many rows a strip has as are copied again for the next one."""

SMALLEST_STRIP = 100_000
"""The entries of a strip that is worth a turn of its own."""


def read_once(statements: Iterable[Statement], longer_than: int) -> set[Array]:
    """Return the long arrays that one statement makes, as a copy or a product, and one reads."""
    count, made = Counter[Array](), set[Array]()
    for statement in statements:
        for array in {a: a for a in arrays_of(statement) if a.size > longer_than}:
            count[array] += 1
        if isinstance(statement, Copy | Product) and isinstance(statement.out, Grid):
            made.add(statement.out.array)
    return {array for array in made if count[array] == 2}


def in_strips(statements: Sequence[Statement], alone: set[Array]) -> tuple[Statement, ...]:
    """Return statements with strips in the place of copies that a product alone reads."""
    done = list(statements)
    for product in (s for s in statements if isinstance(s, Product)):
        for array in alone.intersection(arrays_of(product)):
            whole = next((a for a in arrays_of(product) if a == array and a.copy), None)
            copy = Copy(*whole.copy) if whole is not None and whole.copy else None
            made = _of(whole, product) if whole is not None and copy in done else None
            if made is not None and copy is not None:
                done.remove(copy)
                _exchange(done, product, made, alone)
                break
    return tuple(done)


def _exchange(
    done: list[Statement], product: Product, made: ProductsOfCopies, alone: set[Array]
) -> None:
    """Put strips in the place of a product, and of the sum of its matrices that follows it."""
    number = done.index(product)
    following = done[number + 1] if number + 1 < len(done) else None
    is_alone = isinstance(product.out, Grid) and product.out.array in alone
    total = _total(product, made, following) if is_alone else None
    done[number : number + (1 if total is None else 2)] = total or [made]


def _total(
    product: Product, made: ProductsOfCopies, following: Statement | None
) -> list[Statement] | None:
    """Return what adds up the products of each strip; None if this is not what follows."""
    match following, product.out, made.out:
        case (
            Reduce("np.add", Grid() as terms, (0,), Grid() as total),
            Grid() as whole,
            Grids(first=first, moving=((name, count, _),)),
        ):
            pass
        case _:
            return None
    if terms.array != whole.array or (terms.start, terms.steps[0]) != (0, whole.steps[0]):
        return None
    size = first.shape[0]
    if terms.shape[0] != size * count or prod(total.shape) == 1:
        return None
    strip = Array((*whole.array.hint, "_strip"), (size, *terms.shape[1:]), whole.array.axes)
    out = Grids(replace(first, array=strip, hint=(strip, "_matrix")), ((name, count, 0),))
    part = replace(
        terms, array=strip, shape=terms.shape[1:], steps=terms.steps[1:], hint=(strip, "_part")
    )
    parts = Grids(part, (("part", size, terms.steps[0]),))
    summed = SumOfProducts(made.place, made.sources, made.left, made.right, out, parts, total)
    return [Fill(total, "0"), summed]


@dataclass(frozen=True)
class _Rows:
    """How a product reads a copy: ``count`` times ``width`` rows, each time ``scale`` further."""

    count: int
    width: int
    scale: int

    @classmethod
    def of(cls, array: Array, read: Grid) -> _Rows | None:
        """Return how matrices lie in a copy; None if they are not one for each row."""
        step = strides(array.shape)[0]
        reach = read.start + sum(
            s * (n - 1) for n, s in zip(read.shape[1:], read.steps[1:], strict=True)
        )
        if len(read.shape) != 3 or read.steps[0] == 0 or read.steps[0] % step:
            return None
        rows = cls(read.shape[0], reach // step + 1, read.steps[0] // step)
        return rows if rows.within(rows.count) <= array.shape[0] else None

    def within(self, count: int) -> int:
        """Return how many rows so many matrices read."""
        return (count - 1) * self.scale + self.width

    def cut(self, entries: int) -> int:
        """Return how many matrices a strip has, of rows with so many entries."""
        again = self.width - self.scale
        return next(
            n
            for n in range(1, self.count + 1)
            if self.count % n == 0
            if n == self.count or (n >= AT_LEAST * again and n * entries >= SMALLEST_STRIP)
        )


def _of(array: Array, product: Product) -> ProductsOfCopies | None:
    """Return a product whose copy is made in strips; None where there would be only one."""
    left, right, out = product.left, product.right, product.out
    assert array.copy is not None, "it is a copy"
    if not (isinstance(left, Grid) and isinstance(right, Grid) and isinstance(out, Grid)):
        return None
    if left.array == right.array or len(out.shape) != 3:
        return None
    read = left if left.array == array else right
    rows, (_, source) = _Rows.of(array, read), array.copy
    if rows is None:
        return None
    size = rows.cut(strides(array.shape)[0])
    if size == rows.count:
        return None
    shape = (rows.within(size), *array.shape[1:])
    strip = Array((*array.hint, "_strip"), shape, array.axes)
    count, ahead = rows.count // size, rows.scale * size * source.steps[0]
    first = replace(source, shape=shape, hint=(source.array, "_windows"))
    return ProductsOfCopies(
        strip.all,
        Grids(first, (("strip", count, ahead),)),
        *(
            Grids(_first(replace(g, array=strip), size), (("strip", count, 0),))
            if g is read
            else _strips(g, size, count)
            for g in (left, right, out)
        ),
    )


def _first(grid: Grid, size: int) -> Grid:
    return replace(grid, shape=(size, *grid.shape[1:]), hint=(grid.array, "_of_strip"))


def _strips(grid: Grid, size: int, count: int) -> Grids:
    """Return the matrices of each strip, or those that all have in common."""
    if len(grid.shape) == 2:
        return Grids(grid, (("strip", count, 0),))
    return Grids(_first(grid, size), (("strip", count, size * grid.steps[0]),))
