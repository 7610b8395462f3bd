"""The derivatives beside those of a method that knows nothing of the derivation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Table, Text, heading, inline, joined, paragraph
from symcnn.document.context import Compared, Context
from symcnn.document.facts.given import Curvature
from symcnn.document.rows.apart import letters_of
from symcnn.document.story.references import COMPLEX_STEP
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.writing.formula.build import decimal, scripts

_COMPLEX_STEP = (
    r"Let $L(\theta)$ be the loss as a function of one entry $\theta$, and $\mathrm{i}$ the "
    r"imaginary unit, $\mathrm{i}^2 = -1$. Then $L(\theta + \mathrm{i}\tau) = L(\theta) + "
    r"\mathrm{i}\tau L'(\theta) + \dots$, so the imaginary part of $L(\theta + \mathrm{i}\tau)$, "
    r"divided by $\tau$, is the derivative up to "
    r"terms of the order of $\tau^2$. No difference is taken, so no digits are lost to "
    r"cancellation, however small $\tau$ is."
)


def check(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Set the derivatives beside those of an independent method, and explain it."""
    stepped = "complex step" in context.check.method
    yield from _compared(
        context,
        filled(_COMPLEX_STEP, context.letters) if stepped else (),
        mentioned.cited(COMPLEX_STEP),
    )


def short_check(context: Context) -> Iterator[Block]:
    """Set the derivatives beside those of an independent method."""
    yield from _compared(context)


def _compared(context: Context, *further: Text) -> Iterator[Block]:
    made = context.check
    yield heading(1, "Check", solution=True)
    yield paragraph(
        "The derivatives were computed a second time, independently of the derivation, from the "
        "forward pass alone (",
        *_method(made.method),
        "). The largest difference is ",
        Inline(context.numerals.marked(_scientific(made.max_abs_error))),
        ".",
        *[part for text in further if text for part in (" ", *text)],
    )
    if context.curvature is not None:
        yield paragraph(*hessian_check(context, context.curvature))
    if not context.is_full:
        return
    step = 1 if len(made.rows) <= limits.CHECKED_ROWS else max(1, len(made.rows) // 40)
    rows = made.rows[::step]
    header = (("Entry",), ("Derived",), ("Measured",), ("Difference",))
    yield Table(header, tuple(_row(context, row) for row in rows), "lrrr")


def _method(method: str) -> Text:
    """Return the name of the method, with its step as a formula: tau = 10^-6 for h = 1e-06."""
    parts = enumerate(re.split(r"(h = (?:1e|2\^)-\d+)", method))
    return tuple(_step(part) if n % 2 else part for n, part in parts if part)


def _step(written: str) -> Inline:
    base, power = ("2", "^") if "^" in written else ("10", "e")
    exponent = decimal(str(int(written.partition(power)[2])))
    return inline(r"\tau", "=", scripts(base, sup=exponent))


def _row(context: Context, row: Compared) -> tuple[Text, ...]:
    entry = context.derivation.network.tensors[row.name].symbol(row.position)
    difference = _scientific(abs(row.analytic - row.numeric))
    figures = map(context.numerals.marked, (_float(row.analytic), _float(row.numeric), difference))
    return ((Inline(context.printed(entry)),), *((Inline(figure),) for figure in figures))


def _float(value: float) -> str:
    return f"{value:.12f}" if abs(value) < 1000 else f"{value:.12e}"


def _scientific(value: float) -> str:
    return f"{value:.1e}" if value else "0"


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
    return joined(
        (
            filled(_METHOD, letters_of(context), numbers=" and every number"),
            filled(_LARGEST_DIFFERENCE, error=error),
        )
    )
