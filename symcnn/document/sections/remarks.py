"""What is worth a word in a formula of the backward pass: limits, divisibility, order.

Padding and stride are seen in the equations: in guards, and in what solving them left.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from itertools import permutations

from sympy import Expr, IndexedBase, Max, Min, Mod, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn.derivation import Step
from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.words import filled
from symcnn.equations import accesses
from symcnn.printing.names import named

_TURNED = (
    "As {loop} grows, {forwards} is read forwards and {backwards} backwards: this is a sum with "
    "the flipped kernel, a convolution in the strict sense of the word, where the forward pass was "
    "a cross-correlation."
)
_PADDED_WEIGHT = (
    "Where the window hangs over the edge, a weight met padding and was multiplied by 0: such "
    "positions add nothing, and the sums leave them out."
)
_PADDED_ENTRY = (
    "What a window met in the padding is no entry of the tensor before, so nothing is sent there."
)
_LIMITS = (
    "The limits keep every index inside of its tensor: near the border fewer windows hold an "
    "entry, and there are fewer terms."
)
_ROUNDED = (
    "The limits are rounded because the window moves by more than one entry at a time: they run "
    "over the whole positions whose window holds the entry."
)
_FLOORED = (
    "A quotient that is rounded down in an index takes the place of a sum: exactly one of its "
    "terms reaches the entry on the left."
)
_DIVISIBLE = (
    r"The bracket says that the number before $\mid$ divides the one after it. The window moves by "
    "more than one entry at a time: where the division leaves a rest, no window stands so that it "
    "would read the entry, and the term is 0."
)


def remarks(
    context: Context, steps: Sequence[Step], formula: Expr, mentioned: Mentioned
) -> Iterator[Text]:
    """Explain what the general form of a derivative holds, each thing once.

    Args:
        context: The derivation.
        steps: The steps that the formula was made from.
        formula: The general form.
        mentioned: What was said so far.
    """
    for what, text in (*_geometry(context, steps, formula), *_limits(formula)):
        if mentioned.first(what):
            yield text


def _geometry(
    context: Context, steps: Sequence[Step], formula: Expr
) -> Iterator[tuple[Hashable, Text]]:
    """Run over what windows do to a formula: the flipped kernel, padding, stride."""
    kernels = {tensor.base for tensor in context.derivation.network.parameters}
    if turned := _turned(formula, kernels):
        loop, *bases = turned
        letters = [named(loop.name), *(context.printed(base.label) for base in bases)]
        gaps = zip(("loop", "forwards", "backwards"), map(Inline, letters), strict=True)
        yield "turned", filled(_TURNED, **dict(gaps))
    if any(step.equation.guards for step in steps):
        by_weight = steps[0].of.role == "parameter"
        yield ("padding", by_weight), (_PADDED_WEIGHT if by_weight else _PADDED_ENTRY,)
    if formula.has(Mod):
        yield "divisible", filled(_DIVISIBLE)
    if any(index.has(floor) for read in accesses(formula) for index in read.indices):
        yield "floored", (_FLOORED,)


def _limits(formula: Expr) -> Iterator[tuple[Hashable, Text]]:
    """Run over what the limits of sums hold."""
    sums = formula.atoms(SymbolicSum)
    if any(_limited(total, Max, Min) for total in sums):
        yield "limits", (_LIMITS,)
    if any(_limited(total, floor, ceiling) for total in sums):
        yield "rounded", (_ROUNDED,)


def _limited(total: SymbolicSum, *functions: type[Expr]) -> bool:
    return any(limit.has(*functions) for _, *ends in total.limits for limit in ends)


def _turned(
    formula: Expr, kernels: Collection[IndexedBase]
) -> tuple[Symbol, IndexedBase, IndexedBase] | None:
    """Return an index, what it reads forwards and what backwards; one of them is a kernel."""
    for one, other in permutations(accesses(formula), 2):
        if (one.base in kernels) != (other.base in kernels):
            for loop in (index for index in one.indices if index.is_Symbol):
                if any(index.coeff(loop).is_negative for index in other.indices):
                    return loop, one.base, other.base
    return None
