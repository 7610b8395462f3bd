"""A training on paper: what one step does, the losses as a curve and a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sympy import Expr, Float

from symcnn.document.blocks import ROUNDED, Block, Diagram, Table, Text, heading, inline, paragraph
from symcnn.document.pictures.curve import curve, is_logarithmic
from symcnn.document.story.optimizers import equations, settings
from symcnn.document.words.table import filled
from symcnn.document.words.words import counted, listed
from symcnn.network.optimizers import SGD, Optimizer
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.printing.numerals import Numerals

_DIGITS = 6
_STEP = (
    r"Each step of gradient descent subtracts $\eta$ times the derivative of the loss from "
    "every number that is learned, with the learning rate {rate}. {there} of them, and all "
    "are updated at once: every derivative is evaluated at the point that the step before has "
    "reached."
)

_ASSIGNS = (
    "Each step of {optimizer} assigns new values in this order, for every number $w$ that is "
    "learned and the derivative $g$ of the loss with respect to it: {equations}. Here {settings}. "
    "{there} of them, and all are updated at once."
)


class Drawn(NamedTuple):
    """How many samples a step takes, and of how many."""

    batch: int
    samples: int


class Checked(NamedTuple):
    """The check of a training.

    Attributes:
        method: How the numeric derivatives were taken, and of how many entries.
        samples: How many of the samples it was made with; None for the problem's own.
        max_abs_error: The largest difference of a derivative.
    """

    method: str
    samples: int | None
    max_abs_error: float


class Descended(NamedTuple):
    """A training, as far as paper tells of it.

    Attributes:
        rate: The learning rate.
        numbers: How many weights and biases moved.
        losses: The loss after 0, 1, 2, ... steps.
        drawn: Where the samples of a step come from, if it is not the problem alone.
        checked: The check at the trained weights.
        optimizer: What takes the steps.
    """

    rate: Expr
    numbers: int
    losses: Sequence[float]
    drawn: Drawn | None
    checked: Checked
    optimizer: Optimizer = SGD()


def training(made: Descended) -> tuple[Block, ...]:
    """Write all of it."""
    return (*_steps(made), *_losses(made), *_check(made))


def loss_curve(losses: Sequence[float], drawn: bool) -> Picture:
    """Return the picture of the losses.

    Args:
        losses: The loss after 0, 1, 2, ... steps.
        drawn: Whether each is that of another batch.
    """
    of = "of the batches " if drawn else ""
    scale = ", on a logarithmic scale" if is_logarithmic(losses) else ""
    alt = (
        f"Curve of the loss {of}over {counted(len(losses) - 1, 'step')}{scale}: {losses[0]:.4g} "
        f"before the first step, {losses[-1]:.4g} after the last, {min(losses):.4g} at its lowest."
    )
    return curve(losses, alt)


def listed_steps(last: int) -> list[int]:
    """Return the steps whose loss is mentioned: 0, 1, 2, 5, 10, 20, 50, ..., and the last.

    >>> listed_steps(60)
    [0, 1, 2, 5, 10, 20, 50, 60]
    """
    round_numbers = (unit * 10**power for power in range(len(str(last))) for unit in (1, 2, 5))
    return [0, *(step for step in round_numbers if step < last), last]


def _steps(made: Descended) -> Iterator[Block]:
    """Say what one step does, with the learning rate and how many numbers move."""
    yield heading(1, "One step")
    if not made.optimizer.is_plain:
        yield paragraph(*_by_optimizer(made))
        if made.drawn is not None:
            yield paragraph(*_batches(made.drawn))
        return
    rate = inline(r"\eta", "=", Numerals(_DIGITS)(made.rate).formula)
    yield paragraph(*filled(_STEP, rate=rate, there=_there(made)))
    if made.drawn is not None:
        yield paragraph(*_batches(made.drawn))


def _by_optimizer(made: Descended) -> Text:
    """Say what one step of another optimizer than plain gradient descent does."""
    numerals, optimizer = Numerals(_DIGITS), made.optimizer
    return filled(
        _ASSIGNS,
        optimizer=optimizer.title,
        equations=listed(equations(optimizer)),
        settings=listed(settings(optimizer, made.rate, numerals)),
        there=_there(made),
    )


def _there(made: Descended) -> str:
    return f"There {'is' if made.numbers == 1 else 'are'} {made.numbers:,}"


def _batches(drawn: Drawn) -> Text:
    left = drawn.samples % drawn.batch
    waiting = counted(left, "sample")
    rest = f" What is left over at the end of an order, {waiting}, waits for the next."
    return (
        f"The loss of a step is that of a batch of {drawn.batch:,} of the "
        f"{counted(drawn.samples, 'sample')}. They are taken in an order that is drawn; when all "
        f"had their turn, another order is drawn.{rest if left else ''}",
    )


def _losses(made: Descended) -> Iterator[Block]:
    yield heading(1, "The loss")
    last = len(made.losses) - 1
    of = "; each is that of the batch that the next step takes" if made.drawn else ""
    scale = ", on a logarithmic scale" if is_logarithmic(made.losses) else ""
    picture = loss_curve(made.losses, made.drawn is not None)
    yield Diagram(picture, (f"The loss before the first step and after each{scale}{of}.",))
    rows = (((f"{step:,}",), _rounded(made.losses[step])) for step in listed_steps(last))
    yield Table((("Steps",), ("Loss",)), tuple(rows), "rr")


def _rounded(number: float) -> Text:
    return (inline(ROUNDED, Numerals(_DIGITS).rounded(Float(number))),)


def _check(made: Descended) -> Iterator[Block]:
    checked = made.checked
    where = "" if checked.samples is None else f", with {counted(checked.samples, 'sample')}"
    yield heading(1, "Check")
    yield paragraph(
        f"At the trained weights{where}, the loss was evaluated a second time from the forward "
        "equations alone, with the same result, and derivatives were measured there "
        f"({checked.method}). The largest difference from those that the steps use is ",
        inline(Numerals(2).rounded(Float(checked.max_abs_error))),
        ".",
    )
