"""Straight-line code for small networks: one assignment for each entry, in no particular language.

It is the derivation by hand as a program. Besides SymPy's functions and those of ``functions``,
formulas contain ``Argmax`` and ``Select``, by which a maximum is routed, and ``log_of_sum``.

A maximum is routed by the number of the entry that a window took, k = index of the first largest
of (t_0, t_1, ...). With it the adjoint of t_m is (0, ..., delta, ..., 0)[k], and a sum over several
entries of one window needs one product instead of one for each:

    a_0 [k = 0] delta + a_1 [k = 1] delta + ...  =  delta (a_0, a_1, ...)[k]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Expr, Indexed, Mul, S, Symbol

from symcnn import limits
from symcnn.derivation import Routing
from symcnn.derivation.entries import Entries
from symcnn.equations import Equation, Group, LogSumExp, Max, Tensor
from symcnn.equations.functions import maximum
from symcnn.errors import TooLargeError
from symcnn.programs.backends.notes import note, note_of_routing
from symcnn.programs.backends.straight.functions import Argmax, Select, log_of_sum
from symcnn.programs.backends.straight.subexpressions import (
    Assignment,
    live,
    with_shared_subexpressions,
)
from symcnn.programs.plans.plan import Plan

_PLACES = (
    "The index of the largest entry of each window, counted from 0, by which what belongs to that",
    "entry is selected below. For a window of two entries, whether the second is the largest.",
)


@dataclass(frozen=True)
class Stage:
    """Assignments, each symbol after those that it needs, and what they compute."""

    notes: tuple[str, ...]
    assignments: Sequence[Assignment]


@dataclass(frozen=True)
class StraightLine:
    """Every entry of a plan that is needed."""

    forward: tuple[Stage, ...]
    backward: tuple[Stage, ...]
    further: tuple[Stage, ...] = ()

    @property
    def assignments(self) -> Iterator[Assignment]:
        """All assignments that results need, one after the other."""
        return (made for stage in (*self.forward, *self.backward) for made in stage.assignments)


def straight(plan: Plan) -> StraightLine:
    """Return every entry's formula.

    Raises:
        TooLargeError: If there are more terms than ``limits.SCALAR_TERMS``.
    """
    if plan.terms > limits.SCALAR_TERMS:
        raise TooLargeError(
            f"straight-line code would have {plan.terms:,} terms, more than the "
            f'{limits.SCALAR_TERMS:,} that are written out: use backend="array"'
        )
    formulas = _Formulas(plan)
    first = [formulas.of(tensor) for tensor, _ in plan.forward]
    then = [formulas.places(plan.forward), *(formulas.of(tensor) for tensor, _ in plan.backward)]
    notes = [*map(_notes, plan.forward), _PLACES, *map(_notes, plan.backward)]
    needed = live([*first, *then], _entries(plan.results))
    stages = [*map(Stage, notes, with_shared_subexpressions(needed))]
    return StraightLine(
        _needed(stages[: len(first)]),
        _needed(stages[len(first) :]),
        _needed(_further(plan, formulas, notes, [*first, *then], needed)),
    )


def _further(
    plan: Plan,
    formulas: _Formulas,
    notes: Sequence[tuple[str, ...]],
    parts: Sequence[Sequence[Assignment]],
    needed: Iterable[Iterable[Assignment]],
) -> Iterator[Stage]:
    """Run over the stages without those entries that results need.

    They come last, so that results are computed as they are where nothing else is asked for.
    """
    if not plan.staged:
        return
    routings = [formulas.routing(routing) for routing in plan.routings]
    known = {symbol for part in needed for symbol, _ in part}
    wanted = [*_entries(plan.stages), *(symbol for part in routings for symbol, _ in part)]
    notes = [*notes, *((note_of_routing(routing),) for routing in plan.routings)]
    for notes_of, part in zip(notes, live([*parts, *routings], wanted), strict=True):
        yield Stage(notes_of, [made for made in part if made[0] not in known])


def _notes(group: Group) -> tuple[str, ...]:
    return tuple(note(equation) for equation in group[1])


def _entries(tensors: Iterable[Tensor]) -> Iterator[Symbol]:
    return (tensor.symbol(position) for tensor in tensors for position in tensor.positions())


def _needed(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    return tuple(stage for stage in stages if stage.assignments)


@dataclass(frozen=True)
class _LogOfSum(LogSumExp):
    """The logarithm of a sum of exponentials as one function, which does not overflow."""

    def combine(self, terms: Sequence[Expr]) -> Expr:
        return log_of_sum(*terms) if len(terms) > 1 else terms[0]


def _evaluable(equation: Equation) -> Equation:
    logarithm = isinstance(equation.reduction, LogSumExp)
    return replace(equation, reduction=_LogOfSum()) if logarithm else equation


class _Formulas:
    """Every entry's formula, with each maximum's routing as the index of the winning entry."""

    def __init__(self, plan: Plan) -> None:
        self._entries = Entries(map(_evaluable, plan.equations), plan.tensors, plan.routings)
        self._shares: dict[Symbol, Share] = {}
        self._selectors: dict[Expr, tuple[Window, int]] = {}

    def of(self, tensor: Tensor) -> list[Assignment]:
        """Return the formula of every entry of a tensor."""
        symbols = (tensor.symbol(position) for position in tensor.positions())
        return [(symbol, self._formula(symbol)) for symbol in symbols]

    def places(self, groups: Iterable[Group]) -> list[Assignment]:
        """Return, for every window of the maxima where the first takes all, its place."""
        return [
            assignment
            for tensor, equations in groups
            for equation in equations
            if equation.reduction == Max("first")
            for position in tensor.positions()
            for assignment in self._place(tensor, equation, position, len(equations) == 1)
        ]

    def routing(self, routing: Routing) -> list[Assignment]:
        """Return R for every term of a maximum: whether its window took it."""
        tensor = routing.tensor
        return [(tensor.symbol(p), self._selector(tensor[p])) for p in tensor.positions()]

    def _selector(self, entry: Indexed) -> Expr:
        """Return R of one term by the place that its window took, if that is known."""
        selector = self._entries.scalar(entry)
        if selector not in self._selectors:
            return selector
        window, place = self._selectors[selector]
        return one_of(window, {place: S.One})

    def _formula(self, symbol: Symbol) -> Expr:
        """Return an entry's formula; one of a window's adjoints is written by the place it took."""
        formula = self._entries.formula(symbol)
        if formula is None:
            return S.Zero
        share = share_in(formula, self._selectors)
        if share is None:
            return collected(formula, self._shares)
        self._shares[symbol] = share
        return share.written

    def _place(
        self, tensor: Tensor, equation: Equation, position: tuple[int, ...], alone: bool
    ) -> Iterator[Assignment]:
        """Return the place that a window of several terms took, and learn its selectors."""
        terms = self._entries.terms(equation, tensor, position)
        if len(terms) < 2:
            return
        symbol = tensor.symbol(position)
        window = Window(Symbol(f"k^{symbol.name}", integer=True), len(terms))
        selectors = [equation.reduction.selector(terms, place) for place in range(len(terms))]
        found = {s: (window, place) for place, s in enumerate(selectors) if not s.is_number}
        if not found:
            return  # all terms are the same entry: the first is taken, whatever the numbers
        self._selectors |= found
        yield window.taken, Argmax(symbol if alone else maximum(*terms), *terms)


@dataclass(frozen=True)
class Window:
    """The number of entries of one window, and the symbol of the place that it took."""

    taken: Symbol
    size: int


@dataclass(frozen=True)
class Share:
    """What one entry receives of a window's adjoint: delta if the window took it."""

    window: Window
    place: int
    delta: Expr

    @property
    def written(self) -> Expr:
        """Delta if the window took this entry, else 0."""
        return one_of(self.window, {self.place: self.delta})


