"""The rules of the backward pass in words: what is done, and why.

Each is read off the equation that it is for. A reason is given in full where it is first
needed; after that a clause recalls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Mul

from symcnn import limits
from symcnn.derivation import Step
from symcnn.document.blocks import Block, Inline, Text, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.words import filled, listed
from symcnn.document.theorems import Kind, Letters, kind
from symcnn.equations import SAMPLE, Assignments, Max, Tensor
from symcnn.formula.build import row, scripts

REASONS = {
    "loss": "Here the backward pass begins: $L$ is a formula in {own}, and its derivative with "
    r"respect to {own} is the first $\delta$.",
    "loss again": "$L$ is a formula in {own} as well.",
    "penalty": "The penalty in the loss is a formula in {own} itself.",
    "routing": "A maximum depends on its winning entry alone, so all that arrives at the window "
    "goes to that entry, and the others receive 0: {R} is {first} and 0 for the others.",
    "routing of terms": "Each maximum is its largest term, so that term gets what arrives, and "
    "{own} gets it times the term's derivative with respect to {own}. The other terms changed "
    "nothing and get 0: {R} is {first} and 0 for the others.",
    "routing again": "Each window's derivative goes back to the entry that it took, by {R} as "
    "before.",
    "shared routing": "A maximum depends on its largest entries alone, so all that arrives at the "
    "window is shared out among them equally, and the others receive 0: {R} is {first} and 0 for "
    "the others.",
    "shared routing of terms": "Each maximum is its largest term, so what arrives is shared out "
    "equally among the terms that are the largest, and {own} gets each share times the term's "
    "derivative with respect to {own}. The other terms changed nothing and get 0: {R} is {first} "
    "and 0 for the others.",
    "shared routing again": "Each window's derivative goes back to its largest entries in equal "
    "shares, by {R} as before.",
    "log-sum-exp": "The derivative of the logarithm of a sum of exponentials by one of its "
    "arguments is that argument's share of the sum, the softmax {share}.",
    "mean": "Each entry of {result} takes an equal share of every entry of {own} that it is the "
    "mean of, so each of these gets an equal share of what arrives.",
    "mean of terms": "Each entry of {result} takes an equal share of every term that it is the "
    "mean of, so what arrives is shared out among the terms, times the derivative of each "
    "with respect to {own}.",
    "function": "Each entry of {result} is a function of one entry of {own}. If that entry "
    "changes by a little, the result changes by the slope of the function times as much, so what "
    "arrives is multiplied by the slope.",
    "function again": "Again a function of every entry: what arrives is multiplied by its slope.",
    "renaming": "{own} and {result} hold the same numbers under different indices, so what "
    "arrives is only renamed.",
    "summand": "{own} stands in {result} without a factor, so what arrives passes on unchanged.",
    "paths": "An entry of {own} helps to make several entries of {result}. A change of it reaches "
    "the loss through each of these; on each path what arrives is multiplied by the derivative of "
    "that entry of {result}, and the paths are summed.",
    "paths again": "An entry of {own} helps to make several entries of {result}: the paths "
    "through all of them are summed.",
    "factor": "An entry of {own} stands in the formula of {result} beside a factor, and a change "
    "of it arrives there multiplied by that factor. So what comes back is multiplied by it too.",
    "slope": "What arrives at {result} is multiplied by the derivative of {result} by {own}.",
    "shared": "{own} is shared: the same number stands in the formulas {at} of {result}, each "
    "time beside another entry, and a change of it changes all of these formulas at once. By the "
    "product rule each contributes what arrives there times the entry beside the weight; the "
    "contributions are summed.",
    "shared slope": "{own} is shared: the same number stands in the formulas {at} of {result}, and "
    "a change of it changes all of these formulas at once. Each contributes what arrives there "
    "times its derivative with respect to {own}; the contributions are summed.",
    "shared again": "{own} is shared too, {at} of {result}: the contributions are summed.",
    "shared summand": "{own} is added {at} of {result}, so all that arrives there is summed.",
    "once": "Each entry of {own} stands in one formula, beside one factor. By the product rule "
    "its derivative is what arrives there times that factor.",
    "once again": "Each entry of {own} stands in one formula: what arrives there times the factor "
    "beside it.",
    "once summand": "Each entry of {own} is added once, so what arrives passes on unchanged.",
}
"""Sentences with gaps for letters; those that recall a reason are called like it, and again."""


def uses(context: Context, tensor: Tensor, steps: Sequence[Step]) -> Iterator[Block]:
    """Say that a tensor is used more than once, where it is: its derivatives add up."""
    results = dict.fromkeys(context.named(_result(context, step)) for step in steps)
    if len(results) > 1:
        yield paragraph(
            context.named(tensor),
            f" is used by {len(results)} equations, those of ",
            *listed(list(results)),
            ". A change of it reaches the loss through each of them, so the contributions "
            "are summed.",
        )


def reasons(
    context: Context, steps: Sequence[Step], letters: Letters, mentioned: Mentioned
) -> Iterator[Block]:
    """Say for each step what is done and why; steps of one kind share a sentence."""
    said, several = dict[tuple[str, Inline], Step](), _several(steps)
    for step in steps:
        rule = _rule(step, kind(step, context.derivation, letters), step in several)
        said.setdefault((rule, context.named(_result(context, step))), step)
    for (rule, result), step in said.items():
        known = not mentioned.first(rule) and f"{rule} again" in REASONS
        text = REASONS[f"{rule} again" if known else rule]
        yield paragraph(*filled(text, **_names(context, step, result)))


def _several(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that together lead from an entry to several entries of one result."""
    results = dict.fromkeys(step.source.target.base for step in steps)
    groups = ([s for s in steps if s.source.target.base == base] for base in results)
    return [step for group in groups if len(group) > 1 and _spread(group) for step in group]


