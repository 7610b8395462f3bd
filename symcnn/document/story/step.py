"""One step of gradient descent: every weight after it, and what it does to the loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Add, Expr, Symbol

from symcnn import limits
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.blocks import (
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
from symcnn.document.context import Context, Descent
from symcnn.document.facts.scope import Path, Position
from symcnn.document.rows.matrices import Piece, Quantity, written
from symcnn.document.rows.rows import cell, figure
from symcnn.document.story.choices import why
from symcnn.document.story.short import is_overview
from symcnn.document.story.usual import is_never_negative
from symcnn.document.story.weights import slopes
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number
from symcnn.equations import Tensor
from symcnn.equations.functions import Iverson
from symcnn.writing.formula.build import row

_STEP = "One step of gradient descent"
_ASKED = (
    r"One step of gradient descent subtracts from every {number} $\eta$ times its derivative, "
    "with the learning rate {rate}."
)
_FOUND = "The loss is {before} before the step and {after} after it."
_RULE = (
    r"One step of gradient descent subtracts from every {number} $\eta$ times its derivative, "
    "with the learning rate {rate}: a {number} whose derivative is negative increases, one whose "
    "derivative is positive decreases."
)
_FORETOLD = (
    r"To first order, the step changes the loss by $-\eta$ times the sum of the squared "
    "derivatives."
)
_ONE_SIDED = (
    r"Where the loss is differentiable, a small step changes it by about $-\eta$ times the sum of "
    r"the squared derivatives; at a kink, by about $\eta$ times its one-sided derivative in the "
    "direction of the step.{here}"
)
_HERE = (
    " Here it is not differentiable, because {why}, and the one-sided derivative differs from "
    "minus that sum."
)
_ASKED_ANEW = " Recompute the loss with the updated {numbers}. Has it decreased?"
_ANEW = " Recomputed with the updated {numbers}, the loss {verdict}."
_IN_THE_TABLE = " The last line of the table is the loss recomputed with the updated {numbers}."
"""What is said of the loss after the step where numbers are to be changed."""
_ALONG = "One-sided derivative along the step"
"""What students are not asked for by itself: to ask would tell them of a tie."""

_NEGATIVE = (
    "The predicted loss is negative, which this loss cannot be: the step is too long for the "
    "first-order prediction."
)
_ALSO_NEGATIVE = "The predicted loss is even negative, which this loss cannot be."


def step(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Give every updated weight, and what one step of gradient descent does to the loss.

    In full, list every weight with its value and its derivative, whether there is a step or not.
    """
    in_full, rate = context.tells("listing"), context.learning_rate
    parameters = context.derivation.network.parameters
    has_step = rate is not None and bool(written(context, parameters))
    if context.listed_weights() if in_full else has_step:
        yield "worked", _listed(context) if in_full else _opening(context)
        yield "worked", [] if in_full and context.lists_weights else _moved(context)
        yield "worked", _effect(context)
    follows = isinstance(context.scope, Path)
    yield "rule", _of_one_weight(context) if follows else _in_short(context)


def _opening(context: Context) -> Iterator[Block]:
    yield heading(1, _STEP)
    yield from _rule(context)


def _listed(context: Context) -> Iterator[Block]:
    """List every weight with its value, derivative and updated value."""
    listed, header = context.listed_weights(), _header(context)
    number = learned_number(context.derivation.network)
    yield heading(1, f"All {number}s" if len(listed) > 1 else f"The {number}")
    yield from _rule(context)
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
    yield heading(1, _STEP)
    loss = context.derivation.network.loss_tensor.symbol((0,))
    losses = {"before": (made.before, loss), "after": (made.after, AFTER_THE_STEP)}
    shown = {k: cell(figure(context, "", v, v, follows)) for k, (v, follows) in losses.items()}
    number = learned_number(context.derivation.network)
    own: dict[str, str | Inline] = {"rate": learning_rate(context, rate), "number": number}
    asked = filled(_ASKED, **own)
    yield paragraph(*asked, " ", *filled(_FOUND, **shown), asked=asked)
    yield from _followed(context, rate) if is_overview(context) else _moved(context)


def _followed(context: Context, rate: Expr) -> Iterator[Block]:
    """Update the weight that is followed."""
    thread, asked = context.scope.thread, context.scope.asked_thread
    tensors = context.derivation.network.tensors
    if thread is not None and asked is not None and tensors[thread.name].role == "parameter":
        told, open_ = (
            _updated_row(context, tensors[of.name], of.position, rate) for of in (thread, asked)
        )
        yield Rows((replace(told, asked=open_),))


def _of_one_weight(context: Context) -> Iterator[Block]:
    rate = context.learning_rate
    if rate is None:
        return
    for tensor, position in context.listed_weights():
        yield heading(1, _STEP)
        yield paragraph("With the learning rate ", learning_rate(context, rate), ":")
        yield Rows((_updated_row(context, tensor, position, rate),))


