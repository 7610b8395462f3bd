"""What the script of a page is told, as data: given numbers, decisions, conditions.

The way back from the loss to a given number is walked stage by stage, and then position by
position: which error signals it passes, and what they are.

    dL/dw_23  =  delta_13 x_2 + delta_23 x_3    one term for each position at which w_23 is used

All figures of a page as one program of steps, in exact numbers as long as they are exact.

It is the straight-line program of the derivation, recorded once more. A decimal stays one through
sums, products, quotients and maxima, and the page writes = before it; behind an exponential a
number is a float, and has its sign.

What decides which text holds: the winners of maxima, and the signs of comparisons.

    window of p_1:   argmax(z_11, z_21)          comparison z_11 > 0:   sign(z_11 - 0)

Inside of a region in which none of these changes, a document differs in its figures alone.

A part of a page stands in some documents and not in others. Decisions are added to its condition
one after the other, each the one that separates most pairs of such documents, until no two that
fall alike differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from sympy import Abs, Expr, Rational, S, Symbol, sign
from sympy.core.relational import Relational

from symcnn import limits
from symcnn.classroom.arithmetic.recording import Tape
from symcnn.derivation import Derivation
from symcnn.derivation.derived import constants, manner_of
from symcnn.document.bindings import AFTER_THE_STEP, Bindings
from symcnn.document.blocks import EQUAL, Side
from symcnn.document.rows.rows import abridged
from symcnn.document.style import Style
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.problems import Problem
from symcnn.problems.write import in_digits, problem_file
from symcnn.programs.backends.straight.assignments import straight
from symcnn.programs.backends.straight.subexpressions import Assignment, live
from symcnn.programs.plans.plan import plan_of
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text
from symcnn.writing.printing.cases import is_index
from symcnn.writing.printing.manner import separator
from symcnn.writing.printing.mathematics import MathPrinter
from symcnn.writing.printing.numerals import Numerals
from symcnn.writing.printing.summands import summands

_OPEN, _CLOSE = "\ue000", "\ue001"
"""What stands around the place of a given number in the problem file: no text has these."""


def data(
    problem: Problem,
    style: Style,
    bindings: Bindings,
    decisions: tuple[Decision, ...],
    conditions: Mapping[Condition | None, int],
    states: Sequence[State],
    names: Names,
) -> Mapping[str, Any]:
    """Return what the script reads."""
    facts = {
        "givens": _givens(problem, bindings, names),
        "stages": Way(problem.derivation, bindings, names).stages(),
        "loss": bindings.key(problem.network.loss_tensor.symbol((0,))),
        "decisions": [
            _decision(decision, bindings, names.name)
            | {"seen": sorted({_one(s[n]) for s in states})}
            for n, decision in enumerate(decisions)
        ],
        "conditions": [*map(_condition, conditions)],
        "manner": {
            "digits": style.digits,
            "decimal": style.decimal,
            "exactDigits": limits.EXACT_DIGITS,
            "fractionParts": limits.FRACTION_PARTS,
        },
        "template": _template(problem),
    }
    program = figures_program(problem.derivation, list(bindings.keys), problem.moved)
    return facts | {"program": program}


def _givens(problem: Problem, bindings: Bindings, names: Names) -> list[dict[str, Any]]:
    tensors, way = problem.network.tensors, Way(problem.derivation, bindings, names)
    return [
        {
            "name": of,
            "kind": _kind(problem, of),
            "entries": [
                {
                    "label": names.name(tensors[of].symbol(position)),
                    "text": in_digits(value),
                    "key": bindings.key(tensors[of].symbol(position)),
                    "slope": way.slope(tensors[of], position),
                }
                for position, value in zip(tensors[of].positions(), problem.values[of], strict=True)
            ],
        }
        for of in problem.values
    ]


def _kind(problem: Problem, name: str) -> str:
    """Tell how the numbers of a tensor may change: each freely, in pairs, or not at all."""
    if name in problem.network.indexing:
        return "fixed"
    first, *others = problem.values[name]
    steps = (Rational(1, 1000), Rational(-1, 1000))  # a probability of 1 can only be made smaller
    if any(_takes(problem, name, [first + step, *others]) for step in steps):
        return "free"
    if others:
        *between, last = others
        pairs = ([first + step, *between, last - step] for step in steps)
        return "sum" if any(_takes(problem, name, pair) for pair in pairs) else "fixed"
    return "fixed"


def _takes(problem: Problem, name: str, numbers: list[Expr]) -> bool:
    try:
        problem.with_values({**problem.values, name: tuple(numbers)})
    except SymcnnError:
        return False
    return True


def _decision(
    decision: Decision, bindings: Bindings, name: Callable[[Expr], str]
) -> dict[str, Any]:
    keys = [bindings.key(expression) for expression in decision.expressions]
    if isinstance(decision, MaxWindow):
        terms = [*map(name, decision.terms)]
        return {"kind": "window", "entry": name(decision.entry), "terms": terms, "keys": keys}
    relation = decision.relation
    terms = [name(relation.lhs), name(relation.rhs)]
    return {"kind": "comparison", "terms": terms, "keys": keys}


def _condition(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {"decisions": None, "shown": [], "hidden": []}
    return {
        "decisions": condition.decisions,
        "shown": sorted(map(_fallen, condition.shown)),
        "hidden": sorted(map(_fallen, condition.hidden)),
    }


def _fallen(state: State) -> str:
    """Write how decisions fall as the script does: the winners of each, or its sign."""
    return " ".join(map(_one, state))


def _one(fallen: tuple[int, ...]) -> str:
    return "=".join(map(str, fallen))


def _template(problem: Problem) -> list[str | int]:
    """Return the pieces of the problem file, with the places of given numbers between them."""
    place = count()
    marks = {
        name: [f"{_OPEN}{next(place)}{_CLOSE}" for _ in row] for name, row in problem.values.items()
    }
    pieces = re.split(f"{_OPEN}(\\d+){_CLOSE}", problem_file(problem, instead=marks))
    return [int(piece) if n % 2 else piece for n, piece in enumerate(pieces)]


_POSITIONS = 16
"""At most so many positions are shown one by one."""

Facts = Mapping[str, Any]


class Way:
    """Tells the script of a page what the error signals are."""

    def __init__(self, derivation: Derivation, bindings: Bindings, names: Names) -> None:
        """Take the derivation, the numbers of figures, and what names entries."""
        self._derivation, self._bindings, self._names = derivation, bindings, names
        self._entries: dict[Symbol, Symbol] = {
            adjoint.symbol(position): derivation.network.tensors[name].symbol(position)
            for name, adjoint in derivation.adjoints.items()
            for position in adjoint.positions()
        }

    def stages(self) -> list[list[Facts]]:
        """Return what is computed, in the order of the forward pass."""
        given = {tensor.name for tensor in self._derivation.network.given}
        tensors = self._derivation.network.tensors.values()
        return [[*map(self._entry, _symbols(t))] for t in tensors if t.name not in given]

    def slope(self, tensor: Tensor, position: tuple[int, ...]) -> Facts | None:
        """Return what the derivative with respect to a given number is, if there is one."""
        adjoint = self._derivation.adjoints.get(tensor.name)
        if adjoint is None or not self._derivation.depends_on(tensor):
            return None
        words = self._names.partial(tensor.symbol(position))
        return self._signal(adjoint.symbol(position), words)

    def _entry(self, symbol: Symbol) -> Facts:
        """Return the number of a computed entry, those of what it reads, and its error signal."""
        tensor, position = self._derivation.entries.locate(symbol)
        formula = self._derivation.entries.formula(symbol)
        reads = () if formula is None else sorted(formula.free_symbols, key=str)
        found = self._derivation.adjoints.get(tensor.name)
        depends = found is not None and self._derivation.depends_on(tensor)
        signal = found.symbol(position) if found is not None and depends else None
        return {
            "key": self._bindings.key(symbol),
            "label": self._names.name(symbol),
            "reads": [*map(self._bindings.key, reads)],
            "signal": None if signal is None else self._signal(signal, self._names.name(signal)),
        }

    def _signal(self, adjoint: Symbol, name: str) -> Facts:
        formula = self._derivation.entries.formula(adjoint)
        assert formula is not None, "every error signal has a formula"
        return {
            "key": self._bindings.key(adjoint),
            "words": name,
            "equation": self._names.equation(name, formula),
            "terms": [*self._terms(adjoint)],
        }

    def _terms(self, adjoint: Symbol) -> Iterator[Facts]:
        """Run over the terms of a given number's derivative, each with where it comes from."""
        tensor, _ = self._derivation.entries.locate(self._entries[adjoint])
        terms = summands(self._derivation.entries.formula(adjoint)) if tensor.is_given else []
        if not 1 < len(terms) <= _POSITIONS:
            return
        for term in terms:
            read = sorted(term.free_symbols, key=str)
            yield {
                "key": self._bindings.key(term),
                "words": self._names.name(term),
                "reads": [*map(self._bindings.key, read)],
                "to": [self._bindings.key(self._entries[s]) for s in read if s in self._entries],
            }


