"""Formulas that have a name, read off the equations: a mean, a variance, a softmax, groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import permutations
from math import prod
from typing import NamedTuple

from sympy import Add, Dummy, Expr, Indexed, IndexedBase, Mul, Pow, Rational, Symbol, exp

from symcnn.equations import Equation, LogSumExp, Mean, Reduction, Sum, accesses, affine
from symcnn.equations.access import Access

Equations = Sequence[Equation]


def definition(entry: Indexed, every: Equations) -> Equation | None:
    """Return the equation of an entry's tensor, if it has but one."""
    own = [equation for equation in every if equation.target.base == entry.base]
    return own[0] if len(own) == 1 else None


def reduces(
    result: Expr, entry: Expr, reduction: type[Reduction], every: Equations
) -> Equation | None:
    """Return the equation that reduces, among others, an entry to a result; None if none does.

    The entries that it reduces are whole axes: those of the result's own indices are fixed.
    """
    if not (result.is_Indexed and entry.is_Indexed):
        return None
    made = definition(result, every)
    if made is None or not isinstance(made.reduction, reduction) or not made.value.is_Indexed:
        return None
    if made.value.base != entry.base or not _is_whole(made):
        return None
    at = dict(zip(made.target.indices, result.indices, strict=True))
    reduced = {loop.symbol for loop in made.reduced}
    pairs = zip(made.value.indices, entry.indices, strict=True)
    kept = all(at.get(own, own) == index for own, index in pairs if own not in reduced)
    return made if kept else None


def _is_whole(equation: Equation) -> bool:
    """Tell whether an equation reads whole axes, by indices that are letters."""
    sizes, read = equation.sizes, equation.value
    indices = [*read.indices, *equation.target.indices]
    letters = [index for index in read.indices if index.is_Symbol]
    axes = zip(read.indices, read.shape, strict=True)
    return (
        all(index.is_Symbol or index.is_Integer for index in indices)
        and len(set(letters)) == len(letters)
        and all(sizes[index] == size for index, size in axes if index.is_Symbol)
    )


def deviation(value: Expr, every: Equations) -> tuple[Indexed, Indexed] | None:
    """Return x and m for x - m, if m is the mean of what x is one of."""
    return _without(value, Mean, every)


def variance(equation: Equation, every: Equations) -> tuple[Indexed, Indexed] | None:
    """Return x and m if an equation is the mean of (x - m)^2 over what m is the mean of."""
    value = equation.value
    if not (isinstance(equation.reduction, Mean) and isinstance(value, Pow) and value.exp == 2):
        return None
    found = deviation(value.base, every)
    if found is None:
        return None
    mean = reduces(found[1], found[0], Mean, every)
    return found if mean is not None and mean.terms == equation.terms else None


def normalised(value: Expr, every: Equations) -> tuple[Indexed, Indexed, Indexed] | None:
    """Return x, m and V for (x - m) / sqrt(V + a number), if V is the variance of x."""
    for factor in Mul.make_args(value):
        if isinstance(factor, Pow) and factor.exp == Rational(-1, 2):
            found, reads = deviation(value / factor, every), accesses(factor)
            made = definition(reads[0], every) if len(reads) == 1 else None
            spread = variance(made, every) if made else None
            if not (found and spread and (factor.base - reads[0]).is_number):
                continue
            if spread[0].base == found[0].base and reads[0].indices == found[1].indices:
                return *found, reads[0]
    return None


def is_subtracted(shift: Indexed, target: Indexed, every: Equations) -> bool:
    """Tell whether all that reads a tensor subtracts its mean, and with it a number added to it.

    Args:
        shift: What is added.
        target: The entry that it is added to.
        every: All equations.
    """
    readers = [e for e in every if target.base in {read.base for read in accesses(e.value)}]
    means = [e for e in readers if isinstance(e.reduction, Mean) and _is_mean(e, shift, target)]
    moved = {target.base, *(mean.target.base for mean in means)}
    others = [e for e in every if moved & {r.base for r in accesses(e.value)} and e not in means]
    return bool(means) and all(_is_unmoved(e.value, target.base, moved, every) for e in others)


