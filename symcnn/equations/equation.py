"""Indexed equations, the common form of forward rules and adjoints.

    target[affine indices]  <-  REDUCE over loops of value,  where guards

All loop assignments with the same entry of the target are reduced to it; guards
exclude assignments. Several sum equations with one target add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Dummy, Expr, Indexed, IndexedBase, Symbol, preorder_traversal, sympify

from symcnn.equations.access import accesses, along_axes
from symcnn.equations.affine import affine
from symcnn.equations.expressions import (
    Inside,
    Selection,
    check_known,
    kept_apart,
    multiplied,
    needed,
    needs_selection,
    ranges_of,
)
from symcnn.equations.functions import translated
from symcnn.equations.reduction import SUM, Max, Mean, Product, Reduction
from symcnn.equations.sizes import Size, is_real_letter, is_size, number_of
from symcnn.equations.tensor import Tensor
from symcnn.errors import SymcnnError


@dataclass(frozen=True)
class Loop:
    """0 <= symbol < size."""

    symbol: Symbol
    size: Size


@dataclass(frozen=True)
class Guard:
    """0 <= expression < size; otherwise the term is omitted. This expresses zero padding."""

    expression: Expr
    size: Size


@dataclass(frozen=True)
class Equation:
    """target <- reduction over ``loops`` of ``value``, where ``guards`` hold."""

    target: Indexed
    value: Expr
    loops: tuple[Loop, ...]
    guards: tuple[Guard, ...] = ()
    reduction: Reduction = SUM

    @property
    def sizes(self) -> dict[Symbol, Size]:
        """The size of every loop, by its symbol."""
        return {loop.symbol: loop.size for loop in self.loops}

    @property
    def terms(self) -> Size:
        """The number of loop assignments."""
        return number_of(loop.size for loop in self.loops)

    @property
    def terms_of_entry(self) -> Size:
        """The number of loop assignments for one entry if no guard excludes any."""
        return number_of(loop.size for loop in self.reduced)

    @property
    def reduced(self) -> tuple[Loop, ...]:
        """The loops that do not appear in the target."""
        kept = {symbol for index in self.target.indices for symbol in index.free_symbols}
        return tuple(loop for loop in self.loops if loop.symbol not in kept)


Group = tuple[Tensor, tuple[Equation, ...]]
"""A tensor and the equations that add up to it; without one it is 0."""


def grouped(equations: Iterable[Equation]) -> list[tuple[IndexedBase, tuple[Equation, ...]]]:
    """Group equations by target, each target at the place of its last equation.

    There the target is complete; the equations that read it come later.
    """
    order: dict[IndexedBase, tuple[Equation, ...]] = {}
    for equation in equations:
        base = equation.target.base
        order[base] = (*order.pop(base, ()), equation)
    return list(order.items())


@lru_cache(maxsize=2**14)
def _made_once(expression: Expr) -> Expr:
    """Return the first expression that was equal: the accesses known of it are parts of it."""
    return expression


def is_one_to_one(equation: Equation) -> bool:
    """Tell whether every entry of the target has exactly one term and every index is bare."""
    axes = [axis for axis in equation.target.indices if axis != 0]
    different = len(axes) == len(set(axes)) == len(equation.loops)  # T[i, i] has other entries
    bare = different and all(axis in equation.sizes for axis in axes)
    whole = all(equation.sizes.get(axis, 1) == n for axis, n in along_axes(equation.target))
    return bare and whole and not equation.guards


def is_maximum(equation: Equation) -> bool:
    """Tell whether an equation is a maximum, which needs a routing to be differentiated."""
    return isinstance(equation.reduction, Max)


def further_guards(guards: Iterable[Guard], *reads: Indexed) -> list[Guard]:
    """Return the guards that are not implied by these accesses staying in their tensors."""
    said = {Guard(*axis) for read in reads for axis in along_axes(read)}
    return [guard for guard in guards if guard not in said]


def define(
    target: Indexed,
    value: Expr,
    *,
    over: Mapping[Symbol, Size] | None = None,
    inside: Iterable[tuple[Expr, Size]] = (),
    reduction: Reduction = SUM,
) -> Equation:
    """Create an equation; ranges and guards follow from the shapes of the tensors.

    A symbol that is itself an index of a tensor runs over that axis; ``over``
    gives the range of every other symbol. An access that can leave its tensor gets a
    guard: terms outside the tensor are omitted.

    SymPy makes 1 of ``x[i] / x[i]`` before it is seen here; ``x[i] / uncancelled(x[i])`` has no
    value where x[i] is 0. Of ``x[i] / x[0]`` nothing cancels at i = 0.

    Args:
        target: The entry that is defined, e.g. ``y[i, j, k]``.
        value: The reduced term, e.g. ``w[u, v, c, k] * x[i + u, j + v, c]``.
        over: Ranges of loops that no bare index determines, e.g. ``{u: 2, v: 2}``.
        inside: Pairs (e, n) of further guards, 0 <= e < n, that no access implies.
        reduction: ``Sum()`` (default), ``Mean()``, ``Product()``, ``LogSumExp()`` or ``Max()``.

    Raises:
        SymcnnError: If a loop has no range or two different ones, if a loop index occurs
            as a number in the value (indices may only select entries), or if
            the value contains a function for which symcnn has no rule.
    """
    check_known(value := _made_once(translated(sympify(value))))
    ranges, further = dict(over or {}), [(sympify(e), size) for e, size in inside]
    defined, combined = target, reduction
    if isinstance(reduction, Product):
        ranges = ranges_of((target, *accesses(value)), ranges)
        value, combined = multiplied(target, value, ranges, further), SUM
        ranges = {s: n for s, n in ranges.items() if s in target.free_symbols}
    certain: list[Inside] = []
    if needs_selection(target, value, further):
        known = ranges_of((target, *accesses(value)), ranges)
        made = Selection(target, value, known, further, combined).made_affine()
        target, value, ranges, further = made.target, made.value, made.ranges, made.inside
        certain, combined = made.certain, made.reduction
    value = kept_apart(value)
    equation = _affine(target, value, ranges, [Guard(*one) for one in further], combined)
    if certain:
        pairs = needed([(g.expression, g.size) for g in equation.guards], certain, equation.sizes)
        equation = replace(equation, guards=tuple(Guard(*pair) for pair in pairs))
    if left := [g for g in equation.guards if (g.expression, g.size) not in certain]:
        _check_whole(equation, left[0], defined, reduction)
    return equation


def _check_whole(equation: Equation, guard: Guard, target: Indexed, reduction: Reduction) -> None:
    """Refuse to leave out what a mean counts and a product multiplies."""
    if isinstance(reduction, Mean):
        raise SymcnnError(
            f"{target} is a mean over entries that can lie outside their tensor: use a sum "
            "divided by the number of terms"
        )
    if isinstance(reduction, Product):
        reads = (equation.target, *accesses(equation.value))
        such = [f" such as {read}" for read in reads if guard.expression in read.indices]
        raise SymcnnError(
            f"{target} is a product over entries{''.join(such[:1])} that can lie outside their "
            "tensor: pad the tensor in an auxiliary first"
        )


def _affine(
    target: Indexed,
    value: Expr,
    over: dict[Symbol, Size],
    inside: list[Guard],
    reduction: Reduction,
) -> Equation:
    """Create an equation whose indices are affine."""
    reads = (target, *accesses(value))
    sizes = _ranges(reads, over)
    positions = (position for read in reads for position in read.indices)
    if unknown := _unknown([*positions, *(g.expression for g in inside)], sizes):
        raise SymcnnError(
            f"the range of {', '.join(unknown)} in {target} is unknown: give it in over={{...}}"
        )
    if bare := _outside_accesses(value):
        raise SymcnnError(
            f"the value {value} of {target} contains {', '.join(bare)} outside a tensor: "
            "loop indices may occur only inside [...]"
        )
    loops = tuple(Loop(symbol, size) for symbol, size in sizes.items())
    own = (guard for guard in inside if _can_leave(guard.expression, guard.size, sizes))
    guards = tuple(dict.fromkeys((*_guards(reads, sizes), *own)))
    return Equation(target, value, loops, guards, reduction)


def _ranges(reads: Iterable[Indexed], explicit: dict[Symbol, Size]) -> dict[Symbol, Size]:
    """Find the range of every loop: given, or that of the axis of which it is the index."""
    found: dict[Symbol, Size] = {}
    for read in reads:
        for position, size in along_axes(read):
            if not isinstance(position, Symbol) or position in explicit or is_size(position):
                continue
            if found.setdefault(position, size) != size:
                raise SymcnnError(
                    f"index {position} has two ranges, {found[position]} and {size}, in "
                    f"{read}: the shapes do not match"
                )
    return _target_first(reads, {**found, **explicit})


def _target_first(reads: Iterable[Indexed], sizes: dict[Symbol, Size]) -> dict[Symbol, Size]:
    target, *_ = reads
    order = [s for position in target.indices for s in _symbols(position)]
    return {s: sizes[s] for s in dict.fromkeys([*order, *sizes]) if s in sizes}


def _symbols(position: Expr) -> list[Symbol]:
    return [*affine(position).coefficients]


def _unknown(positions: Iterable[Expr], sizes: Mapping[Symbol, Size]) -> list[str]:
    used = (s for position in positions for s in _symbols(position))
    return sorted({str(s) for s in used if s not in sizes})


def _outside_accesses(value: Expr) -> list[str]:
    found, parts = set[str](), preorder_traversal(value)
    for part in parts:
        if isinstance(part, Indexed):
            parts.skip()
        elif isinstance(part, Symbol) and not (
            isinstance(part, Dummy) or is_size(part) or is_real_letter(part)
        ):
            found.add(str(part))
    return sorted(found)


def _guards(reads: Iterable[Indexed], sizes: Mapping[Symbol, Size]) -> Iterable[Guard]:
    """Return a guard for every index that can leave its tensor."""
    axes = (axis for read in reads for axis in along_axes(read))
    return dict.fromkeys(Guard(*axis) for axis in axes if _can_leave(*axis, sizes))


def _can_leave(position: Expr, size: Size, sizes: Mapping[Symbol, Size]) -> bool:
    return not affine(position).stays_within(size, sizes)
