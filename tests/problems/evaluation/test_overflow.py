"""Squares and powers beyond floats on the way to results that are not: refused, or harmless."""

from dataclasses import dataclass

import numpy as np
import pytest
from sympy import exp

import symcnn as sc
from symcnn import limits
from symcnn.cli.results import evaluated
from symcnn.errors import NotFiniteError

ENTRIES = np.array([1.0, 2, 4])
UPSTREAM = np.array([3.0, -1, 5])
REMEDY = "use smaller values or weights, or evaluate --exact"


@pytest.fixture(params=["scalar", "array"])
def backend(request, monkeypatch):
    if request.param == "array":
        monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)


@pytest.fixture
def in_arrays(monkeypatch):
    monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)


def normalised(scale):
    """Return a batch normalisation of three numbers of some size."""
    network = sc.Network((3, 1), [sc.BatchNorm(affine=False)], sc.Upstream())
    numbers = {"x": [[int(n) * 10**scale] for n in ENTRIES], "gradient": [[n] for n in UPSTREAM]}
    return sc.Problem(network, numbers)


def by_pytorch():
    torch = pytest.importorskip("torch")
    """Return output and slopes at scale 1, where epsilon adds nothing."""
    x = torch.tensor(ENTRIES[:, None], requires_grad=True)
    y = torch.nn.functional.batch_norm(x, None, None, training=True, eps=1e-30)
    y.backward(torch.tensor(UPSTREAM[:, None]))
    return y.detach().numpy(), x.grad.numpy()


@pytest.mark.parametrize("scale", [90, 104, 150, 160, 298])
def test_batch_normalisation_of_large_numbers(scale, backend):
    """The variance is 14/9 of the scale's square, and the derivative takes its root's cube."""
    y, slope = by_pytorch()
    problem = normalised(scale)
    results = evaluated(problem, exact=True)
    assert results.values["batch_norm1"] == pytest.approx(y, rel=1e-13)
    assert results.evaluation.gradients["x"] * 10.0**scale == pytest.approx(slope, rel=1e-12)
    if scale == 90:
        assert sc.evaluate(problem).gradients["x"] * 1e90 == pytest.approx(slope, rel=1e-12)
        return
    variance = f"batch_norm1.variance[0] is 1.55556e+{2 * scale}"
    beyond = "beyond" if scale > 150 else "whose power -3/2 exceeds"
    for evaluate in (sc.evaluate, evaluated):
        with pytest.raises(NotFiniteError) as caught:
            evaluate(problem)
        assert str(caught.value) == (
            f"{variance}, {beyond} the range of floating point (1e308): {REMEDY}"
        )


@pytest.mark.parametrize(
    ("kind", "scale", "variance", "beyond", "remedy"),
    [
        ("float64", 104, "1.55556e+208", "whose power -3/2 exceeds", "evaluate --exact"),
        ("float64", 160, "1.55556e+320", "beyond", "evaluate --exact"),
        ("float32", 13, "1.55556e+26", "whose power -3/2 exceeds", "use float64"),
        ("float32", 20, "1.55556e+40", "beyond", "use float64"),
    ],
)
def test_a_program_of_arrays_does_not_return_what_overflow_has_made_wrong(
    kind, scale, variance, beyond, remedy
):
    problem = normalised(scale)
    reach = "the range of floating point (1e308)" if kind == "float64" else "float32 (3e+38)"
    with pytest.raises(NotFiniteError) as caught:
        sc.lambdify(problem.derivation, "array", dtype=kind)(problem.values)
    said = str(caught.value)
    assert said.startswith(f"batch_norm1.variance[0] is {variance}, {beyond} ")
    assert said.endswith(f"{reach}: use smaller values or weights, or {remedy}")


@pytest.mark.parametrize(("kind", "scale"), [("float64", 90), ("float32", 12)])
def test_a_program_of_arrays_returns_what_is_right(kind, scale):
    y, slope = by_pytorch()
    problem = normalised(scale)
    made = sc.lambdify(problem.derivation, "array", dtype=kind)(problem.values)
    assert made.outputs["batch_norm1"] == pytest.approx(y, rel=1e-5)
    assert made.gradients["x"] * 10.0**scale == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize(("scale", "seen"), [(104, "gradients"), (160, "outputs")])
def test_a_program_of_jax_shows_it(scale, seen):
    """Nothing that is compiled raises: 1/V^(3/2) is no number where V^(3/2) is none."""
    pytest.importorskip("jax")
    problem = normalised(scale)
    made = sc.lambdify(problem.derivation, "jax")(problem.values)
    assert np.isnan(getattr(made, seen)["x" if seen == "gradients" else "batch_norm1"]).any()


def test_what_is_infinite_is_returned_as_numpy_does():
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    program = sc.lambdify(sc.derive(network), "array")
    with pytest.warns(RuntimeWarning, match="overflow"):
        made = program({"x": [1e200, 1], "dense1.weight": [1e200, 1]})
    assert made.loss == np.inf


def test_a_document_of_a_larger_network_is_refused_too(monkeypatch):
    monkeypatch.setattr(limits, "EXACT_TERMS", 0)
    monkeypatch.setattr(limits, "USUAL_SCALAR_TERMS", 0)
    with pytest.raises(
        NotFiniteError, match=r"1.55556e\+208, .* -3/2 .*: use smaller values or weights$"
    ):
        sc.explain(normalised(104))


@dataclass(frozen=True)
class Logistic(sc.Layer):
    """y = 1/(1 + exp(-x)), whose exponential may be infinite."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], 1 / (1 + exp(-x[x.indices]))),)


def test_an_infinity_that_vanishes_does_no_harm(in_arrays):
    """The slope has the square of 1 + exp(500) below the line."""
    network = sc.Network((2,), [Logistic()], sc.SumOfOutputs())
    made = sc.evaluate(sc.Problem(network, {"x": [-500, 2]}))
    sigma = 1 / (1 + np.exp(-2))
    assert made.outputs["layer1"] == pytest.approx([0, sigma])
    assert made.gradients["x"] == pytest.approx([0, sigma * (1 - sigma)])
