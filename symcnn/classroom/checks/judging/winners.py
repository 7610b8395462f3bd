"""Guesses that the largest entries were looked for in other windows, or the smallest were taken.

The error signal of each position then goes to the entry that wins there:

    dx[winner of the other window at i] += dout[i]

Which windows come into question follows from the mistakes that are known, made in the maximum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from symcnn.classroom.checks.judging.comparison import reproduces
from symcnn.classroom.checks.judging.guess import Guess
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.rounded import Rounded
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.mistakes import CODE_CATALOGUE
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.equations import Assignments, Equation, Max

_SMALLEST = "smallest instead of largest"


@dataclass(frozen=True)
class _Rule:
    """Who wins.

    Attributes:
        equation: The maximum over other windows.
        mistake: What is wrong with them.
        explanation: What was done.
        sign: -1 where the smallest entry wins.
    """

    equation: Equation
    mistake: str
    explanation: str
    sign: int = 1


@dataclass(frozen=True, eq=False)
class _Elsewhere(Guess):
    """The guess that the winners follow a rule, in other trials any one of the same mistake."""

    mistake: str

    def yields(self, heard: Heard, name: str) -> bool:
        """Tell whether it yields what was returned; what is due, where it cannot be made."""
        rules = [r for r in _rules(heard.trial.subject) if r.mistake == self.mistake]
        values = [_scattered(heard.trial, rule) for rule in rules] or [heard.trial.due(name)]
        return any(made is not None and reproduces(made, heard.returned) for made in values)


def of_winners(trial: Trial) -> Iterator[Guess]:
    """Run over the guesses, if the layer is a maximum over windows of its input."""
    for rule in _rules(trial.subject):
        name = rule.mistake if rule.sign < 0 else "winners of other windows"
        make = partial(lambda rule, trial, name: _scattered(trial, rule), rule)
        yield _Elsewhere(name, rule.explanation, make, rule.mistake)


@lru_cache(maxsize=64)
def _rules(subject: Subject) -> tuple[_Rule, ...]:
    routings = subject.formulas.derivation.routings
    if subject.kind != "backward" or len(routings) != 1:
        return ()
    due, formulas = routings[0].source, subject.formulas
    if not due.value.is_Indexed or due.value.base != subject.network.input.base:
        return ()
    found = [_Rule(due, _SMALLEST, "The smallest entry of each window was taken.", -1)]
    wrong = wrong_equations(formulas, formulas.tensors[due.target.base], CODE_CATALOGUE)
    for mistake, (equation, *more) in wrong:
        if not more and equation.value.is_Indexed and type(equation.reduction) is Max:
            said = f"The largest entries were looked for in other windows. {mistake.explanation}"
            found.append(_Rule(equation, mistake.name, said))
    return tuple(found)


def _scattered(trial: Trial, rule: _Rule) -> Rounded | None:
    """Return the input's gradient, with each error signal at the entry that wins."""
    subject, equation, values = trial.subject, rule.equation, trial.evaluation.values
    x, of = subject.network.input, subject.formulas.tensors[equation.target.base]
    signal = trial.evaluation.due(subject.formulas.derivation.adjoints[of.name])
    listed = Assignments(equation)
    read = listed.reads[equation.value][listed.order]
    positions, starts = listed.windows
    if not read.size or read.min() < 0 or read.max() >= values[x.base].value.size:
        return None
    terms = rule.sign * values[x.base].value[read]
    windows = np.repeat(np.arange(positions.size), np.diff(starts, append=read.size))
    largest = np.flatnonzero(terms == np.maximum.reduceat(terms, starts)[windows])
    first = largest[np.unique(windows[largest], return_index=True)[1]]
    made = Rounded.exactly(np.zeros(int(x.size)))
    np.add.at(made.value, read[first], signal.value.ravel()[positions])
    np.add.at(made.error, read[first], np.abs(signal.value.ravel()[positions]))
    return made.shaped(tuple(int(n) for n in x.shape))
