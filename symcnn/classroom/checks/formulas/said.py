"""How a formula was read, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symcnn.classroom.checks.formulas.agreement import outcome
from symcnn.classroom.checks.formulas.cases import Case
from symcnn.classroom.checks.formulas.meaning import Letter, Reading
from symcnn.classroom.checks.formulas.reading import Read
from symcnn.classroom.checks.formulas.tree import Bin, nodes

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
        if tags == WEIGHT:
            yield f"{ROWS[order]}."
        elif count > 1 and order != usual and {"c", "i", "o", "n"} & {*order}:
            axes = ", ".join(_NAMES[tag] for tag in order)
            yield f"The indices of arrays with {count} indices stand for {axes}."
