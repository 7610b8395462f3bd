"""What is wrong with an array, in sentences and lines of mathematics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from symcnn.classroom.checks.judging.factored import of_products
from symcnn.classroom.checks.judging.factors import factor
from symcnn.classroom.checks.judging.guesses import Guess, of_axes, of_settings
from symcnn.classroom.checks.judging.lines import lines, names
from symcnn.classroom.checks.judging.maxima import of_winners
from symcnn.classroom.checks.judging.naming import Heard, Kind, Named, Way, alike, named, value_of
from symcnn.classroom.checks.judging.presentation import Layouts
from symcnn.classroom.checks.judging.rearranged import of_inputs, of_output
from symcnn.classroom.checks.judging.rounded import Array, compared, reproduces
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.marking.mistakes import Mistake
from symcnn.equations import accesses
from symcnn.limits import judging


def causes(name: str, wrong: Sequence[Heard], right: Sequence[Heard]) -> list[Named]:
    """Return the mistakes that yield an array in every trial, ties left aside."""
    if not all(np.isfinite(one.returned).all() for one in wrong):
        return []
    return named(name, [*ordered(wrong), *(one for one in right if not one.trial.tied)], 0)


def ordered(wrong: Sequence[Heard]) -> list[Heard]:
    """Return the trials in which an array is wrong, small ones first, the smallest of all last."""
    return sorted(wrong, key=lambda one: (one.trial.is_smallest, one.trial.entries))


def likeliest(found: Mapping[str, Sequence[Named]]) -> dict[str, list[Named]]:
    """Return the mistakes of each array, first those that explain the most arrays.

    One mistake in an early stage makes several arrays wrong.
    """
    explained = Counter(key for ways in found.values() for key in {one.way.key for one in ways})

    def rank(one: Named) -> tuple[bool, int]:
        is_last_resort = any(mistake.is_last_resort for mistake in one.mistakes)
        return is_last_resort, -explained[one.way.key]

    return {name: sorted(ways, key=rank) for name, ways in found.items()}


def guessed(name: str, heard: Sequence[Heard], layouts: Layouts, *, thorough: bool) -> Guess | None:
    """Return what happened to an array in all trials; None if nothing that is tried did.

    Each guess makes another array of what is due, or of the inputs, in the same way in every trial:
    a factor, another setting, exchanged axes. It counts if it yields what was returned in all.

    Args:
        name: The array.
        heard: What was returned in each trial; in the first one it is wrong.
        layouts: The layout of the function.
        thorough: Whether everything is computed anew for each change of an input.
    """
    found = factor(name, heard)
    if found is not None:
        return found
    start = heard[0]
    for guess in _all(start, name, layouts, thorough=thorough):
        if guess.is_seen(start, name) and all(guess.yields(one, name) for one in heard):
            return guess
    return None


def _all(start: Heard, name: str, layouts: Layouts, *, thorough: bool) -> Iterator[Guess]:
    yield from of_output(start.trial, name, layouts)
    yield from of_settings(start.trial)
    yield from of_winners(start.trial) if name == "x" else ()
    yield from of_axes(start.trial)
    if thorough:
        yield from of_inputs(start.trial, layouts)
        yield from of_products(start, name)


_CHANGES, _PAIRS = 200, 1000
"""About so many changes of inputs, and pairs of mistakes, are tried."""

_KINDS: tuple[tuple[Kind, int | None], ...] = (("substituted", 4), ("pairs", None))
"""What is tried where no mistake of the catalogue yields an array, in so many trials."""


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What is wrong.

    Attributes:
        mistake: What it is called; "" if it is not known.
        explanation: What was done, and what is due.
        subject: The layer and the sizes whose lines the explanation prints.
        yields: Tells whether the same shows in a trial, by what was returned there.
    """

    mistake: str
    explanation: str
    subject: Subject
    yields: Callable[[Trial, Array], bool]


def diagnosis(
    name: str,
    wrong: Sequence[Heard],
    right: Sequence[Heard],
    found: Sequence[Named],
    further: Sequence[Heard],
    layouts: Layouts,
    *,
    pairs: bool = True,
) -> Diagnosis:
    """Return what is wrong with an array, as far as it can be told.

    Args:
        name: The array.
        wrong: The trials in which it is wrong.
        right: Those in which it is right.
        found: The mistakes that yield it in every trial, the likeliest first.
        further: Other trials in which it is wrong, at small sizes.
        layouts: The layout of the function.
        pairs: Whether two mistakes together are looked for.
    """
    wrong = ordered(wrong)
    every = [*wrong, *(one for one in right if not one.trial.tied)]
    if not all(np.isfinite(one.returned).all() for one in wrong):
        return _not_finite(name, wrong)
    if found := found or named(name, [*wrong, *further], 0):
        return _by_mistake(name, found[0], layouts)
    cheap = [one for one in (*wrong, *further) if _is_cheap(one, _PAIRS)]
    subject = wrong[0].trial.subject
    if guess := guessed(name, every, layouts, thorough=_is_cheap(wrong[0], _CHANGES)):
        return Diagnosis(
            guess.name,
            "\n".join([guess.explanation, *_due(subject, name, layouts)]),
            subject,
            lambda trial, array: guess.yields(Heard(trial, array), name),
        )
    fewer = every if _is_cheap(wrong[0], _PAIRS) else cheap
    for kind, most in _KINDS if pairs and fewer else ():
        if found := named(name, fewer[:most], 0, kind):
            return _by_mistake(name, found[0], layouts)
    said = "\n".join([_observed(name, wrong), *_due(subject, name, layouts)])
    return Diagnosis("", said, subject, lambda trial, array: True)


