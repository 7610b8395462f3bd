"""An equation in another form that says the same, and the same for every sample of a batch.

A loop to which a guard leaves one value, v = 1 for 0 <= v - 1 < 1, is left out: a window of three
entries over an axis of one entry, with padding on both sides, meets it with its middle one alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from sympy import Add, Dummy, Expr, Indexed, IndexedBase, Mul, Pow, S, Symbol, exp
from sympy.codegen.cfunctions import log1p

from symcnn.equations.access import accesses, along_axes
from symcnn.equations.affine import affine
from symcnn.equations.equation import Equation, Group, Guard, Loop, is_one_to_one
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import about
from symcnn.equations.reduction import SUM, Largest, LogSumExp, Mean
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


# Logarithms of sums of exponentials, without what is common to all terms.


_Indices = Mapping[Symbol, Expr]
"""What stands for the loops of an equation."""

_NEARLY = 63
"""So much is added to what is nearly 1, to round it where floats about 64 lie."""


@dataclass(frozen=True)
class _Split:
    """One logarithm of a sum of exponentials in parts.

    Attributes:
        tensor: The tensor ell.
        equation: Its equation.
        saturated: Whether s has all its digits where one term is far larger than all others.
    """

    tensor: Tensor
    equation: Equation
    saturated: bool

    @property
    def largest(self) -> Tensor:
        """The tensor m."""
        return self._about("max")

    @property
    def rest(self) -> Tensor:
        """The tensor s."""
        return self._about("logsum")

    @property
    def shifted(self) -> Tensor:
        """The tensor u; its indices are the loops of the equation."""
        return self._each_about("shifted")

    def _each_about(self, sign: str) -> Tensor:
        """Return a tensor with an entry for each term."""
        loops = self.equation.loops
        return replace(
            self._about(sign),
            shape=tuple(loop.size for loop in loops),
            axes=tuple(loop.symbol.name for loop in loops),
            batched=loops[0].symbol == SAMPLE,
        )

    def _about(self, sign: str) -> Tensor:
        """Return a tensor of the same shape for what belongs to ell."""
        name, label = f"{sign} for {self.tensor.name}", about(sign, self.tensor.label)
        return replace(self.tensor, name=name, label=label, role="auxiliary")

    def groups(self) -> Iterator[Group]:
        """Return the equations of the parts, and their sum for who reads the whole."""
        whole, at = self.equation, self.equation.target.indices
        u = self.shifted[tuple(loop.symbol for loop in whole.loops)]
        m, s = self.largest[at], self.rest[at]
        yield self.largest, (replace(whole, target=m, reduction=Largest()),)
        yield self.shifted, (Equation(u, whole.value - m, whole.loops),)
        if self.saturated:
            yield from self._small(u, s)
        else:
            yield self.rest, (replace(whole, target=s, value=u, reduction=LogSumExp(shifted=True)),)
        yield self.tensor, (Equation(whole.target, m + s, self._each),)

    def _small(self, u: Indexed, s: Indexed) -> Iterator[Group]:
        """Return  s = log(1 + (the powers below 1) + (those that are 1, less one of them)).

        The sum of all has no digit of what is smaller than the last digit of 1.
        """
        whole, at = self.equation, s.indices
        powers, below, ones = self._each_about("power"), self._about("below"), self._about("ones")
        e = powers[u.indices]
        small, large = e * Iverson(u < 0), e * Iverson(u >= 0)
        yield powers, (Equation(e, exp(u), whole.loops),)
        yield below, (replace(whole, target=below[at], value=small, reduction=SUM),)
        counted = replace(whole, target=ones[at], value=large, reduction=SUM)
        yield ones, (counted, Equation(ones[at], S.NegativeOne, self._each))
        yield self.rest, (Equation(s, log1p(below[at] + ones[at]), self._each),)

    def balance(self, total: Equation) -> Iterator[Group]:
        """Return  s + m (1 - T), T a sum, where 1 - T is 0 if it is nothing but rounding.

        64 - (63 + T) is a multiple of the distance of floats at 64, and this keeps it so:
        what is stored is rounded, in every precision.
        """
        at, each = self.equation.target.indices, self._each
        sums, near, balanced = map(self._about, ("total", "near", "balanced"))
        yield sums, (replace(total, target=sums[total.target.indices]),)
        yield near, (Equation(near[at], sums[at] + _NEARLY, each),)
        value = self.rest[at] + self.largest[at] * (_NEARLY + 1 - near[at])
        yield balanced, (Equation(balanced[at], value, each),)

    @property
    def _each(self) -> tuple[Loop, ...]:
        """The loops over the entries of ell."""
        return tuple(loop for loop in self.equation.loops if loop not in self.equation.reduced)

    def beside(self, read: Indexed, number: Expr, among: Collection[Expr]) -> _Term | None:
        """Find the term that addends, a number times it, are, for an entry of ell at hand."""
        at = zip(self.equation.target.indices, read.indices, strict=True)
        kept = {old: new for old, new in at if isinstance(old, Symbol)}
        return self._term(number, among, kept)

    def term(self, among: Collection[Expr]) -> _Term | None:
        """Find the term that addends are, for whatever entry of ell."""
        return self._term(S.One, among, {})

    def _term(self, number: Expr, among: Collection[Expr], known: _Indices) -> _Term | None:
        """Find indices at which the term, times a number, is made of some addends."""
        free = {symbol: Dummy(integer=True) for symbol in self.equation.sizes.keys() - known.keys()}
        parts = Add.make_args((number * self.equation.value).xreplace({**known, **free}))
        for found in _unified(parts, among, {*free.values()}):
            used = [part.xreplace(found) for part in parts]
            if all(part in among for part in used):
                at = {**known, **{old: found[new] for old, new in free.items()}}
                entry = self.shifted[tuple(at[loop.symbol] for loop in self.equation.loops)]
                return _Term(entry, self.equation.target.xreplace(at), used)
        return None


@dataclass(frozen=True)
class _Term:
    """A term of a logarithm that was split, as others read it.

    Attributes:
        entry: The entry of u that it is, but for m.
        whole: The entry of ell that it is a term of.
        used: The addends that make the term.
    """

    entry: Indexed
    whole: Indexed
    used: Sequence[Expr]


class Shifts:
    """The logarithms that were split so far."""

    def __init__(self, *, saturated: bool = False) -> None:
        """Know none; say whether each is to have all its digits near 0."""
        self._saturated = saturated
        self._known: dict[IndexedBase, _Split] = {}

    def applied(self, groups: Iterable[Group]) -> list[Group]:
        """Split the logarithms of some groups, and read the parts where that keeps digits."""
        made: list[Group] = []
        for tensor, equations in groups:
            reading = tuple(self._reading(equation) for equation in equations)
            if _can_be_split(reading):
                split = self._known[tensor.base] = _Split(tensor, reading[0], self._saturated)
                made += split.groups()
            else:
                made += self._balanced(tensor, reading)
        return made

    def _reading(self, equation: Equation) -> Equation:
        """Return an equation that reads u - s where it read x - ell."""
        if not any(read.base in self._known for read in accesses(equation.value)):
            return equation
        value = equation.value.replace(lambda part: isinstance(part, Add), self._shifted)
        return replace(equation, value=value)

    def _shifted(self, total: Expr) -> Expr:
        """Return a sum of x - ell and others as that of u - s and these."""
        for part in Add.make_args(total):
            number, read = part.as_coeff_Mul()
            split = self._known.get(read.base) if isinstance(read, Indexed) else None
            term = split.beside(read, -number, total.args) if split else None
            if split and term:
                others = (p for p in total.args if p != part and p not in term.used)
                return self._shifted(Add(number * (split.rest[read.indices] - term.entry), *others))
        return total

    def _balanced(self, tensor: Tensor, equations: Sequence[Equation]) -> list[Group]:
        """Take m out of  c ell - sum of c t x, two equations of one tensor."""
        for whole, others in permutations(equations, 2):
            number, read = whole.value.as_coeff_Mul()
            split = self._known.get(read.base) if isinstance(read, Indexed) else None
            found = _weighted(split, others) if split and _is_each(whole, read) else None
            if split and found:
                weight, term = found
                total = replace(others, target=term.whole, value=-weight / number)
                *before, balanced = split.balance(total)
                kept = (equation for equation in equations if equation not in (whole, others))
                first = replace(whole, value=number * balanced[0][read.indices])
                then = replace(others, value=weight * term.entry)
                return [*before, balanced, (tensor, (first, then, *kept))]
        return [(tensor, tuple(equations))]


def _can_be_split(equations: Sequence[Equation]) -> bool:
    """Tell whether equations are one logarithm of a sum for every entry of their target."""
    if len(equations) != 1 or not isinstance(equations[0].reduction, LogSumExp):
        return False
    (equation,) = equations
    each = tuple(loop for loop in equation.loops if loop not in equation.reduced)
    return bool(equation.reduced) and is_one_to_one(replace(equation, loops=each))


def _is_each(equation: Equation, read: Indexed) -> bool:
    """Tell whether a sum adds up all entries of a tensor, each once."""
    return equation.reduction == SUM and is_one_to_one(replace(equation, target=read))


def _weighted(split: _Split, others: Equation) -> tuple[Expr, _Term] | None:
    """Return t and u if an equation sums up  t x  over all terms x of a logarithm."""
    for read in accesses(others.value):
        weight, term = others.value / read, split.term([read])
        if term and not weight.has(read.base) and _is_each(others, term.entry):
            return weight, term
    return None


def _unified(
    parts: Iterable[Expr], among: Iterable[Expr], free: Collection[Symbol]
) -> Iterator[_Indices]:
    """Find what free symbols stand for where an access of one part is one of the addends'."""
    reads = [read for part in among for read in accesses(part)]
    for pattern in (read for part in parts for read in accesses(part)):
        for read in reads:
            pairs = [*zip(pattern.indices, read.indices, strict=False)]
            found = {old: new for old, new in pairs if old in free}
            if pattern.base == read.base and found.keys() == set(free):
                yield found