def one_of(window: Window, coefficients: Mapping[int, Expr]) -> Expr:
    """Return the coefficient of the taken entry; entries without one have 0."""
    every = (coefficients.get(place, S.Zero) for place in range(window.size))
    return Select(window.taken, *every)


def share_in(formula: Expr, selectors: Mapping[Expr, tuple[Window, int]]) -> Share | None:
    """Read a formula as selector * delta, if it is of that form."""
    for factor in Mul.make_args(formula):
        if factor in selectors:
            window, place = selectors[factor]
            return Share(window, place, formula / factor)
    return None


def collected(formula: Expr, shares: Mapping[Symbol, Share]) -> Expr:
    """Gather the terms of a sum that belong to one window under its one adjoint."""
    groups: dict[tuple[Window, Expr], dict[Expr, Expr]] = {}
    rest: list[Expr] = []
    for term in Add.make_args(formula):
        routed = [f for f in Mul.make_args(term) if f in shares]
        if len(routed) == 1:
            share = shares[routed[0]]
            factors = groups.setdefault((share.window, share.delta), {})
            factors[routed[0]] = factors.get(routed[0], S.Zero) + term / routed[0]
        else:
            rest.append(term)
    return Add(*rest, *(_gathered(factors, shares) for factors in groups.values()))


def _gathered(factors: Mapping[Expr, Expr], shares: Mapping[Symbol, Share]) -> Expr:
    """Return the sum over entries of one window as its adjoint times the factor of the chosen."""
    if len(factors) == 1:
        return Mul(*next(iter(factors.items())))
    parts = [(shares[routed], factor) for routed, factor in factors.items()]
    first, _ = parts[0]
    return first.delta * one_of(first.window, {s.place: factor for s, factor in parts})
