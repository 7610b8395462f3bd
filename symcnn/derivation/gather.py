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

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import starmap
from math import prod

from sympy import Eq, Expr, Indexed, Integer, Max, Min, Mod, S, Symbol, ceiling, floor
from sympy import Sum as SymbolicSum

from symcnn import limits
from symcnn.equations import Affine, Equation, Loop, affine, every, units
from symcnn.functions import Iverson
from symcnn.notation import index, spare_letters


def free_indices(
    axes: tuple[Symbol, ...], equations: Iterable[Equation], taken: Collection[str] = ()
) -> tuple[Symbol, ...]:
    """Choose the free index symbols of a tensor that several equations add to.

    An axis keeps its own letter unless one of the equations uses that letter for a
    loop of another meaning; then it gets the next unused letter.

    Args:
        axes: The tensor's own indices.
        equations: What adds to it.
        taken: The letters of tensors.
    """
    uses = [({loop.symbol for loop in e.loops}, e.target.indices) for e in equations]
    letters = {letter for loops, _ in uses for letter in (*loops, *axes)}
    spare = map(index, spare_letters({*taken, *(letter.name for letter in letters)}))
    return tuple(
        axis
        if all(axis not in loops or indices[n] == axis for loops, indices in uses)
        else next(spare)
        for n, axis in enumerate(axes)
    )


def gather(equation: Equation, free: tuple[Symbol, ...]) -> Expr:
    """Return what the entry ``free`` of the target collects, as nested SymPy sums.

    Args:
        equation: A sum equation.
        free: One free index symbol for each axis of the target.
    """
    lengths = dict(zip(free, map(int, equation.target.shape), strict=True))
    problem = _Elimination(equation.value, dict(equation.sizes), lengths)
    problem.conditions = [(g.expression, g.size) for g in equation.guards]
    problem.fold_unit_axes()
    for position, symbol in zip(equation.target.indices, free, strict=True):
        problem.eliminate(position, symbol)
    return problem.sum()


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
    loops: dict[Symbol, int]
    free: dict[Symbol, int]
    conditions: list[tuple[Expr, int]] = field(default_factory=list)
    divisible: list[tuple[Expr, int]] = field(default_factory=list)
    solved: dict[Symbol, Expr] = field(default_factory=dict)

    @property
    def sizes(self) -> dict[Symbol, int]:
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
        equality = (equality * _denominator(equality)).expand()
        form = _affine(equality)
        candidates = [s for s in form.coefficients if s in self.loops]
        if not candidates:
            self.conditions.append((equality, 1))
            return
        loop = min(candidates, key=lambda s: (abs(form.coefficient(s)), -self.loops[s]))
        factor = form.coefficient(loop)
        rest = (factor * loop - equality).expand()
        if abs(factor) > 1:
            self.divisible.append((rest, abs(factor)))
        size = self.loops.pop(loop)
        self._put({loop: (rest / factor).expand()})
        self.conditions.append(_scaled((rest / factor).expand(), size))

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
        """Put solutions for loops in everywhere."""

        def put(e: Expr) -> Expr:
            return e.xreplace(solved).expand()

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
        lows, highs = [S.Zero], [Integer(self.loops[loop] - 1)]
        for expression, size in own:
            low, high = _limits(expression, loop, size)
            lows = _tighter(lows, low, 1, self.sizes)
            highs = _tighter(highs, high, -1, self.sizes)
        # None of them beats another: SymPy need not look for one that does.
        low, high = Max(*lows, evaluate=False), Min(*highs, evaluate=False)
        total = SymbolicSum(self._bracket([], multiples) * inside, (loop, low, high))
        if _may_be_inverted(low, high, self.sizes):
            # SymPy reads a sum from m to n < m - 1 as minus the sum between them.
            return Iverson(low <= high) * total
        return total

    def _bracket(self, ranges: list[tuple[Expr, int]], multiples: list[tuple[Expr, int]]) -> Expr:
        return Iverson(
            *(Eq(Mod(e, n), 0) for e, n in multiples),
            *(relation for e, n in _merged(ranges) for relation in _inside(e, n, self.sizes)),
        )

    def _drop_certain(self) -> None:
        self.conditions = [c for c in self.conditions if not _certain(*c, self.sizes)]

    def _single_valued(self) -> tuple[Symbol, Expr] | None:
        """Find a loop that one condition leaves exactly one value, inside its range."""
        for expression, size in self.conditions:
            form = _affine(expression)
            loops = [s for s in form.coefficients if s in self.loops]
            if len(loops) == 1 and abs(form.coefficient(loops[0])) == size > 1:
                solution = _limits(expression, loops[0], size)[1]
                if _certain(solution, self.loops[loops[0]], self.sizes):
                    return loops[0], solution
        return None


