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
from symcnn.document.facts.normalised import normalised
from symcnn.document.facts.softmax import Softmax, softmax
from symcnn.document.facts.substituted import compact, without_sums
from symcnn.document.rows.general import comma, ranged
from symcnn.document.theorems.leads import lead
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor, accesses
from symcnn.writing.formula import Word
from symcnn.writing.formula.build import applied, parenthesized, row
from symcnn.writing.printing.names import named

_IN_VECTORS = " gives, with products taken entry by entry and {means} over {axes},"
_NOTHING_THROUGH = (
    "Deviations from a mean sum to 0, so that nothing comes back through {lost}{over}:"
)
_SOFTMAX = (
    "Suppose that {made} is the {name} of {own}{along}, and that $L$ depends on {own} only through "
    "{made}. Then{over}:"
)


def without_statistics(context: Context, tensor: Tensor) -> Iterator[Block]:
    """Substitute the error signals of mean and variance, whose deviations sum to 0."""
    found = compact(context.derivatives, tensor)
    if found is None:
        return
    over, row = ranged(context, found.general)
    names = listed([context.named(statistic) for statistic in found.others])
    signals = "signals" if len(found.others) > 1 else "signal"
    substituting = (f"Substituting the error {signals} of ", *names)
    whole = _in_vectors(context, tensor, found.general)
    if whole is None:
        yield paragraph(*substituting, " gives", *comma(over), ":")
        yield Rows((row,))
        return
    gives, formula = whole
    yield paragraph(*substituting, *gives)
    yield Paragraph((formula,), figures=(row,))
    if context.tells("listing"):
        yield paragraph("that is", *comma(over), ":")
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
    """Give an error signal without sums that are 0, behind one with them, if it has any."""
    general = without_sums(context.derivative(tensor))
    if general is None or not context.tells("listing"):
        return
    over, row = ranged(context, general)
    yield paragraph("Deviations from a mean sum to 0, which leaves", *comma(over), ":")
    yield Rows((row,))


def without_sums_at_once(context: Context, tensor: Tensor) -> Iterator[Block]:
    """Give an error signal without sums that are 0, and without what they are multiplied by."""
    derivative = context.derivative(tensor)
    general = without_sums(derivative)
    if general is None or context.tells("listing"):
        return
    adjoints, read = context.derivation.adjoints, {r.base for r in accesses(general.right)}
    through = dict.fromkeys(one.result for one in derivative.contributions)
    lost = [context.named(t) for t in through if adjoints[t.name].base not in read]
    over, row = ranged(context, general)
    yield from lead(filled(_NOTHING_THROUGH, lost=listed(lost), over=comma(over)))
    yield Rows((row,))


def of_softmax(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Block]:
    """State the derivative of a softmax behind one with the error signal of its log-sum-exp."""
    found = softmax(context.derivatives, context.operations, tensor)
    if found is None or tensor.name in context.softmaxes.stated:
        return
    (normaliser,), (again, theorem) = found.form.others, _theorem(context, tensor, found, mentioned)
    yield paragraph(
        "Substituting the error signal of ",
        context.named(normaliser),
        Citation(context.derivation.adjoints[normaliser.name].label, " from {}"),
        " gives",
        *(again or (" the following theorem.",)),
    )
    yield theorem


def stated_softmax(context: Context, tensor: Tensor, mentioned: Mentioned) -> Iterator[Block]:
    """State the derivative of a softmax at once, where that of its log-sum-exp is left out."""
    if found := context.softmaxes.stated.get(tensor.name):
        again, theorem = _theorem(context, tensor, found, mentioned)
        yield from [paragraph("By", *again)] if again else []
        yield theorem


def _theorem(
    context: Context, tensor: Tensor, found: Softmax, mentioned: Mentioned
) -> tuple[Text, Block]:
    """State the derivative of a softmax; or cite the theorem that was stated, with its formula."""
    name, made, general = found.made.name, found.made.result, found.form.general
    number, is_new = mentioned.number(name)
    over, row = ranged(context, general)
    rows = Rows((row,))
    if not is_new:
        return (" ", Reference(number), *comma(over), ":"), rows
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
    return (), Note((Reference(number), f" ({name})"), (Paragraph(says), rows), number)
