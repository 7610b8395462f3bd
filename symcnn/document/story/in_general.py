"""A derivative in general: the reasons, the theorem, and the formula with a network's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from symcnn.document.blocks import Block, Inline, Rows, Text, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.derivative import Contribution, Derivative
from symcnn.document.facts.places import placed
from symcnn.document.rows.general import general_row, over_all, ranged
from symcnn.document.story.compact import stated_softmax, without_sums_at_once
from symcnn.document.story.forward import Entries
from symcnn.document.story.remarks import remarks
from symcnn.document.story.shorter import stated
from symcnn.document.theorems.leads import lead
from symcnn.document.theorems.statement import statement
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.reasons import reason, reason_of
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import authored, filled
from symcnn.document.words.words import listed
from symcnn.equations import Tensor

_UNREACHED = "The loss does not depend on {T}, so its derivative with respect to {T} is 0."
_UNMOVED = (
    "The loss does not change with {T}, or does so in jumps alone: the derivative with respect to "
    "{T} is 0."
)
_UNMET = (
    "In {results}, no weight meets an entry of {T}. So the loss does not depend on {T}, and its "
    "derivative with respect to {T} is 0."
)
_IDLE = (
    "{own} is also used in {idle}, on which the loss does not depend: nothing comes back from "
    "there."
)
_NOTHING = "The derivative with respect to {T} is 0."


def in_general(
    context: Context, tensor: Tensor, mentioned: Mentioned, rows: Entries = list
) -> Iterator[Block]:
    """Give the reasons, the theorem and the general form with this network's numbers.

    Args:
        context: The derivation.
        tensor: What the loss is differentiated with respect to.
        mentioned: What was said so far.
        rows: Works out its entries; the general form is left out if it is that of the only one.
    """
    written = rows()
    derivative = context.derivative(tensor)
    places = placed(derivative)
    if not context.derivation.depends_on(tensor):
        told = list(_places(context, derivative, places))
        stages = context.derivation.network.stages
        readers = [context.operation(s.output) for s in stages if tensor in s.inputs]
        is_unmet = bool(readers) and all(made.meets_nothing for made in readers)
        unreached = _UNMET if is_unmet else _UNREACHED
        zero = _NOTHING if told else _UNMOVED if places else unreached
        gaps: dict[str, Inline | Text] = {"T": context.named(tensor)}
        if is_unmet:
            gaps["results"] = listed([context.named(made.result) for made in readers])
        yield paragraph(*joined((*told, filled(zero, **gaps))))
        return
    yield from _uses(context, derivative)
    yield from _reasons(context, derivative, mentioned)
    yield from _idle(context, derivative)
    if told := list(_places(context, derivative, places)):
        yield paragraph(*joined(told))
    general = derivative.general
    left = context.partial(tensor[general.left.indices]) if tensor.role == "parameter" else None
    concrete = general_row(context, general, left)
    is_alone = [concrete.sides[0]] == [row.sides[0] for row in written]
    shown = not (is_alone and context.is_worked(tensor))
    over, case = ranged(context, general, concrete)
    if shown and not context.tells("listing") and derivative.is_renaming:
        yield from lead(over_all(over))
        yield Rows((case,))
        return
    if blocks := [
        *stated(context, tensor, general, concrete, mentioned),
        *stated_softmax(context, tensor, mentioned),
        *without_sums_at_once(context, tensor),
    ]:
        yield from blocks
        return
    yield from statement(context, derivative, case if shown else None, over, mentioned)
    if shown:
        said = list(remarks(context, derivative, general.right, mentioned))
        yield from [paragraph(*joined(said))] if said else []


def _places(context: Context, derivative: Derivative, results: Sequence[Tensor]) -> Iterator[Text]:
    """Say of what reads a tensor without a derivative what its author says of that."""
    reached = [result.name for result in results if context.derivation.depends_on(result)]
    for meant in filter(None, map(derivative.meant.get, reached)):
        if says := meant.backward(derivative.tensor):
            yield authored(says, [meant], context, derivative.tensor)


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
    by = ", by the penalty," if derivative.tensor.role == "parameter" else ","
    yield paragraph(
        context.named(derivative.tensor),
        f" reaches the loss in {spelled(len(results))} ways: ",
        f"directly{by} and through " if directly else "through ",
        *(_nested(context, results) or listed(others)),
        ". What comes back is added up.",
    )


def _nested(context: Context, results: Sequence[Tensor]) -> Text:
    """Name two results of which one is computed from the other, too: nothing if none is."""
    for one, other in permutations(results, 2) if len(results) == 2 else ():
        if other in context.operation(one).reads and one.role != "loss":
            return context.named(one), " directly, and through ", context.named(other)
    return ()


def _idle(context: Context, derivative: Derivative) -> Iterator[Block]:
    """Say of what a parameter is used in besides that the loss does not depend on it."""
    own = derivative.tensor
    if own.role != "parameter":
        return
    used = [o.result for o in context.operations.values() if own in o.reads]
    idle = [t for t in used if t.role != "loss" and not context.derivation.depends_on(t)]
    if idle:
        names = listed([context.named(t) for t in idle])
        yield paragraph(*filled(_IDLE, own=context.named(own), idle=names))


def _reasons(context: Context, derivative: Derivative, mentioned: Mentioned) -> Iterator[Block]:
    """Say for each step what is done and why; steps of one kind share a sentence."""
    said = dict[tuple[str, Inline | None], list[Contribution]]()
    for one in derivative.contributions:
        is_general = one.meant and one.meant.is_general(one.own)  # and holds of several layers
        of = None if is_general else context.named(one.explained)
        said.setdefault((reason_of(one).says, of), []).append(one)
    for one, *alike in said.values():
        text = reason(context, reason_of(one), one, mentioned, alike)
        if whole := joined((text, _subtracted(context, one))):
            yield paragraph(*whole)


def _subtracted(context: Context, one: Contribution) -> Text:
    """Say that a bias has no effect, if the mean is subtracted later."""
    if not one.is_subtracted:
        return ()
    return filled(_SUBTRACTED, own=context.named(one.own), result=context.named(one.result))
