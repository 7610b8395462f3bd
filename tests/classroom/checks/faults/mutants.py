"""Mutates right implementations, and reports what the checks catch, name, and accuse wrongly.

python -m tests.classroom.checks.faults.mutants 500
python -m tests.classroom.checks.faults.mutants 500 2000      the five hundred from number 2000 on
python -m tests.classroom.checks.faults.mutants 500 2000 -v   with what is said of each

The mutants are in one order that is always the same: first those of one change, then of two.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

import symcnn as sc
from tests.classroom.checks.faults.measured import Change, change
from tests.classroom.checks.faults.mutation import Mutant, mutants
from tests.classroom.checks.faults.right import RIGHT, Right

_ORDER = 32
STEP = 50


@dataclass(frozen=True)
class Judged:
    """What a check said of a mutant.

    Attributes:
        right: What was mutated.
        mutant: The mutant.
        least: The least change of its results over some calls.
        most: The greatest one.
        verdict: The verdict of the check.
        seconds: How long the check took.
    """

    right: Right
    mutant: Mutant
    least: Change
    most: Change
    verdict: sc.Verdict
    seconds: float

    @property
    def is_changed(self) -> bool:
        return self.most not in ("none", "rounding") or self.is_shown

    @property
    def returns_numbers(self) -> bool:
        """Whether it never crashes and all shapes are right, so that there is something to name."""
        return self.most == "numbers"

    @property
    def is_caught(self) -> bool:
        return self.is_changed and not self.verdict

    @property
    def is_missed(self) -> bool:
        return self.is_changed and bool(self.verdict)

    @property
    def is_shown(self) -> bool:
        """Whether the check meets a crash or another shape, which no draw has met.

        The right function passes the same cases: there, at sizes that are not drawn, it is changed.
        """
        return any(finding.verdict in ("crashed", "shape") for finding in self.verdict.findings)

    @property
    def is_accused(self) -> bool:
        """Whether it changes nothing and is called wrong."""
        return not self.is_changed and self.most == "none" and not self.verdict

    @property
    def is_named(self) -> bool:
        """Whether every array that is wrong has a mistake's name."""
        wrong = [f for f in self.verdict.findings if f.verdict != "right"]
        return bool(wrong) and all(finding.mistake for finding in wrong)

    def __str__(self) -> str:
        said = "; ".join(
            f"{f.name}: {f.verdict} {f.mistake or f.where.splitlines()[:1]}"
            for f in self.verdict.findings
            if f.verdict != "right"
        )
        return f"{self.right.name}, {self.mutant.said} [{self.least} to {self.most}] {said}"


@cache
def _first_order() -> tuple[tuple[Right, Mutant], ...]:
    every = [(right, mutant) for right in RIGHT for mutant in _of(right)]
    order = np.random.default_rng(_ORDER).permutation(len(every))
    return tuple(every[place] for place in order)


def _of(right: Right) -> tuple[Mutant, ...]:
    file = import_module(right.module).__file__
    assert file is not None
    return mutants(Path(file).read_text(encoding="utf-8"), right.backward.__name__)


def numbered(number: int) -> tuple[Right, Mutant]:
    """Return the mutant with a number: with two changes, where those with one are used up."""
    once = _first_order()
    if number < len(once):
        return once[number]
    rng = np.random.default_rng((_ORDER, number))
    right, first = once[int(rng.integers(len(once)))]
    try:
        twice = mutants(first.source, right.backward.__name__)
    except SyntaxError:
        return right, first
    second = twice[int(rng.integers(len(twice)))]
    return right, Mutant(f"{first.said}, {second.said}", second.make)


def judged(number: int) -> Judged | None:
    """Measure a mutant, and check it; None of one that always crashes, which tells nothing."""
    right, mutant = numbered(number)
    least, most = change(right, mutant)
    if least == "crash":
        return None
    begin = monotonic()
    verdict = check(right, right.functions(mutant.names(right.module.rpartition(".")[0])))
    return Judged(right, mutant, least, most, verdict, monotonic() - begin)


def check(right: Right, functions: Any) -> sc.Verdict:
    """Check functions in place of a right implementation, at its settings until one is wrong."""
    for layer in right.layers:
        verdict = sc.check_backward(functions, layer, **right.options)
        if not verdict:
            break
    return verdict


def judgements(numbers: Iterable[int]) -> Iterator[tuple[int, Judged]]:
    """Judge mutants, but for those that always crash, those of one function one by one.

    What is due, and what mistakes yield, is then kept from one mutant to the next.
    """
    for number in sorted(numbers, key=lambda number: (numbered(number)[0].name, number)):
        if (found := judged(number)) is not None:
            yield number, found


def report(found: list[Judged]) -> str:
    """Return the shares that are caught and named."""
    changed = [one for one in found if one.is_changed]
    numbers = [one for one in changed if one.returns_numbers]
    kinds = Counter(one.most for one in found)
    named = sum(one.is_named for one in numbers if one.is_caught)
    caught = sum(one.is_caught for one in changed)
    seconds = sorted(one.seconds for one in found)
    return (
        f"{len(found)} mutants ({dict(kinds)}): {caught} of {len(changed)} changed ones caught; "
        f"of {len(numbers)} that return other numbers {sum(o.is_caught for o in numbers)} caught, "
        f"{named} named; of {kinds['none']} unchanged ones "
        f"{sum(one.is_accused for one in found)} accused; "
        f"seconds: median {seconds[len(seconds) // 2]:.2f}, longest {seconds[-1]:.2f}"
    )


def main(number: int, first: int, says_all: bool) -> int:
    """Judge a slice; return the number of misses and false alarms."""
    found = list[Judged]()
    for place, one in judgements(range(first, first + number)):
        found.append(one)
        if one.is_missed or one.is_accused or says_all:
            kind = "missed" if one.is_missed else "accused" if one.is_accused else "judged"
            print(f"{place} {kind}: {one} ({one.seconds:.1f} s)", flush=True)
        if len(found) % STEP == 0:
            print(f"up to {place}: {report(found)}", flush=True)
    print(report(found) if found else "none runs")
    return sum(one.is_missed or one.is_accused for one in found)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word != "-v"]
    sys.exit(min(1, main(given[0], *(given[1:] or [0]), says_all="-v" in sys.argv)))
