"""A derivative in general: the reasons, the theorem, and the formula with a network's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symcnn.document.blocks import Block, Citation, Inline, Row, Rows, Text, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution, Derivative
from symcnn.document.rows.rows import general_row
from symcnn.document.story.forward import Entries
from symcnn.document.story.remarks import remarks
from symcnn.document.story.shorter import stated
from symcnn.document.theorems.statement import FOR, statement
from symcnn.document.words.maxima import routed_indices
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.reasons import reason, reason_of
from symcnn.document.words.sentences import NO_BREAK, spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import listed, ranges
from symcnn.equations import Loop, Tensor

_UNREACHED = "The loss does not depend on {T}, so its derivative with respect to {T} is 0."


def in_general(
    context: Context,
    tensor: Tensor,
    mentioned: Mentioned,
    rows: Entries = list,
) -> Iterator[Block]:
    """Give the reasons, the theorem and the general form with this network's numbers.

    Args:
        context: The derivation.
        tensor: What the loss is differentiated with respect to.
        mentioned: What was said so far.
        rows: Works out its entries; the general form is left out if it is that of the only one.
    """
    written = rows()
    if not context.derivation.depends_on(tensor):
        yield paragraph(*filled(_UNREACHED, T=context.named(tensor)))
        return
    derivative = context.derivative(tensor)
    yield from _uses(context, derivative)
    yield from _reasons(context, derivative, mentioned)
    general = derivative.general
    left = context.partial(tensor[general.left.indices]) if tensor.role == "parameter" else None
    concrete = general_row(context, general, left)
    is_alone = [concrete.sides[0]] == [row.sides[0] for row in written]
    shown = not (is_alone and context.is_worked(tensor))
    case = concrete if shown else None
    if case is not None and not context.tells("listing") and derivative.is_renaming:
        yield from _only(context, case, general.free)
        return
    if link := list(stated(context, tensor, general, concrete, mentioned)):
        yield from link
        return
    yield from statement(context, derivative, case, general.free, mentioned)
    if shown:
        said = list(remarks(context, derivative, general.right, mentioned))
        yield from [paragraph(*joined(said))] if said else []


def _only(context: Context, case: Row, free: Sequence[Loop]) -> Iterator[Block]:
    """Give a general form without a theorem."""
    if free:
        yield paragraph(FOR, ranges(context, free), ":")
    yield Rows((case,))


_SUBTRACTED = (
    "The mean of {result} is subtracted later, and {own} with it: the loss does not depend on "
    "{own}, so these derivatives are 0."
)


def _uses(context: Context, derivative: Derivative) -> Iterator[Block]:
    """Say that a tensor is used more than once, unless the author of a layer speaks of all uses."""
    every = derivative.contributions
    results = list(dict.fromkeys(one.result for one in every))
    spoken_of = {(one.meaning, one.explained.name) for one in every}
    if len(results) == 1 or (every[0].meant and len(spoken_of) == 1):
        return
    directly = [tensor for tensor in results if tensor.role == "loss"]
    others = [context.named(tensor) for tensor in results if tensor not in directly]
    yield paragraph(
        context.named(derivative.tensor),
        f" reaches the loss in {spelled(len(results))} ways: ",
        "directly, and through " if directly else "through ",
        *listed(others),
        ". What comes back on each of them is added up.",
    )


def _reasons(context: Context, derivative: Derivative, mentioned: Mentioned) -> Iterator[Block]:
    """Say for each step what is done and why; steps of one kind share a sentence."""
    said = dict[tuple[str, Inline | None], list[Contribution]]()
    for one in derivative.contributions:
        is_general = one.meant and one.meant.is_general(one.own)  # and holds of several layers
        of = None if is_general else context.named(one.explained)
        said.setdefault((reason_of(one).says, of), []).append(one)
    for one, *alike in said.values():
        text = reason(context, reason_of(one), one, mentioned, alike)
        further = _further(context, one, mentioned)
        cited = () if one.is_reindexed else _cited(context, one)
        if whole := (*joined((text, further)), *cited):
            yield paragraph(*whole)


def _further(context: Context, one: Contribution, mentioned: Mentioned) -> Text:
    """Say what else is to be known of a step: of the indices of R, and of a bias without effect."""
    if one.step.routing is not None and mentioned.first("indices of a routing"):
        return routed_indices(context, one)
    if one.is_subtracted:
        return filled(_SUBTRACTED, own=context.named(one.own), result=context.named(one.result))
    return ()


def _cited(context: Context, one: Contribution) -> Iterator[Citation]:
    """Say which equation a step differentiates, and for a weight, which gives the error signal."""
    result = one.result
    yield Citation(result.label, f" We differentiate equation{NO_BREAK}{{}}.")
    if one.is_of_parameter and result.name in context.derivation.adjoints:
        label = context.derivation.adjoints[result.name].label
        yield Citation(label, f" The error signal is given by equation{NO_BREAK}{{}}.")
