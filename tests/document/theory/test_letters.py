"""Theorems of documents, with the letters of a layer and at numbers: one statement."""

from itertools import islice

import pytest

import symcnn as sc
from symcnn.derivation import derive
from symcnn.document.facts.derivative import Derivative
from symcnn.document.theorems.theorem import has_one, theorem
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.trial import instances
from tests.document.theory.test_theorem import name_of
from tests.draws import some


def theorems(network):
    """Return the theorems of documents, by their tensors; of a loss there is none."""
    derivation = derive(network)
    tensors = (network.tensors[name] for name in derivation.adjoints)
    moving = [Derivative(derivation, one) for one in tensors if derivation.depends_on(one)]
    return {one.tensor.name: theorem(one) for one in moving if has_one(one)}


def said(made, numbers):
    """Write a theorem with numbers for its letters."""
    every = {**numbers, **made.letters.numbers}
    indices = made.letters.named_indices.items()
    return (
        {str(index.symbol): str(e.xreplace(every)) for e, index in indices},
        [
            (
                str(part.value.xreplace(every)),
                [str(symbol) for symbol in part.over],
                [tuple(str(side) for side in pair) for pair in part.conditions],
            )
            for part in made.backward.parts
        ],
    )


def is_long(network, concrete):
    """Tell whether no axis with a letter has length 1, which documents need no index for."""
    pairs = ((network.tensors[name], own) for name, own in concrete.tensors.items())
    axes = (axis for one, other in pairs for axis in zip(one.shape, other.shape, strict=True))
    return all(number > 1 for letter, number in axes if letter != 1)


OWN = [
    *(sc.Conv1D, sc.MaxPool1D, sc.AvgPool1D, sc.ConvTranspose1D, sc.Dense, sc.Flatten),
    *(sc.Conv2D, sc.MaxPool2D, sc.AvgPool2D, sc.ConvTranspose2D, sc.LeakyReLU, sc.PReLU),
    *(sc.Conv3D, sc.MaxPool3D, sc.AvgPool3D, sc.ConvTranspose3D, sc.GlobalAvgPool2D, sc.Softmax),
]


@pytest.mark.parametrize("subject", some(OWN, every=7), ids=name_of)
def test_letters_that_are_read_off_numbers_are_those_of_the_layer(subject):
    network, lettered = (made := specimen(subject).network), theorems(made)
    assert lettered
    choices = (pair for pair in instances(network, 40, 0) if is_long(network, pair[1]))
    for numbers, concrete in islice(choices, 3):
        read_off = theorems(concrete)
        assert lettered.keys() == read_off.keys()
        for name, one in lettered.items():
            assert said(one, numbers) == said(read_off[name], numbers)
