r"""Logarithms of sums of exponentials, without what is common to all terms.

    ell[n] = log(sum over q of exp(x[n, q]))

does not hold the digits of x - ell where x is large: what matters is lost when ell is
rounded. With the largest term m, by which every term is shifted exactly,

    m[n] = max over q of x[n, q],  u[n, q] = x[n, q] - m[n],
    s[n] = log(sum over q of exp(u[n, q])),  ell[n] = m[n] + s[n],

it is  x - ell = u - s, and a sum  c ell - sum of c t x  is

    c s - sum over q of c t u + c m (1 - sum over q of t),

where the last sum is 1 but for rounding if t is a distribution. The results are the same
whatever is added to all x. These are identities on equations; nothing here knows a layer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from sympy import Add, Dummy, Expr, Indexed, IndexedBase, S, Symbol, exp
from sympy.codegen.cfunctions import log1p

from symcnn.equations.access import accesses
from symcnn.equations.equation import Equation, Group, Loop, is_one_to_one
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import about
from symcnn.equations.reduction import SUM, Largest, LogSumExp
from symcnn.equations.tensor import SAMPLE, Tensor

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
