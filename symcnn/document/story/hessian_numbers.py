"""The numbers of the Hessian: blocks with labels of rows and columns, and one entry in steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation.jacobians import Sensitivity
from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.sensitivities import Sensitivities
from symcnn.derivation.statement import second_derivative
from symcnn.document.blocks import (
    ROUNDED,
    Block,
    Inline,
    Row,
    Rows,
    Table,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.given import Curvature
from symcnn.document.facts.scope import Position
from symcnn.document.rows.rows import figure, worked_row
from symcnn.document.rows.sensitivities import context_of, labelled, letters_of
from symcnn.document.words.table import filled
from symcnn.document.words.words import counted
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined
from symcnn.writing.formula.unicode import text

_LEFT_OUT = "The numbers of the {block} are left out: it has {entries}{further}."
_IN_PYTHON = '; in Python, hessian_block(derivation, values, "{of}", "{by}") computes them'
_TOO_LARGE = (
    "The numbers of the blocks, {entries}, are left out, as the network is too large for exact ones"
    '; in Python, hessian_block(derivation, values, "{of}", "{by}") computes those of a block.'
)
_GIVEN = "{Block}{rounded}, with {labels}:"
_BOTH = "a row and a column for each entry of {of}"
_EACH = "a row for each entry of {of} and a column for each of {by}"
_HESSIAN, _LINEAR = "block {second}", "Gauss-Newton matrix's block of {of} and {by}"
_WORKED = "One entry in steps, from what moves first to the second derivative:"
_LAST = "The last step of one entry:"

_LINE, _PAPER, _GAP = 76, 92, 3
"""The characters of a line of a table, on paper and elsewhere, and those between columns."""


def numbers(
    context: Context, made: Curvature, moving: Sensitivities, block: SecondOrder
) -> Iterator[Block]:
    """Give the numbers of a block, in tables that fit on a line; or say that there are many."""
    if not (made.values and block.groups):
        return
    named = _named(context, block)
    if not made.is_printed(block):
        arguments = {"of": block.of.name, "by": moving.by.name}
        further = _IN_PYTHON.format(**arguments) if block.kind == "signal" else ""
        entries = counted(block.result.size, "entry", "entries")
        yield paragraph(*filled(_LEFT_OUT, block=named, entries=entries, further=further))
        return
    columns = list(moving.by.positions())
    figures = [
        [_figure(context, moving, block, of, by) for by in columns] for of in block.of.positions()
    ]
    rounded = any(f.sides[0].relation == ROUNDED for line in figures for f in line)
    of, by = context.named(block.of), context.named(moving.by)
    labels = filled(_BOTH if block.of == moving.by else _EACH, of=of, by=by)
    words = {"Block": ("The ", *named), "rounded": ", rounded" if rounded else ""}
    yield paragraph(*filled(_GIVEN, labels=labels, **words))
    narrow, wide = (
        [
            _table(context, block, columns[part], [line[part] for line in figures])
            for part in _parts(context, block, figures, width)
        ]
        for width in (_LINE, _PAPER)
    )
    first, *others = narrow
    yield replace(first, on_paper=tuple(wide))
    yield from (replace(table, on_paper=()) for table in others)


def _named(context: Context, block: SecondOrder) -> Text:
    """Name a block: block d^2 L/dw dv, or that of the Gauss-Newton matrix."""
    assert block.by is not None
    letters = [block.of.base.label, block.by.base.label]
    second = inline(second_derivative(context.printer, letters))
    of, by = (context.named(tensor) for tensor in (block.of, block.by))
    return filled(_HESSIAN if block.kind == "signal" else _LINEAR, second=second, of=of, by=by)


def _figure(
    context: Context, moving: Sensitivities, block: SecondOrder, of: Position, by: Position
) -> Row:
    symbol = block.result.symbol((*of, *by))
    return labelled(moving, figure(context, str(symbol), symbol, context.value(symbol)))


def _parts(
    context: Context, block: SecondOrder, figures: Sequence[Sequence[Row]], line: int
) -> list[slice]:
    """Return as few ranges of columns as fit on lines, all of about the same length."""
    assert block.by is not None
    labels = max(len(text(context.printed(block.of.symbol(of)))) for of in block.of.positions())
    needed = []
    for name, *column in zip(map(block.by.symbol, block.by.positions()), *figures, strict=True):
        entries = (context.printed(name), *(joined(f.sides[0].terms) for f in column))
        needed.append(_GAP + max(len(text(entry)) for entry in entries))
    for count in range(1, len(needed)):
        size = -(-len(needed) // count)
        parts = [slice(first, first + size) for first in range(0, len(needed), size)]
        if all(labels + sum(needed[part]) <= line for part in parts):
            return parts
    return [slice(n, n + 1) for n in range(len(needed))]


def _table(
    context: Context,
    block: SecondOrder,
    columns: Sequence[Position],
    figures: Sequence[Sequence[Row]],
) -> Table:
    assert block.by is not None
    header = [Inline(context.printed(block.by.symbol(by))) for by in columns]
    names = (Inline(context.printed(block.of.symbol(of))) for of in block.of.positions())
    rows = (
        ((name,), *((inline(*f.sides[0].terms),) for f in line))
        for name, line in zip(names, figures, strict=True)
    )
    return Table(
        ((), *((name,) for name in header)),
        tuple(rows),
        "l" + "r" * len(columns),
        tasks=dict.fromkeys(range(1, len(columns) + 1), "value"),
        figures=tuple(f for line in figures for f in line),
    )


def worked_entry(context: Context, made: Curvature) -> Iterator[Block]:
    """Work one entry out, of two different parameters if there are any."""
    if not made.values:
        names = {"of": made.moving[0].blocks[0].of.name, "by": made.moving[0].by.name}
        number = counted(made.entries, "entry", "entries")
        yield paragraph(_TOO_LARGE.format(entries=number, **names))
        return
    every = [(moving, block) for moving in made.moving for block in moving.blocks if block.groups]
    mixed = [pair for pair in every if pair[1].of != pair[1].by]
    if not every:
        return
    moving, block = next((pair for pair in mixed if _is_short(*pair)), (mixed or every)[0])
    own, entries = context_of(context, moving), _first(block)
    telling = max(entries, key=lambda symbol: abs(own.value(symbol)))
    shown, asked = (_rows(own, moving, block, symbol) for symbol in (telling, entries[0]))
    yield heading(2, "One entry")
    yield paragraph(_WORKED if len(shown) > 1 else _LAST)
    yield Rows(tuple(shown), asked=None if shown == asked else (Rows(tuple(asked)),))


def _first(block: SecondOrder) -> list[Symbol]:
    positions = zip(range(limits.HESSIAN_PRINTED), block.result.positions(), strict=False)
    return [block.result.symbol(position) for _, position in positions]


def _is_short(moving: Sensitivities, block: SecondOrder) -> bool:
    """Tell whether all steps of an entry are written."""
    return len(_steps(moving, _first(block)[0])) <= limits.HESSIAN_WORKED


def _rows(context: Context, moving: Sensitivities, block: SecondOrder, symbol: Symbol) -> list[Row]:
    """Work the steps of an entry out, or the last of many."""
    steps = list(_steps(moving, symbol).items())
    steps = steps if len(steps) <= limits.HESSIAN_WORKED else steps[-1:]
    return [
        labelled(moving, worked_row(context, s, formula, _left(context, block, s)))
        for s, formula in steps
    ]


def _steps(moving: Sensitivities, symbol: Symbol) -> dict[Symbol, Expr]:
    """Return the formulas of an entry and of what it is made of, each after its own parts."""
    order = dict[Symbol, Expr]()

    def visit(symbol: Symbol) -> None:
        formula = moving.entries.formula(symbol)
        assert formula is not None  # what moves is computed
        for read in sorted(formula.free_symbols, key=str):
            if read not in order and isinstance(moving.entries.locate(read)[0], Sensitivity):
                visit(read)
        order[symbol] = formula

    visit(symbol)
    return order


def _left(context: Context, block: SecondOrder, symbol: Symbol) -> Formula | None:
    """Return d^2 L/dw dv for an entry of the block; None for any other."""
    tensor, position = context.derivation.entries.locate(symbol)
    if tensor.base != block.result.base:
        return None
    assert block.by is not None
    axes = len(block.of.shape)
    pair = block.of.symbol(position[:axes]), block.by.symbol(position[axes:])
    return second_derivative(context.printer, pair)


_METHOD = (
    "Every formula of the second derivatives{numbers} was compared with a computation in which "
    r"each number carries its derivative with respect to $\theta$ along, as "
    r"$\left(a + a' \varepsilon\right) \left(b + b' \varepsilon\right) = a b + "
    r"\left(a' b + a b'\right) \varepsilon$ with $\varepsilon^2 = 0$: the forward pass gives $J$, "
    "and the slopes along all paths from an entry to the loss, multiplied and added up, give $H$. "
    "No formula of a backward pass is used."
)
_LARGEST_DIFFERENCE = "In floating point, the largest difference from a printed number is {error}."


def hessian_check(context: Context, made: Curvature) -> Text:
    """Say what the second derivatives were compared with."""
    if made.error is None:
        return filled(_METHOD, letters_of(context), numbers="")
    error = Inline(context.numerals.marked(f"{made.error:.1e}" if made.error else "0"))
    method = filled(_METHOD, letters_of(context), numbers=" and every number")
    return (*method, " ", *filled(_LARGEST_DIFFERENCE, error=error))
