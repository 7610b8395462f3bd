"""The question at the start of a document: how does one weight change the loss?"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Symbol

from symcnn.document.blocks import Block, Inline, Paragraph, Row, Text, inline, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.scope import Position
from symcnn.document.facts.slopes import TINY
from symcnn.document.facts.thread import Thread
from symcnn.document.rows.matrices import is_followed
from symcnn.document.rows.rows import cell, figure
from symcnn.document.story.aside import is_aside
from symcnn.document.story.short import is_overview
from symcnn.document.story.usual import is_never_negative
from symcnn.document.words.sentences import spelled
from symcnn.document.words.table import filled
from symcnn.document.words.words import called, in_words, noun, ordinal
from symcnn.equations import Tensor
from symcnn.reference.enclosures import to_decimal

_TURNS = "The network below turns {given} into {output}{target}."
_OUGHT = ", which ought to be {target}"
_QUESTION = (
    "Take {weight}, {which}. Should it be larger or smaller, and by how much would the loss "
    "change? We follow this one {number} through the network and back{others}."
)
_IDLE = (
    "Take {weight}, {which}. Does it change the loss at all? We follow this one {number} through "
    "the network and back{others}."
)
_ON_A_PATH = "Take {weight}, {which}: we follow it through the network and back{others}."
_IN_SHORT = "Take {weight}, {which}: we work out its derivative{others}."
_OTHERS = "; all other derivatives are found in the same way"
_WORKED = (
    "Let us follow the numbers from the input to the loss. Of each tensor we work out one entry, "
    "on the path of {weight} wherever that passes."
)


def question(context: Context) -> Iterator[Block]:
    """Ask what a document answers; a student gets no output, and may get another weight."""
    if context.scope.thread is None:
        return
    turned, figures = _turned(context)
    asked = context.scope.asked_thread or context.scope.thread
    question_ = _IDLE if _is_idle(context, context.scope.thread) else _QUESTION
    told, open_ = _told(context, context.scope.thread, question_), _told(context, asked, _QUESTION)
    opening, open_opening = _opening(context, context.scope.thread), _opening(context, asked)
    yield Paragraph(
        joined((opening, turned, told)),
        figures=(*figures, *([_given(context, context.scope.thread)] if told else [])),
        asked=(Paragraph(joined((open_opening, open_))),),
    )


def _opening(context: Context, thread: Thread) -> Text:
    each = "one" if _is_worked_out(context, thread) else "each"
    return (f"How does {each} {_number(context, thread)} change the loss?",)


def _is_worked_out(context: Context, thread: Thread) -> bool:
    """Tell whether a document works out the derivative: an overview gives that of a window."""
    tensor = context.derivation.network.tensors[thread.name]
    return not is_overview(context) or (
        tensor.role == "parameter" and context.derivative(tensor).is_of_window
    )


_MATRICES = (
    "Of computed values or error signals that fill more than two matrices, at most one is printed, "
    "the one with this entry."
)
_AT_MOST_ONE = (
    "Of computed values or error signals that fill several matrices, at most one is printed"
)
_ON_THE_PATH = f"{_AT_MOST_ONE}, on the path of {{weight}} wherever that passes."


def what_is_worked(context: Context) -> Iterator[Block]:
    """Say which entries are worked out: those that the weight meets."""
    thread, asked = context.scope.thread, context.scope.asked_thread
    if thread is not None and asked is not None and not context.tells("listing"):
        said = _WORKED + (f" {_MATRICES}" if _leaves_matrices_out(context) else "")
        told, open_ = (
            filled(said, weight=Inline(context.printed(of)))
            for of in _weights(context, thread, asked)
        )
        yield paragraph(*told, asked=open_)


def which_matrices(context: Context) -> tuple[Text, Text]:
    """Say in short which matrices are printed, if not all of them are, and so to a student."""
    thread, asked = context.scope.thread, context.scope.asked_thread
    if thread is None or asked is None or not _leaves_matrices_out(context):
        return (), ()
    told, open_ = (
        filled(_ON_THE_PATH, weight=Inline(context.printed(weight)))
        if _is_worked_out(context, of)
        else (f"{_AT_MOST_ONE}.",)
        for of, weight in zip((thread, asked), _weights(context, thread, asked), strict=True)
    )
    return told, open_


def _leaves_matrices_out(context: Context) -> bool:
    """Tell whether of values or error signals one matrix is printed, and others are not."""
    tensors = context.derivation.network.tensors.values()
    return any(is_followed(context, t) for t in tensors if _is_computed(context, t))


def _is_computed(context: Context, tensor: Tensor) -> bool:
    """Tell whether values of a tensor are computed, or its error signals."""
    if tensor.role == "input":
        return tensor in context.differentiated and not is_aside(context, tensor)
    return tensor.role in {"hidden", "auxiliary"}


def _weights(context: Context, *threads: Thread) -> Iterator[Symbol]:
    tensors = context.derivation.network.tensors
    return (tensors[thread.name].symbol(thread.position) for thread in threads)


def _is_idle(context: Context, thread: Thread) -> bool:
    """Tell whether a derivative is no larger than what rounding may have left of 0."""
    signal = context.derivation.adjoints[thread.name].symbol(thread.position)
    return not context.bindings.may_change and abs(to_decimal(context.value(signal))) <= TINY


def _told(context: Context, thread: Thread, asks: str) -> Text:
    tensor, (side,) = context.derivation.network.tensors[thread.name], _given(context, thread).sides
    letter = context.printed(tensor.symbol(thread.position))
    learned = sum(tensor.size for tensor in context.derivation.network.parameters)
    if not _is_worked_out(context, thread):
        return ()
    in_short = _IN_SHORT if is_overview(context) else _ON_A_PATH
    return filled(
        in_short if context.tells("rule") else asks,
        number=_number(context, thread),
        weight=inline(letter, side.relation, *side.terms),
        which=_which(context, tensor, thread.position),
        others=_OTHERS if learned > (tensor.role == "parameter") else "",
    )


def _number(context: Context, thread: Thread) -> str:
    is_learned = context.derivation.network.tensors[thread.name].role == "parameter"
    return "weight" if is_learned else "entry of the input"


def _turned(context: Context) -> tuple[Text, tuple[Row, ...]]:
    """Say what goes in and what comes out; of one output, its value and what it ought to be."""
    network = context.derivation.network
    if network.batch is not None:
        return (), ()
    given = in_words(network.input.size, "number")
    if network.output.size > 1:
        return filled(_TURNS, given=given, output=spelled(network.output.size), target=""), ()
    symbol = network.output.symbol((0,) * len(network.output.shape))
    made = figure(context, symbol.name, symbol, context.value(symbol))
    (side,) = made.sides
    value = inline(context.printed(symbol), side.relation, *side.terms)
    output = filled("one, {value}", value=value)
    target, figures = _target(context)
    return filled(_TURNS, given=given, output=output, target=target), (made, *figures)


def _target(context: Context) -> tuple[Text, tuple[Row, ...]]:
    """Say what the output ought to be, of a loss that is 0, its least, where it is the target."""
    network, entries = context.derivation.network, context.derivation.entries
    given = network.loss_stage.given
    if given is None or given.size > 1 or network.loss_stage.auxiliaries:
        return (), ()
    output = network.output.symbol((0,) * len(network.output.shape))
    target = given.symbol((0,) * len(given.shape))
    formula, number = entries.formula(network.loss_tensor.symbol((0,))), context.value(target)
    if formula is None or not is_never_negative(context):
        return (), ()
    least = formula.subs(output, target), formula.subs(target, number).subs(output, number)
    if not any(loss.is_zero for loss in least):
        return (), ()
    made = figure(context, target.name, target, context.value(target))
    return filled(_OUGHT, target=cell(made)), (made,)


def _given(context: Context, thread: Thread) -> Row:
    """Return the row w_23 = 0.2."""
    symbol = context.derivation.symbol(thread.name, thread.position)
    return figure(context, symbol.name, symbol, context.value(symbol))


def _which(context: Context, tensor: Tensor, position: Position) -> str:
    """Say what a weight is: the second weight of the third filter, or a weight of conv1."""
    owner, _, part = tensor.name.rpartition(".")
    if tensor.role != "parameter":
        return f"one of the {tensor.size} numbers of the input" if tensor.size > 1 else "the input"
    of = called(owner)
    if tensor.size == 1:
        return f"the {noun(tensor)} of {of}"
    if part == "weight" and (place := _in_filter(context, owner, tensor, position)):
        return place
    if _is_table(context, tensor):
        return f"an entry of the table of {of}"
    article = "a" if part in ("weight", "bias") else "of the"
    return f"{article} {noun(tensor)} of {of}"


def _is_table(context: Context, tensor: Tensor) -> bool:
    """Tell whether whole numbers select rows of a parameter."""
    stages = context.derivation.network.stages
    own = (stage for stage in stages if tensor in stage.parameters.values())
    return any(context.operation(stage.output).selecting for stage in own)


def _in_filter(context: Context, owner: str, tensor: Tensor, position: Position) -> str:
    """Count the weights of a filter that has one channel and slides along one axis."""
    stages = (s for s in context.derivation.network.stages if s.output.name == owner)
    kernel = next((context.operation(stage.output).kernel for stage in stages), None)
    if kernel is None or len(tensor.shape) != kernel.slid + 2:
        return ""
    *own, filters = tensor.shape
    *place, which = position
    long = [axis for axis, length in enumerate(own) if length > 1]
    if len(long) != 1 or long[0] >= kernel.slid:
        return ""
    filter_ = "filter" if filters == 1 else f"{ordinal(which)} filter"
    return f"the {ordinal(place[long[0]])} weight of the {filter_} of {called(owner)}"
