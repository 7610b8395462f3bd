"""Why each step of the backward pass is as it is, in words: of a step, the first that holds."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Mul, Symbol

from symcnn.document.blocks import Inline, Text, inline
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution
from symcnn.document.facts.patterns import share_name
from symcnn.document.words.maxima import winning
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import Gaps, Sentence, authored, completed
from symcnn.document.words.words import listed
from symcnn.equations import SAMPLE, accesses, indexing
from symcnn.writing.formula.build import joined as between
from symcnn.writing.formula.build import row, scripts
from symcnn.writing.printing.names import named

ROUTING, SHARED_ROUTING = "routing", "shared routing"
"""What is noted where it was explained how maxima pass error signals on."""

_SHARED = (
    "[is_number: {own} is used {at} as well|The entries of {own} are shared as well: each is used "
    "{at}]. Again its derivative is the sum of the error signals there, each times the number that "
    "[is_number: {own}|the entry] is multiplied by."
)
_SLOPE = (
    "The error signal of {result} is multiplied by the derivative of {result} with respect to "
    "{own}."
)

Reason = Sentence[Contribution]

_REASONS: Sequence[Reason] = (
    Sentence(
        lambda s: s.kind == "loss" and s.is_of_parameter,
        "The penalty term of the loss depends on {own} directly.",
    ),
    Sentence(
        lambda s: s.kind == "loss",
        "The backward pass begins here: $L$ is a function of {own}, and its derivative with "
        "respect to {own} is the first error signal.",
        "loss",
        "$L$ also depends on {own} directly{contribution}.",
    ),
    Sentence(
        lambda s: s.kind == "maximum" and s.takes_entries and not s.splits_ties,
        "A maximum equals its winning entry, and a small change of a smaller entry does not "
        "change it, so the whole error signal of a window goes to the winning entry and the "
        "others receive 0: {R} is {first} and 0 for the others.",
        ROUTING,
        "As before, the error signal of each window goes to the winning entry: {R} is "
        "{first} and 0 for the others.",
    ),
    Sentence(
        lambda s: s.kind == "maximum" and s.takes_entries,
        "A maximum equals its largest entries, and a small change of a smaller entry does not "
        "change it, so the error signal of a window is shared equally among the largest entries "
        "and the others receive 0: {R} is {first} and 0 for the others.",
        SHARED_ROUTING,
        "As before, the error signal of each window is shared equally among its largest "
        "entries: {R} is {first} and 0 for the others.",
    ),
    Sentence(
        lambda s: s.kind == "maximum",
        "[splits_ties: Each maximum equals its largest terms, so its error signal is shared "
        "equally among them, and {own} receives each share|Each maximum equals its largest term, "
        "so its whole error signal goes to that term, and {own} receives it] multiplied by the "
        "term's derivative with respect to {own}. The other terms receive 0: {R} is {first} and 0 "
        "for the others.",
    ),
    Sentence(
        lambda s: s.kind == "log-sum-exp" and s.takes_entries,
        "The derivative of the logarithm of a sum of exponentials with respect to one of its "
        "arguments is that argument's share of the sum, the softmax {share}.",
    ),
    Sentence(lambda s: s.kind == "log-sum-exp", _SLOPE),
    Sentence(
        lambda s: s.kind == "mean" and s.takes_entries,
        "[gives_number: {result}|Each entry of {result}] is a mean of entries of {own}, each of "
        "which receives an equal share of its error signal.",
    ),
    Sentence(
        lambda s: s.kind == "mean",
        "[gives_number: {result}|Each entry of {result}] is a mean of terms. Each term receives "
        "an equal share of its error signal, and {own} receives that share multiplied by the "
        "term's derivative with respect to {own}.",
    ),
    Sentence(
        lambda s: s.kind == "function",
        "[gives_number: {result}|Each entry of {result}] is a function of "
        "[is_number: {own}|a single entry of {own}], so its error signal is multiplied by the "
        "derivative of that function.",
        "function",
        "Again a function of single entries: the error signal is multiplied by the "
        "derivative of that function.",
    ),
    Sentence(
        lambda s: s.is_selected,
        "[is_number: {own}|An entry of {own}] is taken over by the entries of {result} for which "
        "{ids} selects it, so its derivative is the sum of their error signals.",
    ),
    Sentence(
        lambda s: s.adds_parameter and s.is_shared,
        "{own} is added {at}, so its derivative is the sum of the error signals there.",
    ),
    Sentence(
        lambda s: s.adds_parameter,
        "[is_number: {own}|Each entry of {own}] is added once, so its derivative is the error "
        "signal itself.",
    ),
    Sentence(
        lambda s: s.multiplies_parameter and not s.is_shared,
        "[is_number: {own}|Each entry of {own}] is used once, so its derivative is the error "
        "signal times the number that [is_number: it|the entry] is multiplied by.",
        "once",
        "[is_number: {own}|Each entry of {own}] is used once: its derivative is the error "
        "signal times its factor.",
    ),
    Sentence(
        lambda s: s.multiplies_parameter and s.meets_several,
        "The entries of {own} are shared: each is used {at}, where it is multiplied by several "
        "numbers. By the chain rule, its derivative is the sum of all these numbers, each times "
        "the error signal there.",
    ),
    Sentence(
        lambda s: s.multiplies_parameter and s.meets_again,
        "The entries of {own} are shared: each is used {at}. By the chain rule, its derivative is "
        "the sum, over all these uses, of the error signal there times the number that it is "
        "multiplied by.",
    ),
    Sentence(
        lambda s: s.multiplies_parameter and s.is_named_by_letters,
        "[is_number: {own}|The entries of {own} are shared: {entry}] is used {at}, where it is "
        "multiplied by {factor}. All these uses affect the loss: by the chain rule, the "
        "derivative with respect to [is_number: {own}|{entry}] is the sum, over all of them, of "
        "the error signal there times this factor.",
        "shared",
        _SHARED,
    ),
    Sentence(
        lambda s: s.multiplies_parameter,
        "The entries of {own} are shared: each is used {at}, each time multiplied by some "
        "factor. All these uses affect the loss: by the chain rule, the derivative with respect "
        "to an entry is the sum, over all of its uses, of the error signal there times this "
        "factor.",
        "shared",
        _SHARED,
    ),
    Sentence(
        lambda s: s.is_of_parameter and s.is_shared,
        "The entries of {own} are shared: each is used {at}. By the chain rule, its derivative is "
        "the sum, over all these uses, of the error signal there times the derivative of "
        "{result} with respect to {own}.",
    ),
    Sentence(lambda s: s.is_of_parameter, _SLOPE),
    Sentence(
        lambda s: s.spreads,
        "[is_number: {own} contributes|An entry of {own} can contribute] to several entries of "
        "{result}. By the chain rule, the error signal of each of these is multiplied by its "
        "derivative with respect to [is_number: {own}|the entry of {own}], and the products are "
        "summed.",
        "paths",
        "[is_number: {own} contributes|An entry of {own} can contribute] to several "
        "entries of {result}; as before, the products of their error signals and derivatives are "
        "summed.",
    ),
    Sentence(
        lambda s: s.kind == "renaming",
        "{own} and {result} hold the same numbers under different indices, so the error signal "
        "is only reindexed.",
    ),
    Sentence(
        lambda s: s.kind == "sum",
        "{own} enters {result} with the factor 1, so the error signal is passed on unchanged.",
    ),
    Sentence(lambda s: s.kind == "chain rule", _SLOPE),
    Sentence(
        lambda _: True,
        "[is_number: {own}|An entry of {own}] enters {result} multiplied by a factor, so the "
        "error signal of {result} is multiplied by the same factor.",
    ),
)


def reason_of(one: Contribution) -> Reason:
    """Return the sentence that says why a step is as it is."""
    if one.meaning:
        return Reason(lambda _: True, one.meaning)
    return next(sentence for sentence in _REASONS if sentence.holds(one))


def reason(context: Context, why: Reason, one: Contribution, mentioned: Mentioned) -> Text:
    """Say why a step is as it is: in full once, and then by a clause that recalls it."""
    if one.meant:
        return authored(one.meaning, one.meant, context)
    return completed(why.said(mentioned), one, context, _GAPS)


def _share(context: Context, one: Contribution) -> Inline:
    target, access = one.step.source.target, one.step.access
    entry, whole = map(context.printed, (access, target))
    called = share_name(access, target, context.derivation.network.equations)
    equal = () if called is None else ("=", context.printed(called))
    return inline(scripts("e", sup=row(entry, "-", whole)), *equal)


def _contribution(context: Context, one: Contribution) -> Text:
    """Say what the derivative is of a loss that is a sum of products."""
    factors = Mul.make_args(one.step.local)
    if not all(factor.is_Indexed or factor.is_Rational for factor in factors):
        return ()
    slope, entry = _printed_local(context, one), inline(context.printed(one.step.access))
    return (", with the derivative ", slope, " with respect to ", entry)


def _printed_local(context: Context, one: Contribution) -> Inline:
    return inline(context.printed(one.step.local))


def _where(context: Context, one: Contribution) -> Text:
    """Say which formulas share a parameter: those of all entries, or those that entries lead to."""
    step, loops, result = one.step, one.long_loops, context.named(one.result)
    moved = any(i.free_symbols & {*loops} for i in step.source.target.indices if not i.is_Symbol)
    read = [a for a in accesses(step.source.value) if a.base != one.own.base]
    if moved and read:
        tensor = context.derivation.tensors[read[0].base]
        entry = inline(context.printed(read[0]))
        every = "for every entry ", entry, " of ", context.named(tensor)
        inside = (" whose product with it lies inside ", result) if step.equation.guards else ()
        return (*every, *inside)
    if SAMPLE not in loops:
        return (*_positions(one, loops), " of ", result)
    if loops == [SAMPLE]:
        return "for every sample of ", result
    return (*_positions(one, loops), " of every sample of ", result)


def _positions(one: Contribution, loops: Sequence[Symbol]) -> Text:
    """Say that indices take all their values: those of the result, if they are letters there."""
    targets = one.step.source.target.indices
    letters = [index for index in targets if index in loops and index != SAMPLE]
    if not letters:
        return ("at every position",)
    return "at every position ", inline(between([named(letter.name) for letter in letters], ","))


def _indexing(context: Context, one: Contribution) -> Text:
    tensors = context.derivation.tensors
    return listed([context.named(tensors[base]) for base in indexing([one.step.source])])


def _routed(context: Context, one: Contribution) -> Inline:
    assert one.step.routing is not None
    return context.named(one.step.routing.tensor)


_GAPS: Gaps[Contribution] = {
    "own": lambda context, one: context.named(one.own),
    "result": lambda context, one: context.named(one.result),
    "at": _where,
    "ids": _indexing,
    "share": _share,
    "entry": lambda context, one: inline(context.printed(one.step.access)),
    "factor": _printed_local,
    "contribution": _contribution,
    "R": _routed,
    "first": lambda _, one: winning(one),
}
