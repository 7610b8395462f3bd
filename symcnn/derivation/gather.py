r"""General form: an equation with an affine target, solved for a free entry.

An adjoint says where each loop assignment sends its share (scatter):

    A[s i + u - p]  <-  sum over i, u of  f(i, u)

A formula on paper says what one entry A[a] collects (gather). So a = s i + u - p is
solved for a loop index over the integers:

* a loop with coefficient +-1 is solved for first; its range turns into a condition
  on the rest, 0 <= a + p - s i < K;
* any other coefficient c leaves the condition (rest mod c) = 0 as well;
* a condition that bounds one remaining loop tightens the limits of its sum with
  ceiling and floor; a range of length |c| leaves exactly one value, a floor.

SymPy's ``deltasummation`` is not used: it forgets the divisibility.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import starmap

from sympy import (
    Add,
    Eq,
    Expr,
    Ge,
    Indexed,
    Le,
    Max,
    Min,
    Mod,
    S,
    Symbol,
    ceiling,
    floor,
    fraction,
    together,
)
from sympy import Sum as SymbolicSum

from symcnn.derivation.index_conditions import Range, certain, merged, never_below, with_remainders
from symcnn.equations import Affine, Equation, Loop, affine, units
from symcnn.equations.functions import Iverson
from symcnn.equations.notation import index, spare_letters
from symcnn.equations.sizes import Size, is_made_of_sizes, is_symbolic, magnitude, plain, reduced

# Indices that count row by row, solved at once: they are the digits of a number.


def digits(
    equality: Expr,
    loops: Mapping[Symbol, Size],
    asked: Iterable[Range],
    sizes: Mapping[Symbol, Size],
) -> dict[Symbol, Expr]:
    """Return what loops are where an index is 0; nothing unless they count row by row.

    Args:
        equality: The index: what the loops count, minus the number.
        loops: The loops in it with their sizes.
        asked: Pairs (e, n) that mean 0 <= e < n, of the conditions on the loops.
        sizes: How many values each index takes that is left.
    """
    form = affine(equality, floors=True)
    left = {s: plain(form.coefficient(s)) for s in loops}
    number = (sum(n * s for s, n in left.items()) - equality).expand()
    step, found, quotient = S.One, dict[Symbol, Expr](), number
    while one := next((s for s, n in left.items() if n == step), None):
        del left[one]
        step, above = reduced(step * loops[one]), floor(reduced(quotient / loops[one]))
        found[one] = quotient - loops[one] * above if left else quotient
        quotient = above
    if left or len(found) < 2 or not is_symbolic(step):
        return {}
    said = [(number, step), *((reduced(e.xreplace(found)), n) for e, n in asked)]
    return found if all(certain(e, n, sizes) for e, n in said) else {}


# Limits of sums and conditions on indices: those that others imply are left out.


def tighter(limits: list[Expr], new: Expr, sign: int, sizes: Mapping[Symbol, Size]) -> list[Expr]:
    """Add a limit unless another always beats it; drop those that it always beats.

    A limit is the tighter the greater (sign 1, lower limits) or smaller (-1) it is.
    """

    def beats(one: Expr, other: Expr) -> bool:
        return never_below(sign * (one - other), 0, sizes)

    if any(beats(old, new) for old in limits):
        return limits
    return [*(old for old in limits if not beats(new, old)), new]


def common_shift(low: Expr, high: Expr) -> Expr:
    """Return the rounded quotients of sizes that both limits of a sum have as terms.

    A quotient of an index, e - m q, counts from the least value that q has: floor(-P/m).
    """
    shared = {*Add.make_args(low)} & {*Add.make_args(high)}
    return Add(*(t for t in shared if t.has(floor, ceiling) and is_made_of_sizes(t)))


def moved(inside: Expr, loop: Symbol, by: Expr) -> Expr:
    """Let a loop count from elsewhere: put loop + by in its place."""
    reads = {a: a.xreplace({loop: loop + by}) for a in inside.atoms(Indexed)}
    put = {a: new.base[tuple(i.expand() for i in new.indices)] for a, new in reads.items()}
    return inside.xreplace(put)


def all_moved(ranges: Iterable[Range], loop: Symbol, by: Expr) -> list[Range]:
    """Let a loop count from elsewhere in conditions."""
    return [(e.xreplace({loop: loop + by}).expand(), n) for e, n in ranges]


_INEQUALITY = (Ge, Le)


def independent(conditions: Sequence[Expr], sizes: Mapping[Symbol, Size]) -> list[Expr]:
    """Return conditions without those that another one implies."""
    kept = list[Expr]()
    for one in conditions:
        if any(_implies(other, one, sizes) for other in kept):
            continue
        kept = [*(other for other in kept if not _implies(one, other, sizes)), one]
    return kept


def _implies(one: Expr, other: Expr, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether a <= b certainly is c <= d or less: d - c >= b - a."""
    if not all(isinstance(c, _INEQUALITY) for c in (one, other)):  # false, or an equality
        return False
    return never_below((other.gts - other.lts - one.gts + one.lts).expand(), 0, sizes)


