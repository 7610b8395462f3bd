"""Statements for the equations that add up to a tensor.

Several entries that lie side by side, in a row, compilers compute at once:

    y[i,j,k] = sum over u, v, c of w[u,v,c,k] x[i + u, j + v, c]      the row is that of k
    y[q] = sum over m of w[q,m] x[m]                                  four sums, of every fourth m

The terms of one sum compilers have to add one after the other, for floats are rounded in their
order. In a row each entry adds its terms in the order of the equation; where there is no row, the
terms of a sum are dealt to a few sums, which are added at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod

from sympy import Expr, Indexed, Symbol

from symcnn.equations import (
    Equation,
    Group,
    LogSumExp,
    Loop,
    Mean,
    Tensor,
    accesses,
    affine,
    as_sum,
    entry_at,
    is_maximum,
    without_unit_loops,
)
from symcnn.equations.access import leads_to_different_entries
from symcnn.programs.backends.loops.texts import INDENT, Texts, nest, never


def made(texts: Texts, group: Group) -> Iterator[str]:
    """Write the array of a tensor, and what the equations add to it; without one it is 0."""
    tensor, equations = group
    written = [*map(without_unit_loops, equations)]
    language, first = texts.language, written[:1]
    is_set = any(sets_all(e, tensor) and not _by_long_row(texts, e) for e in first)
    spelled = language.array if is_set else language.zeros
    yield from filter(None, [spelled.format(name=texts.array(tensor.base), size=tensor.size)])
    for number, equation in enumerate(written):
        if not never(equation):
            yield from _added(texts, equation, first=number == 0)


def sets_all(equation: Equation, tensor: Tensor) -> bool:
    """Tell whether an equation, the first of a tensor, surely sets all of its entries."""
    if never(equation) or isinstance(equation.reduction, LogSumExp):
        return False
    if is_maximum(equation):
        return True
    if not _is_set(equation):
        return False
    kept = _kept(equation)
    known = {loop.symbol for loop in kept}
    guards = (g for g in equation.guards if g.expression.free_symbols <= known)
    return prod(loop.size for loop in kept) == tensor.size and not any(guards)


def _is_set(equation: Equation) -> bool:
    """Tell whether an entry of the target is written once, with the sum of all terms."""
    is_summed = bool(_kept(equation)) or not equation.reduced
    return is_summed and leads_to_different_entries(equation.target, equation.sizes)


def _by_row(texts: Texts, equation: Equation) -> Loop | None:
    """Return the loop over the row by which a sum is added, if it is."""
    is_sum = not is_maximum(equation) and not isinstance(equation.reduction, LogSumExp)
    return row_of(texts, equation) if is_sum and equation.reduced else None


def _by_long_row(texts: Texts, equation: Equation) -> bool:
    """Tell whether every term is added to the array, which holds zeros before."""
    row = _by_row(texts, equation)
    return row is not None and row.size > NEAR


def _kept(equation: Equation) -> list[Loop]:
    return [loop for loop in equation.loops if loop not in equation.reduced]


def _added(texts: Texts, equation: Equation, *, first: bool) -> Iterator[str]:
    """Write what adds an equation to its target, which holds zeros or what was added before.

    Nothing is added to maxima and to logarithms of sums, which are alone.

    Args:
        texts: What is called how.
        equation: An equation without loops of length 1.
        first: Whether nothing was added to the target before.
    """
    kept, is_set, row = _kept(equation), _is_set(equation), _by_row(texts, equation)
    if is_maximum(equation):
        yield from _largest(texts, equation, texts.array(equation.target.base))
    elif isinstance(equation.reduction, LogSumExp):
        yield from _logarithms(texts, equation)
    elif row is not None:
        yield from _by_rows(texts, equation, row, "=" if first and is_set else "+=")
    elif kept and equation.reduced and (is_set or texts.language.row):
        yield from _summed(texts, equation, kept, "=" if first and is_set else "+=")
    else:
        whole = as_sum(equation)
        sign = "=" if first and is_set and not equation.reduced else "+="
        line = f"{texts.entry(whole.target)} {sign} {texts.value(whole.value)};"
        yield from _nest_of_rows(texts, whole, line)


def _nest_of_rows(texts: Texts, equation: Equation, line: str) -> Iterator[str]:
    """Write a statement for every term, row by row where there are rows."""
    row = row_of(texts, equation)
    loops = [loop for loop in (*_kept(equation), *equation.reduced) if loop != row]
    ordered = equation.loops if row is None else [*loops, row]
    yield from nest(texts, equation, ordered, [line], row=row)


def _by_rows(texts: Texts, equation: Equation, row: Loop, sign: str) -> Iterator[str]:
    """Write the sums of every row: a long one into the array, a short one apart from it."""
    outer = [loop for loop in _kept(equation) if loop != row]
    if row.size > NEAR:
        whole = as_sum(equation)
        yield from _nest_of_rows(
            texts, whole, f"{texts.entry(whole.target)} += {texts.value(whole.value)};"
        )
        return
    part, depth = f"sum[{texts.loop(row.symbol)}]", len(outer)
    term = f"{part} += {texts.value(equation.value)};"
    last = f"{texts.entry(equation.target)} {sign} {_whole(equation, part)};"
    lines = [
        texts.language.parts.format(name="sum", size=row.size),
        *nest(texts, equation, [*outer, *equation.reduced, row], [term], depth, row),
        *nest(texts, equation, [*outer, row], [last], depth, row),
    ]
    yield from nest(texts, equation, outer, lines) if outer else ("{", *_indented(lines), "}")


def _summed(texts: Texts, equation: Equation, kept: Sequence[Loop], sign: str) -> Iterator[str]:
    lane = lane_of(texts, equation)
    sums = _one_sum(texts, equation, kept) if lane is None else _dealt(texts, equation, kept, lane)
    lines, found = sums
    last = f"{texts.entry(equation.target)} {sign} {_whole(equation, found)};"
    yield from nest(texts, equation, kept, [*lines, last])


def _one_sum(texts: Texts, equation: Equation, kept: Sequence[Loop]) -> tuple[list[str], str]:
    """Return statements that add all terms, and their sum."""
    term = f"sum += {texts.value(equation.value)};"
    terms = nest(texts, equation, [*kept, *equation.reduced], [term], outer=len(kept))
    return [texts.language.sum.format(name="sum"), *terms], "sum"


def _dealt(
    texts: Texts, equation: Equation, kept: Sequence[Loop], lane: Loop
) -> tuple[list[str], str]:
    """Return statements that add every fourth term to one of four sums, and the sum of these."""
    outer = [*kept, *(loop for loop in equation.reduced if loop != lane)]
    lanes, symbol = int(LANES.size), lane.symbol
    rounds, rest = divmod(int(lane.size), lanes)

    def term(at: Expr) -> str:
        return f"+= {texts.value(equation.value.xreplace({symbol: at}))};"

    each = f"sum[{texts.loop(LANES.symbol)}] {term(lanes * symbol + LANES.symbol)}"
    loops, depth = [*outer, Loop(symbol, rounds), LANES], len(kept)
    lines = [texts.language.parts.format(name="sum", size=lanes)]
    lines += nest(texts, equation, loops, [each], depth, LANES)
    if rest:
        last = f"sum[0] {term(symbol + lanes * rounds)}"
        lines += nest(texts, equation, [*outer, Loop(symbol, rest)], [last], depth)
    return lines, "(sum[0] + sum[2]) + (sum[1] + sum[3])"


def _whole(equation: Equation, total: str) -> str:
    """Write a sum, or a mean."""
    if not isinstance(equation.reduction, Mean):
        return total
    return f"{f'({total})' if ' ' in total else total}/{equation.terms_of_entry}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (INDENT + line for line in lines)


def _largest(texts: Texts, equation: Equation, array: str) -> Iterator[str]:
    place, value = texts.place(equation.target), texts.value(equation.value)
    yield texts.language.filled.format(name=array, size=texts.size(equation.target.base))
    larger = texts.language.larger.format(a=f"{array}[{place}]", b=value)
    yield from _nest_of_rows(texts, equation, f"{array}[{place}] = {larger};")


def _logarithms(texts: Texts, equation: Equation) -> Iterator[str]:
    """Write log(sum of exp(t)) of every entry; the largest term is taken out, unless it is 0."""
    base, place = equation.target.base, texts.place(equation.target)
    array, size, language = texts.array(base), texts.size(base), texts.language
    exponent, shift = texts.value(equation.value, alone=False), ""
    if equation.reduction != LogSumExp(shifted=True):
        most = texts.beside("largest", base)
        yield from filter(None, [language.array.format(name=most, size=size)])
        yield from _largest(texts, equation, most)
        exponent, shift = f"{exponent} - {most}[{place}]", f"{most}[entry] + "
    line = f"{array}[{place}] += {language.exp.format(z=exponent)};"
    yield from nest(texts, equation, equation.loops, [line])
    yield language.loop.format(name="entry", size=size)
    yield f"  {array}[entry] = {shift}{language.log.format(z=f'{array}[entry]')};"
    yield "}"


NEAR = 64
"""The longest row whose sums are kept apart, in registers, until they are complete."""

LANES = Loop(Symbol("lane"), 4)
"""The sums to which the terms of one are dealt."""

_SHORT = 4
"""Below this a row is not worth it."""


def row_of(texts: Texts, equation: Equation) -> Loop | None:
    """Return the loop over a row of the target, in which nothing else has other steps than 1.

    Guards are outside of it, and every entry of the row is another one.
    """
    if not texts.language.row:
        return None
    own = any(read.base == equation.target.base for read in accesses(equation.value))
    kept = (loop for loop in equation.loops if _step(equation.target, loop.symbol) == 1)
    return None if own else _longest(equation, kept, _SHORT)


def lane_of(texts: Texts, equation: Equation) -> Loop | None:
    """Return the loop over the terms of a sum that are dealt to a few, if they lie side by side."""
    if not texts.language.row:
        return None
    return _longest(equation, equation.reduced, 2 * int(LANES.size))


def _longest(equation: Equation, loops: Iterable[Loop], least: int) -> Loop | None:
    """Return the longest loop without guards in which all that is read has steps 0 or 1."""
    guarded = {symbol for guard in equation.guards for symbol in guard.expression.free_symbols}
    reads = accesses(equation.value)
    rows = (
        loop
        for loop in loops
        if loop.size >= least
        and loop.symbol not in guarded
        and all(_step(read, loop.symbol) in (0, 1) for read in reads)
    )
    return max(rows, key=lambda loop: int(loop.size), default=None)


def _step(read: Indexed, symbol: Symbol) -> int:
    """Return by how many places a loop moves in an array."""
    return int(affine(entry_at(read.indices, read.shape)).coefficient(symbol))