def _is_mean(mean: Equation, shift: Indexed, target: Indexed) -> bool:
    """Tell whether a mean is one of entries to which the same number is added."""
    if not mean.value.is_Indexed or not _is_whole(mean):
        return False
    reduced = {loop.symbol for loop in mean.reduced}
    pairs = zip(target.indices, mean.value.indices, strict=True)
    return not any(own in shift.indices and index in reduced for own, index in pairs)


def _is_unmoved(
    value: Expr, base: IndexedBase, moved: Collection[IndexedBase], every: Equations
) -> bool:
    """Tell whether a value has entries of a tensor and means of it as differences alone."""
    reads = [read for read in accesses(value) if read.base in moved]
    entries = [read for read in reads if read.base == base]
    means = [read for read in reads if read.base != base]
    alike = all(reduces(mean, entry, Mean, every) for mean in means for entry in entries)
    added = Dummy()
    return bool(alike and value.xreplace({read: read + added for read in reads}) == value)


def scaled(value: Expr, kernels: Collection[IndexedBase]) -> tuple[Indexed, ...] | None:
    """Return x, a and b for a x + b with the parameters a and b."""
    terms = Add.make_args(value)
    shifts = [term for term in terms if term.is_Indexed and term.base in kernels]
    if len(terms) != 2 or len(shifts) != 1:
        return None
    factors = Mul.make_args(value - shifts[0])
    entries = [f for f in factors if f.is_Indexed and f.base not in kernels]
    scales = [f for f in factors if f.is_Indexed and f.base in kernels]
    if len(factors) != 2 or not (entries and scales):
        return None
    return entries[0], scales[0], shifts[0]


def softmax(value: Expr, every: Equations) -> tuple[Indexed, Indexed] | None:
    """Return x and l for e^(x - l), if l is the logarithm of the sum of all e^x."""
    return log_softmax(value.args[0], every) if isinstance(value, exp) else None


def share_name(entry: Indexed, normaliser: Indexed, every: Equations) -> Expr | None:
    """Return the entry that is defined as the share e^(x - l) of an entry, if one is."""
    for equation in every:
        found = softmax(equation.value, every)
        if found and (found[0].base, found[1].base) == (entry.base, normaliser.base):
            at = dict(zip(found[0].indices, entry.indices, strict=True))
            return equation.target.xreplace(at)
    return None


def log_softmax(value: Expr, every: Equations) -> tuple[Indexed, Indexed] | None:
    """Return x and l for x - l, if l is the logarithm of the sum of all e^x."""
    return _without(value, LogSumExp, every)


def _without(
    value: Expr, reduction: type[Reduction], every: Equations
) -> tuple[Indexed, Indexed] | None:
    """Return a and b for a - b, if b is what entries such as a are reduced to."""
    terms = Add.make_args(value)
    entries = [term for term in terms if term.is_Indexed]
    subtracted = [-term for term in terms if (-term).is_Indexed]
    if len(terms) != 2 or not len(entries) == len(subtracted) == 1:
        return None
    found = entries[0], subtracted[0]
    return found if reduces(found[1], found[0], reduction, every) else None


def is_average(equation: Equation, every: Equations) -> bool:
    """Tell whether a sum is one of entries divided by how many there are.

    Zeros of padding count as entries where the divisor counts them.
    """
    divisor = _divisor(equation)
    if divisor is None:
        return False
    if divisor.is_Rational:
        return bool(divisor == prod(loop.size for loop in equation.reduced))
    counted = definition(divisor, every) if divisor.is_Indexed else None
    if counted is None or not counts(counted) or counted.reduced != equation.reduced:
        return False
    shifts = (g.expression - h.expression for g in counted.guards for h in equation.guards)
    return sum(bool(shift.is_number) for shift in shifts) == len(counted.guards)


