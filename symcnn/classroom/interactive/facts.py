"""What the script of a page is told, as data: given numbers, decisions, conditions.

The way back from the loss to a given number is walked stage by stage, and then position by
position: which error signals it passes, and what they are.

    dL/dw_23  =  delta_13 x_2 + delta_23 x_3    one term for each position at which w_23 is used
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from sympy import Expr, Rational, Symbol

from symcnn import limits
from symcnn.classroom.interactive.deciding import Condition, Decision, MaxWindow, State
from symcnn.classroom.interactive.program import figures_program
from symcnn.derivation import Derivation
from symcnn.derivation.derived import constants, manner_of
from symcnn.document.bindings import Bindings
from symcnn.document.blocks import EQUAL, Side
from symcnn.document.rows.rows import abridged
from symcnn.document.style import Style
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.problems import Problem
from symcnn.problems.write import in_digits, problem_file
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text
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