def _spread(steps: Sequence[Step]) -> bool:
    """Tell whether an entry of what is read helps to make several entries of the result."""
    if sum(step.source.terms for step in steps) > limits.ENUMERATED_TERMS:
        return False
    pairs = set[tuple[int, int]]()
    for step in steps:
        listed = Assignments(step.source)
        pairs.update(zip(listed.reads[step.access].tolist(), listed.targets.tolist(), strict=True))
    return len({read for read, _ in pairs}) < len(pairs)


def _rule(step: Step, found: Kind, spreads: bool) -> str:
    """Return which reason applies."""
    if found == "loss":
        return "penalty" if step.of.role == "parameter" else "loss"
    if found in ("maximum", "mean", "log-sum-exp"):
        return _of_reduction(step, found)
    if found == "function":
        return found
    if step.of.role == "parameter":
        return _of_parameter(step)
    if spreads or _paths(step):
        return "paths"
    if found in ("renaming", "sum"):
        return "renaming" if found == "renaming" else "summand"
    return "slope" if found == "chain rule" else "factor"


def _of_reduction(step: Step, found: Kind) -> str:
    """Return which reason applies to a maximum, a mean or a log-sum-exp, of entries or terms."""
    entries = step.source.value == step.access
    if found == "log-sum-exp":
        return found if entries else "slope"
    if found == "mean":
        return "mean" if entries else "mean of terms"
    assert isinstance(step.source.reduction, Max)
    routing = "routing" if step.source.reduction.ties == "first" else "shared routing"
    return routing if entries else f"{routing} of terms"


def _of_parameter(step: Step) -> str:
    """Return which reason applies to a parameter: where it stands, and beside what."""
    stands = "shared" if _paths(step) else "once"
    if step.local == 1:
        return f"{stands} summand"
    if all(factor.is_Indexed for factor in Mul.make_args(step.local)):
        return stands
    return "shared slope" if stands == "shared" else "slope"


def _names(context: Context, step: Step, result: Inline) -> dict[str, str | Inline]:
    """Return what the gaps of a reason are filled with."""
    own = context.named(step.of)
    routed: dict[str, str | Inline] = {}
    if step.routing is not None:
        routed = {"R": context.named(step.routing.tensor), "first": _winners(step)}
    return {
        "own": own,
        "result": result,
        "at": _where(step),
        "share": inline(scripts("e", sup=row(own.formula, "-", result.formula))),
        **routed,
    }


def winners(context: Context, steps: Sequence[Step]) -> Iterator[Text]:
    """Say what the R of each maximum is."""
    for step in steps:
        if step.routing is not None:
            yield context.named(step.routing.tensor), f" is {_winners(step)} and 0 for the others."


def _winners(step: Step) -> str:
    assert isinstance(step.source.reduction, Max)
    entries = step.source.value == step.access
    what, whats = ("entry of a window", "entries of a window") if entries else ("term", "terms")
    if step.source.reduction.ties == "first":
        return f"1 for the first largest {what}"
    return f"1 over their number for the largest {whats}"


def _where(step: Step) -> str:
    """Say which formulas share a parameter."""
    loops = [loop.symbol for loop in step.equation.reduced if loop.size > 1]
    if SAMPLE not in loops:
        return "at every position"
    return "for every sample" if loops == [SAMPLE] else "at every position and for every sample"


def _result(context: Context, step: Step) -> Tensor:
    return context.derivation.tensors[step.source.target.base]


def _paths(step: Step) -> bool:
    """Tell whether an entry is read by several loop assignments."""
    return any(loop.size > 1 for loop in step.equation.reduced) or any(
        not position.is_Symbol and not position.is_Integer and len(position.free_symbols) > 1
        for position in step.equation.target.indices
    )
