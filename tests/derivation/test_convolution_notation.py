r"""Statements in convolution notation: read off the indices, and equal to what they stand for.

What the operators mean is computed here once more, by NumPy and PyTorch, from what a statement
says and from nothing else.
"""

import re
from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

import numpy as np
import pytest

import symcnn as sc
from symcnn.derivation.convolution_form import convolution, convolution_form
from symcnn.document.theory.page import forms
from symcnn.document.theory.specimen import specimen
from symcnn.document.theory.statement import Printed, statement
from symcnn.errors import SymcnnError, UnverifiedError
from tests.document.networks import problem_of
from tests.document.shared import explained
from tests.draws import drawn, one_of, slow


def network(*layers, shape=(7, 6, 2), batch=None):
    return sc.Network(shape, layers, sc.HalfSquaredError(), batch=batch)


def form_of(net, name, *, backward):
    return convolution_form(sc.derive(net), name, backward=backward)


def spread(array, by):
    """Put zeros between neighbouring entries."""
    made = np.zeros([s * (n - 1) + 1 for n, s in zip(array.shape, by, strict=True)])
    made[tuple(slice(None, None, s) for s in by)] = array
    return made


def correlated(a, b, at):
    """Return sum over u of a[at + u] b[u], entries outside being 0."""
    total = 0.0
    for u in product(*map(range, b.shape)):
        place = tuple(i + v for i, v in zip(at, u, strict=True))
        if all(0 <= i < n for i, n in zip(place, a.shape, strict=True)):
            total += a[place] * b[u]
    return total


def said(form, arrays):
    """Return the left side of a form for arrays of numbers, by what the operators mean.

    A convolution is computed as a cross-correlation with the flipped array.
    """
    left = np.zeros(form.left.entry.shape)
    for part in form.parts:
        channels = {loop.symbol: loop.size for loop in (*part.free, *part.over)}
        for values in product(*map(range, channels.values())):
            at = dict(zip(channels, values, strict=True))
            first, second = (picked(arrays[a.entry.base], a, at) for a in (part.first, part.second))
            second = spread(second, part.second.spread)
            slot = slots(form.left, at)
            shape = [form.left.entry.shape[axis] for axis in form.left.axes]
            for position in product(*map(range, map(int, shape))):
                if part.flips:
                    wide = spread(first, part.first.spread)
                    start = [
                        i + m - (n - 1)
                        for i, m, n in zip(position, part.moved, second.shape, strict=True)
                    ]
                    value = correlated(wide, np.flip(second), start)
                else:
                    start = [
                        i * s - m
                        for i, s, m in zip(position, part.sampled, part.moved, strict=True)
                    ]
                    value = correlated(first, second, start)
                left[slot(position)] += value
    return left


def slots(array, at):
    fixed = {n: int(index.xreplace(at)) for n, index in array.fixed.items()}

    def slot(position):
        places = fixed | dict(zip(array.axes, position, strict=True))
        return tuple(places[n] for n in range(len(places)))

    return slot


def picked(numbers, array, at):
    """Return one of a tensor's arrays."""
    fixed = {n: int(index.xreplace(at)) for n, index in array.fixed.items()}
    index = tuple(fixed.get(n, slice(None)) for n in range(numbers.ndim))
    kept = sorted(array.axes)
    return np.transpose(numbers[index], [kept.index(axis) for axis in array.axes])


def settings(rng):
    groups = int(rng.integers(1, 3))
    return {
        "filters": 2 * groups,
        "kernel_size": (int(rng.integers(1, 4)), int(rng.integers(2, 4))),
        "stride": (int(rng.integers(1, 4)), int(rng.integers(1, 4))),
        "padding": (int(rng.integers(0, 3)), int(rng.integers(0, 3))),
        "dilation": (int(rng.integers(1, 3)), int(rng.integers(1, 3))),
        "groups": groups,
        "bias": False,
    }


