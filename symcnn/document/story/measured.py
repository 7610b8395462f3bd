"""The derivatives beside those of another method, and how these were measured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symcnn import limits
from symcnn.document.blocks import Block, Inline, Paragraph, Table, Text, heading, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.given import Check, Compared
from symcnn.document.facts.scope import Path
from symcnn.document.story.hessian_numbers import hessian_check
from symcnn.document.story.references import COMPLEX_STEP
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.writing.formula.build import decimal, scripts

_COMPLEX_STEP = (
    r"Let $L(\theta)$ be the loss as a function of one entry $\theta$, and $\mathrm{i}$ the "
    r"imaginary unit, $\mathrm{i}^2 = -1$. Then $L(\theta + \mathrm{i}\tau) = L(\theta) + "
    r"\mathrm{i}\tau L'(\theta) + \dots$, so the imaginary part of $L(\theta + \mathrm{i}\tau)$, "
    r"divided by $\tau$, is the derivative up to terms of the order of $\tau^2$. No difference is "
    r"taken, so no digits are lost to cancellation, however small $\tau$ is."
)
_APART = (
    " Because functions have kinks at the numbers of the problem, or very close to them, this was "
    "done at other numbers nearby."
)


def check(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Set the derivatives beside those of an independent method, and explain it."""
    made = context.check
    yield heading(1, "Check")
    yield _along(context, made) if made.directions else _entries(context, made, mentioned)
    if context.curvature is not None:
        yield paragraph(*hessian_check(context, context.curvature))
    if not context.tells("listing"):
        return
    step = 1 if len(made.rows) <= limits.CHECKED_ROWS else max(1, len(made.rows) // 40)
    rows = made.rows[::step]
    first = "Direction" if made.directions else "Entry"
    header = ((first,), ("Derived",), ("Measured",), ("Difference",))
    yield Table(header, tuple(_difference(context, row) for row in rows), "lrrr")


def _entries(context: Context, made: Check, mentioned: Mentioned) -> Paragraph:
    """Say that single derivatives were compared."""
    one = isinstance(context.scope, Path)
    return paragraph(
        f"The {'derivative was' if one else 'derivatives were'} computed a second time, "
        "independently of the derivation, from the forward pass alone",
        *((" (", *_method(made.method), ")") if context.tells("listing") else ()),
        *_differing(context, made, one=one),
        *[part for t in _explained(context, made, mentioned) if t for part in (" ", *t)],
    )


def _along(context: Context, made: Check) -> Paragraph:
    """Say that derivatives along directions were compared."""
    network = context.derivation.network
    has_parameters = any(tensor.role == "parameter" for tensor in network.tensors.values())
    number = context.numerals.marked
    largest = max(abs(row.numeric) for row in made.rows)
    return paragraph(
        "The derivatives were checked independently of the derivation, from the forward pass "
        f"alone. Along each of {spelled(made.directions)} random directions in the space of the "
        f"input{' and all parameters' if has_parameters else ''}, the directional derivative of "
        "the loss was measured",
        *((" (", *_method(made.method), ")") if context.tells("listing") else ()),
        " and compared with the sum of all partial derivatives, each multiplied by its component "
        "of the direction.",
        *((_APART,) if made.is_apart else ()),
        " The two values differ by at most ",
        Inline(number(_scientific(made.max_abs_error))),
        "; the largest directional derivative is ",
        Inline(number(f"{largest:.4g}")),
        ".",
    )


def _differing(context: Context, made: Check, *, one: bool) -> Text:
    """Say by how much the two computations differ."""
    if made.max_abs_error == 0:
        return (". The two results agree in every digit.",)
    least = "results differ by " if one else "sets of derivatives differ by at most "
    error = Inline(context.numerals.marked(_scientific(made.max_abs_error)))
    return (f". The two {least}", error, ".")


def _explained(context: Context, made: Check, mentioned: Mentioned) -> Iterator[Text]:
    """Explain the method in full detail; else it is not named."""
    if context.tells("listing"):
        if "complex step" in made.method:
            yield filled(_COMPLEX_STEP, context.letters)
        yield mentioned.cited(COMPLEX_STEP)


def _method(method: str) -> Text:
    """Return the name of the method, with its step as a formula: tau = 10^-6 for h = 1e-06."""
    parts = enumerate(re.split(r"(h = (?:1e|2\^)-\d+)", method))
    return tuple(_step(part) if n % 2 else part for n, part in parts if part)


def _step(written: str) -> Inline:
    base, power = ("2", "^") if "^" in written else ("10", "e")
    exponent = decimal(str(int(written.partition(power)[2])))
    return inline(r"\tau", "=", scripts(base, sup=exponent))


def _difference(context: Context, row: Compared) -> tuple[Text, ...]:
    difference = _scientific(abs(row.analytic - row.numeric))
    figures = map(context.numerals.marked, (_float(row.analytic), _float(row.numeric), difference))
    return ((_entry(context, row),), *((Inline(figure),) for figure in figures))


def _entry(context: Context, row: Compared) -> str | Inline:
    """Return the entry that is compared, or the number of a direction."""
    if not row.name:
        return str(row.position[0])
    entry = context.derivation.network.tensors[row.name].symbol(row.position)
    return Inline(context.printed(entry))


def _float(value: float) -> str:
    return f"{value:.12f}" if abs(value) < 1000 else f"{value:.12e}"


def _scientific(value: float) -> str:
    return f"{value:.1e}" if value else "0"
