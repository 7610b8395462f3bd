"""The lines that are printed, run as the loops that they stand for, give what is due."""

import re
from itertools import product
from math import prod

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.judging.lines import lines
from symcnn.classroom.checks.judging.presentation import Layouts
from symcnn.classroom.checks.judging.subject import of_layer
from symcnn.classroom.checks.judging.trial import Trial

LAYERS = {
    "conv": (sc.Conv2D(2, (3, 2), stride=2, padding=1), (4, 3, 2)),
    "grouped": (sc.Conv2D(4, 2, groups=2, dilation=2), (4, 3, 2)),
    "transposed": (sc.ConvTranspose2D(2, 2, stride=2), (3, 2, 3)),
    "average": (sc.AvgPool2D(2, stride=1), (3, 4, 2)),
    "dense": (sc.Dense(3), (4,)),
    "sigmoid": (sc.Sigmoid(), (5,)),
    "batch norm": (sc.BatchNorm(), (3, 2, 2)),
    "layer norm": (sc.LayerNorm(), (3, 4)),
}
REDUCED = re.compile(r"^(sum|mean) over ([\w, ]+) of (.*)$")


class Entries:
    """An array that is read by indices, some of which lie outside of it."""

    def __init__(self, array):
        self.array = array

    def __getitem__(self, position):
        place = position if isinstance(position, tuple) else (position,)
        if any(not 0 <= p < n for p, n in zip(place, self.array.shape, strict=True)):
            raise LookupError("outside")
        return self.array[place]


def run(rows, arrays, shape, sizes):
    """Run lines in loops over all of their indices, as Python."""
    made = np.zeros(shape)
    for row in rows:
        target, value = re.split(r" \+?= ", row, maxsplit=1)
        parts = REDUCED.match(value)
        letters = parts[2].split(", ") if parts else []
        count = prod(sizes[letter] for letter in letters) if parts and parts[1] == "mean" else 1
        found = {*re.findall(r"\b[a-z]\b", row)} & {*sizes}
        for numbers in product(*(range(sizes[letter]) for letter in sorted(found))):
            known = dict(zip(sorted(found), numbers, strict=True))
            place = eval(re.search(r"\[(.*)\]", target)[1], {}, known)
            at = place if isinstance(place, tuple) else (place,)
            if all(0 <= p < n for p, n in zip(at, shape, strict=True)):
                try:
                    term = eval(parts[3] if parts else value, {**arrays, "sqrt": np.sqrt}, known)
                except LookupError:
                    continue
                made[at] += term / count
    return made


@pytest.mark.parametrize("case", LAYERS)
def test_lines_give_what_is_due(case):
    layer, shape = LAYERS[case]
    subject = of_layer(layer, shape, 2, "backward")
    trial = Trial(subject, 1)
    derivation = subject.formulas.derivation
    values = trial.evaluation.values
    arrays = {}
    for name, tensor in derivation.network.tensors.items():
        own = {of: called for called, of in subject.names.items()}
        called = own.get(name) or name.rpartition(".")[2]
        arrays[called] = Entries(trial.evaluation.due(tensor).value)
        adjoint = derivation.adjoints.get(name)
        if adjoint is not None and adjoint.base in values:
            key = "dout" if tensor == derivation.network.output else f"d{called}"
            arrays[key] = Entries(trial.evaluation.due(adjoint).value)
    for name in subject.wanted:
        equations = subject.formulas.equations(subject.tensor(name))
        sizes = {loop.symbol.name: int(loop.size) for e in equations for loop in e.loops}
        due = trial.due(name).value
        rows = lines(subject, equations, Layouts("NHWC", None))
        assert run(rows, arrays, due.shape, sizes) == pytest.approx(due), rows
