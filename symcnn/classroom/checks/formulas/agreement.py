"""How a formula was read, at which cases it agrees with the theorem, and what these share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from symcnn.classroom.checks.formulas.cases import SHARES, Case
from symcnn.classroom.checks.formulas.entries import NoValueError
from symcnn.classroom.checks.formulas.meaning import Letter, Reading, samples_above, samples_in
from symcnn.classroom.checks.formulas.reading import Read
from symcnn.classroom.checks.formulas.tree import Bin, Node, Ref, nodes
from symcnn.classroom.checks.formulas.values import Evaluation
from symcnn.equations.values import Array

_ROUNDING = 1e-9
"""Two numbers are the same if they differ by less, relative to the largest entry."""


@dataclass(frozen=True)
class Outcome:
    """What a formula gives at a case.

    Attributes:
        right: Whether that is what is due.
        reason: Why it has no value, if it has none.
        wrong: Where it differs, for every entry that is due; None where nothing can be compared.
        near: The cosine of the angle between what it gives and what is due.
        given: What it gives, to six digits.
    """

    right: bool
    reason: str = ""
    wrong: Array | None = None
    near: float = 0.0
    given: bytes = b""


def outcome(case: Case, reading: Reading, formula: Node) -> Outcome | None:
    """Return what a formula gives at a case; None if the case does not concern it."""
    if case.network.batch is None and _needs_samples(reading, formula):
        return None
    with np.errstate(all="ignore"):
        try:
            evaluation = Evaluation(case, reading, formula)
            due, found = evaluation.due[0], evaluation.computed()
        except (NoValueError, ValueError) as error:
            return Outcome(False, str(error))
        near = _cosine(np.ravel(due), np.ravel(found))
    largest = max(float(np.max(np.abs(due), initial=0.0)), 1e-300)
    wrong = ~(np.abs(found - due) <= _ROUNDING * largest)
    given = np.round(found / largest, 6) + 0.0  # no -0
    return Outcome(not wrong.any(), "", wrong, near, given.tobytes())


def _cosine(due: Array, found: Array) -> float:
    lengths = float(np.linalg.norm(due) * np.linalg.norm(found))
    near = abs(float(due @ found)) / lengths if lengths else 0.0
    return near if np.isfinite(near) else 0.0


def _needs_samples(reading: Reading, formula: Node) -> bool:
    """Tell whether a formula has an index for the sample."""
    names = samples_in(formula, reading.left)
    refs = nodes(Ref, formula, *([reading.left] if reading.left else []))
    above = any(samples_above(ref, names) for ref in refs)
    return above or any("n" in order for order in reading.orders.values())


def outcomes(cases: Sequence[Case], reading: Reading, formula: Node) -> dict[Case, Outcome]:
    """Return what a formula gives at the cases that concern it."""
    found = ((case, outcome(case, reading, formula)) for case in cases)
    return {case: made for case, made in found if made is not None}


_PLAIN = {
    "stride 1": "for stride 1",
    "no padding": "without padding",
    "no dilation": "without dilation",
    SHARES: "where targets add up to 1",
    **{f"one {what}": f"for one {what}" for what in ("input channel", "filter", "unit", "sample")},
}
"""What formulas tacitly assume most often, in words."""

_WORDS = {
    **_PLAIN,
    "these lengths": "for arrays of the lengths that they have in this network",
    "odd kernels": "for kernels of odd lengths",
    "windows that do not overlap": "where windows do not overlap",
    "windows that reach the last entry": "where the last window reaches the last entry",
}

_LEAST = 3
"""So many cases at least show that a formula is right where they have something in common."""


def assumption(
    found: Mapping[Case, Outcome], like: Mapping[str, bool] | None = None
) -> tuple[str, ...] | None:
    """Return what has to hold for a formula to be right, no more of it than is needed.

    Args:
        found: What the formula gives.
        like: What holds for a network, which has to be one of them; None if any may be.

    Returns:
        The traits of cases, none if it is always right; None if it is wrong whatever is assumed.
    """
    traits = [*dict.fromkeys(t for case in found for t in case.traits)]
    if like is not None:
        traits = [t for t in traits if like.get(t)]
    plain = [t for t in traits if t in _PLAIN]
    others = [t for t in traits if t not in _PLAIN]
    for further in ([], *([t] for t in others), others if like is not None else []):
        chosen = [*further, *plain]
        if _is_right(found, chosen, 1):
            needed = _needed(found, chosen)
            if _is_right(found, needed, min(_LEAST, len(found))):
                return needed
    return None


def _needed(found: Mapping[Case, Outcome], chosen: list[str]) -> tuple[str, ...]:
    for trait in [*chosen]:
        fewer = [t for t in chosen if t != trait]
        if _is_right(found, fewer, 1):
            chosen = fewer
    return tuple(dict.fromkeys(t for t in (*_PLAIN, *chosen) if t in chosen))


def _is_right(found: Mapping[Case, Outcome], traits: Sequence[str], least: int) -> bool:
    """Tell whether a formula is right at all cases with some traits, of which there are enough."""
    inside = [o.right for case, o in found.items() if all(case.traits.get(t) for t in traits)]
    return all(inside) and len(inside) >= least


def in_words(traits: Sequence[str]) -> str:
    """Return what is assumed in words."""
    words = [_WORDS.get(t, f"for {t}") for t in traits]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def border(found: Mapping[Case, Outcome], left: Ref | None) -> str:
    """Return where a formula is wrong, if that is at the border of every image."""
    masks = [o.wrong for o in found.values() if o.wrong is not None and o.wrong.any()]
    if not masks or any(mask.ndim < 1 or min(mask.shape[:2]) < 3 for mask in masks):
        return ""
    if left is not None and not left.subs and left.upper:
        return ""
    inner = [mask[tuple(slice(1, -1) for _ in range(min(mask.ndim, 2)))] for mask in masks]
    if any(inside.any() for inside in inner):
        return ""
    return "It is right inside, and wrong at the border."


_SAMPLES = "the number of samples"
_NAMES = {
    **{"n": "sample", "1": "row", "2": "column", "3": "depth", "c": "channel", "f": "feature"},
    **{"i": "input", "o": "output", "q": "entry"},
}

WEIGHT = ("o", "i")
ROWS: dict[tuple[str, ...], str] = {
    WEIGHT: "Weights have a row for each output, as in W x",
    WEIGHT[::-1]: "Weights have a row for each input, as in x W",
}
"""The conventions for the matrix of a dense layer, by what its indices stand for."""


def reading_notes(reading: Reading, formula: Read, cases: Sequence[Case]) -> Iterator[str]:
    """Run over what was found out about a formula, a sentence each."""
    read_as = [f"{_letter(letter)} as {q.words}" for letter, q in reading.letters.items()]
    read_as += [f"{name} as {word}" for name, word in reading.sizes.items()]
    if read_as:
        yield f"Read: {', '.join(read_as)}."
    means = [name for name, word in reading.sizes.items() if word == _SAMPLES]
    if means and cases[0].base.batch in (None, 1):
        yield f"{means[0]} is 1 in this network, which has one sample."
    yield from _base(reading, formula, cases)
    if {n.sign for n in nodes(Bin, formula.right) if n.op == "star"} & {"*", "circledast"}:
        is_flipped = reading.star == "convolution"
        how = "with a flipped kernel" if is_flipped else "the kernel is not flipped"
        yield f"* was read as {reading.star}, {how}."
    yield from dict.fromkeys(_axes(reading))
    if reading.rows:
        yield "The samples are the rows of matrices."


def _letter(letter: Letter) -> str:
    base, upper, grad = letter
    text = base + (f"^({', '.join(upper)})" if upper else "")
    return f"dL/d{text}" if grad else text


def _base(reading: Reading, formula: Read, cases: Sequence[Case]) -> list[str]:
    """Say from where indices are counted, if that matters."""
    if reading.centred:
        return ["The indices of the kernel are counted from its centre."]
    other = replace(reading, base=1 - reading.base, first=1 - reading.base)
    for case in cases[:3]:
        own, moved = (outcome(case, r, formula.right) for r in (reading, other))
        if own is not None and moved is not None and own.right and not moved.right:
            return [f"Indices are counted from {reading.base}."]
    return []


def _axes(reading: Reading) -> Iterator[str]:
    """Say which axes indices stand for, where another order is usual, too."""
    for (tags, count, _), order in reading.orders.items():
        usual = tuple(t for t in tags if t in order)
        if order in ROWS and tags == WEIGHT:
            yield f"{ROWS[order]}."
        elif count > 1 and order != usual and {"c", "i", "o", "n"} & {*order}:
            axes = ", ".join(_NAMES[tag] for tag in order)
            yield f"The indices of arrays with {count} indices stand for {axes}."
