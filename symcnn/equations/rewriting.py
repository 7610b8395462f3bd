"""An equation in another form that says the same, and the same for every sample of a batch.

A loop to which a guard leaves one value, v = 1 for 0 <= v - 1 < 1, is left out: a window of three
entries over an axis of one entry, with padding on both sides, meets it with its middle one alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sympy import Add, Expr, Indexed, IndexedBase, Mul, Pow, S, Symbol

from symcnn.equations.access import accesses, along_axes
from symcnn.equations.affine import affine
from symcnn.equations.equation import Equation, Guard, Loop
from symcnn.equations.reduction import SUM, Mean
from symcnn.equations.sizes import Size, divides
from symcnn.equations.tensor import OTHER_SAMPLE, OWN_SAMPLE, SAMPLE, Tensor
from symcnn.errors import SymcnnError


def long(loops: Iterable[Loop]) -> tuple[Loop, ...]:
    """Return the loops with more than one value."""
    return tuple(loop for loop in loops if loop.size != 1)


def units(loops: Iterable[Loop]) -> dict[Symbol, Expr]:
    """Return 0 for the symbol of every loop that has no other value."""
    return {loop.symbol: S.Zero for loop in loops if loop.size == 1}


def with_sizes(equation: Equation, letters: Mapping[Size, Size]) -> Equation:
    """Return an equation whose ranges are called by other names of the same sizes."""
    if not letters:
        return equation
    loops = (Loop(loop.symbol, letters.get(loop.size, loop.size)) for loop in equation.loops)
    guards = (replace(g, size=letters.get(g.size, g.size)) for g in equation.guards)
    return replace(equation, loops=tuple(loops), guards=tuple(guards))


def loops_over(entry: Indexed) -> tuple[Loop, ...]:
    """Return the free indices of an entry as loops over the axes of its tensor."""
    return tuple(Loop(*axis) for axis in along_axes(entry))


def without_unit_loops(equation: Equation) -> Equation:
    """Return an equation without its loops of size 1: their symbols are 0."""
    zero = units(equation.loops)
    if not zero:
        return equation
    guards = tuple(replace(g, expression=g.expression.xreplace(zero)) for g in equation.guards)
    return replace(
        equation,
        target=equation.target.xreplace(zero),
        value=equation.value.xreplace(zero),
        loops=long(equation.loops),
        guards=guards,
    )


def as_about(expression: Expr, entry: Indexed, other: Indexed) -> Expr:
    """Return an expression about one entry of a tensor as it is about another.

    What is said of z[m] is said of z[2 i + 1] with 2 i + 1 for m.
    """
    pairs = zip(entry.indices, other.indices, strict=True)
    moved = {old: new for old, new in pairs if isinstance(old, Symbol) and old != new}
    return expression.xreplace(moved) if moved else expression


def as_sum(equation: Equation) -> Equation:
    """Return a mean of n terms as a sum of n-ths; what is no mean stays as it is."""
    if not isinstance(equation.reduction, Mean):
        return equation
    return replace(equation, value=equation.value / equation.terms_of_entry, reduction=SUM)


def addends(equation: Equation) -> tuple[Expr, ...]:
    """Return the values whose sums over the loops add up to a sum equation.

    Sum over u of (f + g) is the sum of f plus that of g: each can be computed without a
    grid of all loops. Where nothing is reduced there is nothing to split.
    """
    return Add.make_args(equation.value) if equation.reduced else (equation.value,)


def by_loops(product: Expr) -> dict[frozenset[Symbol], Expr]:
    """Multiply the factors that run over the same loops into one."""
    groups: dict[frozenset[Symbol], Expr] = {}
    for factor in Mul.make_args(product):
        if factor != 1:
            indices = (i for read in accesses(factor) for i in read.indices)
            loops = frozenset(s for index in indices for s in index.free_symbols)
            groups[loops] = groups.get(loops, S.One) * factor
    return groups


def zeros_of(product: Expr) -> list[Indexed]:
    """Return the accesses that make a product 0 where they are."""
    pairs = (factor.as_base_exp() for factor in Mul.make_args(product))
    return [base for base, power in pairs if power.is_positive and isinstance(base, Indexed)]


def fraction_of(product: Expr) -> tuple[list[Expr], list[Expr]]:
    """Return the factors above and below the line, where a product is written as a fraction."""
    below = [factor for factor in Mul.make_args(product) if is_divisor(factor)]
    above = [factor for factor in Mul.make_args(product) if factor not in below]
    return above, [factor.base**-factor.exp for factor in below]


def is_divisor(factor: Expr) -> bool:
    """Tell whether a factor is written below the line of a fraction."""
    return isinstance(factor, Pow) and bool(factor.exp.is_Rational and factor.exp < 0)


def for_every_sample(
    equation: Equation, batched: Mapping[IndexedBase, Tensor], other: Symbol
) -> Equation:
    """Give every access to a batched tensor the sample index n as its first index.

    Where the target has no sample axis, as the mean over a batch, n is reduced too.

    Args:
        equation: An equation about one sample.
        batched: For the base of each one-sample tensor, the tensor with a batch axis.
        other: The letter of the index that runs over all samples beside n.
    """
    batch = next(iter(batched.values())).shape[0] if batched else None
    if batched and SAMPLE in equation.sizes:
        raise SymcnnError(
            f"the index {SAMPLE} is reserved for the samples: rename the loop of the layer"
        )
    equation, is_numbered = _with_own_sample(equation, batch)
    equation = _renamed(equation, {OTHER_SAMPLE: other})
    reads = (equation.target, *accesses(equation.value))
    moved: dict[Indexed, Indexed] = {
        read: batched[read.base][(SAMPLE, *read.indices)] for read in reads if read.base in batched
    }
    if batch is None or not (moved or is_numbered):
        return equation  # an equation about no sample is not repeated for each
    return replace(
        equation,
        target=moved.get(equation.target, equation.target),
        value=equation.value.xreplace(moved),
        loops=(Loop(SAMPLE, batch), *equation.loops),
    )


def _renamed(equation: Equation, names: Mapping[Symbol, Expr]) -> Equation:
    """Put other letters, or a number, for indices; a loop that has become a number is gone."""
    put = {old: new for old, new in names.items() if old in equation.sizes}
    if not put:
        return equation
    loops = (Loop(put.get(loop.symbol, loop.symbol), loop.size) for loop in equation.loops)
    return replace(
        equation,
        target=equation.target.xreplace(put),
        value=equation.value.xreplace(put),
        loops=tuple(loop for loop in loops if isinstance(loop.symbol, Symbol)),
        guards=tuple(replace(g, expression=g.expression.xreplace(put)) for g in equation.guards),
    )


def _with_own_sample(equation: Equation, batch: Size | None) -> tuple[Equation, bool]:
    """Put n, or 0 where there is but one, for the number of the sample that an equation is about.

    Returns:
        The equation, and whether that number occurs in it.
    """
    size = equation.sizes.get(OWN_SAMPLE)
    if size is None:
        return equation, False
    if size != (batch or 1):
        raise SymcnnError(
            f"the number of a sample is the index of an axis of length {size} in "
            f"{equation.target}, but there are {batch or 1} samples: give the axis that length"
        )
    loops = tuple(loop for loop in equation.loops if loop.symbol != OWN_SAMPLE)
    numbered = _renamed(equation, {OWN_SAMPLE: S.Zero if batch is None else SAMPLE})
    return replace(numbered, loops=loops), True


def settled(equation: Equation) -> Equation:
    """Return an equation without the loops that have one value, as its guards say."""
    zero = units(equation.loops)
    for guard in equation.guards:
        solved = _single(equation, guard.expression.xreplace(zero)) if guard.size == 1 else None
        if solved is not None:
            return settled(_with_value(equation, *solved, guard))
    return equation


def _single(equation: Equation, index: Expr) -> tuple[Symbol, Expr] | None:
    """Return a reduced loop and the one value with which an index is 0, inside its range."""
    for loop in long(equation.reduced):
        value = _solved(index, loop.symbol)
        if value is not None and affine(value).stays_within(loop.size, equation.sizes):
            return loop.symbol, value
    return None


def _solved(index: Expr, symbol: Symbol) -> Expr | None:
    """Return the whole number that a symbol is where an index is 0, if it always is one."""
    form = affine(index)
    factor = form.coefficient(symbol)
    numbers = (*form.coefficients.values(), form.constant)
    if factor == 0 or not all(divides(factor, n) for n in numbers):
        return None
    return (symbol - index / factor).expand()


def _with_value(equation: Equation, loop: Symbol, value: Expr, guard: Guard) -> Equation:
    """Return an equation with a value for a loop, and without the guard that gave it."""

    def put(index: Expr) -> Expr:
        return index.xreplace({loop: value}).expand()

    reads = {read: read.base[tuple(map(put, read.indices))] for read in accesses(equation.value)}
    others = (other for other in equation.guards if other is not guard)
    return replace(
        equation,
        value=equation.value.xreplace(reads),
        loops=tuple(own for own in equation.loops if own.symbol != loop),
        guards=tuple(replace(other, expression=put(other.expression)) for other in others),
    )
