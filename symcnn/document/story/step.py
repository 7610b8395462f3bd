"""One step of gradient descent: every weight after it, and what it does to the loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from sympy import Expr, Symbol

from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.blocks import (
    Block,
    Inline,
    Paragraph,
    Row,
    Rows,
    Table,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.scope import Path, Position
from symcnn.document.rows.matrices import Piece, Quantity, written, written_out
from symcnn.document.rows.rows import cell, figure
from symcnn.document.story import optimizers
from symcnn.document.story.effect import effect
from symcnn.document.story.short import is_overview
from symcnn.document.story.weights import slopes
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number
from symcnn.equations import Tensor
from symcnn.writing.formula.build import row

_STEP = "One step of {optimizer}"
_ASKED = (
    r"One step of gradient descent subtracts from every {number} $\eta$ times its derivative, "
    "with the learning rate {rate}."
)
_FOUND = "The loss is {before} before the step and {after} after it."
_TAKES = (
    "With the learning rate {rate}, one step of gradient descent takes {weight} to {new} and the "
    "loss from {before} to {after}."
)
_RULE = (
    r"One step of gradient descent subtracts from every {number} $\eta$ times its derivative, "
    "with the learning rate {rate}: a {number} whose derivative is negative increases, one whose "
    "derivative is positive decreases."
)


def step(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Give an updated weight, and what one step of gradient descent does to the loss.

    In full, list every weight with its value and its derivative, whether there is a step or not.
    """
    in_full, rate = context.tells("listing"), context.learning_rate
    parameters = context.derivation.network.parameters
    has_step = rate is not None and bool(written(context, parameters))
    if context.listed_weights() if in_full else has_step:
        yield "worked", _listed(context) if in_full else _opening(context)
        yield "listing", [] if context.lists_weights else _moved(context)
        yield "worked", [] if in_full else _followed(context, rate)
        yield "worked", effect(context)
    follows = isinstance(context.scope, Path)
    yield "rule", _of_one_weight(context) if follows else _in_short(context)


def _opening(context: Context) -> Iterator[Block]:
    yield heading(1, _heading(context))
    yield from _rule(context)


def _listed(context: Context) -> Iterator[Block]:
    """List every weight with its value, derivative and updated value."""
    listed, header = context.listed_weights(), _header(context)
    number = learned_number(context.derivation.network)
    yield heading(1, f"All {number}s" if len(listed) > 1 else f"The {number}")
    yield from _rule(context)
    if listed and context.learning_rate is not None and not context.optimizer.is_plain:
        yield Rows(_worked(context, *listed[0]), asked=())
    figures = [_figures(context, *weight) for weight in listed]
    rows = (
        ((Inline(context.printed(tensor.symbol(position))),), *map(cell, line))
        for (tensor, position), line in zip(listed, figures, strict=True)
    )
    yield Table(
        header,
        tuple(rows),
        "l" + "r" * (len(header) - 1),
        tasks=dict.fromkeys(range(2, len(header)), "value"),
        figures=tuple(made for line in figures for made in line),
    )


def _in_short(context: Context) -> Iterator[Block | Quantity]:
    """Give every updated weight, and the loss before and after."""
    rate, made = context.learning_rate, context.descent
    if rate is None or made is None:
        return
    yield heading(1, _heading(context))
    loss = context.derivation.network.loss_tensor.symbol((0,))
    losses = {"before": (made.before, loss), "after": (made.after, AFTER_THE_STEP)}
    shown = {k: cell(figure(context, "", v, v, follows)) for k, (v, follows) in losses.items()}
    number = learned_number(context.derivation.network)
    own: dict[str, str | Inline] = {"rate": learning_rate(context, rate), "number": number}
    is_plain = context.optimizer.is_plain
    asked = filled(_ASKED, **own) if is_plain else optimizers.rule(context)
    rows = _updated_rows(context)
    if rows is None or not is_overview(context) or not is_plain:
        yield paragraph(*asked, " ", *filled(_FOUND, **shown), asked=asked)
        yield from _moved(context)
        return
    told, open_ = rows
    thread = context.scope.thread
    assert thread is not None  # there are rows
    weight = context.derivation.symbol(thread.name, thread.position)
    taken = filled(_TAKES, **own, **shown, weight=Inline(context.printed(weight)), new=cell(told))
    boxes = _boxes(context) or (Rows((open_,)),)
    yield Paragraph(taken, figures=(told,), asked=(paragraph(*asked), *boxes))


