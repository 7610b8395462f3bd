"""Mistakes with sums: what is multiplied with what, what is left out, and what is divided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from sympy import Add, Expr, Integer, Mul, Pow, Symbol

from symcnn.classroom.marking.mistakes.factors import begins
from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Ways,
    Work,
    each,
    fixed,
    is_over_samples,
    long_loops,
    window_symbols,
    with_values,
)
from symcnn.equations import SUM, Equation, Loop, Mean, Sum, accesses
from symcnn.equations.notation import index, spare_letters


def _broadcast(_: Work, equation: Equation, __: Equation) -> Iterator[Equation]:
    """Sum each factor by itself, and multiply the sums: (w1 + w2)(x1 + x2)."""
    reads = [factor for factor in Mul.make_args(equation.value) if factor.is_Indexed]
    reads.sort(key=lambda read: not all(i.is_Symbol for i in read.indices))  # guards stay in place
    for read in reads if len(reads) == len(accesses(equation.value)) else ():
        others = {symbol for other in reads if other != read for symbol in other.free_symbols}
        own = (loop for loop in long_loops(equation.reduced) if loop.symbol in read.free_symbols)
        shared = [loop for loop in own if loop.symbol in others]
        if shared:
            fresh = _fresh(equation, shared)
            moved = read.base[tuple(i.xreplace(fresh) for i in read.indices)]
            more = tuple(Loop(fresh[loop.symbol], loop.size) for loop in shared)
            value = equation.value.xreplace({read: moved})
            yield replace(equation, value=value, loops=(*equation.loops, *more))
            return


def _fresh(equation: Equation, loops: list[Loop]) -> dict[Expr, Symbol]:
    letters = spare_letters({loop.symbol.name for loop in equation.loops})
    return {loop.symbol: index(next(letters)) for loop in loops}


def _one_of(
    of: Callable[[Work, Equation, Loop], bool], work: Work, equation: Equation, _: Equation
) -> Iterable[Equation]:
    """Take the first value of some loops alone, or the last, in place of the sum over them."""
    loops = [s for s in long_loops(equation.reduced) if of(work, equation, s)]
    for last in (False, True) if loops else ():
        yield fixed(equation, loops, last=last)


def _is_position(work: Work, equation: Equation, loop: Loop) -> bool:
    """Tell whether a derivative with respect to a weight sums over positions by this loop."""
    return work.is_slope and len(accesses(equation.value)) > 1 and not is_over_samples(loop)


def _is_position_of_bias(work: Work, equation: Equation, loop: Loop) -> bool:
    return work.is_slope and len(accesses(equation.value)) == 1 and not is_over_samples(loop)


def _is_sample(work: Work, equation: Equation, loop: Loop) -> bool:
    return work.is_slope and is_over_samples(loop)


def _is_channel(work: Work, equation: Equation, loop: Loop) -> bool:
    """Tell whether a sum over windows runs over channels or filters by this loop."""
    moving = window_symbols(equation)
    return bool(moving) and not work.is_slope and loop.symbol not in moving and _weighs(work)


def _weighs(work: Work) -> bool:
    reads = (read for equation in work.equations for read in accesses(equation.value))
    return any(work.is_parameter(read) for read in reads)


def _biases(work: Work, equation: Equation) -> list[Expr]:
    """Return the parameters that are added by themselves."""
    terms = Add.make_args(equation.value)
    return [term for term in terms if term.is_Indexed and work.is_parameter(term)]


def _times_bias(work: Work, factor: int) -> Ways:
    if work.steps or work.is_update:
        return ()
    pairs = ((e.value, _biases(work, e)) for e in work.equations)
    more = factor - 1
    return with_values(
        work, (v + Add(*(more * bias for bias in b)) if b else None for v, b in pairs)
    )


def _without_bias(work: Work) -> Ways:
    """Leave out the parameters that are added by themselves."""
    return _times_bias(work, 0)


def _bias_at_every_product(work: Work) -> Ways:
    terms = max((int(e.terms_of_entry) for e in work.equations), default=1)
    return _times_bias(work, terms) if terms > 1 else ()


def _mean_for_sum(work: Work) -> Ways:
    if all(isinstance(e.reduction, Sum) for e in work.equations):
        yield [replace(e, value=e.value / Integer(int(e.terms_of_entry))) for e in work.equations]


def _sum_for_mean(work: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Leave out the division by the number of terms."""
    if isinstance(equation.reduction, Mean):
        yield replace(equation, reduction=SUM)
    elif (count := _divisor(source)) > 1:
        yield replace(equation, value=count * equation.value)


