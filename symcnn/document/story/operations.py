"""What an equation of the forward pass does, in words, read off the equation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import prod

from sympy import Indexed, IndexedBase, Mod, Mul, expand

from symcnn.derivation.determined import determined, determining
from symcnn.document.blocks import Text
from symcnn.document.context import Context
from symcnn.document.facts.patterns import counts, counts_padding, is_average
from symcnn.document.theorems import Letters, is_product, letters, matches
from symcnn.document.theorems.recognised import grouping, recognised
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.operation_sentences import OF_A_NUMBER, SENTENCES
from symcnn.document.words.words import counted, filled, joined, listed
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
    shown = [OF_A_NUMBER.get(key, key) if result.size == 1 else key for key in keys]
    if _lies_still(first, own):
        shown = [f"{key} once" if f"{key} once" in SENTENCES else key for key in shown]
    does, *further = (filled(SENTENCES[key], read=read, ids=ids, **names) for key in shown)
    steps = (*_steps(first, own, keys), *_outside(first, own, keys, mentioned))
    geometry = (filled(SENTENCES[key], **names, n=n) for key, n in steps)
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
    elif all(is_position(read) for e in equations for read in accesses(e.value)):
        yield _without_reads(equations, context.derivation.network.equations)
    elif any(map(_reaches_again, equations)):
        yield _summed(equations, own, context.derivation.network.equations)
    else:
        yield _entrywise(equations)
    if indexing(equations):
        yield "selected"


def _without_reads(equations: Sequence[Equation], every: Sequence[Equation]) -> str:
    """Describe equations that read nothing."""
    first, *others = equations
    if others or not counts(first):
        return "constant"
    return "number of terms and padding" if counts_padding(first, every) else "number of terms"


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
    joined = all(_is_behind(e, first) for e in others) and all(map(_is_whole, equations))
    return "joined" if joined else "copied"


def _is_renaming(equation: Equation) -> bool:
    """Tell whether the same numbers stand in the same order under other indices."""
    old, new = (entry_at(read.indices, read.shape) for read in (equation.value, equation.target))
    return _is_whole(equation) and expand(old - new) == 0


def _is_whole(equation: Equation) -> bool:
    """Tell whether a copy has every entry of what is read."""
    return bool(equation.terms == prod(map(int, equation.value.shape)))


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


def _lies_still(equation: Equation, own: Letters) -> bool:
    """Tell whether windows have one position alone."""
    return all(equation.sizes[index.terms[0][1]] == 1 for index in own.windows)


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