def _is_cheap(heard: Heard, times: int) -> bool:
    """Tell whether everything can be computed so many times at the sizes of a trial."""
    return heard.trial.subject.terms * times <= judging.TRIED_TERMS


def _observed(name: str, wrong: Sequence[Heard]) -> str:
    """Say what is striking about entries that no known mistake yields."""
    said = "No mistake that is known yields these numbers."
    zero = [one.returned[compared(one.returned, one.trial.due(name)).wrong] for one in wrong]
    if all(not entries.any() for entries in zero):
        return f"{said} All wrong entries are 0."
    return said


def _is(made: object, array: Array) -> bool:
    return made is not None and reproduces(made, array)  # type: ignore[arg-type]


def _not_finite(name: str, wrong: Sequence[Heard]) -> Diagnosis:
    first = next(one for one in wrong if not np.isfinite(one.returned).all())
    count = int(np.sum(~np.isfinite(first.returned)))
    kind = "nan" if np.isnan(first.returned).any() else "infinite"
    verb = "is" if count == 1 else "are"
    return Diagnosis(
        "not a number",
        f"Of {first.returned.size} entries, {count} {verb} {kind}.",
        first.trial.subject,
        lambda trial, array: not np.isfinite(array).all(),
    )


def _by_mistake(name: str, found: Named, layouts: Layouts) -> Diagnosis:
    way, said = found.way, _joined(found)
    shown = _lines(way, layouts)

    def yields(trial: Trial, array: Array) -> bool:
        ways = alike(way, trial, name)
        return any(_is(value_of(other, trial, name), array) for other in ways)

    mistakes = " and ".join(mistake.name for mistake in found.mistakes)
    return Diagnosis(mistakes, "\n".join([said, *shown]), way.subject, yields)


IN_CODE = {
    "one window kept": "In NumPy, a[index] += v adds once even where index holds an entry several "
    "times; np.add.at(a, index, v) adds every time.",
    "windows overwritten": "An entry that several windows reach needs += in place of =; with "
    "arrays of indices, np.add.at(a, index, v).",
}
"""What mistakes are made by in code."""


def _joined(found: Named) -> str:
    texts = [_plain(_exchanged(m, found.way) or m.explanation) for m in found.mistakes]
    hints = [IN_CODE[m.name] for m in found.mistakes if m.name in IN_CODE]
    if len(texts) == 1:
        return " ".join([*texts, *hints])
    return f"Two mistakes together yield it. First: {texts[0]} Second: {texts[1]}"


def _exchanged(mistake: Mistake, way: Way) -> str:
    """Say what was used instead of what; "" if the mistake is no exchange."""
    reads = [
        {r.base for e in equations for r in accesses(e.value)}
        for equations in (way.equations, way.subject.formulas.equations(way.tensor))
    ]
    taken, right = reads[0] - reads[1], reads[1] - reads[0]
    if not (mistake.exchange and len(taken) == 1):
        return ""
    called = names(way.subject)
    instead = called[right.pop()] if len(right) == 1 else called[way.tensor.base]
    return mistake.exchange.format(taken=called[taken.pop()], right=instead)


def _plain(text: str) -> str:
    """Return a sentence whose formulas stand between dollar signs as plain text."""
    return re.sub(r"\$([^$]*)\$", lambda found: re.sub(r"[\\{}_]", "", found[1]), text)


def _lines(way: Way, layouts: Layouts) -> list[str]:
    subject, shown = way.subject, list[str]()
    for base, equations in way.changes:
        due = subject.formulas.equations(subject.formulas.tensors[base])
        shown += _set("due", lines(subject, due, layouts))
        shown += _set("computed", lines(subject, equations, layouts))
    return shown


def _due(subject: Subject, name: str, layouts: Layouts) -> list[str]:
    equations = subject.formulas.equations(subject.tensor(name))
    return _set("due", lines(subject, equations, layouts))


def _set(word: str, rows: Sequence[str]) -> list[str]:
    """Return rows below each other, the word before the first."""
    before = f"  {word}:".ljust(12)
    return [f"{before if not number else ' ' * 12} {row}" for number, row in enumerate(rows)]