def _symbols(tensor: Tensor) -> Iterator[Symbol]:
    return (tensor.symbol(position) for position in tensor.positions())


class Names:
    """Prints in one line."""

    def __init__(self, derivation: Derivation, style: Style) -> None:
        """Take what the entries are of, and how they are printed."""
        known = constants(derivation.network, Numerals(style.digits, style.decimal))
        manner = manner_of(derivation, known, style.index_base, separator(style.decimal))
        self._printer = MathPrinter(manner=manner)

    def name(self, expression: Expr) -> str:
        """Name an entry, or write an expression of entries."""
        return _line(self._printer.tree(expression))

    def partial(self, entry: Symbol) -> str:
        """Write dL/dw."""
        return _line(self._printer.partial(self._printer.tree(entry)))

    def equation(self, left: str, formula: Expr) -> str:
        """Write an equation; a long sum is cut short."""
        terms = abridged(formula, self._printer)
        return f"{left} {_line(Side(EQUAL, terms).formula)}"


def _line(formula: Formula) -> str:
    return text(formula).replace("-", "\N{MINUS SIGN}")


def figures_program(
    derivation: Derivation, figures: Sequence[Expr], step: Callable[[Expr, Expr], Expr]
) -> Mapping[str, Any]:
    """Return a program of all given numbers that gives the figures in their order.

    The loss after a step of gradient descent is the number behind the given ones: it is found by
    the same program, of moved numbers.

    Args:
        derivation: The network's.
        figures: Expressions of entries.
        step: Returns a weight after a step from it and its derivative, if a step is made.

    Raises:
        TooLargeError: If the network is too large for a statement for each entry.
    """
    tape, given, slopes = Tape(), derivation.network.given, _slopes(derivation, figures)
    numbers = [symbol for tensor in given for symbol in _entries(tensor)]
    known = {symbol: tape.entry(n) for n, symbol in enumerate((*numbers, AFTER_THE_STEP))}
    wanted = [symbol for figure in figures for symbol in figure.free_symbols]
    for symbol, value in _assignments(derivation, [*wanted, *slopes.values()]):
        known[symbol] = tape.value(value, known)
    moved = [step(entry, slopes[entry]) if entry in slopes else entry for entry in numbers]
    return {
        "given": [tensor.name for tensor in given],
        "figures": [tape.value(figure, known).at for figure in figures],
        "moved": [tape.value(number, known).at for number in moved],
        "loss": known[derivation.network.loss_tensor.symbol((0,))].at,
        "steps": tape.steps,
    }


def _slopes(derivation: Derivation, figures: Sequence[Expr]) -> dict[Symbol, Symbol]:
    """Return dL/dw for every entry w of the parameters, if a step is made with them."""
    moving = derivation.network.parameters if AFTER_THE_STEP in figures else ()
    pairs = (
        zip(_entries(tensor), _entries(derivation.adjoints[tensor.name]), strict=True)
        for tensor in moving
    )
    return dict(chain.from_iterable(pairs))


def _entries(tensor: Tensor) -> Iterator[Symbol]:
    return map(tensor.symbol, tensor.positions())


def _assignments(derivation: Derivation, wanted: Sequence[Symbol]) -> Iterator[Assignment]:
    """Run over the assignments without which something wanted cannot be computed."""
    code = straight(plan_of(derivation, "stages"))
    stages = [s.assignments for s in (*code.forward, *code.backward, *code.further)]
    loss = derivation.network.loss_tensor.symbol((0,))
    return chain.from_iterable(live(stages, [*wanted, loss]))


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
    return _present_where(presence, states, own) or _present_where(
        presence, states, range(len(states[0]))
    )


def _present_where(
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
