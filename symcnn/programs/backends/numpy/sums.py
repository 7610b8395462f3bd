"""Sums: every term of an equation goes to its target by the pattern that it fits.

two factors over different loops    a matrix product
two entries over the same ones      rows times columns, where these are long
one value                           entry by entry, then added up over reduced loops
a target that several terms share   both of it into an array of shares, then shifted

A tensor lies with the rows of an image outside of its channels, so that a product of matrices is
one for each row of the image. Where such a row is short, and the weights are many, BLAS reads
all of these for each of them:

    z[i, k, j] = sum over c of w[k, c] x[i, c, j]     becomes    z'[k, (i, j)] with x'[c, (i, j)]

if both are copied. Likewise a sum over rows of images, of products each as large as the result:

    d[k, c] = sum over i, j of g[i, k, j] x[i, c, j]     becomes    one product over (i, j)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.equations import Equation, LogSumExp, is_maximum
from symcnn.programs.backends.numpy.addends import Addend, addends_of
from symcnn.programs.backends.numpy.entrywise import evaluate, number_text, over_loops
from symcnn.programs.backends.numpy.layout import Layouts, Target, bring
from symcnn.programs.backends.numpy.products import Parts, has_long_rows, length, multiply, parts_of
from symcnn.programs.backends.numpy.shares import shares_of, shift, shifted_in_blocks
from symcnn.programs.backends.numpy.statements import Apply, Copy, Fill, Statement
from symcnn.programs.backends.numpy.strided import Loops, Strided, add_up, dense


def sums(layouts: Layouts, equation: Equation, *, fresh: bool) -> Iterator[Statement] | None:
    """Return what adds an equation's sums to its target, if that can be done here.

    A fresh target holds nothing yet.
    """
    if is_maximum(equation) or isinstance(equation.reduction, LogSumExp):
        return None
    addends = addends_of(layouts, equation)
    if addends is None:
        return None
    return _sums(Target.of(layouts, equation), equation, addends, fresh)


def _sums(
    target: Target, equation: Equation, addends: list[Addend], fresh: bool
) -> Iterator[Statement]:
    """Bring every addend to the target, the first one in place of what is there."""
    for number, addend in enumerate(addends):
        function = None if fresh and number == 0 else "np.add"
        if not target.has_one_term_each:
            yield from _scattered(equation, addend, target, function)
            continue
        if function is None and not target.is_whole:
            yield Fill(target.layout.array.all, "0")
        yield from _summed(addend, target.access, function)


def _summed(addend: Addend, out: Strided, function: str | None) -> Iterator[Statement]:
    """Bring the sum over the reduced loops to entries of which each has one term."""
    while not addend.is_known:
        part = addend.smallest_part
        made = dense(part.kept, part.sizes, "factor")
        yield from _summed(part, made, None)
        addend = addend.with_made(part, made)
    if not addend.reduced:
        yield from evaluate(addend.value, addend.reads, out, function)
    elif function is None and out.is_dense and out.sizes.keys() <= addend.sizes.keys():
        yield from _reduced(addend, out)
    else:
        order = [loop for loop in out.in_memory if loop in addend.sizes]
        made = dense(order, out.sizes, out.array, "_share")
        yield from _reduced(addend, made)
        place = out.over(out.in_memory, out.array, "_entries")
        yield bring(made.over(out.in_memory), place, function)


def _reduced(addend: Addend, out: Strided) -> Iterator[Statement]:
    """Write the sum over the reduced loops to an array that has all others."""
    product = _multiplied(addend, out)
    if product is None:
        terms, computed = over_loops(addend.product, addend.reads, out.array, "_terms")
        yield from computed
        yield add_up("np.add", terms, addend.reduced, out)
    else:
        yield from product
    if addend.number != 1:
        place = out.over(out.in_memory)
        yield Apply("np.multiply", (place, number_text(addend.number)), place)


def _multiplied(addend: Addend, out: Strided) -> list[Statement] | None:
    """Return the sum as a matrix product, if it is one."""
    pair = addend.factors if len(addend.factors) == 2 else addend.entries
    if len(pair) != 2:
        return None
    (first, before), (second, then) = (
        over_loops(factor, addend.reads, "factor") for factor in pair
    )
    parts = parts_of(first, second, out.in_memory)
    if parts is None or (pair != addend.factors and not has_long_rows(parts)):
        return None
    parts, made = gathered(parts, out)
    copied = [] if made is out else [Copy(out.over(out.in_memory), made.over(out.in_memory))]
    return [*before, *then, *multiply(parts, made), *copied]


def _scattered(
    equation: Equation, addend: Addend, target: Target, function: str | None
) -> Iterator[Statement]:
    """Compute all terms, summed over the loops that the target lacks, and shift them."""
    in_place = function is None and target.fits
    place = target if in_place else target.enlarged(equation)
    shares = shares_of(addend, place)
    made = shifted_in_blocks(addend, place, shares)
    if made is not None:
        yield from made
    else:
        yield from _summed(addend, shares, None)
        yield from shift(shares, place)
    if not in_place:
        yield target.crop(place, function)


SHORT = 128
"""A row or a sum of fewer entries is worth being made longer."""

LONG = 32
"""With so many entries along the other axes the copies are short beside the product."""


def gathered(parts: Parts, out: Strided) -> tuple[Parts, Strided]:
    """Return few long products and where their result goes, which may be an array of their own."""
    columns = _columns(parts)
    if columns:
        rest = tuple(loop for loop in out.in_memory if loop not in (*columns, *parts.columns))
        made = dense((*rest, *columns, *parts.columns), out.sizes, out.array, "_gathered")
        whole = parts_of(parts.left, parts.right, made.in_memory)
        if whole is not None and not whole.accumulated:
            return whole, made
    return _sum(parts), out


def _columns(parts: Parts) -> Loops:
    """Return the loops that count products and can be columns, where these are few."""
    own = tuple(s for s in parts.stack if s in parts.right.sizes and s not in parts.left.sizes)
    lengths = [length(parts, loops) for loops in (parts.rows, parts.summed)]
    is_short = length(parts, parts.columns) < SHORT and min(lengths) >= LONG
    return own if is_short and not parts.accumulated else ()


def _sum(parts: Parts) -> Parts:
    """Return products that are added up as a single one, where that moves fewer numbers."""
    if not parts.accumulated or parts.stack or length(parts, parts.summed) >= SHORT:
        return parts
    rows, columns = (length(parts, loops) for loops in (parts.rows, parts.columns))
    summed = length(parts, (*parts.accumulated, *parts.summed))
    count = length(parts, parts.accumulated)
    if min(rows, columns) < LONG or (rows + columns) * summed > count * rows * columns:
        return parts
    return replace(parts, accumulated=(), summed=(*parts.accumulated, *parts.summed))
