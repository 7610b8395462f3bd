"""The theorems of fifteen published layers, against what their pages print, in NumPy.

docs/published-layers.md names the pages, and says where they differ from the theorems.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import symcnn as sc
from symcnn.derivation.statement import terms_of
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.document.theory.trial import tried
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex
from tests.document.theory import published
from tests.draws import MANY, some

PAGE = Path(__file__).parents[3] / "docs" / "published-layers.md"
RNG = np.random.default_rng(7)
C = sc.size("C")
SNAKE = "x + sin(w*x)**2/w"


def sigma(z):
    return 1 / (1 + np.exp(-z))


def windows(x, taps):
    return np.stack([x[i : i + taps] for i in range(len(x) - taps + 1)])


class Case(NamedTuple):
    """A published layer.

    Attributes:
        stated: What the theorem is about.
        layer: The layer with numbers.
        shape: That of its input.
        forward: What it computes, from the input and what it learns, in NumPy.
        gradients: What is published: derivatives by name, from all this, the output and the signal.
        parts: How the last axis of x is divided among several inputs.
    """

    stated: object
    layer: sc.Layer
    shape: tuple
    forward: object
    gradients: dict
    parts: tuple = ()


def snake(v):
    return v["x"] + np.sin(v["weight"] * v["x"]) ** 2 / v["weight"]


def prelu(v):
    return np.where(v["x"] > 0, v["x"], v["weight"] * v["x"])


def mish(v):
    return v["x"] * np.tanh(np.log(1 + np.exp(v["x"])))


def mish_prime(v, y, g):
    t = np.tanh(np.log(1 + np.exp(v["x"])))
    return g * (v["x"] * sigma(v["x"]) * (1 - t**2) + t)


def swiglu(v):
    u, gate = np.split(v["x"], 2)
    return u * gate * sigma(gate)


def swiglu_slope(v, y, g):
    u, gate = np.split(v["x"], 2)
    s = sigma(gate)
    return np.concatenate([g * gate * s, g * u * s * (1 + gate - gate * s)])


def pooled(v):
    return np.log(np.exp(1.5 * windows(v["x"], 2)).mean(axis=1)) / 1.5


def pooled_slope(v, y, g):
    e = np.exp(1.5 * windows(v["x"], 2))
    shares, made = e / e.sum(axis=1, keepdims=True), np.zeros_like(v["x"])
    for i, one in enumerate(shares):
        made[i : i + 2] += g[i] * one
    return made


def generalized_mean(v):
    p = v["exponent"][0]
    return (v["x"] ** p).mean(axis=0) ** (1 / p)


def response_scale(x):
    near = np.abs(np.subtract.outer(np.arange(len(x)), np.arange(len(x)))) <= 1
    return 2 + 0.5 / 3 * (near * x**2).sum(axis=1), near


def response(v):
    return v["x"] * response_scale(v["x"])[0] ** -0.75


def caffe(v, b, g):
    """Return scale_i^-beta g_i - (2 alpha beta / n) a_i sum of g_j b_j / scale_j."""
    scale, near = response_scale(v["x"])
    sums = (near * (g * b / scale)).sum(axis=1)
    return scale**-0.75 * g - 2 * 0.5 * 0.75 / 3 * v["x"] * sums


def layer_norm(v):
    x, e = v["x"], 0.1
    return v["weight"] * (x - x.mean()) / np.sqrt(x.var() + e) + v["bias"]


def layer_norm_slope(v, y, g):
    """Add up the three paths: the entry itself, the variance and the mean."""
    x, n, s = v["x"], len(v["x"]), v["x"].var() + 0.1
    signal = g * v["weight"]
    variance = (signal * (x - x.mean())).sum() * -0.5 * s**-1.5
    mean = -signal.sum() / np.sqrt(s)
    return signal / np.sqrt(s) + variance * 2 * (x - x.mean()) / n + mean / n


def rms(x):
    return np.sqrt((x**2).mean() + 0.1)


def rms_norm(v):
    return v["weight"] * v["x"] / rms(v["x"])


def rms_slope(v, y, g):
    x, signal, size = v["x"], g * v["weight"], rms(v["x"])
    return (signal - x / size * (signal * x / size).mean()) / size


def gated(v):
    rows = windows(v["x"], 2)
    a = np.einsum("iuc,uck->ik", rows, v["weight"]) + v["bias"]
    s = np.einsum("iuc,uck->ik", rows, v["gate_weight"]) + v["gate_bias"]
    return a * sigma(s)


def machine(v):
    x, f = v["x"], v["factors"]
    pairs = sum(f[i] @ f[j] * x[i] * x[j] for i in range(len(x)) for j in range(i + 1, len(x)))
    return np.array([v["bias"][0] + v["weight"] @ x + pairs])


def machine_factors(v, y, g):
    x, f = v["x"][:, None], v["factors"]
    return g * (x * (f * x).sum(axis=0) - f * x**2)


def normed(v):
    return v["gain"] * (v["direction"] @ v["x"]) / np.linalg.norm(v["direction"], axis=1)


def gain_slope(v, y, g):
    rows = v["direction"]
    return (np.outer(g, v["x"]) * rows).sum(axis=1) / np.linalg.norm(rows, axis=1)


def direction_slope(v, y, g):
    rows, whole = v["direction"], np.outer(g, v["x"])
    size, gain = np.linalg.norm(rows, axis=1)[:, None], v["gain"][:, None]
    return gain / size * whole - gain * gain_slope(v, y, g)[:, None] / size**2 * rows


def response_norm(v):
    n = np.linalg.norm(v["x"], axis=0)
    return v["weight"] * v["x"] * n / (n.mean() + 0.1) + v["bias"] + v["x"]


def weights(q, k):
    s = np.exp(q @ k.T / np.sqrt(q.shape[1]))
    return s / s.sum(axis=1, keepdims=True)


def attended(v):
    q, k, w = np.split(v["x"], 3, axis=1)
    return weights(q, k) @ w


def attention_slope(v, y, g):
    q, k, w = np.split(v["x"], 3, axis=1)
    a, root = weights(q, k), np.sqrt(q.shape[1])
    to_a = g @ w.T
    to_s = a * (to_a - (a * to_a).sum(axis=1, keepdims=True))
    return np.concatenate([to_s @ k / root, to_s.T @ q / root, a.T @ g], axis=1)


def deformed(v):
    padded, o = np.pad(v["x"], 1), v["offset"]
    places = np.add.outer(np.arange(len(o)), np.arange(2)) + o
    return np.interp(places + 1, np.arange(len(padded)), padded) @ v["weight"]


F = 2
OWN = {
    "Snake": Case(sc.Elementwise(SNAKE, weight_shape=(C,)), sc.Elementwise(SNAKE, (4,)), (4,),
                  snake, {"x": lambda v, y, g: g * (1 + np.sin(2 * v["weight"] * v["x"]))}),
    "PReLU": Case(sc.PReLU, sc.PReLU(), (5, 2), prelu,
                  {"x": lambda v, y, g: g * np.where(v["x"] >= 0, 1, v["weight"]),
                   "weight": lambda v, y, g: (g * np.where(v["x"] < 0, v["x"], 0)).sum(axis=0)}),
    "Mish": Case(sc.Mish, sc.Mish(), (4,), mish, {"x": mish_prime}),
    "SwiGLU": Case(published.SwiGLU(), published.SwiGLU(), (6,), swiglu,
                   {"x": swiglu_slope}, (3, 3)),
    "Log-sum-exp pooling": Case(published.LogSumExpPool(), published.LogSumExpPool(2, 1.5), (5, 2),
                                pooled, {"x": pooled_slope}),
    "Generalized mean": Case(published.GeneralizedMean(), published.GeneralizedMean(), (4, 2),
                             generalized_mean, {}),
    "Local response normalization": Case(published.ResponseNorm(),
                                         published.ResponseNorm(1, 0.5, 0.75, 2), (6,), response,
                                         {"x": caffe}),
    "Layer normalization": Case(sc.LayerNorm, sc.LayerNorm(epsilon=0.1), (5,), layer_norm,
                                {"x": layer_norm_slope, "bias": lambda v, y, g: g}),
    "RMSNorm": Case(sc.RMSNorm, sc.RMSNorm(epsilon=0.1), (5,), rms_norm,
                    {"x": rms_slope, "weight": lambda v, y, g: g * v["x"] / rms(v["x"])}),
    "Gated convolution": Case(published.GatedConv(), published.GatedConv(F, 2), (4, 2), gated, {}),
    "Factorization machine": Case(published.FactorizationMachine(),
                                  published.FactorizationMachine(F), (4,), machine,
                                  {"bias": lambda v, y, g: g, "weight": lambda v, y, g: g * v["x"],
                                   "factors": machine_factors}),
    "Weight normalization": Case(published.WeightNormDense(), published.WeightNormDense(2), (3,),
                                 normed, {"gain": gain_slope, "direction": direction_slope}),
    "Global response normalization": Case(published.GlobalResponseNorm(),
                                          published.GlobalResponseNorm(0.1), (3, 2), response_norm,
                                          {}),
    "Attention": Case(sc.Attention, sc.Attention(), (3, 6), attended, {"x": attention_slope},
                      (2, 2, 2)),
    "Deformable convolution": Case(published.DeformableConv(), published.DeformableConv(2), (5,),
                                   deformed, {}),
}  # fmt: skip


def network_of(case):
    if not case.parts:
        return sc.Network(case.shape, [case.layer], sc.Upstream())
    ends, axis = np.cumsum((0, *case.parts)).tolist(), len(case.shape) - 1
    names = tuple("abc"[: len(case.parts)])
    pairs = zip(names, ends, ends[1:], strict=False)
    cuts = [sc.Slice(axis, i, j, name=name, inputs=("x",)) for name, i, j in pairs]
    made = type(case.layer)(inputs=names)
    return sc.Network(case.shape, [*cuts, made], sc.Upstream())


def drawn(name, network):
    made = {t.name: RNG.uniform(0.2, 0.9, t.shape) for t in network.given}
    if name in ("PReLU", "Mish", "Layer normalization", "Attention"):
        made["x"] = RNG.uniform(-1, 1, network.input.shape)
    return made


def slopes(f, values, g, name):
    """Return the derivatives of sum g y with respect to one array, by central differences."""
    made, step = np.zeros_like(values[name]), 1e-5
    for at in np.ndindex(made.shape):
        ends = []
        for sign in (1, -1):
            moved = values | {name: values[name].copy()}
            moved[name][at] += sign * step
            ends.append((g * f(moved)).sum())
        made[at] = (ends[0] - ends[1]) / (2 * step)
    return made


@pytest.mark.parametrize("name", OWN)
def test_derivatives_are_those_that_are_published_and_finite_differences(name):
    case, network = OWN[name], network_of(OWN[name])
    given = drawn(name, network)
    made = sc.lambdify(sc.derive(network))(given)
    short = {key.rpartition(".")[2]: key for key in given}
    values, g = {s: given[key] for s, key in short.items()}, given["gradient"]
    y = case.forward(values)
    np.testing.assert_allclose(made.outputs[network.output.name], y, rtol=1e-12)
    for key in short.keys() - {"gradient"}:
        found = made.gradients[short[key]]
        np.testing.assert_allclose(
            found, slopes(case.forward, values, g, key), rtol=1e-6, atol=1e-8
        )
        if key in case.gradients:
            expected = case.gradients[key](values, y, g)
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", some(OWN, every=8))
def test_their_theorems_hold_at_random_sizes(name):
    most = 8 if name == "Deformable convolution" else 40
    trial = tried(statement(specimen(OWN[name].stated)), most if MANY else 5)
    assert trial.entries > 0


def wrong_rms(v, y, g):
    """Return what the README of kernel-hyperdrive prints: r_i^2 where it is r_i^3."""
    x, r = v["x"], rms(v["x"])
    return g * v["weight"] / r - (g * v["weight"] * x).sum() / r**2 * x / len(x)


def wrong_layer_norm(v, y, g):
    """Return what a text of Nemotron-CC-Math prints, which has no sums."""
    x, s = v["x"], v["x"].var() + 0.1
    hat, signal = (x - x.mean()) / np.sqrt(s), g * v["weight"]
    return (signal / np.sqrt(s) - hat / s * signal * hat) / len(x)


@pytest.mark.parametrize(
    ("name", "printed"), [("RMSNorm", wrong_rms), ("Layer normalization", wrong_layer_norm)]
)
def test_what_the_page_calls_wrong_differs_from_finite_differences(name, printed):
    values = {"x": np.array([1.0, 2, -1, 0.5, 3]), "weight": np.ones(5), "bias": np.zeros(5)}
    g = np.array([1.0, 0, 2, 0, -1])
    true = slopes(OWN[name].forward, values, g, "x")
    assert np.abs(printed(values, None, g) - true).max() > 0.05


def test_at_0_the_page_on_prelu_takes_the_other_slope():
    network = sc.Network((1, 1), [sc.PReLU()], sc.Upstream())
    values = {"x": [[0.0]], "prelu1.weight": [0.25], "gradient": [[1.0]]}
    assert sc.lambdify(sc.derive(network))(values).gradients["x"].item() == 0.25


def formulas(name):
    """Run over the formulas of a theorem in LaTeX, as the page has them."""
    p = Printed(statement(specimen(OWN[name].stated)))
    for of in p.made.formulas:
        terms = terms_of(of.general, p.printer, p.base)
        yield latex(row(p.left(of), "=", *terms))


@pytest.mark.parametrize("name", OWN)
def test_the_page_has_the_formulas_of_the_theorem(name):
    section = PAGE.read_text(encoding="utf-8").partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert section
    assert section.count("$$\n") == 2 * len([*formulas(name)])
    for line in formulas(name):
        assert f"$$\n{line}\n$$" in section