def free_indices(
    axes: tuple[Symbol, ...], equations: Iterable[Equation], taken: Collection[str] = ()
) -> tuple[Symbol, ...]:
    """Choose the free index symbols of a tensor that several equations add to.

    An axis keeps its own letter unless one of the equations uses that letter for a loop of
    another meaning; then it gets the letter that all of them have there, b_{jr} in
    y_{ir} = sum over j of a_{ij} b_{jr}, or else the next unused letter.
    """
    uses = [({loop.symbol for loop in e.loops}, e.target.indices) for e in equations]
    letters = {letter for loops, _ in uses for letter in (*loops, *axes)}
    spare = map(index, spare_letters({*taken, *(letter.name for letter in letters)}))
    return tuple(
        axis
        if all(axis not in loops or indices[n] == axis for loops, indices in uses)
        else _read_with([indices for _, indices in uses], n) or next(spare)
        for n, axis in enumerate(axes)
    )


def _read_with(targets: Sequence[tuple[Expr, ...]], axis: int) -> Symbol | None:
    """Return the letter that an axis has in all equations, and no other axis."""
    (one, *others) = {indices[axis] for indices in targets}
    alone = not others and one.is_Symbol and all(i.count(one) == 1 for i in targets)
    return one if alone else None


@lru_cache(maxsize=2**10)
def gather(equation: Equation, free: tuple[Symbol, ...]) -> Expr:
    """Return what the entry ``free`` of the target collects, as nested SymPy sums.

    Args:
        equation: A sum equation.
        free: One free index symbol for each axis of the target.
    """
    lengths = dict(zip(free, map(plain, equation.target.shape), strict=True))
    problem = _Elimination(equation.value, dict(equation.sizes), lengths)
    problem.conditions = [(g.expression, g.size) for g in equation.guards]
    problem.fold_unit_axes()
    for position, symbol in zip(equation.target.indices, free, strict=True):
        problem.eliminate(position, symbol)
    return with_remainders(problem.sum()) if _has_quotients(equation) else problem.sum()


def _has_quotients(equation: Equation) -> bool:
    """Tell whether an index was a quotient or a remainder: 0 <= e - m q < m."""
    return any(
        -factor == guard.size != 1
        for guard in equation.guards
        for factor in affine(guard.expression).coefficients.values()
    )


