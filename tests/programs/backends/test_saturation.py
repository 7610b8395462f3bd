"""What functions leave of 1, in every backend and type of floats: 1 - sigma(z) = sigma(-z)."""

import json

import numpy as np
import pytest
from mpmath import exp, mp, mpf

import symcnn as sc
from symcnn.cli.run import main
from tests.programs.backends.javascript.node import evaluation, module, needs_node, run

TYPES = [("scalar", "float64"), *((b, t) for b in ("array", "jax") for t in ("float64", "float32"))]


def sigma(z):
    return 1 / (1 + exp(-mpf(z)))


def left(z):
    """Return 1 - sigma(z), the difference of numbers of 400 digits."""
    with mp.workdps(400):
        return float(1 - sigma(z))


def of_tanh(z):
    """Return 1 - tanh(z)^2."""
    with mp.workdps(400):
        return float(1 - mp.tanh(mpf(z)) ** 2)


SIGMOID, TANH, SOFTMAX = [sc.Sigmoid()], [sc.Tanh()], [sc.Softmax()]
DUE = {
    "sigmoid, binary cross-entropy": (
        [*SIGMOID],
        sc.BinaryCrossEntropy(),
        [30, -30, 40],
        [1, 0, 1],
        [-left(30), left(30), -left(40)],
    ),
    "sigmoid, half the squared error": (
        [*SIGMOID],
        sc.HalfSquaredError(),
        [20],
        [1],
        [-left(20) * left(20) * float(sigma(20))],
    ),
    "tanh, half the squared error": (
        [*TANH],
        sc.HalfSquaredError(),
        [12, -12],
        [1, -1],
        [-2 * left(24) * of_tanh(12), 2 * left(24) * of_tanh(12)],
    ),
    "flattened": (
        [sc.Reshape((1, 2)), *SIGMOID, sc.Flatten()],
        sc.SquaredError(),
        [20, 0],
        [1, 0.5],
        [-2 * left(20) * left(20) * float(sigma(20)), 0],
    ),
    "softmax, cross-entropy": (
        [*SOFTMAX],
        sc.CrossEntropy(),
        [40, 0],
        [1, 0],
        [-left(40), left(40)],
    ),
    "softmax cross-entropy": (
        [],
        sc.SoftmaxCrossEntropy(),
        [40, 0],
        [1, 0],
        [-left(40), left(40)],
    ),
    "softmax, cross-entropy of the other class": (
        [*SOFTMAX],
        sc.CrossEntropy(),
        [40, 0],
        [0, 1],
        [1 - left(40), left(40) - 1],
    ),
    "softmax, half the squared error": (
        [*SOFTMAX],
        sc.HalfSquaredError(),
        [20, 0],
        [1, 0],
        [-2 * left(20) ** 2 * float(sigma(20)), 2 * left(20) ** 2 * float(sigma(20))],
    ),
}


def network(name):
    layers, loss, x, *_ = DUE[name]
    return sc.Network((len(x),), layers or [sc.Scale(1)], loss)


@pytest.mark.parametrize(("backend", "dtype"), TYPES)
@pytest.mark.parametrize("name", DUE)
def test_small_derivatives_have_all_digits(name, backend, dtype):
    if backend == "jax":
        pytest.importorskip("jax")
    _, _, x, target, due = DUE[name]
    program = sc.lambdify(sc.derive(network(name)), backend=backend, dtype=dtype)
    found = np.asarray(program({"x": x, "target": target}).gradients["x"], float)
    assert found == pytest.approx(due, rel=20 * float(np.finfo(dtype).eps), abs=0)


@needs_node
@pytest.mark.parametrize("way", ["entries", "loops"])
def test_javascript_has_them_too(way, tmp_path):
    numbers = [{"x": x, "target": target} for _, _, x, target, _ in DUE.values()]
    derivations = [sc.derive(network(name)) for name in DUE]
    texts = [module(*of, way) for of in zip(derivations, numbers, strict=True)]
    for made, (*_, due) in zip(run(texts, tmp_path), DUE.values(), strict=True):
        assert evaluation(made).gradients["x"] == pytest.approx(due, rel=1e-14, abs=0)


def test_the_issue_prints_right_digits(capsys, tmp_path):
    """At x = 30, 1 - sigma(x) is 9.35762e-14, and 1 - fl(sigma(x)) is 9.348e-14."""
    file = tmp_path / "saturated.toml"
    file.write_text(
        '[input]\nshape = [2]\nvalues = [30, 40]\n[[layers]]\ntype = "sigmoid"\n'
        '[loss]\ntype = "binary_cross_entropy"\ntarget = [1, 1]\n'
    )
    assert main(["evaluate", "--json", str(file)]) in (0, None)
    printed = capsys.readouterr()
    assert printed.err == ""
    made = json.loads(printed.out)
    assert [f"{slope:.6g}" for slope in made["gradients"]["x"]] == ["-9.35762e-14", "-4.24835e-18"]
    assert made["check"]["imprecise"] == []


def test_an_error_signal_that_is_a_copy_of_an_activation_has_no_gap():
    """In n + z (x - n), as in a GRU, that of x - n is z, and that of n is 1 minus it."""
    layers = [
        sc.Sigmoid(name="z"),
        sc.Tanh(name="n", inputs=("x",)),
        sc.Subtract(name="d", inputs=("x", "n")),
        sc.Multiply(name="p", inputs=("z", "d")),
        sc.Add(inputs=("n", "p")),
    ]
    network = sc.Network((2,), layers, sc.SumOfOutputs())
    x = np.array([0.5, -1])
    z, n = 1 / (1 + np.exp(-x)), np.tanh(x)
    slope = (1 - z) * (1 - n**2) + z + z * (1 - z) * (x - n)
    made = sc.evaluate(sc.Problem(network, {"x": x}))
    assert made.gradients["x"] == pytest.approx(slope, rel=1e-14)
