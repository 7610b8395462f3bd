"""The rules of the backward pass in words: what is done, and why.

Each is read off the equation that it is for. A reason is given in full where it is first
needed; after that a clause recalls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sympy import Expr, Mul, Symbol

from symcnn import limits
from symcnn.derivation import Step
from symcnn.document.blocks import Block, Citation, Inline, Text, inline, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.patterns import is_subtracted, meets_once, share_name
from symcnn.document.story.winners import routed_indices, winning
from symcnn.document.theorems import Kind, Letters, kind
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.reasons import REASONS
from symcnn.document.words.sentences import NO_BREAK, spelled
from symcnn.document.words.words import filled, joined, listed
from symcnn.equations import SAMPLE, Assignments, Equation, Max, Tensor, accesses, indexing, meeting
from symcnn.equations.assignments import Selected
from symcnn.equations.functions import Iverson
from symcnn.writing.formula.build import joined as between
from symcnn.writing.formula.build import row, scripts
from symcnn.writing.printing.names import named

_ENTRIES = 60
"""The entries of a large tensor from which it is read off how often each is used."""

_SUBTRACTED = (
    "The mean of {result} is subtracted later, and {own} with it: the loss does not depend on "
    "{own}, so these derivatives are 0."
)


def uses(context: Context, tensor: Tensor, steps: Sequence[Step]) -> Iterator[Block]:
    """Say that a tensor is used more than once, where it is: its derivatives add up."""
    results = dict.fromkeys(context.named(_result(context, step)) for step in steps)
    if len(results) > 1:
        yield paragraph(
            context.named(tensor),
            f" occurs in {spelled(len(results))} equations, those of ",
            *listed(list(results)),
            ". A change in it reaches the loss through each of them, so their contributions "
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
        text = _reason(rule, step, known=not mentioned.first(rule.removesuffix(" factor")))
        further = _further(context, step, mentioned)
        cited = () if rule == "renaming" else _cited(context, step)
        reason = filled(text, context.letters, **_names(context, step, result))
        yield paragraph(*joined((reason, further)), *cited)


def _reason(rule: str, step: Step, *, known: bool) -> str:
    """Return a reason in full, or a clause that recalls it; of a single number in other words."""
    again = f"{rule.removesuffix(' factor')} again"
    key = again if known and again in REASONS else rule
    return REASONS.get(f"{key} of a number", REASONS[key]) if step.of.size == 1 else REASONS[key]


def _further(context: Context, step: Step, mentioned: Mentioned) -> Text:
    """Say what else is to be known of a step: of the indices of R, and of a bias without effect."""
    if step.routing is not None and mentioned.first("indices of a routing"):
        return routed_indices(context, step)
    every = context.derivation.network.equations
    is_added = step.of.role == "parameter" and step.source.value == step.access
    if is_added and is_subtracted(step.access, step.source.target, every):
        named = {"own": context.named(step.of), "result": context.named(_result(context, step))}
        return filled(_SUBTRACTED, **named)
    return ()


def _cited(context: Context, step: Step) -> Iterator[Citation]:
    """Say which equation a step differentiates, and for a weight, which gives the error signal."""
    result = _result(context, step)
    yield Citation(result.label, f" We differentiate equation{NO_BREAK}{{}}.")
    if step.of.role == "parameter" and result.name in context.derivation.adjoints:
        label = context.derivation.adjoints[result.name].label
        yield Citation(label, f" The error signal is given by equation{NO_BREAK}{{}}.")


def _several(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that, with others or alone, lead from an entry to several of a result."""
    results = dict.fromkeys(step.source.target.base for step in steps)
    groups = ([s for s in steps if s.source.target.base == base] for base in results)
    return [step for group in groups if _spread(group) for step in group]


def _spread(steps: Sequence[Step]) -> bool:
    """Tell whether an entry of what is read helps to make several entries of the result."""
    pairs = set[tuple[int, int]]()
    for step in steps:
        listed = _listed(step)
        pairs.update(zip(listed.reads[step.access].tolist(), listed.targets.tolist(), strict=True))
    return len({read for read, _ in pairs}) < len(pairs)


def _listed(step: Step) -> Assignments:
    """Return how entries are read, of a large equation only some entries of what is read."""
    if step.source.terms <= limits.LISTED_TERMS:
        return Assignments(step.source)
    entries = np.unique(np.linspace(0, step.of.size - 1, _ENTRIES).round().astype(int))
    return Selected(step.source, meeting(step.source, step.access, entries))


def _rule(step: Step, found: Kind, spreads: bool) -> str:
    """Return which reason applies."""
    if found == "loss":
        return "penalty" if step.of.role == "parameter" else "loss"
    if found in ("maximum", "mean", "log-sum-exp"):
        return _of_reduction(step, found)
    if found == "function":
        return found
    if isinstance(step.local, Iverson) and indexing([step.source]):
        return "selected"
    if step.of.role == "parameter":
        return _of_parameter(step)
    if spreads:
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
    return routing_rule(step.source) if entries else f"{routing_rule(step.source)} of terms"