@dataclass
class _Elimination:
    """The sum under way: its value, its loops, and the conditions on them.

    Attributes:
        value: The summand.
        loops: The loops that are still summed over, with their sizes.
        free: The free indices with theirs.
        conditions: Pairs (e, n) that mean 0 <= e < n.
        divisible: Pairs (e, n) that mean that n divides e.
        solved: What the loops that are gone are equal to.
    """

    value: Expr
    loops: dict[Symbol, Size]
    free: dict[Symbol, Size]
    conditions: list[Range] = field(default_factory=list)
    divisible: list[Range] = field(default_factory=list)
    solved: dict[Symbol, Expr] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[Symbol, Size]:
        return {**self.free, **self.loops}

    def fold_unit_axes(self) -> None:
        """An index that can only be 0 is 0."""
        zero = units(starmap(Loop, (self.loops | self.free).items()))
        self._put(zero)
        self.loops = {s: n for s, n in self.loops.items() if s not in zero}

    def eliminate(self, position: Expr, target: Symbol) -> None:
        """Solve position = target for one loop."""
        if position == target and target in self.loops:
            self.conditions.append((target, self.loops.pop(target)))
            return
        own = S.Zero if self.free[target] == 1 else target  # a solved loop may have its letter
        equality = position.xreplace(self.solved) - own
        equality = reduced(equality * _denominator(equality))
        form = _affine(equality)
        candidates = [s for s in form.coefficients if s in self.loops]
        counting = {s: self.loops[s] for s in candidates}
        asked = [c for c in self.conditions if counting.keys() & c[0].free_symbols]
        divided = any(counting.keys() & e.free_symbols for e, _ in self.divisible)
        if not divided and (found := digits(equality, counting, asked, self.sizes)):
            self.loops = {s: n for s, n in self.loops.items() if s not in found}
            self._put(found)
            return
        if not candidates:
            self.conditions.append((equality, 1))
            return
        loop = self._easiest(candidates, form)
        factor = form.coefficient(loop)
        rest = (factor * loop - equality).expand()
        if magnitude(factor) != 1:
            self.divisible.append((rest, magnitude(factor)))
        size = self.loops.pop(loop)
        self._put({loop: reduced(rest / factor)})
        self.conditions.append(_scaled(reduced(rest / factor), size))

    def _easiest(self, loops: Sequence[Symbol], form: Affine) -> Symbol:
        """Return the loop to be solved for: one with a small factor, and of these the longest.

        A factor that is a letter comes after all numbers; there the last loop is chosen, as the
        loops of a kernel stand behind those of its positions.
        """
        numeric = [s for s in loops if not is_symbolic(form.coefficient(s))]
        if not numeric:
            return next(s for s in reversed(self.loops) if s in loops)
        smallest = min(abs(form.coefficient(s)) for s in numeric)
        among = [s for s in numeric if abs(form.coefficient(s)) == smallest]
        if any(is_symbolic(self.loops[s]) for s in among):
            return among[-1]
        return min(among, key=lambda s: -self.loops[s])

    def sum(self) -> Expr:
        """Write the remaining loops as sums with tightened limits."""
        self._drop_certain()
        while single := self._single_valued():
            del self.loops[single[0]]
            self._put(dict([single]))
            self._drop_certain()
        result, order = self.value, list(self.loops)
        for loop in reversed(order):
            result = self._sum_over(loop, result)
        return result * self._bracket(self.conditions, self.divisible)

    def _put(self, solved: Mapping[Symbol, Expr]) -> None:
        def put(e: Expr) -> Expr:
            return reduced(e.xreplace(solved))

        self.solved = {s: put(e) for s, e in self.solved.items()} | dict(solved)
        reads = {a: a.base[tuple(map(put, a.indices))] for a in self.value.atoms(Indexed)}
        self.value = self.value.xreplace(reads).xreplace(solved)
        self.conditions = [_scaled(put(e), n) for e, n in self.conditions]
        self.divisible = [(put(e), n) for e, n in self.divisible]

    def _sum_over(self, loop: Symbol, inside: Expr) -> Expr:
        """Sum over one loop between the limits that the conditions on it leave."""
        own = [c for c in self.conditions if loop in c[0].free_symbols]
        self.conditions = [c for c in self.conditions if c not in own]
        multiples = [c for c in self.divisible if loop in c[0].free_symbols]
        self.divisible = [c for c in self.divisible if c not in multiples]
        lows, highs = [S.Zero], [S(self.loops[loop] - 1)]
        for expression, size in own:
            low, high = _limits(expression, loop, size)
            lows = tighter(lows, low, 1, self.sizes)
            highs = tighter(highs, high, -1, self.sizes)
        # None of them beats another: SymPy need not look for one that does.
        low, high = Max(*lows, evaluate=False), Min(*highs, evaluate=False)
        if (common := common_shift(low, high)) != 0 and not inside.has(SymbolicSum):
            low, high = low - common, high - common
            inside, multiples = moved(inside, loop, common), all_moved(multiples, loop, common)
        total = SymbolicSum(self._bracket([], multiples) * inside, (loop, low, high))
        if not never_below(high - low, -1, self.sizes):
            # SymPy reads a sum from m to n < m - 1 as minus the sum between them.
            return Iverson(low <= high) * total
        return total

    def _bracket(self, ranges: list[Range], multiples: list[Range]) -> Expr:
        inside = [one for e, n in merged(ranges) for one in _inside(e, n, self.sizes)]
        return Iverson(*(Eq(Mod(e, n), 0) for e, n in multiples), *independent(inside, self.sizes))

    def _drop_certain(self) -> None:
        self.conditions = [c for c in self.conditions if not certain(*c, self.sizes)]

    def _single_valued(self) -> tuple[Symbol, Expr] | None:
        """Find a loop that one condition leaves exactly one value, inside its range.

        The value may depend on other loops if no other condition is about it, which would then
        no longer be linear in them.
        """
        for expression, size in self.conditions:
            form = _affine(expression)
            loops = [s for s in form.coefficients if s in self.loops]
            for loop in loops:
                if not magnitude(form.coefficient(loop)) == size != 1:
                    continue
                solution = _limits(expression, loop, size)[1]
                alone = len(loops) == 1 or self._conditions_on(loop) == 1
                if alone and certain(solution, self.loops[loop], self.sizes):
                    return loop, solution
                if len(loops) == 1 and self._conditions_on(loop) == 1:
                    self._keep_inside(expression, loop)
                    return loop, solution
        return None

    def _keep_inside(self, expression: Expr, loop: Symbol) -> None:
        """Let a bracket say where the only value that a condition leaves is one of the loop.

        The value is floor(e / n), which lies in the range of m values where 0 <= e < n m.
        """
        factor = _affine(expression).coefficient(loop)
        rest = (expression - factor * loop).expand()
        steps = magnitude(factor)
        above = rest if steps != factor else steps - 1 - rest
        self.conditions.append((reduced(above), steps * self.loops[loop]))

    def _conditions_on(self, loop: Symbol) -> int:
        """Count the conditions that a loop occurs in."""
        return sum(loop in e.free_symbols for e, _ in (*self.conditions, *self.divisible))


