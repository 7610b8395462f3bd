"""Deviations from a mean: they sum to 0, and divided by their spread they have a name.

With  mu[c] = mean over n, i of z[n, i, c]  and  xhat[n, i, c] = (z[n, i, c] - mu[c])/s[c]

    sum over n, i of (z[n, i, c] - mu[c])  =  0
    z[n, i, c] - mu[c]                     =  xhat[n, i, c] s[c]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sympy import Add, Expr, Indexed, IndexedBase, Mul, S
from sympy import Sum as SymbolicSum

from symcnn.equations import Equation, Mean, accesses
from symcnn.equations.sizes import is_size
from symcnn.writing.printing.order import common_factor, divided, with_constants_in_front

_Indices = dict[Expr, Expr]
"""What an expression has in place of an equation's indices."""


def is_mean(equation: Equation) -> bool:
    """Tell whether an equation defines the mean of entries of a tensor, all of which exist."""
    is_of_entries = isinstance(equation.reduction, Mean) and isinstance(equation.value, Indexed)
    return is_of_entries and not equation.guards


def without_deviations(expression: Expr, equations: Iterable[Equation]) -> Expr:
    """Return an expression in which deviations from means are summed, or called by their name."""
    known = list(equations)
    named = _named(without_sums_of_deviations(expression, known), known)
    return named.xreplace({t: _counted(t) for t in named.atoms(SymbolicSum)})


def _counted(total: SymbolicSum) -> Expr:
    """Return a sum with constants in front; of equal terms one of them times their number."""
    sizes = [high - low + 1 for _, low, high in total.limits]
    bound = {symbol for symbol, *_ in total.limits}
    if total.function.free_symbols & bound or not all(size.is_Integer for size in sizes):
        return with_constants_in_front(total)
    return Mul(total.function, *sizes)


def without_sums_of_deviations(expression: Expr, equations: Iterable[Equation]) -> Expr:
    """Return an expression without sums of all deviations from a mean, which are 0."""
    means = list(filter(is_mean, equations))
    return expression.xreplace({t: _summed(t, means) for t in expression.atoms(SymbolicSum)})


def _summed(total: SymbolicSum, means: Sequence[Equation]) -> Expr:
    """Return 0 for the sum of all deviations from a mean; another sum as it is."""
    inner = with_constants_in_front(total).atoms(SymbolicSum)
    runs = {symbol: high - low + 1 for symbol, low, high in total.limits}
    for mean in means:
        deviation = mean.value - mean.target
        for term in (part.function for part in inner):
            found = _matched(deviation, term)
            if found is not None and _runs_over(mean, found[0], runs):
                return S.Zero
    return total


def _runs_over(mean: Equation, indices: _Indices, runs: dict[Expr, Expr]) -> bool:
    """Tell whether a sum runs over exactly what a mean is taken of."""
    if not _is_placed(mean, indices):
        return False
    taken = {indices[loop.symbol]: loop.size for loop in mean.reduced if loop.size != 1}
    return taken == runs


def _is_placed(equation: Equation, indices: _Indices) -> bool:
    """Tell whether all loops of an equation are told; those of a window are not, in 2 i + u."""
    return all(loop.symbol in indices for loop in equation.loops)


def _named(expression: Expr, known: Sequence[Equation]) -> Expr:
    """Put what is defined as a quotient of a deviation in place of the deviation.

    So is x = xhat s, if an entry is divided by the root of a mean of its squares.
    """
    found: dict[Expr, Expr] = {}
    means = {equation.target.base for equation in known if isinstance(equation.reduction, Mean)}
    for equation in known:
        if (entry := _divided_entry(equation, means)) is not None:
            spread = entry / equation.value
            for read in (read for read in accesses(expression) if read.base == entry.base):
                at = dict(zip(entry.indices, read.indices, strict=True))
                if _is_placed(equation, at):
                    found[read] = (equation.target * spread).xreplace(at)
        factors = Mul.make_args(equation.value)
        deviations = [factor for factor in factors if isinstance(factor, Add) and len(factors) > 1]
        if len(deviations) != 1 or equation.reduced or equation.guards:
            continue
        spread = deviations[0] / equation.value
        for part in expression.atoms(Add):
            matched = _matched(deviations[0], part)
            if matched is not None and _is_placed(equation, matched[0]):
                indices, factor = matched
                found[part] = factor * (equation.target * spread).xreplace(indices)
    return expression.xreplace(found)


def _divided_entry(equation: Equation, means: Collection[IndexedBase]) -> Indexed | None:
    """Return x, if an equation is x by what depends on means alone."""
    if equation.reduced or equation.guards:
        return None
    entries = [factor for factor in Mul.make_args(equation.value) if factor.is_Indexed]
    others = {read.base for read in accesses(equation.value)} - {entry.base for entry in entries}
    return entries[0] if len(entries) == 1 and others and others <= {*means} else None


def _matched(deviation: Expr, part: Expr) -> tuple[_Indices, Expr] | None:
    """Return at which indices a part is how many times a deviation; None if it is none."""
    reads = {read.base: read for read in accesses(part)}
    if not all(read.base in reads for read in accesses(deviation)):
        return None
    pairs = [
        pair
        for read in accesses(deviation)
        for pair in zip(read.indices, reads[read.base].indices, strict=True)
    ]
    indices: _Indices = {}
    for index, own in sorted(pairs, key=lambda pair: len(pair[0].free_symbols)):
        if index.is_Symbol and indices.setdefault(index, own) != own:
            return None
        # x[2 k + m] beside mu[k]: k is known from there, and m is what is left
        new = [s for s in index.free_symbols if s not in indices and not is_size(s)]
        if not index.is_Symbol and len(new) == 1 and index.coeff(new[0]) == 1:
            indices[new[0]] = (own - (index - new[0]).xreplace(indices)).expand()
    factor, written = common_factor(part.args), deviation.xreplace(indices)
    bare = Add(*divided(part.args, factor))
    if bare == written:
        return indices, factor
    return (indices, -factor) if bare == -written else None
