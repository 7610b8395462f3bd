"""The program of figures has every function of Python's programs, far from 0 too."""

import json

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.interactive.facts import figures_program
from symcnn.classroom.interactive.page import arithmetic
from tests.programs.backends.javascript.node import needs_node, node

FAR = [-800, -30, -0.5, 0, 1.5, 40]
ONE = [0, 0, 0, 0, 1, 0]
LAYERS = [sc.ELU(), sc.GELU(), sc.HardSigmoid(), sc.HardSwish(), sc.LeakyReLU(), sc.LogSoftmax()]
LAYERS += [sc.Clip(-1, 1), sc.Mish(), sc.ReLU(), sc.ReLU6(), sc.Sigmoid(), sc.SiLU()]
LAYERS += [sc.Softmax(), sc.Softplus(), sc.Tanh()]
LOSSES = [sc.SoftmaxCrossEntropy(), sc.Huber(), sc.MeanSquaredError()]
NETWORKS = [([layer], sc.HalfSquaredError()) for layer in LAYERS]
NETWORKS += [([sc.Scale(1)], loss) for loss in LOSSES]
NETWORKS += [([sc.Sigmoid()], sc.BinaryCrossEntropy()), ([sc.Softmax()], sc.CrossEntropy())]


def figures_of(problem):
    """Return the loss and its derivatives with respect to the input, as expressions."""
    network, adjoint = problem.derivation.network, problem.derivation.adjoints["x"]
    tensors = (network.loss_tensor, adjoint)
    return [tensor.symbol(position) for tensor in tensors for position in tensor.positions()]


@needs_node
def test_figures_are_those_of_exact_numbers(tmp_path):
    given = [
        sc.Problem(sc.Network((len(FAR),), layers, loss), {"x": FAR, "target": ONE})
        for layers, loss in NETWORKS
    ]
    jobs = [
        [
            figures_program(problem.derivation, figures_of(problem), None),
            {name: [*map(str, row)] for name, row in problem.values.items()},
        ]
        for problem in given
    ]
    script = f"""
    const real = (row) => row.map((text) => $.number([text]));
    const read = (given) => Object.fromEntries(
      Object.entries(given).map(([name, row]) => [name, real(row)]));
    const jobs = {json.dumps(jobs)};
    const made = jobs.map(([program, given]) => evaluateFigures(program, read(given)));
    console.log(JSON.stringify(made.map((row) => row.map(({{ x, e }}) => [x, e]))));
    """
    for problem, made in zip(given, json.loads(node(arithmetic() + script, tmp_path)), strict=True):
        right = sc.evaluate(problem, exact=True).rounded()
        expected = [right.loss, *np.ravel(right.gradients["x"])]
        figures, errors = zip(*made, strict=True)
        assert figures == pytest.approx(expected, rel=1e-12, abs=1e-14), problem.network
        assert max(errors) <= 1e-11 * max(1, *map(abs, expected)), problem.network
