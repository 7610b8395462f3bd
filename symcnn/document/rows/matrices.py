"""A tensor's numbers as matrices: one for each channel, filter and sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TypeVar

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.document.blocks import (
    EQUAL,
    ROUNDED,
    Block,
    Inline,
    Matrices,
    Matrix,
    Part,
    Row,
    Table,
    Text,
    inline,
)
from symcnn.document.context import Context
from symcnn.document.outline import Role
from symcnn.document.rows import decimals, gaps
from symcnn.document.rows.rows import figure
from symcnn.document.rows.slices import Position, matrix_axes, slice_name, slices
from symcnn.document.words.words import separated
from symcnn.equations import Tensor
from symcnn.writing.formula import Atom, Formula
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.width import width
from symcnn.writing.printing.names import named

_ROUNDED = Atom(ROUNDED)
_NARROW, _GAP = 320.0, 7.0
"""What a matrix may take of narrow lines, and what separates columns, in points."""


_Any = TypeVar("_Any")


def _itself(made: _Any) -> _Any:
    return made


@dataclass(frozen=True)
class Quantity:
    """A number for each entry of a tensor: the entry itself, unless something else is said.

    Attributes:
        tensor: The tensor.
        number: What the number is, by the symbol of the entry.
        name: What it is called, by what the entries are called.
        task: Whether a student fills the numbers in.
        through: An entry; only the matrix that it lies in is written.
        asked: The same where a student fills the numbers in.
    """

    tensor: Tensor
    number: Callable[[Symbol], Expr] = _itself
    name: Callable[[Formula], Formula] = _itself
    task: bool = True
    through: Position | None = None
    asked: Position | None = None

    @property
    def open(self) -> Quantity:
        """What a student fills in, whose worked entry may lie in another matrix."""
        return replace(self, through=self.asked)


_BESIDE = 2
"""The most matrices of a quantity that stand beside each other where one entry is followed."""


def is_followed(context: Context, tensor: Tensor) -> bool:
    """Tell whether one of the matrices of a tensor is written, that of the entry followed.

    In short, that holds of all tensors that have several.
    """
    if context.tells("listing") or context.scope.thread is None or not context.worked(tensor):
        return False
    _, others = matrix_axes(tensor)
    count = prod(tensor.shape[axis] for axis in others)
    return is_written_out(context, tensor) and count > (1 if context.tells("rule") else _BESIDE)


def followed(context: Context, quantity: Quantity) -> Quantity:
    """Return a quantity of which, if it has many matrices, the one of a worked entry is written."""
    if not is_followed(context, quantity.tensor):
        return quantity
    told, asked = context.worked_pairs(quantity.tensor)[0]
    return replace(quantity, through=told, asked=asked)


Piece = tuple[Role, Iterable[Block | Quantity]]
"""A role and what has it, which is written only where it is told; a quantity becomes matrices."""


def is_written_out(context: Context, tensor: Tensor) -> bool:
    """Tell whether a tensor is small enough to be written out, in a network of its size."""
    return tensor.size <= most_written(context)


def written(context: Context, tensors: Iterable[Tensor]) -> list[Tensor]:
    """Return those that are written out."""
    most = most_written(context)
    return [tensor for tensor in tensors if tensor.size <= most]


def most_written(context: Context) -> int:
    """Return how many entries a tensor has at most that is written out."""
    sizes = (tensor.size for tensor in context.derivation.network.tensors.values())
    together = sum(size for size in sizes if size <= limits.GIVEN_ENTRIES)
    is_followed = together <= limits.GIVEN_TOGETHER
    return limits.GIVEN_ENTRIES if is_followed else limits.WORKED_ENTRIES


def written_out(context: Context, quantities: Iterable[Quantity]) -> Iterator[Matrices | Table]:
    """Write those out that are small: as matrices, or row by row where one is too wide for a line.

    Quantities beside each other are all given, or a student fills all of them in.
    """
    shown = [q for q in quantities if is_written_out(context, q.tensor)]
    made = {q: [*_matrices(context, q, 2)] for q in shown}
    task = any(quantity.task for quantity in shown)
    broken = _with(made, _is_wide)
    broken_on_paper = _with(made, _is_wide_on_paper)
    blocks = [*_shown(context, made, broken, task)]
    if broken != broken_on_paper:
        paper = tuple(_shown(context, made, broken_on_paper, task))
        blocks = [replace(block, on_paper=() if n else paper) for n, block in enumerate(blocks)]
    if task:
        open_ = {q.open: [*_matrices(context, q.open, 2)] for q in shown}
        boxes = _shown(context, open_, _with(open_, _has_many_columns), task)
        asked = tuple(map(_unrounded, boxes))
        blocks = [replace(block, asked=() if n else asked) for n, block in enumerate(blocks)]
    yield from blocks


_Made = Mapping[Quantity, Sequence[Matrix]]


def _with(made: _Made, is_wide: Callable[[Matrix], bool]) -> list[Quantity]:
    return [quantity for quantity, own in made.items() if any(map(is_wide, own))]


def _shown(
    context: Context, made: _Made, broken: Sequence[Quantity], task: bool
) -> Iterator[Matrices | Table]:
    """Give matrices, and behind them row by row the quantities that are broken."""
    if fitting := [matrix for q, own in made.items() if q not in broken for matrix in own]:
        yield Matrices(tuple(fitting), task)
    if rows := [row for quantity in broken for row in _matrices(context, quantity, 1)]:
        yield _table(context, _kind(broken), rows, task)


def _unrounded(block: Matrices | Table) -> Matrices | Table:
    """Write = behind the names of rows: that one is rounded tells something of its figures."""
    if isinstance(block, Matrices):
        return block
    rows = ((tuple(map(_equal, name)), entries) for name, entries in block.rows)
    return replace(block, rows=tuple(rows))


def _equal(part: Part) -> Part:
    if not isinstance(part, Inline):
        return part
    return inline(*(EQUAL if sign == _ROUNDED else sign for sign in part.formula.parts))


def _kind(quantities: Sequence[Quantity]) -> str:
    axes = (sum(size > 1 for size in quantity.tensor.shape) for quantity in quantities)
    kinds = ["Row" if long > 1 else "Vector" for long in axes]
    return " or ".join(dict.fromkeys(kinds)).capitalize()


def _has_many_columns(matrix: Matrix) -> bool:
    """Tell whether there is no room for boxes; how wide the numbers are plays no part."""
    return not gaps.has_room(matrix.left, len(matrix.figures[0]))


def _is_wide(matrix: Matrix) -> bool:
    columns = zip(*matrix.figures, strict=True)
    widths = (max(width(joined(f.sides[0].terms)) for f in column) for column in columns)
    return width(matrix.left) + sum(needed + _GAP for needed in widths) > _NARROW


def _is_wide_on_paper(matrix: Matrix) -> bool:
    return not decimals.has_room(matrix)


def _table(context: Context, kind: str, rows: Sequence[Matrix], task: bool) -> Table:
    """List rows, each of them a matrix, so that they can be broken into lines."""
    figures = [row.figures[0] for row in rows]
    lines = [line for row in rows for line in _lines(context, row)]
    return Table(
        ((kind,), ("Its entries",)),
        tuple(lines),
        "lX",
        tasks={1: "value"} if task else {},
        figures=tuple(f for row in figures for f in row),
    )


def _lines(context: Context, row: Matrix) -> Iterator[tuple[Text, Text]]:
    """Give a row under its name, a long one in parts: no page is broken within one of them."""
    entries = [inline(*figure.sides[0].terms) for figure in row.figures[0]]
    for first in range(0, len(entries), limits.LISTED_ENTRIES):
        name = inline(row.left, row.relation)
        part = entries[first : first + limits.LISTED_ENTRIES]
        yield (() if first else (name,)), separated(context, part)


def _matrices(context: Context, quantity: Quantity, most: int) -> Iterator[Matrix]:
    """Return a matrix for every value of the axes that are not in a matrix.

    Args:
        context: Where the numbers come from.
        quantity: What is written out.
        most: How many axes a matrix has: its rows and its columns, or one row.
    """
    tensor = quantity.tensor
    for fixed, rows in slices(tensor, most):
        if through := quantity.through:
            _, others = matrix_axes(tensor)
            if any(through[axis] != fixed[axis] for axis in others):
                continue
        figures = tuple(tuple(_figure(context, quantity, at) for at in row) for row in rows)
        yield Matrix(quantity.name(_name(context, tensor, fixed)), figures)


def first_slice(context: Context, tensor: Tensor) -> Formula | None:
    """Return the name of a tensor's first matrix; None where all of it is one matrix."""
    _, others = matrix_axes(tensor)
    return _name(context, tensor, dict.fromkeys(others, 0)) if others else None


def axes(tensor: Tensor) -> Text:
    """Say which index counts the rows of a tensor's matrices, and which the columns."""
    inside, others = matrix_axes(tensor)
    letters = [Inline(named(letter)) for letter in tensor.axes]
    words = ("row ", ", column ") if len(inside) == 2 else ("entry ",)
    parts = [
        part for axis, word in zip(inside, words, strict=False) for part in (word, letters[axis])
    ]
    for n, axis in enumerate(others):
        parts += ["; one matrix for each " if n == 0 else " and ", letters[axis]]
    return tuple(parts) or ("one number",)


def _figure(context: Context, quantity: Quantity, position: Position) -> Row:
    number = quantity.number(quantity.tensor.symbol(position))
    return figure(context, str(number), number, context.value(number))


def _name(context: Context, tensor: Tensor, fixed: Mapping[int, int]) -> Formula:
    return slice_name(tensor, fixed, context.style.index_base)
