"""The forward pass down to the loss: every entry, symbol = formula = numbers = value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from symcnn.document import printed_form
from symcnn.document.blocks import Block, Inline, Row, Rows, Text, heading, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import Position
from symcnn.document.rows.general import general_row, over_all, ranged
from symcnn.document.rows.matrices import Piece, Quantity, followed, is_written_out
from symcnn.document.rows.rows import LONG, worked_row
from symcnn.document.story import usual
from symcnn.document.story.convolutions import in_convolutions
from symcnn.document.story.forward_in_short import conventions, matrices, rules
from symcnn.document.story.question import what_is_worked
from symcnn.document.theorems.functions import definitions
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.operations import introduced
from symcnn.document.words.table import authored, filled
from symcnn.document.words.words import listed, loss_name, penalty, reduction
from symcnn.equations import Tensor, Total, long
from symcnn.network.stage import LossStage, Stage
from symcnn.writing.formula.breaking import number_of_lines
from symcnn.writing.printing.mathematics import DOTS
from symcnn.writing.printing.summands import summands

_SMOOTHED = " The target {t} is smoothed: {smoothed} takes its place."


def forward(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Work through the layers in order; in short, give the formula of each tensor."""
    yield "question", [heading(1, "Forward pass")]
    yield "meaning", what_is_worked(context)
    for stage in context.derivation.network.stages:
        if context.worked(stage.output):
            yield from _layer(context, stage, mentioned)
    every = [made for made in context.operations.values() if made.result.role != "position"]
    shown = [made for made in every if context.style.shows(made.result.name)]
    yield "rule", rules(context, shown)
    yield "summary", conventions(context, shown, mentioned)
    yield "matrix", matrices(context, shown)


def _layer(context: Context, stage: Stage, mentioned: Mentioned) -> Iterator[Piece]:
    yield "meaning", [heading(2, stage.output.name)]
    if stage.shares:
        shared = [t for t in stage.parameters.values() if t not in stage.own.values()]
        letters = listed([context.named(tensor) for tensor in shared])
        said = f"It shares the {_shared(stage)}: "
        yield "meaning", [paragraph(said, *letters, ".")]
    for tensor, when in (*_before(context, stage.auxiliaries), (stage.output, "")):
        source = "" if when else stage.layer.cited
        yield from _tensor(context, tensor, mentioned, when, source)


def _shared(stage: Stage) -> str:
    """Say what a layer shares: all parameters, or the weight."""
    owner, axes = stage.layer.weight_from, stage.layer.weight_axes
    if axes is None:
        return f"parameters of {owner}"
    kept = [axis for axis in axes if axis != -1]
    return f"weight of {owner}" if kept == sorted(kept) else f"weight of {owner}, transposed"


def _before(context: Context, auxiliaries: Mapping[str, Tensor]) -> Iterator[tuple[Tensor, str]]:
    """Run over what is told of a layer or the loss before its result: what is first, and then."""
    within = context.softmaxes.within
    shown = (tensor for tensor in auxiliaries.values() if context.worked(tensor))
    for n, tensor in enumerate(tensor for tensor in shown if tensor.name not in within):
        yield tensor, "then" if n else "first"


def _tensor(
    context: Context, tensor: Tensor, mentioned: Mentioned, when: str = "", source: str = ""
) -> Iterator[Piece]:
    """Give a tensor in general, and its entries where they were not all written before."""
    rows = cache(partial(_rows, context, tensor))
    yield "meaning", _general(context, tensor, mentioned, when, source, rows)
    renames = context.operation(tensor).renames
    if context.tells("listing") or not renames:
        yield "worked", worked(context, tensor, rows)
    if not renames:
        whole = Quantity(tensor)
        yield "worked", results(context, followed(context, whole))
    yield "notation", in_convolutions(context, tensor, mentioned, backward=False)


def _general(
    context: Context,
    tensor: Tensor,
    mentioned: Mentioned,
    when: str,
    source: str,
    rows: Entries,
) -> Iterator[Block]:
    """Say what a tensor is, and give its formula, unless it is that of its one worked entry.

    A softmax is given as the quotient that it is, before what is computed for it or in its place.
    """
    for softmax in context.softmaxes.given.get(tensor.name, ()):
        yield from usual.as_quotient(context, softmax)
    if tensor.name in context.softmaxes.alone:
        return
    written, made = rows(), context.operation(tensor)
    said = introduced(context, tensor, mentioned, when, source)
    over, shown = ranged(context, made.general)
    values = [equation.value for equation in made.equations]
    defined = definitions(context, values, mentioned)
    yield paragraph(*joined((said, defined, over_all(over))))
    is_given = [shown.sides[0]] == [worked.sides[0] for worked in written]
    is_alone = not made.general.free and (is_given or _is_spelled_out(context, written))
    if not is_alone or (made.renames and not context.tells("listing")):
        yield Rows((shown,))


