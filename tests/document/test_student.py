"""The student's version gives nothing away, and holds every number that is needed.

What it shows must not depend on what is computed: drawn with other numbers, it differs in
the given numbers alone. All of these have three digits after the point, so that they can
be told from everything else; a computed one has more.
"""

import re
from itertools import product
from random import Random

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.document.blocks import Diagram, flat
from symcnn.drawing.picture import Label, Line
from symcnn.outline import DETAILS
from tests.document.pictures.contexts import said
from tests.draws import half, some

_GIVEN = re.compile(r"-?\d\.\d{3}(?!\d)")
_SIZE = re.compile(r"\\rule\[[^]]*]\{0pt\}\{[^}]*\}|\\hspace\{[^}]*\}")
"""The size of a box, which is that of the longest number."""

_SIGNS = {1: (-1, -1, 1), 2: (1,)}
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
}


def drawn(name, seed):
    """Draw numbers; the lower the seed, the more of them are negative."""
    network, random = _NETWORKS[name], Random(seed)
    values = {
        tensor.name: [
            Rational(random.choice(_SIGNS[seed]) * (10 * random.randint(10, 90) + 7), 1000)
            for _ in range(tensor.size)
        ]
        for tensor in (network.input, *network.parameters)
    }
    target = network.target
    if target is not None and isinstance(network.loss, sc.SoftmaxCrossEntropy):
        share = Rational(100 * random.randint(1, 4) + 7, 1000)
        values["target"] = [share, 1 - share, *[0] * (target.size - 2)]
    elif target is not None:
        values[target.name] = [Rational(10 * n + 7, 1000) for n in range(11, 11 + target.size)]
    return sc.Problem(network, values, title=name, learning_rate=Rational(1, 8))


def seen(problem, **options):
    """Everything that a student sees, without the given numbers."""
    student = sc.explain(problem, **options).with_blanks()
    pictures = [b.picture for b in flat(student.blocks) if isinstance(b, Diagram)]
    shapes = [shape for picture in pictures for shape in picture.shapes]
    labels = {_GIVEN.sub("", said(shape)) for shape in shapes if isinstance(shape, Label)} - {""}
    lines = {(s.ink, s.thick, s.dashed) for s in shapes if isinstance(s, Line)}
    text = re.sub(r"\(data:[^)]*\)", "", student.to_markdown())
    text = _SIZE.sub("", text)
    return _GIVEN.sub("#", "\n".join((text, *sorted(labels), *map(str, sorted(lines)))))


@pytest.mark.parametrize(
    ("detail", "name"),
    some(product(DETAILS, _NETWORKS), 2),
)
def test_what_is_seen_does_not_depend_on_what_is_computed(detail, name):
    one, other = (seen(drawn(name, seed), detail=detail) for seed in (1, 2))
    assert one == other


@pytest.mark.parametrize("name", ["the seed", "an image"])
def test_a_single_weights_document_tells_nothing_either(name):
    weight = "conv1.weight[1, 0, 0, 1]"
    one, other = (seen(drawn(name, seed), weight=weight) for seed in (1, 2))
    assert one == other


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize("name", half(list(_NETWORKS)))
def test_every_given_number_is_there(name, detail):
    problem = drawn(name, 2)
    student = sc.explain(problem, detail=detail).with_blanks().to_markdown()
    for tensor in problem.network.given:
        for value in problem.values[tensor.name]:
            assert f"{float(value):g}" in student