def _affine(e: Expr) -> Affine:
    """Read an index in which loops that are solved for have left floors."""
    return affine(e, floors=True)


def _scaled(e: Expr, size: int) -> tuple[Expr, int]:
    """Write 0 <= e < size without fractions, for an e whose value is an integer."""
    denominator = _denominator(e)
    return (e * denominator).expand(), (size - 1) * denominator + 1


def _limits(expression: Expr, loop: Symbol, size: int) -> tuple[Expr, Expr]:
    """Solve 0 <= expression < size for the loop: least and greatest value."""
    factor = _affine(expression).coefficient(loop)
    rest = (expression - factor * loop).expand()
    ends = (-rest, size - 1 - rest) if factor > 0 else (rest - size + 1, rest)
    return ceiling(ends[0] / abs(factor)), floor(ends[1] / abs(factor))


def _tighter(limits: list[Expr], new: Expr, sign: int, sizes: Mapping[Symbol, int]) -> list[Expr]:
    """Add a limit unless another always beats it; drop those that it always beats.

    A limit is the tighter the greater (sign 1, lower limits) or smaller (-1) it is.
    """

    def beats(one: Expr, other: Expr) -> bool:
        bounds = _bounds(sign * (one - other), sizes)
        return bounds is not None and bounds[0] >= 0

    if any(beats(old, new) for old in limits):
        return limits
    return [*(old for old in limits if not beats(new, old)), new]


def _bounds(e: Expr, sizes: Mapping[Symbol, int]) -> tuple[int, int] | None:
    """Return the least and the greatest value of an index, trying all cases where it has floors."""
    if e.is_Integer:
        return int(e), int(e)
    used = sorted((s for s in e.free_symbols if s in sizes), key=str)
    if not e.has(floor, ceiling, Max, Min):
        return affine(e).bounds(sizes)
    if prod(sizes[s] for s in used) > limits.GATHERED_CASES:
        return None
    cases = every([Loop(s, sizes[s]) for s in used])
    values = [int(e.xreplace({s: Integer(n) for s, n in case.items()})) for case in cases]
    return min(values), max(values)


def _may_be_inverted(low: Expr, high: Expr, sizes: Mapping[Symbol, int]) -> bool:
    bounds = _bounds(high - low, sizes)
    return bounds is None or bounds[0] < -1


def _certain(expression: Expr, size: int, sizes: Mapping[Symbol, int]) -> bool:
    bounds = _bounds(expression, sizes)
    return bounds is not None and bounds[0] >= 0 and bounds[1] < size


def _merged(ranges: Iterable[tuple[Expr, int]]) -> list[tuple[Expr, int]]:
    """Say once what several conditions say of one index, counted upwards or downwards."""
    groups: dict[Expr, list[tuple[Expr, int]]] = {}
    for expression, size in ranges:
        groups.setdefault(_upwards(expression)[0], []).append((expression, size))
    return [own[0] if len(own) == 1 else _together(index, own) for index, own in groups.items()]


def _together(index: Expr, ranges: Iterable[tuple[Expr, int]]) -> tuple[Expr, int]:
    """Return the one range of an index that several conditions leave."""
    bounds = [
        (-shift, size - 1 - shift) if sign > 0 else (shift - size + 1, shift)
        for expression, size in ranges
        for _, shift, sign in [_upwards(expression)]
    ]
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    return index - low, max(high - low + 1, 0)


def _upwards(expression: Expr) -> tuple[Expr, int, int]:
    """Write an index as sign * index + shift, the first of its factors positive."""
    shift, rest = expression.as_coeff_Add()
    sign = -1 if rest.could_extract_minus_sign() else 1
    return sign * rest, int(shift), sign


def _inside(e: Expr, size: int, sizes: Mapping[Symbol, int]) -> list[Expr]:
    if size == 1:
        return [Eq(e, 0)]
    bounds = _bounds(e, sizes) or (-1, size)
    low = [e >= 0] if bounds[0] < 0 else []
    return low + ([e <= size - 1] if bounds[1] >= size else [])


def _denominator(e: Expr) -> int:
    return int(e.as_numer_denom()[1])
