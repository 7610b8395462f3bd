"""What an entry is made of: a form is that of some equations only if it is that of all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import prod
from typing import Literal

from sympy import Expr, Indexed, IndexedBase, Mul, expand

from symcnn.derivation.index_conditions import determined, determining
from symcnn.document.facts.letters import Letters
from symcnn.document.facts.patterns import counts, is_average
from symcnn.equations import SAMPLE, Equation, Max, Mean, Sum, accesses, entry_at, is_position
from symcnn.equations.access import Access

Weighted = Literal["convolution", "pointwise", "mixed", "transposed", "weighted", "computed"]
Reduced = Literal["maximum", "maximum of terms", "exponentials", "mean", "mean of terms"]
Summed = Literal["window", "average", "sum", "terms", "number of terms", "constant"]
Entrywise = Literal["function", "computed", "renamed", "copied", "joined", "added"]
Form = Weighted | Reduced | Summed | Entrywise

Equations = Sequence[Equation]
Kernels = Collection[IndexedBase]


def form(equations: Equations, kernels: Kernels, own: Letters, every: Equations) -> Form:
    """Return what an entry of a tensor is made of.

    Args:
        equations: Those of the tensor.
        kernels: The bases of the parameters.
        own: The windows of the equations.
        every: All equations of the network.
    """
    first, *others = equations
    if not isinstance(first.reduction, Sum):
        return _reduced(first, own)
    if is_weighted(equations, kernels):
        return _weighted(first, own)
    if any(map(determining, equations)):
        return _rounded([determined(equation) for equation in equations], kernels)
    if all(is_position(read) for e in equations for read in accesses(e.value)):
        return "number of terms" if not others and counts(first) else "constant"
    if any(map(_reaches_again, equations)):
        return "terms" if others else _summed(first, own, every)
    return _entrywise(equations)


def is_weighted(equations: Equations, kernels: Kernels) -> bool:
    """Tell whether entries are weights times entries, or sums of these, and a bias beside them."""
    first, *biases = equations
    are_biases = all(e.value.is_Indexed and e.value.base in kernels for e in biases)
    return isinstance(first.reduction, Sum) and is_product(first, kernels) and are_biases


def is_product(equation: Equation, kernels: Kernels) -> bool:
    """Tell whether the terms of an equation are a weight times an entry."""
    factors = Mul.make_args(equation.value)
    bases = [factor.base for factor in factors if factor.is_Indexed]
    return len(factors) == len(bases) == 2 and sum(base in kernels for base in bases) == 1


def matches(equation: Equation, own: Letters) -> bool:
    """Tell whether an entry of a window meets one weight: its offset is an index of both."""
    reads = accesses(equation.value)
    indices = {index for read in reads for index in read.indices}
    windows = [window for at, window in own.named_indices.items() if at in indices]
    taps = {window.terms[-1][1] for window in windows if window.padding is not None}
    return all(
        tap in read.free_symbols for tap in taps if equation.sizes[tap] > 1 for read in reads
    )


def renames(equations: Equations) -> bool:
    """Tell whether a tensor has the entries of another one under other indices."""
    return len(equations) == 1 and equations[0].value.is_Indexed and keeps_entries(equations[0])


def keeps_entries(equation: Equation) -> bool:
    """Tell whether an equation takes each entry of a tensor over once, and nothing else."""
    loops = {loop.symbol for loop in equation.loops}
    ways = (Access.of(read, equation.sizes) for read in (equation.value, equation.target))
    return all(way.reshaped is not None and set(way.loops) == loops for way in ways)


def is_long(equation: Equation) -> bool:
    """Tell whether an entry has several terms."""
    return any(loop.size > 1 for loop in equation.reduced)


def guarded(equation: Equation) -> set[Expr]:
    """Return the indices that can leave their tensors, and the other conditions of a term."""
    return {guard.expression for guard in determined(equation).guards}


def reads_outside(equation: Equation) -> bool:
    """Tell whether an index of what is read can leave its tensor."""
    reads = accesses(determined(equation).value)
    return bool(guarded(equation) & {index for read in reads for index in read.indices})


def _reduced(equation: Equation, own: Letters) -> Reduced:
    """Return the form of a mean, a maximum or a log-sum-exp of entries, or of terms."""
    entries = equation.value.is_Indexed
    if isinstance(equation.reduction, Mean):
        return "mean" if entries else "mean of terms"
    if isinstance(equation.reduction, Max):
        return "maximum" if entries and own.slides(equation.value) else "maximum of terms"
    return "exponentials"


def _weighted(equation: Equation, own: Letters) -> Weighted:
    """Return the form of a product with a weight, or of a sum of such products."""
    if own.slides(equation.target):
        return "transposed"
    if not any(map(own.slides, accesses(equation.value))):
        if _covers_one(equation):
            return "pointwise"
        return "weighted" if equation.reduced else "computed"
    if matches(equation, own):
        return "convolution"
    return "mixed" if _mixes(equation) else "weighted"


def _covers_one(equation: Equation) -> bool:
    """Tell whether a kernel has an axis for the positions of its window, and a single one."""
    reads = accesses(equation.value)
    single = [loop.symbol for loop in equation.reduced if loop.size == 1]
    return any(sum(loop in read.indices for read in reads) == 1 for loop in single)


def _mixes(equation: Equation) -> bool:
    """Tell whether the terms of an entry are all products of some entries and some weights."""
    reads = accesses(equation.value)
    summed = [loop.symbol for loop in equation.reduced if loop.size > 1]
    return all(sum(loop in read.free_symbols for read in reads) == 1 for loop in summed)


def _rounded(equations: Equations, kernels: Kernels) -> Form:
    """Return the form of equations with quotients or remainders in their indices."""
    if any(map(is_long, equations)):
        return "weighted" if all(is_product(e, kernels) for e in equations) else "terms"
    return "copied" if all(e.value.is_Indexed for e in equations) else "computed"


def _summed(equation: Equation, own: Letters, every: Equations) -> Summed:
    """Return the form of sums that are none of products with weights."""
    if not _is_share(equation):
        return "terms"
    if any(map(own.slides, accesses(equation.value))):
        return "average" if is_average(equation, every) else "window"
    return "sum" if equation.value.is_Indexed else "terms"


def _is_share(equation: Equation) -> bool:
    """Tell whether all terms of an entry are entries with the same factor."""
    entries = [factor for factor in Mul.make_args(equation.value) if factor.is_Indexed]
    if not entries:
        return False
    reduced = {loop.symbol for loop in equation.reduced}
    beside = accesses(equation.value / entries[0])
    return not any(read.free_symbols & reduced for read in beside)


def _entrywise(equations: Equations) -> Entrywise:
    """Return the form of entries that are computed, or taken over: renamed, joined, or added."""
    first, *others = equations
    if not all(equation.value.is_Indexed for equation in equations):
        alone = not others and len(accesses(first.value)) == 1
        return "function" if alone else "computed"
    if not others:
        return "renamed" if _is_renaming(first) else "copied"
    if all(equation.target == first.target for equation in others):
        return "added"
    are_joined = all(_is_behind(e, first) for e in others) and all(map(_is_whole, equations))
    return "joined" if are_joined else "copied"


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
    return is_long(equation) or not Access.of(equation.target, equation.sizes).is_injective


def matrix_and_column(equation: Equation) -> tuple[Indexed, Indexed] | None:
    """Return w[q, m] and f[m] if an equation is the sum of their products over m.

    The column and the result may be those of a sample.
    """
    reads = sorted(accesses(equation.value), key=lambda read: len({*read.indices} - {SAMPLE}))
    if len(reads) != 2 or equation.value != Mul(*reads) or equation.guards:
        return None
    column, matrix = reads
    *before, row = equation.target.indices
    *own, inner = column.indices
    letters = [row, inner, *before]
    is_product = matrix.indices == (row, inner) and own == before and {*before} <= {SAMPLE}
    is_whole = all(index.is_Symbol for index in letters) and len(set(letters)) == len(letters)
    return (matrix, column) if is_product and is_whole else None
