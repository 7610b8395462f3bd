"""What decides which text holds: the winners of maxima, and the signs of comparisons.

    window of p_1:   argmax(z_11, z_21)          comparison z_11 > 0:   sign(z_11 - 0)

Inside of a region in which none of these changes, a document differs in its figures alone.

A part of a page stands in some documents and not in others. Decisions are added to its condition
one after the other, each the one that separates most pairs of such documents, until no two that
fall alike differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Abs, Expr, S, Symbol, sign
from sympy.core.relational import Relational

from symcnn.derivation import Derivation
from symcnn.writing.printing.cases import is_index

Value = Callable[[Expr], Expr]
"""What gives the value of an expression of entries at some numbers."""


@dataclass(frozen=True)
class MaxWindow:
    """A maximum of several terms.

    Attributes:
        entry: The entry that it is the value of.
        terms: The terms, in row-major order.
    """

    entry: Symbol
    terms: tuple[Expr, ...]

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """What is compared."""
        return self.terms

    def state(self, value: Value) -> tuple[int, ...]:
        """Return the numbers of the largest terms."""
        values = [value(term) for term in self.terms]
        largest = values[0]
        for other in values[1:]:
            largest = other if other > largest else largest
        return tuple(n for n, found in enumerate(values) if found == largest)

    @property
    def borders(self) -> tuple[Expr, ...]:
        """What is 0 at a tie of the first term and another one."""
        first, *others = self.terms
        return tuple(first - other for other in others)


@dataclass(frozen=True)
class Comparison:
    """A comparison of entries.

    Attributes:
        relation: What is compared.
        difference: The left side less the right one.
    """

    relation: Relational
    difference: Expr

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """What is compared, with 0."""
        return (self.difference,)

    def state(self, value: Value) -> tuple[int, ...]:
        """Return the sign of the difference."""
        return (int(sign(value(self.difference))),)

    @property
    def borders(self) -> tuple[Expr, ...]:
        """What is 0 where the comparison turns."""
        return (self.difference,)


Decision = MaxWindow | Comparison
Presence = frozenset[int]
"""The numbers of the documents in which something stands."""

State = tuple[tuple[int, ...], ...]
"""How every decision falls at some numbers."""


def tied(decisions: Sequence[Decision], state: State) -> tuple[int, ...]:
    """Return the numbers of the windows that are tied, and of comparisons of equal sides."""
    pairs = enumerate(zip(decisions, state, strict=True))
    return tuple(
        n for n, (d, s) in pairs if (len(s) > 1 if isinstance(d, MaxWindow) else s == (0,))
    )


def decisions(derivation: Derivation) -> tuple[Decision, ...]:
    """Return everything that decides which formulas hold."""
    windows = list(_windows(derivation))
    inside = {border for window in windows for border in _differences(window)}
    return (*windows, *_comparisons(derivation, inside))


def _windows(derivation: Derivation) -> Iterator[MaxWindow]:
    for routing in derivation.routings:
        tensor = derivation.tensors[routing.source.target.base]
        for position in tensor.positions():
            terms = derivation.entries.terms(routing.source, tensor, position)
            if len(set(terms)) > 1:
                yield MaxWindow(tensor.symbol(position), tuple(terms))


def _differences(window: MaxWindow) -> Iterator[Expr]:
    return (one - other for one in window.terms for other in window.terms if one != other)


def _compared(formula: Expr) -> set[Expr]:
    """Return the comparisons of a formula; an absolute value is one with 0, and so is a sign."""
    with_signs = (part.args[0] for part in formula.atoms(Abs, sign))
    return {*formula.atoms(Relational), *(z > 0 for z in with_signs)}


def _comparisons(derivation: Derivation, inside: set[Expr]) -> Iterator[Comparison]:
    """Run over the comparisons in formulas, each once, without those of windows."""
    known = {S.Zero}
    for tensor in (*derivation.network.tensors.values(), *derivation.adjoints.values()):
        for position in tensor.positions():
            formula = derivation.entries.formula(tensor.symbol(position))
            found = set() if formula is None else _compared(formula)
            for relation in sorted(found, key=str):
                difference = relation.lhs - relation.rhs
                if all(map(is_index, relation.free_symbols)) or difference in inside | known:
                    continue
                known |= {difference, -difference}
                yield Comparison(relation, difference)


@dataclass(frozen=True)
class Condition:
    """When a part is shown.

    Attributes:
        decisions: The numbers of the decisions that it depends on.
        shown: How they fall where it is shown.
        hidden: How they fall where it is not; anything else is not known.
    """

    decisions: tuple[int, ...]
    shown: frozenset[State]
    hidden: frozenset[State]


def condition(
    presence: Presence, states: Sequence[State], own: Sequence[int] = ()
) -> Condition | None:
    """Return when a part is shown; None if the decisions do not tell.

    Args:
        presence: The documents in which it stands.
        states: How everything is decided at the numbers of every document.
        own: The decisions about what the part speaks of, which are tried first.
    """
    return _condition(presence, states, own) or _condition(presence, states, range(len(states[0])))


def _condition(
    presence: Presence, states: Sequence[State], among: Sequence[int]
) -> Condition | None:
    inside = [states[n] for n in sorted(presence)]
    outside = [state for n, state in enumerate(states) if n not in presence]
    pairs = [(one, other) for one in inside for other in outside]
    chosen: list[int] = []
    while pairs:
        counts = {k: sum(one[k] != other[k] for one, other in pairs) for k in among}
        best = max(counts, key=counts.__getitem__, default=None)
        if best is None or not counts[best]:
            return None
        chosen.append(best)
        pairs = [(one, other) for one, other in pairs if one[best] == other[best]]
    chosen.sort()
    shown, hidden = (frozenset(_projected(s, chosen) for s in side) for side in (inside, outside))
    return Condition(tuple(chosen), shown, hidden)


def _projected(state: State, chosen: Sequence[int]) -> State:
    return tuple(state[k] for k in chosen)
