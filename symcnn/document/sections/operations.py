"""What an equation of the forward pass does, in words, read off the equation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import prod

from sympy import Indexed, IndexedBase, Mod, Mul, expand

from symcnn.derivation.determined import determined, determining
from symcnn.document.blocks import Text
from symcnn.document.context import Context
from symcnn.document.patterns import counts, is_average
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.recognised import grouping, recognised
from symcnn.document.sections.words import counted, filled, joined, listed
from symcnn.document.theorems import Letters, is_product, letters, matches
from symcnn.equations import (
    Equation,
    Max,
    Mean,
    Sum,
    accesses,
    entry_at,
    indexing,
    is_position,
)
from symcnn.equations.access import Access

Kernels = Collection[IndexedBase]

_SENTENCES = {
    "convolution": "The kernel slides over {x}: at each position the entries that it covers "
    "are multiplied by the weights of a filter, one by one, and the products are summed.",
    "convolution again": "Again a kernel slides over {x}.",
    "pointwise": "The kernel covers a single position of {x} at a time: the entries there are "
    "multiplied by the weights of a filter, one by one, and the products are summed.",
    "mixed": "A window slides over {x}: at each position every entry in it is multiplied by "
    "every weight of a filter, and the products are summed.",
    "correlation": "The indices of weight and entry increase together, so that strictly "
    "speaking this is a cross-correlation: a convolution would flip the kernel. Since the "
    "weights are learned, the difference does not matter, and most frameworks call this a "
    "convolution.",
    "transposed": "Each entry of {x} adds a copy of the kernel, multiplied by the entry, to "
    "{y}; where copies overlap they are summed.",
    "weighted": "Each entry of {y} is a weighted sum of entries of {x}.",
    "weighted number": "{y} is a weighted sum of entries of {x}.",
    "bias": "A bias is added to the sum.",
    "maximum": "A window slides over {x}, and the largest entry in it is kept.",
    "maximum of terms": "Each entry of {y} is the largest of several terms, which are "
    "computed from entries of {read}.",
    "window": "A window slides over {x}, and the entries in it are summed, each with the same "
    "factor.",
    "average": "A window slides over {x}, and the mean of the entries in it is taken.",
    "number of terms": "Each entry of {y} is the number of entries in a window, without padding.",
    "exponentials": "Each entry of {y} is the logarithm of a sum of exponentials.",
    "exponentials number": "{y} is the logarithm of a sum of exponentials.",
    "mean": "Each entry of {y} is the mean of entries of {x}.",
    "mean number": "{y} is the mean of entries of {x}.",
    "mean of terms": "Each entry of {y} is the mean of terms, which are computed from entries "
    "of {read}.",
    "sum": "Each entry is a sum over entries of {x}.",
    "terms": "Each entry of {y} is a sum of terms, which are computed from entries of {read}.",
    "function": "The same function is applied to every entry.",
    "function of a number": "A function is applied to {x}.",
    "computed": "Each entry of {y} is computed from entries of {read}.",
    "renamed": "The entries are reindexed, row by row; no number changes.",
    "copied": "Each entry of {y} is an entry of {read}; no number changes.",
    "constant": "The entries of {y} are constants that depend on their position alone.",
    "joined": "The entries of {read} are concatenated.",
    "added": "Entries at the same position are added.",
    "stride": "From one position to the next the window moves by {n}: this is the stride.",
    "stride of a kernel": "From one entry of {x} to the next the kernel moves by {n}: this is "
    "the stride.",
    "dilation": "The entries that the window takes are {n} apart: this is the dilation.",
    "stride of its length": "From one position to the next the window moves by {n}: this is the "
    "stride. It equals the length of the window, so that windows do not overlap.",
    "padding": "Near the border the window extends beyond {x}. There it meets zero padding, "
    "entries that count as 0, so that these terms are omitted.",
    "padding of a mean": "Near the border the window extends beyond {x}. There it meets padding, "
    "which takes no part in the mean.",
    "padding of a maximum": "Near the border the window extends beyond {x}. There it meets "
    "padding, which takes no part in the maximum.",
    "padding again": "Beyond the border there is padding, as before.",
    "remainder": "Here $a \\bmod n$ is the remainder, from 0 to $n - 1$, that $a$ leaves when "
    "it is divided by $n$.",
    "selected": "The bracket selects terms: it is 1 where the entry of {ids}, which counts from 0, "
    "is the number with which it is compared, and 0 elsewhere.",
    "outside": "Terms that would read outside of {x} are omitted.",
    "cropped": "Whatever would fall outside of {y} is cropped.",
}

_OF_A_NUMBER = {
    "weighted": "weighted number",
    "mean": "mean number",
    "exponentials": "exponentials number",
    "function": "function of a number",
}
"""What is said instead where the result is one number."""

_WITH_WEIGHTS = {"convolution", "convolution again", "pointwise", "mixed"}
_SLIDING = {*_WITH_WEIGHTS, "maximum", "window", "average"}
"""The sentences that say that a window slides."""


def operation(context: Context, equations: Sequence[Equation], mentioned: Mentioned) -> Text:
    """Say what the equations of one tensor do; what was explained before is not repeated."""
    tensors, first = context.derivation.tensors, equations[0]
    if said := recognised(context, equations, mentioned):
        return said
    reads = (read for e in equations for read in accesses(e.value) if not is_position(read))
    every = dict.fromkeys(tensors[read.base] for read in reads)
    result = tensors[first.target.base]
    kernels = {tensor.base for tensor in every if tensor.role == "parameter"}
    own = letters(equations, kernels, ())
    data = tensors[(_data(first, kernels, own) or first.target).base]
    names = {"x": context.named(data), "y": context.named(result)}
    keys = list(_keys(context, equations, kernels, own, mentioned))
    read = listed([context.named(tensor) for tensor in every])
    ids = listed([context.named(tensors[base]) for base in indexing(equations)])
    shown = [_OF_A_NUMBER.get(key, key) if result.size == 1 else key for key in keys]
    does, *further = (filled(_SENTENCES[key], read=read, ids=ids, **names) for key in shown)
    steps = (*_steps(first, own, keys), *_outside(first, own, keys, mentioned))
    geometry = (filled(_SENTENCES[key], **names, n=n) for key, n in steps)
    return joined([does, grouping(context, first), *further, *geometry])


def _data(equation: Equation, kernels: Kernels, own: Letters) -> Indexed | None:
    """Return what an equation reads through a window, or else what is no parameter."""
    reads = [read for read in accesses(equation.value) if read.base not in kernels]
    through = (read for read in reads if own.slides(read))
    return next(through, next(iter(reads), None))


def _keys(
    context: Context,
    equations: Sequence[Equation],
    kernels: Kernels,
    own: Letters,
    mentioned: Mentioned,
) -> Iterator[str]:
    """Describe what an entry is made of; a sentence is chosen only if it is true of all."""
    first, *others = equations
    biased = bool(others) and all(_is_bias(equation, kernels) for equation in others)
    if not isinstance(first.reduction, Sum):
        yield _reduced(first, own)
    elif is_product(first, kernels) and biased == bool(others):
        yield (key := _weighted(first, own, mentioned))
        yield from ["bias"] if biased else []
        if key == "convolution" and _long(first) and mentioned.first("cross-correlation"):
            yield "correlation"
    elif any(map(determining, equations)):
        yield from _rounded([determined(equation) for equation in equations], kernels)
    elif not any(accesses(equation.value) for equation in equations):
        yield "number of terms" if not others and counts(first) else "constant"
    elif any(map(_reaches_again, equations)):
        yield _summed(equations, own, context.derivation.network.equations)
    else:
        yield _entrywise(equations)
    if indexing(equations):
        yield "selected"


def _rounded(equations: Sequence[Equation], kernels: Kernels) -> Iterator[str]:
    """Describe equations with quotients or remainders in their indices."""
    if any(map(_long, equations)):
        yield "weighted" if all(is_product(e, kernels) for e in equations) else "terms"
    else:
        yield "copied" if all(e.value.is_Indexed for e in equations) else "computed"
    if any(read.has(Mod) for e in equations for read in accesses(e.value)):
        yield "remainder"


def _reduced(equation: Equation, own: Letters) -> str:
    """Describe a mean, a maximum or a log-sum-exp of entries, or of terms."""
    entries = equation.value.is_Indexed
    if isinstance(equation.reduction, Mean):
        return "mean" if entries else "mean of terms"
    if isinstance(equation.reduction, Max):
        return "maximum" if entries and own.slides(equation.value) else "maximum of terms"
    return "exponentials"


def _is_bias(equation: Equation, kernels: Kernels) -> bool:
    return equation.value.is_Indexed and equation.value.base in kernels


def _weighted(equation: Equation, own: Letters, mentioned: Mentioned) -> str:
    """Describe a product with a weight, or a sum of such products."""
    if own.slides(equation.target):
        return "transposed"
    if any(map(own.slides, accesses(equation.value))):
        if all(equation.sizes[index.terms[1][1]] == 1 for index in own.windows):
            return "pointwise"
        if not matches(equation, own):
            return "mixed" if _mixes(equation) else "weighted"
        return "convolution" if mentioned.first("convolution") else "convolution again"
    return "weighted" if equation.reduced else "computed"


def _mixes(equation: Equation) -> bool:
    """Tell whether the terms of an entry are all products of some entries and some weights."""
    reads = accesses(equation.value)
    summed = [loop.symbol for loop in equation.reduced if loop.size > 1]
    return all(sum(loop in read.free_symbols for read in reads) == 1 for loop in summed)


def _summed(equations: Sequence[Equation], own: Letters, every: Sequence[Equation]) -> str:
    """Describe sums that are none of products with weights."""
    first, *others = equations
    if others or not _is_share(first):
        return "terms"
    if any(map(own.slides, accesses(first.value))):
        return "average" if is_average(first, every) else "window"
    return "sum" if first.value.is_Indexed else "terms"


def _is_share(equation: Equation) -> bool:
    """Tell whether all terms of an entry are entries with the same factor."""
    entries = [factor for factor in Mul.make_args(equation.value) if factor.is_Indexed]
    if not entries:
        return False
    reduced = {loop.symbol for loop in equation.reduced}
    beside = accesses(equation.value / entries[0])
    return not any(read.free_symbols & reduced for read in beside)


def _entrywise(equations: Sequence[Equation]) -> str:
    """Describe entries that are computed, or taken over: renamed, joined, or added."""
    first, *others = equations
    if not all(equation.value.is_Indexed for equation in equations):
        alone = not others and len(accesses(first.value)) == 1
        return "function" if alone else "computed"
    if not others:
        return "renamed" if _is_renaming(first) else "copied"
    if all(equation.target == first.target for equation in others):
        return "added"
    return "joined" if all(_is_behind(equation, first) for equation in others) else "copied"


def _is_renaming(equation: Equation) -> bool:
    """Tell whether the same numbers stand in the same order under other indices."""
    old, new = (entry_at(read.indices, read.shape) for read in (equation.value, equation.target))
    return equation.terms == prod(map(int, equation.value.shape)) and expand(old - new) == 0


def _is_behind(equation: Equation, first: Equation) -> bool:
    """Tell whether an equation fills the entries further on along an axis."""
    pairs = zip(equation.target.indices, first.target.indices, strict=True)
    return all((own - other).is_Integer for own, other in pairs)


def _reaches_again(equation: Equation) -> bool:
    """Tell whether an entry can have several terms."""
    target = Access.of(equation.target, equation.sizes)
    return _long(equation) or not target.is_injective


def _long(equation: Equation) -> bool:
    return any(loop.size > 1 for loop in equation.reduced)


def _steps(equation: Equation, own: Letters, keys: Collection[str]) -> Iterator[tuple[str, str]]:
    """Name stride and dilation, where they are not 1 along an axis that is longer than 1."""
    stride = "stride of a kernel" if "transposed" in keys else "stride"
    if stride == "stride" and not _SLIDING & set(keys):
        return
    for key, term in ((stride, 0), ("dilation", 1)):
        pairs = [index.terms[term] for index in own.windows]
        numbers = [own.numbers[f] for (f,), loop in pairs if equation.sizes[loop] > 1]
        if any(number != 1 for number in numbers):
            said = [counted(number, "entry", "entries") for number in dict.fromkeys(numbers)]
            of_length = key == "stride" and _moves_by_its_length(equation, own)
            yield "stride of its length" if of_length else key, " and ".join(said)


def _moves_by_its_length(equation: Equation, own: Letters) -> bool:
    """Tell whether a window is as long as its stride along every axis, and has no holes."""
    return all(
        own.numbers[stride] == equation.sizes[tap] and own.numbers[dilation] == 1
        for ((stride,), _), ((dilation,), tap) in (index.terms for index in own.windows)
    )


def _outside(
    equation: Equation, own: Letters, keys: Collection[str], mentioned: Mentioned
) -> Iterator[tuple[str, str]]:
    """Say what happens where an index leaves its tensor."""
    quotients = determining(equation)
    guarded = {guard.expression for guard in equation.guards if guard not in quotients}
    if guarded & set(equation.target.indices):
        yield "cropped", ""
    if not guarded & {index for read in accesses(equation.value) for index in read.indices}:
        return
    if not _SLIDING & set(keys) or not any(map(own.is_window, guarded)):
        yield "outside", ""
        return
    key = "padding of a maximum" if isinstance(equation.reduction, Max) else "padding"
    key = "padding of a mean" if "average" in keys and len(accesses(equation.value)) > 1 else key
    yield (key if mentioned.first(key) else "padding again"), ""
