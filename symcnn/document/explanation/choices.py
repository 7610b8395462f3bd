"""What is chosen at a problem's numbers, where maxima are tied and functions have kinks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import IndexedBase

from symcnn.document.explanation.numbers import Numbers
from symcnn.document.facts.chosen import Chosen
from symcnn.equations import position_of
from symcnn.problems.evaluation import TIED
from symcnn.reference import Choice, ExactForward
from symcnn.reference.enclosures import certainly


def chosen(numbers: Numbers) -> tuple[Chosen, ...]:
    """Find what is chosen, and which derivatives other choices change."""
    return () if numbers.are_smooth else tuple(_named(numbers, _found(numbers)))


def _found(numbers: Numbers) -> list[Choice]:
    """Look in exact numbers, or in floats where the network is too large for them."""
    problem = numbers.problem
    if numbers.are_exact:
        values = problem.values
        return certainly(lambda digits: [*ExactForward(problem.network, values, digits).choices()])
    return numbers.forward.choices(TIED)


def _named(numbers: Numbers, found: Iterable[Choice]) -> Iterator[Chosen]:
    tensors = numbers.problem.derivation.tensors

    def at(base: IndexedBase, entries: Iterable[int]) -> list[tuple[int, ...]]:
        return [position_of(entry, tensors[base].shape) for entry in entries]

    for choice in found:
        base = choice.equation.target.base
        changed = {tensors[of].name: at(of, own) for of, own in choice.changed.items()}
        read = None if choice.read is None else choice.read.base
        argument = "" if read is None else tensors[read].name
        places = [] if read is None else at(read, choice.places)
        yield Chosen(tensors[base].name, at(base, choice.entries), argument, places, changed)