def _affine(e: Expr) -> Affine:
    """Read an index in which loops that are solved for have left floors."""
    return affine(e, floors=True)


def _scaled(e: Expr, size: Size) -> Range:
    """Write 0 <= e < size without fractions, for an e whose value is an integer."""
    denominator = _denominator(e)
    return reduced(e * denominator), (size - 1) * denominator + 1


def _limits(expression: Expr, loop: Symbol, size: Size) -> tuple[Expr, Expr]:
    """Solve 0 <= expression < size for the loop: least and greatest value."""
    factor = _affine(expression).coefficient(loop)
    rest = (expression - factor * loop).expand()
    positive = magnitude(factor) == factor
    ends = (-rest, size - 1 - rest) if positive else (rest - size + 1, rest)
    low, high = (reduced(end / magnitude(factor)) for end in ends)
    return ceiling(low), floor(high)


def _inside(e: Expr, size: Size, sizes: Mapping[Symbol, Size]) -> list[Expr]:
    if size == 1:
        return [Eq(e, 0)]
    low = [] if never_below(e, 0, sizes) else [e >= 0]
    return low + ([] if never_below(size - 1 - e, 0, sizes) else [e <= size - 1])


def _denominator(e: Expr) -> Size:
    return plain(fraction(together(e))[1])