def _divisor(source: Equation) -> Integer:
    """Return the number of terms that a sum is divided by; 1 if it is not."""
    count = Integer(int(source.terms_of_entry))
    is_mean = isinstance(source.reduction, Mean) or source.value.as_coeff_Mul()[0] * count == 1
    return count if is_mean else Integer(1)


def _less_one(work: Work, equation: Equation, _: Equation) -> Iterable[Equation]:
    """Divide a sum of squares by n - 1."""
    if work.steps:
        return
    count = Integer(int(equation.terms_of_entry))
    squares = isinstance(equation.value, Pow) and equation.value.exp == 2
    if isinstance(equation.reduction, Mean) and squares and count > 1:
        yield replace(equation, value=equation.value * count / (count - 1))


def _without_path(work: Work) -> Ways:
    """Leave one of several paths out, or keep one alone."""
    if not work.steps and not all(e.value.is_Indexed for e in work.equations):
        return  # terms of a formula are no paths; outputs that are added are
    if begins(work):
        return
    paths = [e for e in work.equations if not _biases(work, e)]
    others = [e for e in work.equations if e not in paths]
    if len(paths) > 1:
        yield from ([*others, path] for path in paths)
    if len(paths) > 2:
        yield from ([*others, *(e for e in paths if e != path)] for path in paths)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "broadcast product",
        "The entries and the weights were summed separately, and the sums multiplied, as in "
        "$(w_1 + w_2)(x_1 + x_2)$. Each entry belongs with one weight: $w_1 x_1 + w_2 x_2$.",
        each(_broadcast),
    )
    yield Mistake(
        "positions not summed",
        "Only one position was used. The weight is used at every position, so the products at all "
        "positions must be added.",
        each(partial(_one_of, _is_position)),
    )
    yield Mistake(
        "bias summed at one position only",
        "Only one position was used, as if every position had its own bias. The bias is the same "
        "at all positions, so their error signals must be added.",
        each(partial(_one_of, _is_position_of_bias)),
    )
    yield Mistake(
        "samples not summed",
        "Only one sample was used. The derivatives of all samples of the batch must be added.",
        each(partial(_one_of, _is_sample)),
    )
    yield Mistake(
        "channels not summed",
        "Only one channel was used. The products of all channels must be added.",
        each(partial(_one_of, _is_channel)),
    )
    yield Mistake(
        "bias forgotten", "The bias was not added to the sum of the products.", _without_bias
    )
    yield Mistake(
        "bias added to every product",
        "The bias was added to every product. It is added only once, to their sum.",
        _bias_at_every_product,
    )
    yield Mistake(
        "mean instead of sum",
        "The sum was divided by the number of its terms. Here it must not be.",
        _mean_for_sum,
    )
    yield Mistake(
        "sum instead of mean",
        "The sum was not divided by the number of its terms. Here it must be.",
        each(_sum_for_mean),
    )
    yield Mistake(
        "n - 1 instead of n",
        "The sum of squares was divided by $n - 1$, as when a variance is estimated from a sample. "
        "Here it is divided by $n$, the number of its terms.",
        each(_less_one),
    )
    yield Mistake(
        "path missing",
        "Not all paths that lead from one quantity to the other were used. The contributions of "
        "all paths must be added.",
        _without_path,
    )
