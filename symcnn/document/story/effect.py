"""What a step of gradient descent does to the loss, beside what the slopes predict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Add

from symcnn import limits
from symcnn.document.bindings import AFTER_THE_STEP
from symcnn.document.blocks import Block, Paragraph, Row, Table, Text, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.given import Descent
from symcnn.document.rows.rows import cell, figure
from symcnn.document.story.choices import why
from symcnn.document.story.usual import is_never_negative
from symcnn.document.words.table import filled
from symcnn.document.words.words import learned_number
from symcnn.equations.functions import Iverson

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
_IN_NUMBERS = (
    r"The squared derivatives sum to {squares}. To first order, the step changes the loss by "
    r"$-\eta$ times this sum, from {before} to {predicted}. In fact, it {moves} {after}{long}."
    "{below}"
)
"""The same in one paragraph."""
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


def effect(context: Context) -> Iterator[Block]:
    """Set the loss after the step beside the one before, and what the slopes predict."""
    if (made := context.descent) is None:
        return
    if context.tells("listing"):
        yield heading(2, "The loss after the step")
    numbers = f"{learned_number(context.derivation.network)}s"
    told = filled(_FORETOLD) if made.squares is not None else ()
    task = filled(_ONE_SIDED, here="") if told and _may_bend(context) else told
    if made.slope is not None:
        told = filled(_ONE_SIDED, here=_HERE.format(why=why(context)))
    said = _ANEW.format(numbers=numbers, verdict=_verdict(made)) + _below(context, made)
    figures = tuple(_checked(context, made))
    if context.bindings.may_change:
        said = _IN_THE_TABLE.format(numbers=numbers)
        told, made = task, _everywhere(context, made)
    claimed = {row.claim.value: row.claim.left[0] for row in figures}
    loss = context.derivation.network.loss_tensor.symbol((0,))
    lines = {
        "Sum of the squared derivatives": (made.squares, claimed.get(made.squares)),
        _ALONG: (made.slope, None),
        "Loss before the step": (made.before, loss),
        "Loss predicted to first order": (made.predicted, claimed.get(made.predicted)),
        "Loss after the step": (made.after, AFTER_THE_STEP),
    }
    cells = {
        what: cell(figure(context, "", v, v, follows))
        for what, (v, follows) in lines.items()
        if v is not None
    }
    rows = {what: (filled(what), value) for what, value in cells.items()}
    header = (("Quantity",), ("Value",))
    table = Table(header, (*rows.values(),), "lr", tasks={1: "value"}, figures=figures)
    listed = [what for what in rows if what != _ALONG]
    of = ((n, 1, lines[what][1]) for n, what in enumerate(listed))
    answers = tuple((n, column, value) for n, column, value in of if value is not None)
    usual = replace(table, rows=tuple(rows[what] for what in listed), answers=answers)
    open_ = paragraph(*_begun(task, _ASKED_ANEW.format(numbers=numbers)))
    is_whole = context.tells("listing") or context.bindings.may_change or made.slope is not None
    if is_whole or made.predicted is None:
        yield Paragraph(_begun(told, said), asked=(open_,))
        yield usual if made.slope is None else replace(table, asked=(usual,))
        return
    gaps = dict(zip(("squares", "before", "predicted", "after"), cells.values(), strict=True))
    ends = {"moves": _moves(made), "long": _long(made), "below": _below(context, made)}
    yield Paragraph(filled(_IN_NUMBERS, **gaps, **ends), figures=figures, asked=(open_, usual))


def _begun(told: Text, said: str) -> Text:
    """Return what is said, perhaps behind something else."""
    return (*told, said) if told else (said.lstrip(),)


def _everywhere(context: Context, made: Descent) -> Descent:
    """Leave out what is another formula at ties and kinks, where numbers are to be changed."""
    predicted = None if _may_bend(context) else made.predicted
    return made._replace(slope=None, predicted=predicted)


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
    if made.squares is None:
        return
    slopes = [adjoints[t.name].symbol(p) for t in parameters for p in t.positions()]
    squares = Add(*(slope**2 for slope in slopes))
    loss = context.derivation.network.loss_tensor.symbol((0,))
    yield figure(context, "the sum of squares", squares, made.squares)
    slope = -squares if made.slope is None else made.slope
    yield figure(context, "the loss predicted", loss + made.rate * slope, made.predicted)


def _verdict(made: Descent) -> str:
    if made.after < made.before:
        return "has decreased"
    if made.after == made.before:
        return "is the same"
    return f"has increased{_long(made)}"


def _moves(made: Descent) -> str:
    if made.after < made.before:
        return "falls to"
    return "stays at" if made.after == made.before else "rises to"


def _long(made: Descent) -> str:
    """Say of a loss that has increased why."""
    is_higher = made.after > made.before and made.squares is not None
    return ": the step was too long for the first-order prediction" if is_higher else ""


def _below(context: Context, made: Descent) -> str:
    """Say what a negative prediction means of a loss that cannot be negative."""
    if made.predicted is None or made.predicted >= 0 or not is_never_negative(context):
        return ""
    return f" {_ALSO_NEGATIVE if made.after > made.before else _NEGATIVE}"
