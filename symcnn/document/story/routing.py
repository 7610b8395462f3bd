"""Which entry each maximum takes, such as that of a pooling window, and by what margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sympy import Expr

from symcnn.derivation import Routing
from symcnn.document.bindings import Lead, Winner
from symcnn.document.blocks import (
    Block,
    Inline,
    Paragraph,
    Row,
    Side,
    Table,
    Task,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.rows.matrices import Piece
from symcnn.document.rows.rows import NEAR_TIE, cell, figure, value_of
from symcnn.document.story.choices import tied
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.reasons import ROUTING, SHARED_ROUTING
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, separated
from symcnn.equations import Tensor

_REASON = (
    "A maximum is the largest of its entries. Where a single entry is the largest, a small change "
    "of it changes the maximum by the same amount, and a small change of any other entry changes "
    "nothing: so the error signal goes back to the largest entry alone, and the others receive 0."
    "{ties} The margin is the winner's lead over the runner-up."
)
_WINS, _IS_LARGEST = "Which entry wins each window", "Which entries are the largest"
_FEW = 4
"""The most windows whose entries are listed where not every entry is worked."""

Cells = tuple[Text, ...]
"""A row of a table."""


class _Window(NamedTuple):
    """A window: its cells, what its margin claims if it has one, and what its last cells are of."""

    cells: Cells
    margin: Row | None
    answers: tuple[Expr, Expr]


_SHARED = " Several entries that are the largest share it equally{in_which}."


def routing(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Show the winner of every window; the derivative will follow this path back.

    A window of a single entry has no rivals.
    """
    tensors = context.derivation.tensors
    routings = [r for r in reversed(context.derivation.routings) if r.source.terms_of_entry > 1]
    windows = [(route, tensors[route.source.target.base]) for route in routings]
    shown = [(route, tensor) for route, tensor in windows if context.worked(tensor)]
    if not shown:
        return
    pools = all(_is_of_windows(context, tensor) for _, tensor in shown)
    yield "question", [heading(1, _WINS if pools else _IS_LARGEST)]
    for route, _ in shown:
        mentioned.first(SHARED_ROUTING if route.reduction.ties == "split" else ROUTING)
    sharing = [context.named(tensor) for route, tensor in shown if route.reduction.ties == "split"]
    in_which: Text = (" in ", *listed(sharing)) if len(sharing) < len(shown) else ()
    shared = filled(_SHARED, in_which=in_which) if sharing else ()
    yield "meaning", [paragraph(*filled(_REASON, ties=shared))]
    for route, tensor in shown:
        yield "worked", _windows(context, route, tensor)


def _windows(context: Context, route: Routing, tensor: Tensor) -> Iterator[Block]:
    """Give the windows of one maximum as a table, and say where there is a tie."""
    lists = context.tells("listing")
    positions = context.worked(tensor) if lists else context.listed(tensor)
    rows = [_row(context, route, tensor, p) for p in positions]
    pools = _is_of_windows(context, tensor)
    if len(positions) < tensor.size and not context.is_worked(tensor):
        every = "windows" if pools else "maxima"
        yield paragraph(f"{tensor.name} has {tensor.size:,} {every}; here is one of them:")
    made = _entries if lists or len(rows) <= _FEW else _without_entries
    yield made(rows, "Window" if pools else "Maximum")
    pairs = [(p, row.margin) for p, row in zip(positions, rows, strict=True)]
    near = {p: value_of(m) for p, m in pairs if m is not None and value_of(m) < NEAR_TIE}
    if near:
        equal = not any(near.values())
        yield Paragraph(tied(context, route, [*near], equal=equal), role="insight")


def _is_of_windows(context: Context, tensor: Tensor) -> bool:
    """Tell whether maxima are those of windows; in a network of one's own they need not be."""
    return context.operation(tensor).form == "maximum"


def _entries(rows: Sequence[_Window], of: str) -> Table:
    header = ((of,), ("Its entries",), ("Winner",), ("Margin",))
    cells = tuple(row.cells for row in rows)
    tasks: dict[int, Task] = {1: "value", 2: "symbols", 3: "value"}
    return _claiming(Table(header, cells, "lXll", tasks), rows)


def _without_entries(rows: Sequence[_Window], of: str) -> Table:
    """List many windows, whose entries stand in the matrices of what they read."""
    header = ((of,), ("Winner",), ("Margin",))
    short = tuple((window, *rest) for window, _, *rest in (row.cells for row in rows))
    made = _claiming(Table(header, short, "lll", tasks={1: "symbols", 2: "value"}), rows)
    return replace(made, on_paper=(_in_pairs(made),))


def _claiming(table: Table, rows: Sequence[_Window]) -> Table:
    """Add what the margins claim, and what the last two cells of each row are of."""
    last = len(table.header) - 1
    of = [
        pair
        for n, (*_, (won, lead)) in enumerate(rows)
        for pair in ((n, last - 1, won), (n, last, lead))
    ]
    margins = tuple(row.margin for row in rows if row.margin is not None)
    return replace(table, figures=margins, answers=tuple(of))


def _in_pairs(table: Table) -> Table:
    half = -(-len(table.rows) // 2)
    beside = [*table.rows[half:], ((), (), ())]
    pairs = zip(table.rows[:half], beside, strict=False)
    rows = tuple((*one, *other) for one, other in pairs)
    return replace(
        table,
        header=2 * table.header,
        rows=rows,
        alignment="llllll",
        tasks={1: "symbols", 2: "value", 4: "symbols", 5: "value"},
        answers=(),
    )


def _row(context: Context, route: Routing, tensor: Tensor, position: tuple[int, ...]) -> _Window:
    """Return one window; its winner has a margin if it has a rival."""
    terms = context.derivation.entries.terms(route.source, tensor, position)
    values = [context.value(term) for term in terms]
    largest, *others = context.falling(terms)
    winners, window = context.winners(terms, route.reduction), tensor.symbol(position)
    behind = [terms[largest] - terms[second] for second in others[:1]]
    margins = [
        figure(context, f"the margin of {window}", e, context.value(e), Lead(*terms))
        for e in behind
    ]
    margin = margins[0] if margins else None
    entries = [
        inline(context.printed(term), Side.of(context.numeral_of(term, value)).formula)
        for term, value in zip(terms, values, strict=True)
    ]
    cells: Cells = (
        (Inline(context.printed(window)),),
        separated(context, entries),
        separated(context, [Inline(context.printed(terms[n])) for n in winners]),
        ("no rival",) if margin is None else cell(margin),
    )
    return _Window(cells, margin, (Winner(window, *terms), Lead(*terms)))
