"""The derivative with respect to one weight, from the loss to it, on two pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symcnn.document.blocks import Block, Row, Rows, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import visible
from symcnn.document.rows.layout import display
from symcnn.document.rows.matrices import Quantity, is_written_out
from symcnn.document.rows.rows import figure, worked_row
from symcnn.document.story.backward import (
    derivative_of_weights,
    differentiated,
    is_renamed,
)
from symcnn.document.story.brief import (
    OPENING,
    brackets_and_maxima,
    named_functions,
    numbers,
    shorter_rows,
    signal,
    values,
)
from symcnn.document.story.choices import ties_and_kinks
from symcnn.document.story.closed_forms import closed_forms
from symcnn.document.story.results import learning_rate, updated
from symcnn.document.story.shorter import Substituted, composed, simplified
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import way_back
from symcnn.equations import Tensor

_FEW = 4
"""The most entries of a stage that are worked out; of more their matrices are given."""

_FIGURES = 8
"""The most entries that a number of the forward pass is worked out of."""

_LINES = 4
"""The most lines of a closed form that is given beside many matrices."""

_MANY = 40
"""From how many entries of the forward pass on the pages have room for what is needed alone."""


def values_on_the_way(context: Context) -> Iterator[Block]:
    """Give the forward pass; of many entries, those in numbers that other figures are made of."""
    yield from values(context, _read(context) if _is_long(context) else None)


def error_signals_on_the_way(context: Context) -> Iterator[Block]:
    """Give the derivative with respect to each stage in general, and the entries on the way."""
    derivation = context.derivation
    shown = [tensor for tensor in differentiated(derivation) if _is_reached(context, tensor)]
    if not shown:
        return
    yield heading(1, "Backward pass")
    yield paragraph(*filled(OPENING, context.letters, start=way_back(context.derivation)))
    made = {tensor: composed(derivation, tensor) for tensor in shown}
    shorter = {tensor: [form] if form else [] for tensor, form in made.items()}
    yield Rows(tuple(made for tensor in shown for made in _rows(context, tensor, shorter[tensor])))
    yield from simplified(context, shorter)
    yield from named_functions(context, shown)
    if said := brackets_and_maxima(context, shown):
        yield paragraph(*said)
    yield from ties_and_kinks(context, shown)
    many = [t for t in shown if not (_is_few(context, t) or is_renamed(context, t))]
    yield from numbers(context, (Quantity(derivation.adjoints[t.name]) for t in many), task=True)


def derivative_of_the_weight(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Give the theorem for the weight's layer with its case, and the weight's derivative."""
    for tensor in context.derivation.network.parameters:
        if _is_reached(context, tensor):
            yield heading(1, "The weight's derivative")
            yield from derivative_of_weights(context, tensor, mentioned)


def closed_form(context: Context) -> Iterator[Block]:
    """Give the weight's derivative as a single formula, if the pages have room for it."""
    made = [*closed_forms(context)]
    lines = max((len(display(block)) for block in made if isinstance(block, Rows)), default=0)
    if lines <= _LINES or not _is_long(context):
        yield from made


def moved(context: Context) -> Iterator[Block]:
    """Give the weight after one step of gradient descent."""
    rate = context.learning_rate
    if rate is None:
        return
    for tensor, position in context.listed_weights():
        weight = tensor.symbol(position)
        new = updated(context, tensor, rate)
        number = new.number(weight)
        made = figure(context, f"updated {weight.name}", number, context.value(number))
        yield heading(1, "One step of gradient descent")
        yield paragraph("With the learning rate ", learning_rate(context, rate), ":")
        yield Rows((replace(made, left=new.name(context.printed(weight)), task="value"),))


def _is_reached(context: Context, tensor: Tensor) -> bool:
    return context.derivation.depends_on(tensor) and bool(context.worked_derivatives(tensor))


def _is_long(context: Context) -> bool:
    """Tell whether the matrices of the forward pass would fill much of a page."""
    network = context.derivation.network
    stages = (stage.output for stage in network.stages)
    return sum(tensor.size for tensor in stages if is_written_out(context, tensor)) > _MANY


def _read(context: Context) -> set[str]:
    """Return the names of the tensors that the figures of the way back, and the loss, need."""
    derivation = context.derivation
    network, entries = derivation.network, derivation.entries
    ways = (
        t for t in (*differentiated(derivation), *network.parameters) if _is_reached(context, t)
    )
    signals = (
        derivation.adjoints[tensor.name].symbol(position)
        for tensor in ways
        for position in context.worked_derivatives(tensor)
    )
    numbers = (t.symbol((0,) * len(t.shape)) for t in network.tensors.values() if t.size == 1)
    read = [visible(made) for made in map(entries.formula, signals) if made is not None]
    loss = [visible(made) for made in map(entries.formula, numbers) if made is not None]
    known = [*read, *(symbols for symbols in loss if len(symbols) <= _FIGURES)]
    return {entries.locate(symbol)[0].name for symbols in known for symbol in symbols}


def _is_few(context: Context, tensor: Tensor) -> bool:
    """Tell whether the entries on the way are worked out: few, or too many for matrices."""
    most = 1 if _is_long(context) else _FEW
    return len(context.worked_derivatives(tensor)) <= most or not is_written_out(context, tensor)


def _rows(context: Context, tensor: Tensor, shorter: Sequence[Substituted]) -> Iterator[Row]:
    """Give a stage's derivative in general and entry by entry; a single number only once."""
    yield signal(context, tensor)
    adjoint, formula = context.derivation.adjoints[tensor.name], context.derivation.entries.formula
    if tensor.size > 1 and _is_few(context, tensor):
        for symbol in map(adjoint.symbol, context.worked_derivatives(tensor)):
            yield worked_row(context, symbol, formula(symbol))
    yield from shorter_rows(context, shorter)
