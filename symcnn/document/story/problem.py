"""The problem: layers, shapes, parameter counts and the given numbers."""

from __future__ import annotations

from collections.abc import Iterator

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
from symcnn.document.story.output_sizes import SIDES, output_sizes
from symcnn.document.story.pictures import about, pictures
from symcnn.document.story.question import question
from symcnn.document.story.references import origin
from symcnn.document.story.short import is_overview
from symcnn.document.story.symbols import (
    LETTERS,
    description,
    entry_of,
    first_dotted,
    layer_table,
    logarithms,
)
from symcnn.document.theorems.functions import functions_of
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
    functions = functions_of(context, every, Mentioned(), slopes=True)
    defined = functions, logarithms(equations)
    is_whole, name = not is_overview(context), first_dotted(context)
    kernels = about_kernels(context) if is_whole else ""
    convolution = ((_IN_SHORT if convolves(context) else "") + kernels,)
    dots = filled(_DOTS, name=Inline(name)) if name is not None and is_whole else ()
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
    """Tell whether a layer is called a convolution whose kernel could be flipped."""
    stages = {stage.output: stage for stage in context.derivation.network.stages}
    slid = (w for made in _convolutions(context) for w in stages[made.result].windows)
    return any(window.kernel > 1 for window in slid)


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
        settings(stage, context.numerals, context.manner),
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