def _rows(context: Context, tensor: Tensor) -> list[Row]:
    def made(position: Position) -> Row:
        formula = printed_form.entry(context, tensor, position)
        return worked_row(context, tensor.symbol(position), formula)

    return worked_rows(context, tensor, made)


def loss(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Work out the number that is to become small."""
    stage = context.derivation.network.loss_stage
    is_usual, once = printed_form.is_usual(context), Mentioned()
    forms = [] if is_usual else list(usual.loss(context, stage, mentioned))
    more = () if is_usual or forms else _made_of(context)
    cited = mentioned.cited(context.derivation.network.loss.cited)
    said = joined((_introduction(context, stage), more, cited))
    yield "question", [heading(1, "The loss"), paragraph(*said)]
    yield "meaning", forms
    for tensor, when in _before(context, stage.auxiliaries):
        yield from _tensor(context, tensor, once, when)
    if is_usual:
        yield "meaning", usual.of_quotients(context, stage, mentioned)
        yield "worked", [Rows((usual.worked(context, stage),))]
        return
    own = context.operation(stage.loss)
    if stage.auxiliaries:
        yield "meaning", [paragraph("The loss is then:")]
    rows = cache(partial(_rows, context, stage.loss))
    is_sum = len(own.equations) > 1 or bool(long(own.first.loops))
    if is_sum and not _is_spelled_out(context, rows()):
        yield "meaning", [Rows((general_row(context, own.general),))]
    yield "worked", worked(context, stage.loss, rows)


def _is_spelled_out(context: Context, rows: Sequence[Row]) -> bool:
    """Tell whether the row of a number says all that its formula says: every term is there."""
    if context.tells("listing") or len(rows) != 1:
        return False
    (of,) = rows
    formula = printed_form.formula(context, of.claim.left[0])
    if isinstance(formula, Total):
        return False
    if of.claim.where is not None or len(summands(formula)) > LONG:  # whatever is 0
        return False
    first, *others = of.sides
    has_terms = bool(others) and first.figures is None and DOTS not in first.terms
    return has_terms and number_of_lines(of) <= 3


def _introduction(context: Context, stage: LossStage) -> Text:
    """Say what the loss is, as its author does, or that it is how far off the output is."""
    own = context.operation(stage.loss)
    if own.meant and own.meaning:
        compared = () if stage.given is None else _compared(context, stage.given)
        return (*authored(own.meaning, [own.meant], context), *compared)
    if stage.given is None:
        on = [context.named(tensor) for tensor in stage.givens.values()]
        also: Text = (" and on ", *listed(on)) if on else ()
        alone = "" if on or penalty(context) else " alone"
        return ("There is no target: the loss depends on the output", *also, f"{alone}.")
    name = loss_name(context.derivation.network.loss)
    asked = f"How far is the output from the target? We measure it by the {name}."
    return (asked, *_compared(context, stage.given))


def _compared(context: Context, target: Tensor) -> Text:
    """Say what an output is compared with, if that is not its target as it is given."""
    compared = usual.smoothed(context, target)
    if compared is None:
        return ()
    shown = {"t": context.named(target), "smoothed": Inline(context.printed(compared))}
    return filled(_SMOOTHED, **shown)


def _made_of(context: Context) -> Text:
    """Say whether it is the mean over samples, or the sum, and whether a penalty is added."""
    more, over = penalty(context), reduction(context)
    if over and context.derivation.network.loss.given == "target":
        plus: Text = (", plus ", *more) if more else ()
        return (f"The loss is the {over} of this over all samples", *plus, ".")
    return ("To this is added ", *more, ".") if more else ()


_FEW = 4
"""The most entries that stand below each other, as the rule above them does."""


def worked_rows(context: Context, tensor: Tensor, make: Callable[[Position], Row]) -> list[Row]:
    """Work out entries; a student works out others where the choice tells which are 0."""
    return [
        make(shown) if shown == asked else replace(make(shown), asked=make(asked))
        for shown, asked in context.worked_pairs(tensor)
    ]


Entries = Callable[[], Sequence[Row]]
"""Works entries out, once."""


def worked(context: Context, tensor: Tensor, rows: Entries) -> Iterator[Block]:
    """Give worked rows, of all entries of a tensor or of one as an example."""
    shown = tuple(rows())
    is_alone = context.tells("listing") or not is_written_out(context, tensor)
    if not context.is_worked(tensor) and is_alone:
        yield paragraph(f"There are {tensor.size:,} such entries; here is one of them:")
    yield Rows(shown, alike=len(shown) > _FEW)


def results(context: Context, result: Quantity) -> Iterator[Quantity]:
    """Give all entries as matrices, unless they were all worked out."""
    if not context.is_worked(result.tensor):
        yield result