def _followed(context: Context, rate: Expr | None) -> Iterator[Block | Quantity]:
    """Update the weight that is followed, or every one if that is an entry of the input."""
    rows = None if rate is None else _updated_rows(context)
    if rows is None:
        yield from _moved(context)
    else:
        _, open_ = rows
        thread = context.scope.thread
        assert thread is not None  # there are rows
        tensor = context.derivation.network.tensors[thread.name]
        *before, last = _worked(context, tensor, thread.position)
        yield Rows((*before, replace(last, asked=open_)), asked=_boxes(context))


def _boxes(context: Context) -> tuple[Block, ...] | None:
    """Return what a student gets: every updated weight, since all of them earn points."""
    asked = (block.asked for block in written_out(context, _moved(context)))
    return tuple(chain.from_iterable(blocks or () for blocks in asked)) or None


def _updated_rows(context: Context) -> tuple[Row, Row] | None:
    """Update the weight that is followed, and the one that a student follows."""
    thread, asked = context.scope.thread, context.scope.asked_thread
    tensors = context.derivation.network.tensors
    if thread is None or asked is None or tensors[thread.name].role != "parameter":
        return None
    told, open_ = (_updated_row(context, tensors[of.name], of.position) for of in (thread, asked))
    return told, open_


def _of_one_weight(context: Context) -> Iterator[Block]:
    rate = context.learning_rate
    if rate is None:
        return
    for tensor, position in context.listed_weights():
        yield heading(1, _heading(context))
        if context.optimizer.is_plain:
            yield paragraph("With the learning rate ", learning_rate(context, rate), ":")
        else:
            yield paragraph(*optimizers.rule(context))
        yield Rows(_worked(context, tensor, position))


def _worked(context: Context, tensor: Tensor, position: Position) -> tuple[Row, ...]:
    """Work an updated weight, and what an optimizer computes on the way to it."""
    if context.optimizer.is_plain:
        return (_updated_row(context, tensor, position),)
    slope = context.derivation.adjoints[tensor.name].symbol(position)
    *before, last = optimizers.worked(context, tensor.symbol(position), slope)
    return (*before, replace(last, task="value"))


def _updated_row(context: Context, tensor: Tensor, position: Position) -> Row:
    weight, new = tensor.symbol(position), updated(context, tensor)
    number = new.number(weight)
    made = figure(context, f"updated {weight.name}", number, context.value(number))
    return replace(made, left=new.name(context.printed(weight)), task="value")


def _moved(context: Context) -> Iterator[Quantity]:
    if context.learning_rate is not None:
        yield from (updated(context, t) for t in context.derivation.network.parameters)


def _heading(context: Context) -> str:
    return _STEP.format(optimizer=context.optimizer.title)


def _rule(context: Context) -> Iterator[Block]:
    """Say what a step does, if there is one."""
    if (rate := context.learning_rate) is None:
        return
    if not context.optimizer.is_plain:
        yield paragraph(*optimizers.rule(context))
    else:
        number = learned_number(context.derivation.network)
        yield paragraph(*filled(_RULE, rate=learning_rate(context, rate), number=number))


def learning_rate(context: Context, rate: Expr) -> Inline:
    """Return eta = 0.5."""
    return inline(r"\eta", "=", context.numerals(rate).formula)


def updated(context: Context, tensor: Tensor) -> Quantity:
    """Return a parameter less the learning rate times its derivative, or after another step."""
    slope, optimizer, rate = slopes(context, tensor), context.optimizer, context.learning_rate
    assert rate is not None

    def number(weight: Symbol) -> Expr:
        return optimizer.first(weight, slope.number(weight), rate)

    if not optimizer.is_plain:
        return Quantity(tensor, number, lambda name: optimizers.moved(optimizer, name))
    return Quantity(
        tensor, number, lambda name: row(name, "-", r"\eta", context.printer.partial(name))
    )


def _header(context: Context) -> tuple[Text, ...]:
    number = learned_number(context.derivation.network).capitalize()
    usual: tuple[Text, ...] = ((number,), ("Value",), ("Derivative",))
    return usual if context.learning_rate is None else (*usual, ("Updated",))


def _figures(context: Context, tensor: Tensor, position: Position) -> list[Row]:
    weight = tensor.symbol(position)
    slope = context.derivation.adjoints[tensor.name].symbol(position)
    made = [figure(context, s.name, s, context.value(s)) for s in (weight, slope)]
    if context.learning_rate is None:
        return made
    moved = context.optimizer.first(weight, slope, context.learning_rate)
    return [*made, figure(context, f"updated {weight.name}", moved, context.value(moved))]
