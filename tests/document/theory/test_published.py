"""The theorems of fifteen published layers, against what their sources print, in NumPy.

docs/published-layers.md names the sources and says where they differ from the theorems. Its
formulas are written by

    python -m tests.document.theory.test_published
"""

import re
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import symcnn as sc
from symcnn.derivation.statement import terms_of
from symcnn.document.theory.conventions import kinks
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
        gradients: What is published: derivatives from all this, the output and the signal, by name;
            after a comma, a further source.
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


def snake_alpha(v, y, g):
    x, a = v["x"], v["weight"]
    return (g * (x * np.sin(2 * a * x) - np.sin(a * x) ** 2 / a)).sum(axis=0) / a


def prelu(v):
    return np.where(v["x"] > 0, v["x"], v["weight"] * v["x"])


def mish(v):
    return v["x"] * np.tanh(np.log(1 + np.exp(v["x"])))


def mish_prime(v, y, g):
    t = np.tanh(np.log(1 + np.exp(v["x"])))
    return g * (v["x"] * sigma(v["x"]) * (1 - t**2) + t)


def mish_cuda(v, y, g):
    s = np.log(1 + np.exp(v["x"]))
    t = np.tanh(s)
    return g * (v["x"] * (1 - t**2) * (1 - np.exp(-s)) + t)


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


def mean_slope(v, y, g):
    x, p = v["x"], v["exponent"][0]
    return g * y ** (1 - p) * x ** (p - 1) / len(x)


def exponent_slope(v, y, g):
    x, p, n = v["x"], v["exponent"][0], len(v["x"])
    total, logs = (x**p).sum(axis=0), (x**p * np.log(x)).sum(axis=0)
    return [(g * y / p**2 * (np.log(n) - np.log(total) + p * logs / total)).sum()]


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
    mean = -signal.sum() / np.sqrt(s) + (variance * -2 / n * (x - x.mean())).sum()
    return signal / np.sqrt(s) + variance * 2 * (x - x.mean()) / n + mean / n


def layer_norm_at_once(v, y, g):
    """Return s_q / sigma - 1/H sum of s_h (1 / sigma + mu_h mu_q / sigma^3), s = g gamma."""
    mu, signal = v["x"] - v["x"].mean(), g * v["weight"]
    sigma = np.sqrt((mu**2).mean() + 0.1)
    both = 1 / sigma + np.outer(mu, mu) / sigma**3
    return signal / sigma - (signal[:, None] * both).mean(axis=0)


def rms(x):
    return np.sqrt((x**2).mean() + 0.1)


def rms_norm(v):
    return v["weight"] * v["x"] / rms(v["x"])


def rms_slope(v, y, g):
    x, signal, size = v["x"], g * v["weight"], rms(v["x"])
    return (signal - x / size * (signal * x / size).mean()) / size


def rms_result(v, y, g):
    """Return g w / r - x / (n r^3) times the sum of g w x."""
    x, signal, r = v["x"], g * v["weight"], rms(v["x"])
    return signal / r - x / (len(x) * r**3) * (signal * x).sum()


def halves(v):
    rows = windows(v["x"], 2)
    a = np.einsum("iuc,uck->ik", rows, v["weight"]) + v["bias"]
    return a, sigma(np.einsum("iuc,uck->ik", rows, v["gate_weight"]) + v["gate_bias"])


def gated(v):
    a, z = halves(v)
    return a * z


def bias_slope(v, y, g):
    return (halves(v)[1] * g).sum(axis=0)


def gate_bias_slope(v, y, g):
    a, z = halves(v)
    return ((1 - z) * z * g * a).sum(axis=0)


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
    sums = (whole * rows).sum(axis=1)[:, None]
    return gain / size * (whole - rows * (sums / size**2))


def response_norm(v):
    n = np.linalg.norm(v["x"], axis=0)
    return v["weight"] * v["x"] * n / (n.mean() + 0.1) + v["bias"] + v["x"]


def response_norm_slope(v, y, g):
    """Return g (1 + gamma n / (m + e)) + D x / n, D = S / (m + e) - sum of S n / (C (m + e)^2)."""
    x, gain, n = v["x"], v["weight"], np.linalg.norm(v["x"], axis=0)
    inverse, sums = 1 / (n.mean() + 0.1), gain * (g * x).sum(axis=0)
    of_norm = sums * inverse - (sums * n).sum() * inverse**2 / len(n)
    return g * (1 + gain * n * inverse) + of_norm * x / n


def response_norm_gain(v, y, g):
    n = np.linalg.norm(v["x"], axis=0)
    return (g * v["x"]).sum(axis=0) * n / (n.mean() + 0.1)


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


def places(v):
    return np.add.outer(np.arange(len(v["offset"])), np.arange(2)) + v["offset"]


