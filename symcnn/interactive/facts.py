"""What the script of a page is told, as data: given numbers, decisions, conditions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from sympy import Expr, Rational, Symbol

from symcnn import limits
from symcnn.document.bindings import Bindings
from symcnn.document.style import Style
from symcnn.errors import SymcnnError
from symcnn.interactive.conditions import Condition
from symcnn.interactive.deciding import Decision, State, Window
from symcnn.problems import Problem
from symcnn.problems.write import problem_file

Name = Callable[[Expr], str]
"""What names an entry, or an expression of entries, in one line."""

_OPEN, _CLOSE = "\ue000", "\ue001"
"""What stands around the place of a given number in the problem file: no text has these."""


def data(
    problem: Problem,
    style: Style,
    bindings: Bindings,
    decisions: tuple[Decision, ...],
    conditions: Mapping[Condition | None, int],
    states: Sequence[State],
    name: Name,
) -> str:
    """Return what the script reads, as JSON in which nothing ends a script element."""
    made = {
        "givens": _givens(problem, bindings, name),
        "decisions": [
            _decision(decision, bindings, name) | {"seen": sorted({_one(s[n]) for s in states})}
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
        "loss": bindings.key(problem.network.loss_tensor.symbol((0,))),
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _givens(problem: Problem, bindings: Bindings, name: Name) -> list[dict[str, Any]]:
    tensors = problem.network.tensors
    return [
        {
            "name": of,
            "kind": _kind(problem, of),
            "entries": [
                {
                    "label": name(symbol),
                    "text": _written(value),
                    "key": bindings.key(symbol),
                }
                for symbol, value in zip(_symbols(tensors[of]), problem.values[of], strict=True)
            ],
        }
        for of in problem.values
    ]


def _symbols(tensor: Any) -> list[Symbol]:
    return [tensor.symbol(position) for position in tensor.positions()]


def _kind(problem: Problem, name: str) -> str:
    """Tell how the numbers of a tensor may change: each freely, in pairs, or not at all."""
    if name in problem.network.indexing:
        return "fixed"
    numbers, step = list(problem.values[name]), Rational(1, 1000)
    if _takes(problem, name, [numbers[0] + step, *numbers[1:]]):
        return "free"
    if len(numbers) > 1 and _takes(
        problem, name, [numbers[0] + step, *numbers[1:-1], numbers[-1] - step]
    ):
        return "sum"
    return "fixed"


def _takes(problem: Problem, name: str, numbers: list[Expr]) -> bool:
    try:
        problem.with_values({**problem.values, name: tuple(numbers)})
    except SymcnnError:
        return False
    return True


def _written(value: Expr) -> str:
    """Write a number as a page reads it: 0.4, or 1/3."""
    if not isinstance(value, Rational):
        return repr(float(value))
    below, places = int(value.q), 0
    while 10**places % below and places < limits.EXACT_DIGITS:
        places += 1
    if 10**places % below:
        return f"{value.p}/{value.q}"
    digits = str(abs(int(value.p)) * (10**places // below)).zfill(places + 1)
    sign = "-" if value.p < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _decision(decision: Decision, bindings: Bindings, name: Name) -> dict[str, Any]:
    keys = [bindings.key(expression) for expression in decision.expressions]
    if isinstance(decision, Window):
        terms = [*map(name, decision.terms)]
        return {"kind": "window", "words": name(decision.entry), "terms": terms, "keys": keys}
    relation = decision.relation
    terms = [name(relation.lhs), name(relation.rhs)]
    return {"kind": "comparison", "words": "", "terms": terms, "keys": keys}


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


def _template(problem: Problem) -> str:
    place = count()
    marks = {
        name: [f"{_OPEN}{next(place)}{_CLOSE}" for _ in row] for name, row in problem.values.items()
    }
    return problem_file(problem, instead=marks)
