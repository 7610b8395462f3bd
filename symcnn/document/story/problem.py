"""The problem: layers, shapes, parameter counts and the given numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from symcnn.document.blocks import Block, Inline, Table, Text, heading, inline, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.facts.operation import Operation
from symcnn.document.rows.matrices import (
    Piece,
    Quantity,
    axes,
    is_written_out,
    most_written,
    written,
)
from symcnn.document.story.check import kept
from symcnn.document.story.pictures import about, pictures
from symcnn.document.story.question import question
from symcnn.document.story.references import origin
from symcnn.document.story.symbols import (
    LETTERS,
    description,
    entry_of,
    first_dotted,
    layer_table,
    logarithms,
)
from symcnn.document.theorems.functions import definitions
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.settings import settings
from symcnn.document.words.table import filled
from symcnn.document.words.words import (
    counted,
    enumerated,
    in_words,
    learned_number,
    product,
    times,
    with_parameters,
)
from symcnn.equations import Tensor
from symcnn.network.stage import Stage
from symcnn.writing.formula.build import added, row

_WANTED = " We want the derivative of the loss with respect to every {number}."
_NO_PARAMETERS = " We want the derivative of the loss with respect to the input."
_CONVOLUTION = (
    ' "Convolution" means cross-correlation here, as in most deep-learning frameworks: the kernel '
    "is not flipped."
)


_IN_SHORT = ' "Convolution" means cross-correlation: the kernel is not flipped.'
_DOTS = " Of the dots in {name}, the first stands for the rows and the second for the columns."


def problem(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Describe the network, draw it, work out every shape, and list the numbers."""
    yield "question", [heading(1, "The problem"), *question(context)]
    yield "summary", _summary(context)
    yield "meaning", layers(context, mentioned)
    yield "worked", output_sizes(context)
    yield "worked", given_numbers(context)
    yield "picture", pictures(context)
    given = (t for t in context.derivation.network.given if context.style.shows(t.name))
    yield "matrix", (Quantity(tensor, task=False) for tensor in given)


def _summary(context: Context) -> Iterator[Block]:
    """Describe the network with the letters of its tensors, and list its layers."""
    equations = context.derivation.network.equations
    every = [equation.value for equation in equations]
    defined = definitions(context, every, Mentioned(), slopes=True), logarithms(equations)
    convolution = ((_IN_SHORT if convolves(context) else "") + about_kernels(context),)
    name = first_dotted(context)
    dots = () if name is None else filled(_DOTS, name=Inline(name))
    described = description(context, context.named, names_loss=True)
    passage = (*described, *convolution, *dots)
    yield paragraph(*joined((passage, *defined, about(context), origin(context, Mentioned()))))
    yield from kept(context)
    yield layer_table(context, context.named)


