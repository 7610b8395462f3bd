"""Which entry each pooling window takes, and by what margin."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.derivation import Routing
from symcnn.document.blocks import (
    Block,
    Inline,
    Paragraph,
    Row,
    Table,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.rows import NEAR_TIE, cell, figure, value_of
from symcnn.document.sections.words import separated
from symcnn.equations import Max, Tensor


def routing(context: Context) -> Iterator[Block]:
    """Show the winner of every window; the derivative will follow this path back."""
    tensors = context.derivation.tensors
    windows = [(r, tensors[r.source.target.base]) for r in reversed(context.derivation.routings)]
    shown = [(route, tensor) for route, tensor in windows if context.worked(tensor)]
    if not shown:
        return
    yield heading(1, "Which entry each window takes")
    yield paragraph(
        "A window passes its largest entry on. If this entry changes by a little, the window's "
        "output changes by as much; if any other entry does, the output stays as it is, as long "
        "as that entry stays smaller. So the derivative goes back to the winner alone, and a "
        "loser gets 0. The margin is how far the runner-up is behind: within it the formulas "
        "below stay valid."
    )
    for route, tensor in shown:
        yield from _windows(context, route, tensor)


def _windows(context: Context, route: Routing, tensor: Tensor) -> Iterator[Block]:
    """Give the windows of one maximum as a table, and say where there is a tie."""
    positions = context.worked(tensor) if context.is_full else context.listed(tensor)
    rows = [_row(context, route, tensor, p) for p in positions]
    if len(positions) < tensor.size and not context.is_worked(tensor):
        yield paragraph(f"{tensor.name} has {tensor.size:,} windows; one of them as an example:")
    header = (("Window",), ("Its entries",), ("Takes",), ("Margin",))
    cells, margins = tuple(row for row, _ in rows), [m for _, m in rows if m is not None]
    yield Table(header, cells, "lXll", tasks=(1, 2, 3), figures=tuple(margins))
    if any(value_of(margin) < NEAR_TIE for margin in margins):
        said = (
            f"In {tensor.name} there is a tie, or nearly one: there the derivative depends on "
            "which of the equal entries is taken. "
            + (
                "Here it is the first in row-major order; any other choice is as valid."
                if getattr(route.source.reduction, "ties", "first") == "first"
                else "Here equal entries take equal shares; any other choice is as valid."
            )
        )
        yield Paragraph((said,), task=())


def _row(
    context: Context, route: Routing, tensor: Tensor, position: tuple[int, ...]
) -> tuple[tuple[Text, ...], Row | None]:
    """Return the cells of one window, and the margin of its winner, if it has a rival."""
    terms = context.derivation.entries.terms(route.source, tensor, position)
    values = [context.value(term) for term in terms]
    largest, *others = context.falling(terms)
    assert isinstance(route.source.reduction, Max)
    winners, window = context.winners(terms, route.source.reduction), tensor.symbol(position)
    behind = [terms[largest] - terms[second] for second in others[:1]]
    margins = [figure(context, f"the margin of {window}", e, context.value(e)) for e in behind]
    margin = margins[0] if margins else None
    entries = [
        inline(context.printed(term), context.numerals(value).side.formula)
        for term, value in zip(terms, values, strict=True)
    ]
    cells: tuple[Text, ...] = (
        (Inline(context.printed(window)),),
        separated(context, entries),
        separated(context, [Inline(context.printed(terms[n])) for n in winners]),
        ("no rival",) if margin is None else cell(margin),
    )
    return cells, margin