def deformed(v):
    padded = np.pad(v["x"], 1)
    return np.interp(places(v) + 1, np.arange(len(padded)), padded) @ v["weight"]


def offset_slope(v, y, g):
    """Return the entry after a place minus the one before it, times weight and signal."""
    low = np.floor(places(v)).astype(int) + 1
    padded = np.pad(v["x"], 1)
    return g[:, None] * v["weight"] * (padded[low + 1] - padded[low])


def places_slope(v, y, g):
    """Hand the signal to the two entries beside a place, with 1 minus their distance."""
    made = np.zeros(len(v["x"]) + 2)
    for i, near in enumerate(places(v)):
        for w, place in zip(v["weight"], near, strict=True):
            low = int(np.floor(place))
            made[low + 1] += g[i] * w * (low + 1 - place)
            made[low + 2] += g[i] * w * (place - low)
    return made[1:-1]


F = 2
OWN = {
    "Snake": Case(sc.Elementwise(SNAKE, weight_shape=(C,)), sc.Elementwise(SNAKE, (2,)), (5, 2),
                  snake, {"x": lambda v, y, g: g * (1 + np.sin(2 * v["weight"] * v["x"])),
                          "weight": snake_alpha}),
    "PReLU": Case(sc.PReLU, sc.PReLU(), (5, 2), prelu,
                  {"x": lambda v, y, g: g * ((v["x"] > 0) + v["weight"] * (v["x"] <= 0)),
                   "weight": lambda v, y, g: (g * v["x"] * (v["x"] <= 0)).sum(axis=0)}),
    "Mish": Case(sc.Mish, sc.Mish(), (4,), mish, {"x": mish_prime, "x, mish-cuda": mish_cuda}),
    "SwiGLU": Case(published.SwiGLU(), published.SwiGLU(), (6,), swiglu,
                   {"x": swiglu_slope}, (3, 3)),
    "Log-sum-exp pooling": Case(published.LogSumExpPool(), published.LogSumExpPool(2, 1.5), (5, 2),
                                pooled, {"x": pooled_slope}),
    "Generalised mean": Case(published.GeneralizedMean(), published.GeneralizedMean(), (4, 2),
                             generalized_mean, {"x": mean_slope, "exponent": exponent_slope}),
    "Local response normalisation": Case(published.ResponseNorm(),
                                         published.ResponseNorm(1, 0.5, 0.75, 2), (6,), response,
                                         {"x": caffe}),
    "Layer normalisation": Case(sc.LayerNorm, sc.LayerNorm(epsilon=0.1), (5,), layer_norm,
                                {"x": layer_norm_slope, "x, at once": layer_norm_at_once,
                                 "bias": lambda v, y, g: g}),
    "RMSNorm": Case(sc.RMSNorm, sc.RMSNorm(epsilon=0.1), (5,), rms_norm,
                    {"x": rms_slope, "x, at once": rms_result,
                     "weight": lambda v, y, g: g * v["x"] / rms(v["x"])}),
    "Gated convolution": Case(published.GatedConv(), published.GatedConv(F, 2), (4, 2), gated,
                              {"bias": bias_slope, "gate_bias": gate_bias_slope}),
    "Factorization machine": Case(published.FactorizationMachine(),
                                  published.FactorizationMachine(F), (4,), machine,
                                  {"bias": lambda v, y, g: g, "weight": lambda v, y, g: g * v["x"],
                                   "factors": machine_factors}),
    "Weight normalisation": Case(published.WeightNormDense(), published.WeightNormDense(2), (3,),
                                 normed, {"gain": gain_slope, "direction": direction_slope}),
    "Global response normalisation": Case(published.GlobalResponseNorm(),
                                          published.GlobalResponseNorm(0.1), (3, 2), response_norm,
                                          {"x": response_norm_slope, "weight": response_norm_gain,
                                           "bias": lambda v, y, g: g.sum(axis=0)}),
    "Attention": Case(sc.Attention, sc.Attention(), (3, 6), attended, {"x": attention_slope},
                      (2, 2, 2)),
    "Deformable convolution": Case(published.DeformableConv(), published.DeformableConv(2), (5,),
                                   deformed, {"offset": offset_slope, "x": places_slope}),
}  # fmt: skip