def _updated_row(context: Context, tensor: Tensor, position: Position, rate: Expr) -> Row:
    weight, new = tensor.symbol(position), updated(context, tensor, rate)
    number = new.number(weight)
    made = figure(context, f"updated {weight.name}", number, context.value(number))
    return replace(made, left=new.name(context.printed(weight)), task="value")


def _moved(context: Context) -> Iterator[Quantity]:
    rate = context.learning_rate
    if rate is not None:
        yield from (updated(context, t, rate) for t in context.derivation.network.parameters)


def _rule(context: Context) -> Iterator[Block]:
    """Say what a step does, if there is one."""
    if (rate := context.learning_rate) is not None:
        number = learned_number(context.derivation.network)
        yield paragraph(*filled(_RULE, rate=learning_rate(context, rate), number=number))


def learning_rate(context: Context, rate: Expr) -> Inline:
    """Return eta = 0.5."""
    return inline(r"\eta", "=", context.numerals(rate).formula)


def updated(context: Context, tensor: Tensor, rate: Expr) -> Quantity:
    """Return a parameter less the learning rate times its derivative."""
    slope = slopes(context, tensor)

    def number(weight: Symbol) -> Expr:
        return weight - rate * slope.number(weight)

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
    moved = weight - context.learning_rate * slope
    return [*made, figure(context, f"updated {weight.name}", moved, context.value(moved))]


def _effect(context: Context) -> Iterator[Block]:
    """Set the loss after the step beside the one before, and what the slopes foretell."""
    if (made := context.descent) is None:
        return
    if context.tells("listing"):
        yield heading(2, "The loss after the step")
    numbers = f"{learned_number(context.derivation.network)}s"
    told = filled(_FORETOLD)
    task = filled(_ONE_SIDED, here="") if _may_bend(context) else told
    if made.slope is not None:
        told = filled(_ONE_SIDED, here=_HERE.format(why=why(context)))
    said = _ANEW.format(numbers=numbers, verdict=_verdict(made)) + _below(context, made)
    figures = tuple(_checked(context, made))
    if context.bindings.may_change:
        said = _IN_THE_TABLE.format(numbers=numbers)
        told, made = task, _everywhere(context, made)
    yield paragraph(*told, said, asked=(*task, _ASKED_ANEW.format(numbers=numbers)))
    claimed = {row.claim.value: row.claim.left[0] for row in figures}
    loss = context.derivation.network.loss_tensor.symbol((0,))
    lines = {
        "Sum of the squared derivatives": (made.squares, claimed.get(made.squares)),
        _ALONG: (made.slope, None),
        "Loss before the step": (made.before, loss),
        "Loss predicted to first order": (made.foretold, claimed.get(made.foretold)),
        "Loss after the step": (made.after, AFTER_THE_STEP),
    }
    rows = {
        what: (filled(what), cell(figure(context, "", v, v, follows)))
        for what, (v, follows) in lines.items()
        if v is not None
    }
    header = (("Quantity",), ("Value",))
    table = Table(header, (*rows.values(),), "lr", tasks={1: "value"}, figures=figures)
    listed = [what for what in rows if what != _ALONG]
    of = ((n, 1, lines[what][1]) for n, what in enumerate(listed))
    answers = tuple((n, column, value) for n, column, value in of if value is not None)
    usual = replace(table, rows=tuple(rows[what] for what in listed), answers=answers)
    yield usual if made.slope is None else replace(table, asked=(usual,))


def _everywhere(context: Context, made: Descent) -> Descent:
    """Leave out what is another formula at ties and kinks, where numbers are to be changed."""
    foretold = None if _may_bend(context) else made.foretold
    return made._replace(slope=None, foretold=foretold)


def _may_bend(context: Context) -> bool:
    """Tell whether there are numbers at which the loss has no derivative, whatever these are."""
    derivation = context.derivation
    brackets = any(step.local.has(Iverson) for step in derivation.steps)
    return brackets or bool(derivation.routings)


def _checked(context: Context, made: Descent) -> Iterator[Row]:
    """Claim the sum of squares and what follows from it; the step's loss was checked."""
    parameters, adjoints = context.derivation.network.parameters, context.derivation.adjoints
    if sum(tensor.size for tensor in parameters) > limits.LISTED_ENTRIES:
        return
    slopes = [adjoints[t.name].symbol(p) for t in parameters for p in t.positions()]
    squares = Add(*(slope**2 for slope in slopes))
    loss = context.derivation.network.loss_tensor.symbol((0,))
    yield figure(context, "the sum of squares", squares, made.squares)
    slope = -squares if made.slope is None else made.slope
    yield figure(context, "the loss foretold", loss + made.rate * slope, made.foretold)


def _verdict(made: Descent) -> str:
    if made.after < made.before:
        return "has decreased"
    if made.after == made.before:
        return "is the same"
    return "has increased: the step was too long for the first-order prediction"


def _below(context: Context, made: Descent) -> str:
    """Say what a negative prediction means of a loss that cannot be negative."""
    if made.foretold is None or made.foretold >= 0 or not is_never_negative(context):
        return ""
    return f" {_ALSO_NEGATIVE if made.after > made.before else _NEGATIVE}"