def layers(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Describe the network, and list its layers."""
    network = context.derivation.network
    number = learned_number(network)
    wanted = _WANTED.format(number=number) if network.parameters else _NO_PARAMETERS
    is_new = convolves(context) and mentioned.first("cross-correlation")
    convolution = ((_CONVOLUTION if is_new else "") + about_kernels(context),)
    lists = context.tells("listing")
    passage, table = _counted(context) if lists else _lettered(context, mentioned)
    yield paragraph(*joined((origin(context, mentioned), (*passage, wanted, *convolution))))
    yield from kept(context)
    yield table


def _lettered(context: Context, mentioned: Mentioned) -> tuple[Text, Table]:
    """Describe the network with the letters of its tensors, which are then not listed again."""

    def entry(tensor: Tensor) -> Inline:
        return Inline(context.printed(entry_of(tensor)))

    mentioned.first(LETTERS)
    return description(context, entry), layer_table(context, entry)


def _counted(context: Context) -> tuple[Text, Table]:
    """Describe the network, and count its parameters."""
    network = context.derivation.network
    learned = sum(tensor.size for tensor in network.parameters)
    passage = (
        f"{_batch(network.batch)} of shape ",
        times(network.input_shape),
        f" passes through {in_words(len(network.stages), 'layer')} "
        f"{with_parameters(learned)}{' in all' if learned else ''}.",
    )
    header = (("Layer",), ("Settings",), ("Output shape",), ("Parameters",))
    return passage, Table(
        header, tuple(_layer_row(context, stage) for stage in network.stages), "lXll"
    )


def about_kernels(context: Context) -> str:
    """Say what the axes of kernels are, w[u, v, c, k], of convolutions if a layer is called one.

    Nothing is said if a convolution has others, or others' order.
    """
    every = [context.operation(stage.output).kernel for stage in context.derivation.network.stages]
    known = [kernel for kernel in every if kernel and kernel.slid in SIDES]
    found = [operation.kernel for operation in _convolutions(context)] or known
    kernels = [kernel for kernel in found if kernel in known]
    if not found or len(kernels) < len(found):
        return ""
    sides = {SIDES[kernel.slid] for kernel in kernels if kernel}
    window = "the axes of its window" if len(sides) > 1 else f"its {enumerated(*sides)}"
    group = " of a group" if any(kernel.in_groups for kernel in kernels if kernel) else ""
    return f" The axes of a kernel are {window}, the input channels{group} and the filters."


def convolves(context: Context) -> bool:
    """Tell whether a layer is called a convolution."""
    return bool(_convolutions(context))


def _convolutions(context: Context) -> list[Operation]:
    learning = (s for s in context.derivation.network.stages if s.parameters and s.windows)
    every = (context.operation(stage.output) for stage in learning)
    return [operation for operation in every if operation.meets_weights]


def _batch(samples: int | None) -> str:
    return "The input" if samples is None else f"A batch of {counted(samples, 'sample')}"


def _layer_row(context: Context, stage: Stage) -> tuple[Text, ...]:
    """Give a layer's name, its settings, its shape and its parameters."""
    return (
        (stage.output.name,),
        (settings(stage, context.numerals),),
        (times(stage.output.of_one_sample().shape),),
        _parameter_count(stage),
    )


def _parameter_count(stage: Stage) -> Text:
    tensors = list(stage.parameters.values())
    if not tensors:
        return (inline("0"),)
    products = added([product(tensor.shape) for tensor in tensors])
    total = row(str(sum(tensor.size for tensor in tensors)))
    return (Inline(products) if products == total else inline(products, "=", total),)


def given_numbers(context: Context) -> Iterator[Block | Quantity]:
    """Give every number of the problem, unless there are thousands."""
    given = context.derivation.network.given
    yield heading(2, "The given numbers")
    shown = written(context, given)
    if context.tells("listing"):
        yield Table(
            (("Tensor",), ("Python name",), ("Shape",), ("Written as",)),
            tuple(_given_row(context, tensor) for tensor in given),
            "lllX",
        )
    elif len(shown) < len(given):
        yield paragraph(f"Tensors of more than {most_written(context):,} entries are not printed.")
    yield from (Quantity(tensor, task=False) for tensor in shown)


def _given_row(context: Context, tensor: Tensor) -> tuple[Text, ...]:
    """Give the letter of a tensor, its name, its shape, and how its matrices are to be read."""
    is_shown = is_written_out(context, tensor)
    return (
        (Inline(context.printed(tensor.base.label)),),
        (tensor.name,),
        (times(tensor.shape),),
        axes(tensor) if is_shown else (f"{tensor.size:,} numbers, not printed",),
    )


SIDES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""What axes are called, by how many a window slides over."""

_POSITIONS = (
    "Along an axis, the number of positions of a window is the padded length minus the span "
    "of the window, divided by the stride and rounded down, plus 1."
)
_CEILING = (
    "In ceil mode, the quotient is rounded up, unless the last window would begin behind the input."
)
_SPAN = "The span of a dilated window is its number of entries minus 1, times the dilation, plus 1."
_LAID = (
    "Along an axis, the output of a transposed convolution is as long as the input minus 1, times "
    "the stride, plus the span of the kernel, minus what is cropped."
)
_FURTHER = "Output padding adds entries behind these."
_SAME = 'With the padding "same" the output is as long as the number of positions times the stride.'


def output_sizes(context: Context) -> Iterator[Block]:
    """Work out how long the output of every window is along each axis."""
    windows = [stage for stage in context.derivation.network.stages if stage.windows]
    stages = (
        windows
        if context.tells("listing")
        else [*filter(partial(_is_worth_a_row, context), windows)]
    )
    if not stages:
        return
    laying = [stage for stage in stages if context.operation(stage.output).lays]
    laid = [window for stage in laying for window in stage.windows]
    sentences = {
        _POSITIONS: len(laying) < len(stages),
        _CEILING: any(w.added for stage in stages for w in stage.windows),
        _SPAN: any(w.dilation > 1 < w.kernel for stage in stages for w in stage.windows),
        _LAID: any(window.size == _covered(window) for window in laid),
        _FURTHER: any(window.after < 0 for window in laid),
        _SAME: any(window.size != _covered(window) for window in laid),
    }
    yield heading(2, "Output sizes")
    yield paragraph(*joined((text,) for text, is_said in sentences.items() if is_said))
    yield Table(
        (("Layer",), ("Axis",), ("Output length",)),
        tuple(row for stage in stages for row in _size_rows(stage, lays=stage in laying)),
        "lll",
    )


def _is_worth_a_row(context: Context, stage: Stage) -> bool:
    """Tell whether positions are found otherwise than by counting on with a window of stride 1."""
    return context.operation(stage.output).lays or any(
        (window.stride, window.dilation) != (1, 1) or window.before or window.after or window.added
        for window in stage.windows
    )


def _size_rows(stage: Stage, *, lays: bool) -> Iterator[tuple[Text, ...]]:
    """Work a length out for each axis, once where several axes have the same."""
    found = stage.windows
    sides = SIDES.get(len(found), [f"axis {n + 1}" for n in range(len(found))])
    worked = dict[Inline, list[str]]()
    for side, window in zip(sides, found, strict=True):
        worked.setdefault((_laid if lays else _slid)(window), []).append(side)
    for length, alike in worked.items():
        yield (stage.output.name,), (", ".join(alike),), (length,)


def _slid(window: Any) -> Inline:
    """Return (length + padding - span) / stride + 1 = positions."""
    padding = window.before + window.after - window.added
    padded = row(str(window.size), *(("+", str(padding)) if padding else ()))
    steps = row("(", padded, "-", str(window.extent), ")", "/", str(window.stride))
    if window.added:
        steps = row(r"\lceil", steps, r"\rceil")
    elif (window.padded - window.extent) % window.stride:
        steps = row(r"\lfloor", steps, r"\rfloor")
    return inline(steps, "+", "1", "=", str(window.positions))


def _laid(window: Any) -> Inline:
    """Return (positions - 1) stride + span - padding = length, or positions times stride."""
    stride, padding = str(window.stride), window.before + window.after
    if window.size != _covered(window):
        return inline(str(window.positions), r"\cdot", stride, "=", str(window.size))
    first = row("(", str(window.positions), "-", "1", ")", r"\cdot", stride)
    cropped = ("-" if padding > 0 else "+", str(abs(padding))) if padding else ()
    return inline(first, "+", str(window.extent), *cropped, "=", str(window.size))


def _covered(window: Any) -> int:
    """Return how much of the output kernels cover that are laid down at all positions."""
    covered = (window.positions - 1) * window.stride + window.extent
    return int(covered - window.before - window.after)