WRITTEN = [name for name, case in OWN.items() if not isinstance(case.stated, type)]
"""What has no theorem in the atlas, so that the page has its formulas."""


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
    if name in ("PReLU", "Mish", "Layer normalisation", "Attention"):
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
        for of, slope in case.gradients.items():
            if of.partition(",")[0] == key:
                np.testing.assert_allclose(found, slope(values, y, g), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", some(OWN, every=8))
def test_their_theorems_hold_at_random_sizes(name):
    most = 8 if name == "Deformable convolution" else 40
    trial = tried(statement(specimen(OWN[name].stated)), most if MANY else 5)
    assert trial.entries > 0


SOME = np.array([1.0, 2, -1, 0.5, 3])
SIGNAL = np.array([1.0, 0, 2, 0, -1])


def test_a_line_on_the_way_to_the_derivative_of_rms_norm_has_lost_a_factor():
    values, r, n = {"x": SOME, "weight": np.ones(5)}, rms(SOME), len(SOME)
    true = slopes(rms_norm, values, SIGNAL, "x")
    printed = SIGNAL / r - (SIGNAL @ SOME) / r**2 * SOME / n
    assert np.abs(printed - true).max() > 0.05
    np.testing.assert_allclose(true, SIGNAL / r - (SIGNAL @ SOME) / r**3 * SOME / n, atol=1e-8)


def test_without_the_half_the_factors_of_a_factorization_machine_have_twice_the_derivative():
    x, f, one = SOME, np.outer(SOME, [1.0, -2]) + 1, np.ones(1)

    def printed(v):
        return np.array([((v["factors"].T @ x) ** 2 - (v["factors"].T ** 2) @ x**2).sum()])

    twice = 2 * machine_factors({"x": x, "factors": f}, None, one)
    np.testing.assert_allclose(slopes(printed, {"factors": f}, one, "factors"), twice, rtol=1e-6)


def test_the_program_of_log_sum_exp_pooling_computes_another_function_than_it_derives():
    x = np.array([[0.5], [2.0], [1.0]])
    assert np.abs(np.log(windows(x, 2).mean(axis=1)) / 1.5 - pooled({"x": x})).max() > 0.5


def at(layer, shape, values):
    """Return the derivatives of a layer at an input and parameters, for a signal of ones."""
    network = sc.Network(shape, [layer], sc.Upstream())
    short = {t.name: t.name.rpartition(".")[2] for t in network.given}
    values = values | {"gradient": np.ones(network.output.shape)}
    made = sc.lambdify(sc.derive(network))({t: values[short[t]] for t in short})
    return {t.rpartition(".")[2]: value for t, value in made.gradients.items()}


def test_at_0_prelu_takes_the_slope_to_the_left_as_caffe_does():
    assert at(sc.PReLU(), (1, 1), {"x": [[0.0]], "weight": [0.25]})["x"].item() == 0.25


def test_at_whole_places_a_deformable_convolution_has_the_slope_0_and_the_program_another():
    values = {"x": SOME, "weight": np.array([1.0, 10]), "offset": np.zeros((4, 2))}
    found = at(published.DeformableConv(2), (5,), values)
    assert not found["offset"].any()
    right = np.subtract(
        [[2, -1], [-1, 0.5], [0.5, 3], [3, 0]], [[1, 2], [2, -1], [-1, 0.5], [0.5, 3]]
    )
    np.testing.assert_array_equal(offset_slope(values, None, np.ones(4)), right * [1, 10])
    np.testing.assert_array_equal(found["x"], places_slope(values, None, np.ones(4)))


def test_at_whole_places_between_equal_slopes_the_derivative_of_an_offset_is_missed():
    values = {"x": np.arange(5.0), "weight": np.array([1.0, 10]), "offset": np.zeros((4, 2))}
    true = slopes(deformed, values, np.ones(4), "offset")[1:3]
    np.testing.assert_allclose(true, [[1, 10], [1, 10]], rtol=1e-6)
    assert not at(published.DeformableConv(2), (5,), values)["offset"].any()


@pytest.mark.parametrize(
    ("name", "is_said"), [("Deformable convolution", True), ("Weight normalisation", False)]
)
def test_a_theorem_says_that_there_is_a_kink_at_whole_places(name, is_said):
    one = Printed(statement(specimen(OWN[name].stated)))
    assert bool(kinks(one)) == is_said


def formulas(name):
    """Run over the formulas of a theorem in LaTeX, as the page has them."""
    p = Printed(statement(specimen(OWN[name].stated)), 0)
    for of in p.made.formulas:
        terms = terms_of(of.general, p.printer)
        yield latex(row(p.left(of), "=", *terms))


def with_formulas(page, name):
    """Return the page with the formulas of a theorem in place of those in its section."""
    head, title, rest = page.partition(f"## {name}\n")
    section, end, tail = rest.partition("\n## ")
    made = "\n\n".join(f"$$\n{line}\n$$" for line in formulas(name))
    section, count = re.subn(r"\$\$\n.*\n\$\$", lambda _: made, section, flags=re.DOTALL)
    assert count == 1
    return head + title + section + end + tail


@pytest.mark.parametrize("name", WRITTEN)
def test_the_page_has_the_formulas_of_the_theorem(name):
    page = PAGE.read_text(encoding="utf-8")
    assert with_formulas(page, name) == page


if __name__ == "__main__":
    PAGE.write_text(
        reduce(with_formulas, WRITTEN, PAGE.read_text(encoding="utf-8")), encoding="utf-8"
    )
