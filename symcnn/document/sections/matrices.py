"""A tensor's numbers as matrices: one for each channel, filter and sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from symcnn.document.blocks import Block, Inline, Matrices, Matrix, Row, Table, Text
from symcnn.document.context import Context
from symcnn.document.rows import cell, figure
from symcnn.document.sections.words import separated
from symcnn.equations import Tensor
from symcnn.formula import Row as Formula
from symcnn.formula.build import joined
from symcnn.formula.width import width
from symcnn.printing.names import indexed, named

_DOT = r"\cdot"
_WIDEST, _GAP = 320.0, 10.0
"""What a matrix may take of the narrowest page, and what separates columns, in points."""


def written_out(context: Context, tensors: Sequence[Tensor]) -> Iterator[Block]:
    """Write tensors out: as matrices, or row by row where one is too wide for a page."""
    made = {tensor: [*_matrices(context, tensor, 2)] for tensor in tensors}
    wide = [tensor for tensor in tensors if any(map(_is_wide, made[tensor]))]
    if fitting := [m for tensor in tensors if tensor not in wide for m in made[tensor]]:
        yield Matrices(tuple(fitting))
    if rows := [row for tensor in wide for row in _matrices(context, tensor, 1)]:
        yield _table(context, rows)


def _is_wide(matrix: Matrix) -> bool:
    columns = zip(*matrix.figures, strict=True)
    widths = (max(width(joined(f.sides[0].terms)) for f in column) for column in columns)
    return width(matrix.left) + sum(needed + _GAP for needed in widths) > _WIDEST


def _table(context: Context, rows: Sequence[Matrix]) -> Table:
    """List rows, each of them a matrix, so that they can be broken into lines."""
    figures = [row.figures[0] for row in rows]
    entries = ([part for f in row for part in cell(f)] for row in figures)
    return Table(
        (("Row",), ("Its entries",)),
        tuple(
            ((Inline(row.left),), separated(context, part))
            for row, part in zip(rows, entries, strict=True)
        ),
        "lX",
        figures=tuple(f for row in figures for f in row),
    )


def _matrices(context: Context, tensor: Tensor, most: int) -> Iterator[Matrix]:
    """Return a matrix for every value of the axes that are not in a matrix.

    Args:
        context: Where the numbers come from.
        tensor: What is written out.
        most: How many axes a matrix has: its rows and its columns, or one row.
    """
    inside, others = _axes(tensor, most)
    rows, columns = [1, 1, *(tensor.shape[axis] for axis in inside)][-2:]
    for place in product(*(range(tensor.shape[axis]) for axis in others)):
        fixed = dict(zip(others, place, strict=True))
        figures = tuple(
            tuple(_figure(context, tensor, fixed | _at(inside, i, j)) for j in range(columns))
            for i in range(rows)
        )
        yield Matrix(_name(context, tensor, fixed), figures)


def axes(tensor: Tensor) -> Text:
    """Say which index counts the rows of a tensor's matrices, and which the columns."""
    inside, others = _axes(tensor)
    letters = [Inline(named(letter)) for letter in tensor.axes]
    words = ("row ", ", column ") if len(inside) == 2 else ("entry ",)
    parts = [
        part for axis, word in zip(inside, words, strict=False) for part in (word, letters[axis])
    ]
    for n, axis in enumerate(others):
        parts += ["; one matrix for each " if n == 0 else " and ", letters[axis]]
    return tuple(parts) or ("one number",)


def _axes(tensor: Tensor, most: int = 2) -> tuple[list[int], list[int]]:
    """Choose at most two axes for rows and columns, and return them and the others.

    Axes of length 1 are left out, as in the names of entries. The samples have a matrix each,
    and then the values of the last axes: channels, filters.
    """
    inside, others = [axis for axis, size in enumerate(tensor.shape) if size > 1], list[int]()
    while len(inside) > 2:
        others.append(inside.pop(0 if tensor.batched and inside[0] == 0 else -1))
    if len(inside) > most:
        others.append(inside.pop(0))
    return inside, sorted(others)


def _at(inside: Sequence[int], row: int, column: int) -> dict[int, int]:
    """Return the place in a matrix; one of a single row or number has fewer axes."""
    return dict(zip(inside, (row, column)[2 - len(inside) :], strict=True))


def _figure(context: Context, tensor: Tensor, place: Mapping[int, int]) -> Row:
    symbol = tensor.symbol([place.get(axis, 0) for axis in range(len(tensor.shape))])
    return figure(context, str(symbol), symbol, context.value(symbol))


def _name(context: Context, tensor: Tensor, fixed: Mapping[int, int]) -> Formula:
    """Name a matrix: by the tensor's letter, with dots in the place of rows and columns."""
    if not fixed:
        return named(tensor.label)
    first = context.style.index_base
    indices = [
        str(fixed[axis] + first) if axis in fixed else _DOT
        for axis, size in enumerate(tensor.shape)
        if size > 1
    ]
    return indexed(tensor.label, indices)
