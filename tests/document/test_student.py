"""The student's version gives nothing away, and holds every number that is needed.

What it shows must not depend on what is computed: with other numbers it differs in the given
numbers alone, in every format, to the last width. All of these have three digits after the
point, none of which is a 0 at the end, and the signs that they had, so that they are as wide as
before and can be told from everything else.
"""

import re
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.document.blocks import Diagram
from symcnn.document.outline import DETAILS
from tests.draws import one_of

_GIVEN = re.compile(r"(?<![\d.])\d\.\d{3}(?![\d.]|em|\\textwidth)")

_MAGNITUDES = {
    "usual": [*range(107, 900, 10)],
    "equal": [117],
    "far apart": [1, 3, 17, 357, 2357, 9997],
}
"""Numbers of thousandths: equal ones tie maxima, others make long numbers and dead units."""

_NETWORKS = {
    "the seed": sc.examples.cnn_by_hand().network,
    "an image": sc.Network(
        (4, 4, 1),
        [
            sc.Conv2D(2, 3, stride=2, padding=1),
            sc.ReLU(),
            sc.MaxPool2D(2),
            sc.Flatten(),
            sc.Dense(2),
        ],
        sc.SoftmaxCrossEntropy(),
    ),
    "split ties": sc.Network(
        (4, 1),
        [sc.Conv1D(1, 1), sc.MaxPool1D(2, ties="split"), sc.Flatten(), sc.Dense(1)],
        sc.HalfSquaredError(),
        batch=2,
    ),
    "cases": sc.Network((2,), [sc.Dense(1), sc.LeakyReLU()], sc.SquaredError()),
    "rows of a batch": sc.Network((3,), [sc.Dense(7), sc.ELU()], sc.SumOfOutputs(), batch=2),
    "many comparisons": sc.Network(
        (7, 1), [sc.Conv1D(2, 1), sc.MaxPool1D(3, 1), sc.ReLU()], sc.SumOfOutputs()
    ),
    "a transposed kernel": sc.Network(
        (2, 2, 1), [sc.ConvTranspose2D(1, 2), sc.ReLU()], sc.SumOfOutputs()
    ),
    "a long chain": sc.Network((1,), [sc.Tanh() for _ in range(10)], sc.SumOfOutputs()),
}


def drawn(name, kind, input_of=None):
    """Draw numbers of a kind; their signs and the target are the same for all kinds.

    Args:
        name: The network.
        kind: The kind of its numbers.
        input_of: The kind whose input it has, if that is another one.
    """
    network, signs = _NETWORKS[name], Random(name)

    def numbers(tensor, kind):
        random = Random(name + tensor.name + kind)
        return [
            Rational(signs.choice((1, 1, -1)) * random.choice(_MAGNITUDES[kind]), 1000)
            for _ in range(tensor.size)
        ]

    values = {network.input.name: numbers(network.input, input_of or kind)}
    values |= {tensor.name: numbers(tensor, kind) for tensor in network.parameters}
    target = network.target
    if target is not None and isinstance(network.loss, sc.SoftmaxCrossEntropy):
        values["target"] = [Rational(307, 1000), Rational(693, 1000)]
    elif target is not None:
        values[target.name] = [Rational(10 * n + 7, 1000) for n in range(11, 11 + target.size)]
    return sc.Problem(network, values, title=name, learning_rate=Rational(1, 8))


def seen(problem, *, pictures=True, **options):
    """All files of a student in all formats, with # for the given numbers."""
    pytest.importorskip("rich")
    student = sc.explain(problem, **options).with_blanks()
    told = tuple(b for b in student.blocks if pictures or not isinstance(b, Diagram))
    student = replace(student, blocks=told)
    given = {
        f"{abs(float(value)):.3f}"
        for tensor in problem.network.given
        for value in problem.values[tensor.name]
    }
    files = {
        name: text for f in ("tex", "html", "md", "txt") for name, text in student.files(f).items()
    }
    return {
        name: _GIVEN.sub(lambda found: "#" if found[0] in given else found[0], text)
        for name, text in files.items()
    }


@pytest.mark.parametrize(("detail", "name"), one_of(product(DETAILS, _NETWORKS)))
def test_what_is_seen_does_not_depend_on_what_is_computed(detail, name):
    one, *others = (seen(drawn(name, kind), pictures=False, detail=detail) for kind in _MAGNITUDES)
    for other in others:
        assert other.keys() == one.keys()
        assert [name for name in one if one[name] != other[name]] == []


@pytest.mark.parametrize("name", one_of(["an image", *_NETWORKS]))
def test_pictures_show_no_number_but_those_of_the_input(name):
    """These have colours, and fewer digits: so they are the same for all."""
    one, *others = (seen(drawn(name, kind, input_of="usual")) for kind in _MAGNITUDES)
    for other in others:
        assert other.keys() == one.keys()
        assert [name for name in one if one[name] != other[name]] == []


@pytest.mark.parametrize("name", one_of(["the seed", "an image"]))
def test_a_single_weights_document_tells_nothing_either(name):
    weight = "conv1.weight[1, 0, 0, 1]"
    one, other = (seen(drawn(name, kind), weight=weight) for kind in ("usual", "far apart"))
    assert one == other


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
@pytest.mark.parametrize("name", one_of(_NETWORKS))
def test_every_given_number_is_there(name, detail):
    problem = drawn(name, "usual")
    student = sc.explain(problem, detail=detail).with_blanks().to_markdown()
    for tensor in problem.network.given:
        for value in problem.values[tensor.name]:
            assert f"{float(value):g}" in student
