"""Why each step of the backward pass is as it is, in words: of a step, the first that holds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from sympy import Mul, Symbol

from symcnn.document.blocks import Inline, Text, inline
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution
from symcnn.document.facts.patterns import share_name
from symcnn.document.facts.windows import kernels, single_taps
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import Gaps, Sentence, authored, completed
from symcnn.document.words.words import listed
from symcnn.equations import SAMPLE, accesses, indexing
from symcnn.writing.formula.build import joined as between
from symcnn.writing.formula.build import row, scripts
from symcnn.writing.printing.names import named

ROUTING, SHARED_ROUTING = "routing", "shared routing"
"""What is noted where it was explained how maxima pass error signals on."""

_USED = "[is_number: {own}|An entry {entry} of {own}] is used {at}"
_SHARED = (
    _USED
    + "[is_reused: : it receives the sum of the error signals there, each times {factor}|, so "
    "its derivative is a sum over all these uses: the error signal there, times {factor}], the "
    "number that it met."
)
_SHARED_AGAIN = (
    _USED + ": [is_reused: it receives|its derivative is] the sum of the error signals there, each "
    "times {factor}."
)
_USED_SOMEHOW = "[is_number: {own}|Each entry of {own}] is used {at}"
_IS_MULTIPLIED = (
    _USED_SOMEHOW + "[is_reused: : it receives the sum of the error signals there, each times|, so "
    "its derivative is a sum over all these uses: the error signal there, times] the number that "
    "it met."
)
_TAKES = {
    "first": "goes to [takes_entries: its winner|its largest term]",
    "split": "is shared equally among [takes_entries: its largest entries|its largest terms]",
}
_GOES = (
    "A small change of [takes_entries: an entry|a term] that is not the largest leaves a maximum "
    "as it is, so the error signal of each maximum {goes}, and the others receive 0."
)

Reason = Sentence[Contribution]


def _of_maximum(ties: str) -> Reason:
    """Return the sentence about maxima that treat several largest entries in some way."""
    goes, topic = _TAKES[ties], SHARED_ROUTING if ties == "split" else ROUTING
    return Sentence(
        lambda s: s.kind == "maximum" and s.splits_ties == (ties == "split"),
        _GOES.replace("{goes}", goes),
        topic,
        f"As before, the error signal of each maximum {goes}, and the others receive 0.",
    )


_REASONS: Sequence[Reason] = (
    Sentence(
        lambda s: s.kind == "loss" and s.is_of_parameter and not s.is_reused,
        "The penalty alone contributes to this derivative.",
    ),
    Sentence(lambda s: s.kind == "loss" and s.is_of_parameter, ""),
    Sentence(
        lambda s: s.kind == "loss",
        "The backward pass begins here: $L$ is a function of {own}, and its derivative with "
        "respect to {own} is the first error signal.",
        "loss",
        "$L$ also depends on {own} directly{contribution}.",
    ),
    _of_maximum("first"),
    _of_maximum("split"),
    Sentence(
        lambda s: s.kind == "log-sum-exp" and s.takes_entries,
        "The derivative of the log-sum-exp with respect to one of its arguments is that "
        "argument's share of the sum, the softmax {share}.",
    ),
    Sentence(
        lambda s: s.kind == "mean" and s.takes_entries,
        "[gives_number: {result}|Each entry of {result}] is a mean of entries of {own}, each of "
        "which receives an equal share of its error signal.",
    ),
    Sentence(
        lambda s: s.kind == "function",
        "The function acts [is_number: on {own}|entry by entry], so [is_number: the|each] error "
        "signal is multiplied by its slope there.",
        "function",
        "Again the function acts [is_number: on {own}|entry by entry]: [is_number: the|each] error "
        "signal is multiplied by its slope there.",
    ),
    Sentence(
        lambda s: s.is_selected,
        "[is_number: {own}|An entry of {own}] is taken over by the entries of {result} for which "
        "{ids} selects it, so its derivative is the sum of their error signals.",
    ),
    Sentence(
        lambda s: s.adds_parameter and s.is_shared,
        "{own} is added {at}[is_reused: : it receives|, so its derivative is] the sum of the error "
        "signals there.",
        "added again and again",
        "{own} is added {at}: [is_reused: it receives the sum of the error signals there|the error "
        "signals there add up to its derivative].",
    ),
    Sentence(
        lambda s: s.adds_parameter,
        "[is_number: {own}|Each entry of {own}] is added once[is_reused:  in {result}: it receives "
        "the error signal there|, so its derivative is the error signal itself].",
        "added once",
        "[is_number: {own}|Each entry of {own}] is added once[is_reused:  in {result}: it receives "
        "the error signal there|, too].",
    ),
    Sentence(
        lambda s: s.multiplies_parameter and not s.is_shared,
        "[is_number: {own}|Each entry of {own}] is used once[is_reused:  in {result}: it "
        "receives|, so its derivative is] the error signal there, times the number that it met.",
        "used once",
        "[is_number: {own}|Each entry of {own}] is used once[is_reused:  in {result}: it receives "
        "the error signal there, times the number that it met|, too].",
    ),
    Sentence(
        lambda s: s.multiplies_parameter and s.meets_several,
        "[is_number: {own}|Each entry of {own}] is used {at}, where it is multiplied by several "
        "numbers: [is_reused: it receives|its derivative is] the sum of all these numbers, each "
        "times the error signal there.",
    ),
    Sentence(lambda s: s.multiplies_parameter and s.meets_again, _IS_MULTIPLIED),
    Sentence(
        lambda s: s.multiplies_parameter and s.is_named_by_letters, _SHARED, "shared", _SHARED_AGAIN
    ),
    Sentence(lambda s: s.multiplies_parameter, _IS_MULTIPLIED),
    Sentence(
        lambda s: s.is_of_parameter and s.is_shared,
        _USED_SOMEHOW + ", so its derivative is a sum over all these uses.",
    ),
    Sentence(
        lambda s: s.kind == "renaming" and not s.spreads,
        "{own} and {result} hold the same numbers under different indices, so the error signal "
        "is only reindexed.",
    ),
    Sentence(
        lambda s: s.kind == "sum" and not s.spreads,
        "{own} enters {result} with the factor 1, so the error signal is passed on unchanged.",
    ),
    Sentence(lambda _: True, ""),
)
"""What is said of steps that no author speaks of; of most, the formula says it all."""


def reason_of(one: Contribution) -> Reason:
    """Return the sentence that says why a step is as it is."""
    if one.meaning:
        return Reason(lambda _: True, one.meaning)
    return next(sentence for sentence in _REASONS if sentence.holds(one))


def reason(
    context: Context,
    why: Reason,
    one: Contribution,
    mentioned: Mentioned,
    alike: Sequence[Contribution] = (),
) -> Text:
    """Say why a step is as it is: in full once, and then by a clause that recalls it.

    Args:
        context: The derivation.
        why: What is said if no author says anything.
        one: The step.
        mentioned: What was said so far.
        alike: Further steps of which the author's words hold as well.
    """
    if one.meant:
        said, again = (one.meant.backward(one.own, again=again) for again in (False, True))
        topics: list[Hashable] = [("backward", one.meant.topic(one.own))]
        if one.kind == "maximum":  # of which another section may have spoken
            topics.append(SHARED_ROUTING if one.splits_ties else ROUTING)
        if said != again and len(mentioned.new(topics)) < len(topics):
            said = again
        of = [step.meant for step in (one, *alike) if step.meant]
        return authored(said, of, context, one.own)
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
    step = one.step
    single = single_taps(step.source, kernels(context.derivation))
    return inline(context.printed(step.local.xreplace(single)))


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
        return "in every sample of ", result
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


_GAPS: Gaps[Contribution] = {
    "own": lambda context, one: context.named(one.own),
    "result": lambda context, one: context.named(one.result),
    "at": _where,
    "ids": _indexing,
    "share": _share,
    "entry": lambda context, one: inline(context.printed(one.step.access)),
    "factor": _printed_local,
    "contribution": _contribution,
}
