"""Maxima: which of several equal entries wins, and guesses that other ones were taken.

Where several entries attain a maximum every subgradient is right. In a guess, the largest entries
were looked for elsewhere, or the smallest were taken: the error signal of each position then goes
to the entry that wins there:

    dx[winner of the other window at i] += dout[i]

Which windows come into question follows from the mistakes that are known, made in the maximum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from sympy import Dummy

from symcnn.classroom.checks.judging.evaluation import Evaluation, Stages
from symcnn.classroom.checks.judging.guesses import Guess
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.rounded import Array, Rounded, reproduces
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.mistakes import CODE_CATALOGUE
from symcnn.classroom.marking.catalogue import wrong_equations
from symcnn.classroom.marking.mistakes.mistake import put
from symcnn.derivation import Derivation
from symcnn.derivation.adjoint import Routing
from symcnn.equations import Assignments, Equation, Loop, Max

_SMALLEST = "smallest instead of largest"
_CHANNELS = "mask over all channels"


@dataclass(frozen=True)
class _Rule:
    """Who wins.

    Attributes:
        equation: The maximum over other windows.
        mistake: What is wrong with them.
        explanation: What was done.
        sign: -1 where the smallest entry wins.
        own: Whether an error signal is passed on only where the winner is of its channel.
    """

    equation: Equation
    mistake: str
    explanation: str
    sign: int = 1
    own: bool = False

    @property
    def name(self) -> str:
        """The name of the guess."""
        alone = self.mistake in (_SMALLEST, _CHANNELS)
        return self.mistake if alone else "winners of other windows"


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
        make = partial(lambda rule, trial, name: _scattered(trial, rule), rule)
        yield _Elsewhere(rule.name, rule.explanation, make, rule.mistake)


@lru_cache(maxsize=64)
def _rules(subject: Subject) -> tuple[_Rule, ...]:
    routings = subject.formulas.derivation.routings
    if subject.kind != "backward" or len(routings) != 1:
        return ()
    due, formulas = routings[0].source, subject.formulas
    if not due.value.is_Indexed or due.value.base != subject.network.input.base:
        return ()
    found = [_Rule(due, _SMALLEST, "The smallest entry of each window was taken.", -1)]
    found += _over_channels(due)
    wrong = wrong_equations(formulas, formulas.tensors[due.target.base], CODE_CATALOGUE)
    for mistake, (equation, *more) in wrong:
        if not more and equation.value.is_Indexed and type(equation.reduction) is Max:
            said = f"The largest entries were looked for in other windows. {mistake.explanation}"
            found.append(_Rule(equation, mistake.name, said))
    return tuple(found)


_ALL_CHANNELS = (
    "The largest entry of each window was looked for in all channels together, as with a mask "
    "x == x.max() over the whole window. Each channel of a window has a largest entry of its own."
)


def _over_channels(due: Equation) -> Iterator[_Rule]:
    """Run over the maxima over windows with all channels, the last axis."""
    *places, channel = due.value.indices
    if channel not in due.target.indices or due.sizes.get(channel, 1) == 1:
        return
    other = Dummy("k", integer=True)
    loops = (*due.loops, Loop(other, due.sizes[channel]))
    every = replace(due, value=due.value.base[(*places, other)], loops=loops)
    for own in (True, False):
        yield _Rule(every, _CHANNELS, _ALL_CHANNELS, own=own)


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
    places = read[first]
    if rule.own:
        kept = (places - positions) % int(x.shape[-1]) == 0
        places, positions = places[kept], positions[kept]
    made = Rounded.exactly(np.zeros(int(x.size)))
    np.add.at(made.value, places, signal.value.ravel()[positions])
    np.add.at(made.error, places, np.abs(signal.value.ravel()[positions]))
    return made.shaped(tuple(int(n) for n in x.shape))


def convention(trial: Trial, name: str, returned: Array) -> str:
    """Return which of equal maxima receive the error signal, in a sentence; "" if it is no rule."""
    for words, due in _conventions(trial, name):
        if reproduces(due, returned):
            return words
    return ""


def _conventions(trial: Trial, name: str) -> Iterator[tuple[str, Rounded]]:
    for words, ties, backwards in (
        ("the first of equal maxima, row by row, receives the error signal", "first", False),
        ("equal maxima share the error signal equally", "split", False),
        ("the last of equal maxima, row by row, receives the error signal", "first", True),
        ("the first of equal maxima, column by column, receives the error signal", "first", None),
    ):
        stages = _Ruled(trial.subject.formulas.derivation, ties, backwards)
        yield words, Evaluation(stages, trial.numbers).due(trial.subject.tensor(name))


class _Ruled(Stages):
    """The stages of a derivation with another rule for ties."""

    def __init__(self, derivation: Derivation, ties: str, backwards: bool | None) -> None:
        super().__init__(derivation)
        self._ties, self._backwards = ties, backwards

    def computed(self, base, made, values):  # type: ignore[no-untyped-def]
        """Return the entries of a stage, a routing by the rule."""
        if not isinstance(made, Routing):
            return super().computed(base, made, values)
        rule = replace(made.source, reduction=Max(self._ties))  # type: ignore[arg-type]
        ruled, listed = Routing(made.tensor, rule), rule
        if self._backwards:
            return self._reversed(made, rule, values)
        if self._backwards is None:
            kept = [loop for loop in rule.loops if loop not in rule.reduced]
            listed = replace(rule, loops=(*kept, *reversed(rule.reduced)))
        return self.terms(listed).routed(ruled, self.size(base), values)

    def _reversed(self, made: Routing, rule: Equation, values) -> Rounded:  # type: ignore[no-untyped-def]
        """Run through every window from its end: the last maximum is then the first."""
        back = {loop.symbol: int(loop.size) - 1 - loop.symbol for loop in rule.reduced}
        turned = put(rule, back, rule.loops)
        found = super().computed(made.tensor.base, Routing(made.tensor, turned), values)
        shape = [int(loop.size) for loop in rule.loops]
        axes = tuple(n for n, loop in enumerate(rule.loops) if loop in rule.reduced)
        return Rounded.exactly(np.flip(found.value.reshape(shape), axes).ravel())
