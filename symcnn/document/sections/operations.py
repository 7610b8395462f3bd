"""What an equation of the forward pass does, in words, read off the equation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sympy import Expr

from symcnn.document.blocks import Inline, Text
from symcnn.document.context import Context
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.words import counted, filled, joined
from symcnn.document.theorems import Letters, letters
from symcnn.equations import Equation, LogSumExp, Max, Mean, Tensor, accesses

_SENTENCES = {
    "convolution": "A window slides over {x}. At each position its entries are multiplied by the "
    "weights of a filter, one by one, and the products are added.",
    "convolution again": "Again a window of weights slides over {x}.",
    "correlation": "The indices of weight and entry grow together. Strictly this is a "
    "cross-correlation: a convolution would read the kernel backwards. Since the weights are "
    "learned, it makes no difference which way round they are kept, and every framework calls "
    "this a convolution.",
    "transposed": "Each entry of {x} lays the kernel down on {y}, multiplied by the entry; where "
    "kernels overlap they are added.",
    "weighted": "Each entry of {y} is a weighted sum of the entries of {x}.",
    "bias": "A bias is added to the sum.",
    "maximum": "A window slides over {x}, and its largest entry is passed on.",
    "window": "A window slides over {x}, and its entries are added, each with the same factor.",
    "exponentials": "The logarithm of a sum of exponentials is taken.",
    "mean": "The mean of entries of {x} is taken.",
    "mean of terms": "The mean of such terms is taken.",
    "sum": "Each entry is a sum over entries of {x}.",
    "function": "The same function is applied to every entry.",
    "renamed": "The entries get new names, counted row by row; no number changes.",
    "joined": "The entries stand one after the other.",
    "added": "The entries of the same place are added.",
    "stride": "The window moves by {n} from one position to the next: this is the stride.",
    "dilation": "The window takes entries that are {n} apart: this is the dilation.",
    "padding": "Near the border the window reaches beyond {x}. What it meets there is padding, "
    "which counts as 0: these terms are left out.",
    "padding of a maximum": "Near the border the window reaches beyond {x}. What it meets there "
    "is padding, which takes no part.",
    "padding again": "Beyond the border there is padding again.",
    "cropped": "What would fall outside of {y} is left out.",
}


def operation(context: Context, equations: Sequence[Equation], mentioned: Mentioned) -> Text:
    """Say what the equations of one tensor do; what was explained before is not repeated."""
    tensors, first = context.derivation.tensors, equations[0]
    read = [tensors[access.base] for access in accesses(first.value)]
    result = tensors[first.target.base]
    data = next((tensor for tensor in read if tensor.role != "parameter"), result)
    names = {"x": context.named(data), "y": context.named(result)}
    own = letters(equations, {tensor.base for tensor in read if tensor.role == "parameter"}, ())
    keys = [*_sums(equations, read, own, mentioned)] or [_entrywise(equations)]
    sentences = [filled(_SENTENCES[key], **names) for key in keys]
    return joined([*sentences, *_steps(first, own), *_padding(first, own, names, mentioned)])


def _sums(
    equations: Sequence[Equation], read: Sequence[Tensor], own: Letters, mentioned: Mentioned
) -> Iterator[str]:
    """Describe what reduces several entries to one."""
    first, windows = equations[0], {index.symbol for index in own.windows}
    if isinstance(first.reduction, Max | LogSumExp | Mean):
        yield _reduced(first)
    elif any(tensor.role == "parameter" for tensor in read) and len(read) > 1:
        yield from _weighted(equations, windows, own, mentioned)
    elif windows:
        yield "window"
    elif any(map(_long, equations)):
        yield "sum"


def _reduced(equation: Equation) -> str:
    if isinstance(equation.reduction, Mean):
        return "mean" if equation.value.is_Indexed else "mean of terms"
    return "maximum" if isinstance(equation.reduction, Max) else "exponentials"


def _weighted(
    equations: Sequence[Equation], windows: Collection[Expr], own: Letters, mentioned: Mentioned
) -> Iterator[str]:
    """Describe a sum of products with weights."""
    first, convolved = equations[0], False
    if any(own.named(index) in windows for index in first.target.indices):
        yield "transposed"
    elif windows:
        convolved = mentioned.first("convolution")
        yield "convolution" if convolved else "convolution again"
    elif first.reduced:
        yield "weighted"
    else:
        return
    if len(equations) > 1:
        yield "bias"
    if convolved and _long(first):
        yield "correlation"


def _entrywise(equations: Sequence[Equation]) -> str:
    """Describe entries that are computed, or taken over: renamed, joined, or added."""
    if not all(equation.value.is_Indexed for equation in equations):
        return "function"
    if len(equations) == 1:
        return "renamed"
    return "joined" if len({equation.target for equation in equations}) > 1 else "added"


def _long(equation: Equation) -> bool:
    return any(loop.size > 1 for loop in equation.reduced)


def _steps(equation: Equation, own: Letters) -> Iterator[Text]:
    """Name stride and dilation, where they are not 1 along an axis that is longer than 1."""
    for key, term in (("stride", 0), ("dilation", 1)):
        pairs = [index.terms[term] for index in own.windows]
        numbers = [own.numbers[f] for (f,), loop in pairs if equation.sizes[loop] > 1]
        if any(number != 1 for number in numbers):
            said = [counted(number, "entry", "entries") for number in dict.fromkeys(numbers)]
            yield filled(_SENTENCES[key], n=" and ".join(said))


def _padding(
    equation: Equation, own: Letters, names: Mapping[str, Inline], mentioned: Mentioned
) -> Iterator[Text]:
    """Say what happens where a window reaches beyond its tensor."""
    if not (equation.guards and own.windows):
        return
    if any(guard.expression in equation.target.indices for guard in equation.guards):
        key = "cropped"
    else:
        key = "padding of a maximum" if isinstance(equation.reduction, Max) else "padding"
        key = key if mentioned.first(key) else "padding again"
    yield filled(_SENTENCES[key], **names)
