"""The problem: layers, shapes, parameter counts and the given numbers."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import (
    Block,
    Inline,
    Table,
    Text,
    heading,
    inline,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.rows.matrices import (
    Quantity,
    axes,
    is_written_out,
    most_written,
    written,
    written_out,
)
from symcnn.document.story import layer_table
from symcnn.document.story.kernels import has_a_kernel, kernel_axes
from symcnn.document.story.output_sizes import lays, output_sizes
from symcnn.document.story.reconciliation import kept
from symcnn.document.story.references import origin
from symcnn.document.story.symbols import LETTERS, entry_of
from symcnn.document.theorems import letters, matches
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.settings import settings, windows
from symcnn.document.words.words import counted, joined, product, times
from symcnn.equations import Tensor
from symcnn.network.stage import Stage
from symcnn.writing.formula.build import added, row

_WANTED = " We want the derivative of the loss with respect to every parameter."
_NO_PARAMETERS = " We want the derivative of the loss with respect to the input."
_CONVOLUTION = (
    ' "Convolution" means cross-correlation here, as in most deep-learning frameworks: the kernel '
    "is not flipped, and the indices of weight and entry increase together. Where weights are "
    "learned, the difference does not matter."
)


def problem(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Describe the network, work out every shape, and list the numbers."""
    yield from layers(context, mentioned)
    yield from output_sizes(context)
    yield from given_numbers(context)


def layers(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Describe the network, and list its layers."""
    yield heading(1, "The problem")
    wanted = _WANTED if context.derivation.network.parameters else _NO_PARAMETERS
    is_new = convolves(context) and mentioned.first("cross-correlation")
    convolution = ((_CONVOLUTION if is_new else "") + about_kernels(context),)
    passage, table = _counted(context) if context.is_full else _lettered(context, mentioned)
    yield paragraph(*joined((origin(context, mentioned), (*passage, wanted, *convolution))))
    yield from kept(context)
    yield table


def _lettered(context: Context, mentioned: Mentioned) -> tuple[Text, Table]:
    """Describe the network with the letters of its tensors, which are then not listed again."""

    def entry(tensor: Tensor) -> Inline:
        return Inline(context.printed(entry_of(tensor)))

    mentioned.first(LETTERS)
    return layer_table.passage(context, entry), layer_table.layer_table(context, entry)


def _counted(context: Context) -> tuple[Text, Table]:
    """Describe the network, and count its parameters."""
    network = context.derivation.network
    learned = sum(tensor.size for tensor in network.parameters)
    passage = (
        f"{_batch(network.batch)} of shape ",
        times(network.input_shape),
        f" passes through {counted(len(network.stages), 'layer')} with "
        f"{counted(learned, 'parameter')} in total.",
    )
    header = (("Layer",), ("Settings",), ("Output shape",), ("Parameters",))
    return passage, Table(
        header, tuple(_layer_row(context, stage) for stage in network.stages), "lXll"
    )


def about_kernels(context: Context) -> str:
    """Say what the axes of kernels are, of convolutions if a layer is called one."""
    stages = context.derivation.network.stages
    convolving = [stage for stage in stages if _convolves(stage)]
    return kernel_axes(convolving or [stage for stage in stages if has_a_kernel(stage)])


def convolves(context: Context) -> bool:
    """Tell whether a layer is called a convolution."""
    return any(map(_convolves, context.derivation.network.stages))


def _convolves(stage: Stage) -> bool:
    """Tell whether a window with weights slides over the input, each of which meets one entry."""
    if not (stage.parameters and windows(stage)) or lays(stage):
        return False
    own = letters(stage.equations, {tensor.base for tensor in stage.parameters.values()}, ())
    return all(matches(equation, own) for equation in stage.equations)


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


def given_numbers(context: Context) -> Iterator[Block]:
    """Give every number of the problem, unless there are thousands."""
    given = context.derivation.network.given
    yield heading(2, "The given numbers")
    if context.is_full:
        yield Table(
            (("Tensor",), ("Python name",), ("Shape",), ("Written as",)),
            tuple(_given_row(context, tensor) for tensor in given),
            "lllX",
        )
    shown = written(context, given)
    if len(shown) < len(given) and not context.is_full:
        yield paragraph(f"Tensors of more than {most_written(context):,} entries are not printed.")
    yield from written_out(context, [*map(Quantity, shown)])


def _given_row(context: Context, tensor: Tensor) -> tuple[Text, ...]:
    """Give the letter of a tensor, its name, its shape, and how its matrices are to be read."""
    is_shown = is_written_out(context, tensor)
    return (
        (Inline(context.printed(tensor.base.label)),),
        (tensor.name,),
        (times(tensor.shape),),
        axes(tensor) if is_shown else (f"{tensor.size:,} numbers, not printed",),
    )