def counts_padding(equation: Equation, every: Equations) -> bool:
    """Tell whether entries are counted by which a sum is divided that omits some of them."""
    base, lengths = equation.target.base, {guard.size for guard in equation.guards}
    sums = (e for e in every if any(read.base == base for read in accesses(e.value)))
    return any({guard.size for guard in e.guards} != lengths for e in sums)


def counts(equation: Equation) -> bool:
    """Tell whether an equation counts how many terms there are."""
    return isinstance(equation.reduction, Sum) and equation.value == 1 and bool(equation.guards)


def _divisor(equation: Equation) -> Expr | None:
    """Return n for a sum of x / n."""
    for factor in Mul.make_args(equation.value):
        if factor.is_Indexed:
            return 1 / (equation.value / factor)
    return None


class Groups(NamedTuple):
    """Channels in groups: each group of the result reads one group of the input.

    Attributes:
        number: How many groups there are.
        made: How many channels of the result a group has.
        read: How many channels of the input a group has.
        of: The entry of the input that is read.
    """

    number: int
    made: int
    read: int
    of: Indexed


def groups(equation: Equation, kernels: Collection[IndexedBase]) -> Groups | None:
    """Read the groups off the last axes: M g + m of the result reads C g + c of the input."""
    made = _in_groups(equation, equation.target)
    for read in accesses(equation.value):
        if made is None or read.base in kernels:
            continue
        for group, channel in (_in_groups(equation, read) or {}).items():
            if group in made:
                sizes = equation.sizes
                return Groups(sizes[group], sizes[made[group]], sizes[channel], read)
    return None


def _in_groups(equation: Equation, read: Indexed) -> dict[Symbol, Symbol] | None:
    """Return what may be the index of a group, and the index of a channel in it."""
    form, sizes = affine(read.indices[-1]), equation.sizes
    if len(form.coefficients) != 2 or form.constant:
        return None
    one, other = form.coefficients
    pairs = ((one, other), (other, one))
    return {
        group: inner
        for group, inner in pairs
        if form.coefficient(inner) == 1 and form.coefficient(group) == sizes[inner]
    }


def meets_once(equation: Equation) -> bool:
    """Tell whether an entry surely meets each entry that it is multiplied by only once."""
    accessed = [Access.of(read, equation.sizes) for read in accesses(equation.value)]
    return any(_are_injective(equation, own) for own in permutations(accessed))


def _are_injective(equation: Equation, accessed: Sequence[Access]) -> bool:
    """Tell whether no two terms surely read the same entries: the first access counts slowest."""
    forms = tuple(form for access in accessed for form in access.forms)
    shape = tuple(size for access in accessed for size in access.shape)
    return Access(forms, shape, equation.sizes).is_injective


class KernelAxes(NamedTuple):
    """Along how many axes a kernel slides, and whether it reads one group of the channels."""

    slid: int
    in_groups: bool


def kernel(
    equation: Equation, kernels: Collection[IndexedBase], taps: Sequence[Symbol]
) -> KernelAxes | None:
    """Read a weight's axes as those of a window, then a channel and a filter.

    Where each row of a kernel meets each row of a window, the two have an index each.
    """
    reads, sizes = accesses(equation.value), equation.sizes
    inputs, weights = ([r for r in reads if (r.base in kernels) == own] for own in (False, True))
    if len(inputs) != 1 or len(weights) != 1 or len(weights[0].indices) != len(taps) + 2:
        return None
    *own, channel, filters = weights[0].indices
    are_taps = all(
        axis == tap or (axis not in taps and sizes.get(axis) == sizes[tap])
        for axis, tap in zip(own, taps, strict=True)
    )
    last = inputs[0].indices[-1]
    if not are_taps or filters != equation.target.indices[-1] or channel not in last.free_symbols:
        return None
    return KernelAxes(len(taps), last != channel)
