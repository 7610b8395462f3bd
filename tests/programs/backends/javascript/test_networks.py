"""Results of modules, written entry by entry and as loops, on random networks and every layer."""

import re

import numpy as np
import pytest

import symcnn as sc
from tests.draws import one_of, seeds, slow, some, spread
from tests.generated import cells
from tests.programs.backends.javascript.node import evaluation, module, needs_node, run
from tests.programs.random_networks import example, tiny_example

pytestmark = needs_node

WAYS = ("entries", "loops")
NOT_FIXED = re.compile(
    r"Math\.(?!max|min|abs|sqrt)|square|sigmoid|softplus|logOfSum|normalCdf|erf\("
)
"""What IEEE 754 does not fix: functions, and Python's powers, of which squares are some."""


def both_ways(cases, folder):
    """Run networks in both ways at once; return each with its text and what it gives."""
    made = [
        (network, values, way, module(sc.derive(network), values, way))
        for network, values in cases
        for way in WAYS
    ]
    results = run([text for *_, text in made], folder)
    return [(*one, result) for one, result in zip(made, results, strict=True)]


def test_random_networks_against_pytorch(tmp_path):
    against_pytorch = pytest.importorskip("tests.programs.against_pytorch")
    drawn = [(*example(seed), "loops") for seed in seeds(0, 0.3)]
    drawn += [(*tiny_example(seed), way) for seed in seeds(1000, 0.3) for way in WAYS]
    texts = [module(sc.derive(network), values, way) for network, values, way in drawn]
    for (network, values, _), made in zip(drawn, run(texts, tmp_path), strict=True):
        against_pytorch.assert_equal_to_pytorch(evaluation(made), network, values)


def test_every_layer_with_every_loss_against_exact_arithmetic(tmp_path):
    problems = [cells.problem(cell) for cell in spread(cells.CELLS)]
    exact = [sc.evaluate(problem, exact=True).rounded() for problem in problems]
    made = both_ways([(p.network, p.values) for p in problems], tmp_path)
    for expected, entries, loops in zip(exact, made[::2], made[1::2], strict=True):
        for *_, result in (entries, loops):
            got = evaluation(result)
            assert got.loss == pytest.approx(expected.loss, rel=1e-12, abs=1e-14)
            assert [*got.outputs] == [*expected.outputs]
            assert [*got.gradients] == [*expected.gradients]
            for name, gradient in got.gradients.items():
                assert gradient == pytest.approx(expected.gradients[name], rel=1e-10, abs=1e-13)


def statements(text):
    """Return the statements of the function, without the equations above them."""
    body = text[text.index("function stages") : text.index("function lossAndGradients")]
    return "\n".join(line for line in body.splitlines() if not line.strip().startswith("//"))


@slow
def test_bits_are_python_s_where_ieee_754_fixes_them(tmp_path):
    """On layers of operations alone, with tenths, which are rounded at every step."""
    kinds = [cells.Cell(example, sc.Upstream, None) for example in some(cells.EXAMPLES, 5)]
    problems = [cells.problem(kind) for kind in kinds]
    compared = 0
    for problem, (*_, text, made) in zip(
        problems, both_ways([(p.network, p.values) for p in problems], tmp_path)[::2], strict=True
    ):
        if not NOT_FIXED.search(statements(text)):
            ours, python = evaluation(made), sc.lambdify(problem.derivation, "scalar")
            theirs = python(problem.values)
            assert ours.loss == theirs.loss
            for name, array in theirs.outputs.items():
                assert np.array_equal(ours.outputs[name], array), name
            for name, array in theirs.gradients.items():
                assert np.array_equal(ours.gradients[name], array), name
            compared += 1
    assert compared > 5


LAYERS = [
    *(sc.Conv2D(2, 2, stride=1, padding=1), sc.ReLU(), sc.MaxPool2D(2, padding=1)),
    *(sc.AvgPool2D((1, 2), stride=1), sc.Flatten(), sc.Dense(3), sc.LeakyReLU(alpha=0.25)),
    sc.Dense(2),
]


@pytest.mark.parametrize("ties", one_of(["first", "split"]))
def test_what_rounds_nothing_is_exact(tmp_path, ties):
    """Of halves, whose sums and products are floats, in any order; with many ties."""
    layers = [sc.MaxPool2D(2, padding=1, ties=ties) if n == 2 else a for n, a in enumerate(LAYERS)]
    network = sc.Network((3, 4, 2), layers, sc.HalfSquaredError(), batch=2)
    drawn = np.random.default_rng(3)
    values = {t.name: drawn.integers(-2, 3, t.shape) / 2 for t in network.given}
    exact = sc.evaluate(sc.Problem(network, values), exact=True)
    for *_, made in both_ways([(network, values)], tmp_path):
        got = evaluation(made)
        assert got.loss == float(exact.loss)
        for mine, theirs in ((got.outputs, exact.outputs), (got.gradients, exact.gradients)):
            for name, array in theirs.items():
                assert (mine[name] == array.astype(float)).all(), name