def routing_rule(source: Equation) -> str:
    """Return which reason applies to a maximum of entries."""
    assert isinstance(source.reduction, Max)
    return "routing" if source.reduction.ties == "first" else "shared routing"


def _of_parameter(step: Step) -> str:
    """Return which reason applies to a parameter: where it stands, and beside what."""
    stands = "shared" if _paths(step) else "once"
    if step.local == 1:
        return f"{stands} summand"
    if all(factor.is_Indexed for factor in Mul.make_args(step.local)):
        return _of_product(step) if stands == "shared" else stands
    return "shared slope" if stands == "shared" else "slope"


def _of_product(step: Step) -> str:
    """Return which reason applies to a shared factor: by what it is multiplied."""
    inside = {loop.symbol for loop in step.equation.reduced if loop.size > 1}
    if inside - step.source.target.free_symbols:
        return "shared products"
    if not meets_once(step.source):
        return "shared product"
    return "shared factor" if all(index.is_Symbol for index in _long(step)) else "shared"


def _long(step: Step) -> list[Expr]:
    """Return the indices that an entry is named by."""
    lengths = zip(step.access.indices, step.of.shape, strict=True)
    return [index for index, length in lengths if length > 1]


def _names(context: Context, step: Step, result: Inline) -> dict[str, str | Inline | Text]:
    """Return what the gaps of a reason are filled with."""
    own = context.named(step.of)
    routed: dict[str, str | Inline] = {}
    if step.routing is not None:
        routed = {"R": context.named(step.routing.tensor), "first": winning(step)}
    return {
        "own": own,
        "result": result,
        "at": _where(context, step),
        "ids": _indexing(context, step.source),
        "share": _share(context, step),
        "entry": inline(context.printed(step.access)),
        "factor": inline(context.printed(step.local)),
        "contribution": _contribution(context, step),
        **_entries(own, "own", step.of),
        **_entries(result, "result", _result(context, step)),
        "it": "it" if step.of.size == 1 else "the entry",
        **routed,
    }


def _indexing(context: Context, equation: Equation) -> Text:
    """Name the tensors whose entries are indices."""
    tensors = context.derivation.tensors
    return listed([context.named(tensors[base]) for base in indexing([equation])])


def _entries(name: Inline, key: str, tensor: Tensor) -> dict[str, Text]:
    """Return what entries of a tensor are called; a single number is called by its letter."""
    is_number, gaps = tensor.size == 1, ("Each", "An", "the", "a single")
    return {
        f"{gap.lower().split()[-1]}_{key}": (name,) if is_number else (f"{gap} entry of ", name)
        for gap in gaps
    }


def _share(context: Context, step: Step) -> Text:
    """Return e^(z_i - l), and its name if it has one."""
    entry, whole = map(context.printed, (step.access, step.source.target))
    named = share_name(step.access, step.source.target, context.derivation.network.equations)
    equal = () if named is None else ("=", context.printed(named))
    return (inline(scripts("e", sup=row(entry, "-", whole)), *equal),)


def _contribution(context: Context, step: Step) -> Text:
    """Say what the derivative is of a loss that is a sum of products."""
    factors = Mul.make_args(step.local)
    if not all(factor.is_Indexed or factor.is_Rational for factor in factors):
        return ()
    slope, entry = inline(context.printed(step.local)), inline(context.printed(step.access))
    return (", with the derivative ", slope, " with respect to ", entry)


def _where(context: Context, step: Step) -> Text:
    """Say which formulas share a parameter: those of all entries, or those that entries lead to."""
    loops = [loop.symbol for loop in step.equation.reduced if loop.size > 1]
    result = context.named(_result(context, step))
    moved = any(i.free_symbols & {*loops} for i in step.source.target.indices if not i.is_Symbol)
    read = [a for a in accesses(step.source.value) if a.base != step.of.base]
    if moved and read:
        tensor = context.derivation.tensors[read[0].base]
        entry = inline(context.printed(read[0]))
        every = "for every entry ", entry, " of ", context.named(tensor)
        inside = (" whose product with it lies inside ", result) if step.equation.guards else ()
        return (*every, *inside)
    if SAMPLE not in loops:
        return (*_positions(step, loops), " of ", result)
    if loops == [SAMPLE]:
        return "for every sample of ", result
    return (*_positions(step, loops), " of every sample of ", result)


def _positions(step: Step, loops: Sequence[Symbol]) -> Text:
    """Say that indices take all their values: those of the result, if they are letters there."""
    letters = [index for index in step.source.target.indices if index in loops and index != SAMPLE]
    if not letters:
        return ("at every position",)
    return "at every position ", inline(between([named(letter.name) for letter in letters], ","))


def _result(context: Context, step: Step) -> Tensor:
    return context.derivation.tensors[step.source.target.base]


def _paths(step: Step) -> bool:
    """Tell whether an entry is read by several loop assignments."""
    return any(loop.size > 1 for loop in step.equation.reduced) or any(
        not position.is_Symbol and not position.is_Integer and len(position.free_symbols) > 1
        for position in step.equation.target.indices
    )