@pytest.mark.parametrize("seed", range(drawn(0.6)))
def test_the_statements_are_those_of_pytorch(seed):
    """Forward, with respect to the weights and to the input: convolution and its gradients."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    chosen = settings(rng)
    shape = (int(rng.integers(5, 7)), int(rng.integers(5, 7)), 2)
    net = network(sc.Conv2D(**chosen), shape=shape, batch=2 if seed % 2 else None)
    d = sc.derive(net)
    x, w, z = (net.tensors[name] for name in ("x", "conv1.weight", "conv1"))
    numbers = {t: rng.normal(size=t.shape) for t in (x, w)}
    delta = rng.normal(size=z.shape)
    images = numbers[x] if x.batched else numbers[x][None]
    a = torch.tensor(images.transpose(0, 3, 1, 2), requires_grad=True)
    b = torch.tensor(numbers[w].transpose(3, 2, 0, 1), requires_grad=True)
    keys = ("stride", "padding", "dilation", "groups")
    made = torch.nn.functional.conv2d(a, b, **{key: chosen[key] for key in keys})
    upstream = delta if z.batched else delta[None]
    made.backward(torch.tensor(upstream.transpose(0, 3, 1, 2)))
    windows = zip(chosen["kernel_size"], z.of_one_sample().shape, strict=False)
    slides = any(kernel > 1 and positions > 1 for kernel, positions in windows)
    true = {
        "conv1": made.detach().numpy().transpose(0, 2, 3, 1),
        "conv1.weight": b.grad.numpy().transpose(2, 3, 1, 0),
        "x": a.grad.numpy().transpose(0, 2, 3, 1),
    }
    arrays = {x.base: numbers[x], w.base: numbers[w], d.adjoints["conv1"].base: delta}
    for name, expected in true.items():
        form = convolution_form(d, name, backward=name != "conv1")
        if not slides:
            assert form is None
            continue
        assert form.parts[0].flips == (name == "x")
        found = said(form, arrays)
        np.testing.assert_allclose(found, expected.reshape(found.shape), atol=1e-12)


def test_numpy_has_the_same_operators():
    """One axis, stride and dilation 1: numpy.correlate and numpy.convolve."""
    net = network(sc.Conv1D(1, 3, bias=False), shape=(6, 1))
    d = sc.derive(net)
    x, w, delta = np.array([1.0, -2, 3, 0, 5, 2]), np.array([2.0, -1, 4]), np.array([1.0, 3, -2, 1])
    arrays = {
        net.tensors["x"].base: x[:, None],
        net.tensors["conv1.weight"].base: w[:, None, None],
        d.adjoints["conv1"].base: delta[:, None],
    }
    for name, backward, expected in (
        ("conv1", False, np.correlate(x, w, "valid")),
        ("conv1.weight", True, np.correlate(x, delta, "valid")),
        ("x", True, np.convolve(delta, w, "full")),
    ):
        assert said(convolution_form(d, name, backward=backward), arrays).ravel() == pytest.approx(
            expected
        )


@slow
def test_the_formulas_of_a_layer_for_all_sizes():
    H, C, F, K, S, D = map(sc.size, "HCFKSD")  # noqa: N806 - as on paper
    P = sc.size("P", least=0)  # noqa: N806
    net = network(sc.Conv1D(F, K, stride=S, padding=P, dilation=D), shape=(H, C))
    d = sc.derive(net)
    written = {
        name: d.latex(name, notation="convolution", index_base=0).partition(r"\quad")[0]
        for name in ("conv1", "conv1.weight", "x")
    }
    assert written == {
        "conv1": r"z_{\cdot k} = \sum_{c=0}^{C - 1} \left(\operatorname{pad}_{P}\left(x_{\cdot c}"
        r"\right) \star \left(w_{\cdot ck} \uparrow D\right)\right) \downarrow S + b_{k}",
        "conv1.weight": r"\frac{\partial L}{\partial w_{\cdot ck}} = \left(\operatorname{pad}_{P}"
        r"\left(x_{\cdot c}\right) \star \left(\delta^{z}_{\cdot k} \uparrow S\right)\right) "
        r"\downarrow D",
        "x": r"\delta^{x}_{\cdot c} = \sum_{k=0}^{F - 1} \operatorname{crop}_{P}\left(\left("
        r"\delta^{z}_{\cdot k} \uparrow S\right) \ast \left(w_{\cdot ck} \uparrow D\right)\right)",
    }


def test_what_is_1_or_0_is_not_written():
    d = sc.examples.cnn_by_hand().derivation
    assert d.latex("conv1", notation="convolution") == (
        r"z_{\cdot k} = x \star w_{\cdot k}\quad \left(k = 1, 2, 3\right)"
    )
    assert d.latex("x", notation="convolution") == (
        r"\delta^{x} = \sum_{k=1}^{3} \delta^{z}_{\cdot k} \ast w_{\cdot k}"
    )


def test_a_transposed_convolution_begins_with_the_convolution():
    net = network(sc.ConvTranspose2D(3, 3, stride=2, padding=1, bias=False), shape=(3, 4, 2))
    forward = form_of(net, "conv_transpose1", backward=False)
    backward = form_of(net, "x", backward=True)
    assert forward.parts[0].flips
    assert forward.parts[0].first.spread == (2, 2)
    assert not backward.parts[0].flips
    assert backward.parts[0].sampled == (2, 2)


@dataclass(frozen=True)
class Correlated(sc.Layer):
    """y[k, t] = sum over u, c of v[k, u, c] x[3 t + 2 u, c]: axes in another order."""

    axes: ClassVar[str] = "kt"

    def output_shape(self, shape):
        return (2, (shape[0] - 2 * 2 - 1) // 3 + 1)

    def parameters(self, shape):
        return {"kernel": sc.Parameter((2, 3, shape[1]), "v", "kuc")}

    def forward(self, y, x, kernel):
        k, t = y.indices
        _, u, c = kernel.indices
        return (sc.define(y[k, t], kernel[k, u, c] * x[3 * t + 2 * u, c], over={t: y.shape[1]}),)


def test_a_layer_of_the_users_own_is_read_alike():
    net = network(Correlated(name="own"), shape=(12, 2))
    d = sc.derive(net)
    assert d.latex("own.kernel", notation="convolution").partition(r"\quad")[0] == (
        r"\frac{\partial L}{\partial v_{k\cdot c}} = \left(x_{\cdot c} \star \left("
        r"\delta^{y}_{k\cdot} \uparrow 3\right)\right) \downarrow 2"
    )
    form = form_of(net, "own", backward=False)
    assert (form.parts[0].sampled, form.parts[0].second.spread) == ((3,), (2,))


def test_a_residual_connection_adds_an_array():
    layers = [
        sc.Conv2D(2, 3, padding="same", name="c"),
        sc.Add(inputs=("c", "x")),
        sc.Conv2D(1, 2),
    ]
    written = sc.derive(network(*layers)).latex("x", notation="convolution")
    assert r"\ast w_{\cdot\cdot ck}\right) + \delta^{s}_{\cdot\cdot c}" in written


@dataclass(frozen=True)
class Backwards(sc.Layer):
    """y[i] = sum over u of v[u] x[i - u + 2]: the kernel runs the other way."""

    def output_shape(self, shape):
        return (shape[0] - 2,)

    def parameters(self, shape):
        return {"kernel": sc.Parameter((3,), "v", "u")}

    def forward(self, y, x, kernel):
        (i,), (u,) = y.indices, kernel.indices
        return (sc.define(y[i], kernel[u] * x[i - u + 2], over={i: y.shape[0]}),)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (sc.Dense(2), (5,)),
        (sc.Conv2D(2, 1), (5, 4, 2)),
        (sc.Conv2D(2, (5, 4)), (5, 4, 2)),
        (sc.AvgPool2D(2), (4, 4, 1)),
        (sc.MaxPool2D(2), (4, 4, 1)),
        (Backwards(name="own"), (6,)),
    ],
    ids=str,
)
def test_other_shapes_are_left_alone(layer, shape):
    net = network(layer, shape=shape)
    made = [equation for equation in net.equations if convolution(equation) is not None]
    assert made == []


@pytest.mark.parametrize("change", ["flips", "moved", "sampled", "spread", "over"])
def test_a_wrong_statement_is_not_printed(monkeypatch, change):
    net = network(sc.Conv2D(2, 3, stride=2, padding=1, dilation=2), shape=(9, 8, 2))
    equation = net.equations[0]
    right = convolution(equation)
    wrong = {
        "flips": replace(right, flips=True),
        "moved": replace(right, moved=(1, 0)),
        "sampled": replace(right, sampled=(1, 2)),
        "spread": replace(right, second=replace(right.second, spread=(1, 2))),
        "over": replace(right, over=(replace(right.over[0], size=3),)),
    }[change]
    assert sc.derive(net).latex("conv1", notation="convolution")
    monkeypatch.setattr(
        "symcnn.derivation.convolution_form.convolution",
        lambda other: wrong if other == equation else convolution(other),
    )
    with pytest.raises(UnverifiedError):
        sc.derive(net).latex("conv1", notation="convolution")
    with pytest.raises(UnverifiedError):
        sc.explain(problem_of(net, "planted"), detail="full")


def test_only_general_formulas_that_are_convolutions_have_the_notation():
    d = sc.examples.cnn_by_hand().derivation
    for arguments, said_of in (
        (("dense1.weight",), "the formula of 'dense1.weight' is not a convolution"),
        (("conv1.weight", (0, 0, 0, 0)), "'conv1.weight' has an index"),
    ):
        with pytest.raises(SymcnnError, match=re.escape(said_of)):
            d.latex(*arguments, notation="convolution")
    with pytest.raises(SymcnnError, match="notation is 'star': give"):
        d.latex("conv1", notation="star")


def test_a_full_document_defines_each_sign_once_before_it_is_used():
    written = explained().to_markdown()
    for sign, meaning in (
        (r"\star", "is the cross-correlation of two arrays"),
        (r"\ast", "is the full convolution"),
    ):
        assert written.count(meaning) == 1
        first = written.index(sign)
        assert 0 < written.index(meaning) - first < 80
    assert (
        r"\frac{\partial L}{\partial w_{\cdot k}} = x \star \delta^{z}_{\cdot k}"
        in written.replace("&= ", "= ")
    )


@pytest.mark.parametrize("detail", one_of(["standard", "brief"]))
def test_shorter_documents_keep_to_indices(detail):
    written = explained(detail=detail).to_markdown()
    assert r"\star" not in written
    assert "notation" not in written


@slow
def test_a_theorem_has_the_notation_and_says_where_it_was_checked():
    pytest.importorskip("rich")
    said_there = sc.theorem(sc.Conv1D).to_text()
    assert "∂L/∂w_{·ck} = (pad_P(x_{·c}) ⋆ (δᶻ_{·k} ↑ S)) ↓ D" in said_there
    assert "the same numbers as the equations, at 40 choices" in " ".join(said_there.split())
    assert forms(Printed(statement(specimen(sc.Dense)))) == []
