r"""Error signals in compact form: of a normalisation in vectors, and of a softmax.

\delta^x = (\delta^{xhat} - mean(\delta^{xhat}) - xhat mean(\delta^{xhat} xhat))/s
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr

from symcnn.derivation.general import General
from symcnn.document.blocks import (
    Block,
    Citation,
    Inline,
    Note,
    Paragraph,
    Reference,
    Rows,
    Text,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.normalised import normalised, softmax
from symcnn.document.facts.substituted import compact, without_sums
from symcnn.document.rows.ranged import comma, ranged
from symcnn.document.rows.rows import general_row
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor, accesses
from symcnn.writing.formula import Word
from symcnn.writing.formula.build import applied, parenthesized, row
from symcnn.writing.printing.names import named

_IN_VECTORS = " gives, with products taken entry by entry and {means} over {axes},"
_SOFTMAX = (
    "Suppose that {made} is the {name} of {own}{along}, and that $L$ depends on {own} only through "
    "{made}. Then{over}:"
)


def without_statistics(context: Context, tensor: Tensor) -> Iterator[Block]:
    """Substitute the error signals of mean and variance, whose deviations sum to 0."""
    found = compact(context.derivatives, tensor)
    if found is None:
        return
    over, row = ranged(context, found.general, general_row(context, found.general))
    names = listed([context.named(statistic) for statistic in found.others])
    signals = "signals" if len(found.others) > 1 else "signal"
    substituting = (f"Substituting the error {signals} of ", *names)
    if whole := _in_vectors(context, tensor, found.general):
        gives, formula = whole
        yield paragraph(*substituting, *gives)
        yield paragraph(formula)
        yield paragraph("that is", *comma(over), ":")
    else:
        yield paragraph(*substituting, " gives", *comma(over), ":")
    yield Rows((row,))


def _in_vectors(context: Context, tensor: Tensor, general: General) -> tuple[Text, Inline] | None:
    """Say in vectors what a normalisation makes of error signals, if it is one."""
    found = normalised(general)
    if found is None:
        return None
    adjoint = context.derivation.adjoints[tensor.name].base
    own, signal, normal = (
        context.printed(base.label) for base in (adjoint, found.signal, found.normal)
    )
    scale = context.printed(_whole(found.scale))
    mean = Word("mean")
    centre = ("-", applied(mean, signal)) if found.is_centred else ()
    parts = row(signal, *centre, "-", normal, applied(mean, row(signal, normal)))
    formula = inline(own, "=", row(scale, parenthesized(parts)))
    axes = listed([Inline(named(letter.name)) for letter in found.over])
    means = "means" if found.is_centred else "the mean"
    return filled(_IN_VECTORS, axes=axes, means=means), formula


def _whole(expression: Expr) -> Expr:
    """Return an expression in tensors in place of their entries."""
    return expression.xreplace({read: read.base.label for read in accesses(expression)})


def sums_left_out(context: Context, tensor: Tensor) -> Iterator[Block]:
    """Give an error signal without sums that are 0, if it has any."""
    general = without_sums(context.derivative(tensor))
    if general is None:
        return
    over, row = ranged(context, general, general_row(context, general))
    yield paragraph("Deviations from a mean sum to 0, which leaves", *comma(over), ":")
    yield Rows((row,))


def of_softmax(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Block]:
    """State the derivative of a softmax: without the error signal of its log-sum-exp."""
    found = softmax(context.derivatives, context.operations, tensor)
    if found is None:
        return
    name, made, (normaliser,) = found.made.name, found.made.result, found.form.others
    number, new = mentioned.number(name)
    over, row = ranged(context, found.form.general, general_row(context, found.form.general))
    again: Text = (" ", Reference(number), " again", *comma(over), ":")
    yield paragraph(
        "Substituting the error signal of ",
        context.named(normaliser),
        Citation(context.derivation.adjoints[normaliser.name].label, " from {}"),
        " gives",
        *((" the following theorem.",) if new else again),
    )
    along: Text = (" along ", Inline(named(found.over.name))) if found.over is not None else ()
    says = filled(
        _SOFTMAX,
        context.letters,
        made=context.named(made),
        own=context.named(tensor),
        name=name,
        along=along,
        over=comma(over),
    )
    rows = Rows((row,))
    yield Note((Reference(number), f" ({name})"), (Paragraph(says), rows), number) if new else rows
