"""Every sentence about a layer is true of it: the layer is tried out as a black box."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

import symcnn as sc
from symcnn.equations.functions import relu
from symcnn.problems.examples.builtin import BroadcastConvolution
from symcnn.reference import Forward
from tests.document.networks import problem_of
from tests.document.test_theorems import words
from tests.draws import MANY, slow
from tests.programs.unusual_layers import Autocorrelation, Bilinear, Spread, Swish, Trace

P, Q, U = map(sc.index, "pqu")


@dataclass(frozen=True)
class Slopes(sc.Layer):
    """y[r, c] = max(0, x[r, c]) - b[c] max(0, -x[r, c]): each channel has its own function."""

    def parameters(self, shape):
        return {"bias": sc.Parameter(shape[-1:], "b", "c")}

    def forward(self, y, x, bias):
        entry = x[x.indices]
        leaking = relu(entry) - bias[x.indices[-1]] * relu(-entry)
        return (sc.define(y[y.indices], leaking),)


@dataclass(frozen=True)
class Turned(sc.Layer):
    """y[p, q] = x[q, p]: all numbers, in another order."""

    def output_shape(self, shape):
        return shape[::-1]

    def forward(self, y, x):
        return (sc.define(y[P, Q], x[Q, P]),)


@dataclass(frozen=True)
class Repeated(sc.Layer):
    """y[2 p + u] = x[p]: every number twice."""

    def output_shape(self, shape):
        return (2 * shape[0],)

    def forward(self, y, x):
        return (sc.define(y[2 * P + U], x[P], over={U: 2}),)


@dataclass(frozen=True)
class Overlapped(sc.Layer):
    """y[p + u] = x[p]: neighbours meet, though no index is summed over."""

    def output_shape(self, shape):
        return (shape[0] + 1,)

    def forward(self, y, x):
        return (sc.define(y[P + U], x[P], over={U: 2}),)


CASES = [
    *((layer, (3, 2)) for layer in (sc.ReLU(), sc.Tanh(), sc.GELU(), sc.ELU(), Swish(), Slopes())),
    *((layer, (2, 2, 2)) for layer in (sc.BatchNorm(), sc.BatchNorm(affine=False), sc.Flatten())),
    *((layer, (2, 3)) for layer in (sc.Softmax(), sc.LogSoftmax(), Turned(), sc.Flatten())),
    *((layer, (3,)) for layer in (Repeated(), Overlapped(), Spread(), Bilinear())),
    *((layer, (3,)) for layer in (Autocorrelation(), sc.Dense(2))),
    (Trace(), (3, 3, 2)),
    (sc.GlobalAvgPool2D(), (2, 2, 2)),
    *((sc.Conv1D(filters, 2, groups=2), (4, 4)) for filters in (2, 6)),
    (sc.Conv1D(4, 2, groups=4), (4, 4)),
    (sc.Conv1D(2, 1), (3, 2)),
    *((BroadcastConvolution(2, (2, 1)), (3, 1, channels)) for channels in (1, 2)),
    *((sc.Conv1D(1, 2, s, p, d), (6, 1)) for s in (1, 2) for p in (0, 1) for d in (1, 2)),
    *((sc.MaxPool1D(2, s, p), (5, 2)) for s in (1, 2) for p in (0, 1)),
    *((sc.AvgPool1D(2, 1, 1, count_include_pad=inside), (4, 1)) for inside in (True, False)),
    *((sc.ConvTranspose2D(1, (2, 1), s, p), (3, 1, 1)) for s in (1, 2) for p in (0, "same")),
]


class Tried:
    """A layer by itself, with numbers put in."""

    def __init__(self, layer, shape):
        self.layer = layer
        self.problem = problem_of(sc.Network(shape, [layer], sc.HalfSquaredError()), "tried")
        self.text = words(*sc.explain(self.problem).blocks)
        self.x = np.array([0.25 * n - 0.625 for n in range(np.prod(shape))]).reshape(shape)

    def output(self, x):
        numbers = {**self.problem.values, "x": x.ravel().tolist()}
        values = Forward(self.problem.network, numbers).values
        name = self.problem.network.stages[0].output.name
        return np.array(list(map(float, np.ravel(values[name]))))

    def is_local(self):
        """Tell whether an output changes with the input of its place alone."""
        before = self.output(self.x)
        for place in range(self.x.size):
            moved = self.x.copy()
            moved.flat[place] += 0.5
            changed = np.flatnonzero(self.output(moved) != before)
            if before.size != self.x.size or not set(changed) <= {place}:
                return False
        return True

    def is_one_function(self):
        """Tell whether all entries become the same where all are the same."""
        outputs = (self.output(np.full_like(self.x, number)) for number in (-0.75, 0.5))
        return self.is_local() and all(len(set(output)) == 1 for output in outputs)

    def has_the_same_numbers(self):
        return Counter(self.output(self.x)) == Counter(self.x.ravel())

    def has_them_in_order(self):
        return self.output(self.x).tolist() == self.x.ravel().tolist()

    def has_no_others(self):
        return set(self.output(self.x)) <= set(self.x.ravel())

    def is_linear(self):
        """Tell whether the output is a weighted sum of the input, but for a bias."""
        at, nothing = self.output, self.output(0 * self.x)
        return np.allclose(at(3 * self.x) - nothing, 3 * (at(self.x) - nothing))

    def steps(self, name):
        """Return a setting of the layer, one number; a pool moves by its own size by default."""
        default = 2 if isinstance(self.layer, Spread) else 1
        return np.max(getattr(self.layer, name, default) or self.layer.pool_size)

    def keeps_what_is_constant(self):
        """Tell whether windows of one number give it, where they hold no zeros."""
        return np.isclose(max(self.output(np.full_like(self.x, 0.5))), 0.5)

    def ignores_what_is_added(self):
        """Tell whether a number that is added to every entry changes nothing."""
        return np.allclose(self.output(self.x), self.output(self.x + 3))

    def sums_to_1(self, of=np.asarray):
        """Tell whether the entries of the last axis sum to 1."""
        return np.allclose(of(self.output(self.x)).reshape(self.x.shape).sum(axis=-1), 1)

    def reads_a_group(self, number):
        """Tell whether each channel changes with those of its own group alone."""
        channels = self.x.shape[-1]
        for channel in range(channels):
            moved = self.x.copy()
            moved[..., channel] += 0.5
            made = self.layer.filters
            before, after = (self.output(x).reshape(-1, made) for x in (self.x, moved))
            changed = np.flatnonzero((before != after).any(axis=0))
            if {n * number // made for n in changed} != {channel * number // channels}:
                return False
        return True

    def reads_one_position(self):
        """Tell whether an output changes with the entries of its own position alone."""
        before = self.output(self.x).reshape(self.x.shape[0], -1)
        for place in range(self.x.shape[0]):
            moved = self.x.copy()
            moved[place] += 0.5
            after = self.output(moved).reshape(before.shape)
            if not set(np.flatnonzero((before != after).any(axis=1))) <= {place}:
                return False
        return True

    def mixes(self):
        """Tell whether it does not matter which entry of a window changes."""
        moves = 0.5 * np.eye(self.x.size)[: self.layer.kernel_size[0] * self.x.shape[-1]]
        at = [self.output(self.x + move.reshape(self.x.shape)).flat[0] for move in moves]
        return bool(np.allclose(at, at[0]))

    def meets_several(self):
        """Tell whether a weight is multiplied by several numbers in one entry of the output."""

        def output(x, moved):
            weight = [float(n) for n in self.problem.values[own]]
            weight[0] += moved
            numbers = {**self.problem.values, "x": x.ravel().tolist(), own: weight}
            name = self.problem.network.stages[0].output.name
            return Forward(self.problem.network, numbers).values[name].ravel()

        own = self.problem.network.parameters[0].name
        moves = [self.x + 0.5 * one.reshape(self.x.shape) for one in np.eye(self.x.size)]
        mixed = [output(x, 1) - output(x, 0) - output(self.x, 1) + output(self.x, 0) for x in moves]
        return (np.abs(mixed) > 1e-9).sum(axis=0).max() > 1

    def length(self):
        return np.max(getattr(self.layer, "kernel_size", None) or self.layer.pool_size)

    def is_padded(self):
        return self.layer.settings().get("padding") not in (0, None)

    def lays_kernels(self):
        return isinstance(self.layer, sc.ConvTranspose2D)


TRUE_IF = {
    "The same function is applied to every entry": Tried.is_one_function,
    "for every entry. Then": Tried.is_one_function,
    "The function acts entry by entry": Tried.is_local,
    "squeezes each entry of": Tried.is_one_function,
    "keeps what is positive": Tried.is_one_function,
    "are written one after another, row by row": Tried.has_them_in_order,
    "hold the same numbers under different indices": Tried.has_the_same_numbers,
    "no number changes": Tried.has_no_others,
    "are multiplied by the weights of a filter": lambda t: (
        t.is_linear() and not isinstance(t.layer, BroadcastConvolution)
    ),
    "multiplies the entries that it covers by its weights, one by one": Tried.is_linear,
    "multiplied by every weight of a filter": Tried.mixes,
    "is a weighted sum of": Tried.is_linear,
    "is a sum of entries of": Tried.is_linear,
    "the entries in it are summed, each with the same factor": Tried.is_linear,
    "the mean of the entries in it": Tried.keeps_what_is_constant,
    "is replaced by the mean of its entries": Tried.keeps_what_is_constant,
    "only the largest entry is kept": Tried.keeps_what_is_constant,
    "deviation from the mean is divided": Tried.ignores_what_is_added,
    "Deviations from a mean sum to 0": Tried.ignores_what_is_added,
    "is the softmax of": Tried.sums_to_1,
    "the logarithm of the softmax": lambda tried: tried.sums_to_1(np.exp),
    "form 2 groups": lambda tried: tried.reads_a_group(2),
    "depthwise": lambda tried: tried.reads_a_group(4),
    "covers a single position": Tried.reads_one_position,
    "covers one position": Tried.reads_one_position,
    "windows do not overlap": lambda t: t.steps("stride") == t.length(),
    "zero padding": lambda t: t.is_padded() and not isinstance(t.layer, sc.MaxPool1D),
    "takes no part in the mean": lambda t: t.is_padded() and not t.layer.count_include_pad,
    ", the number that it met": lambda tried: (
        not isinstance(tried.layer, (Spread, Slopes, BroadcastConvolution))
    ),
    "where it is multiplied by several numbers": Tried.meets_several,
    "moves by 2 entries, the stride": lambda tried: tried.steps("stride") == 2,
    "to the next the window moves by 2 entries": lambda t: (
        t.steps("stride") == 2 and not t.lays_kernels()
    ),
    "to the next the kernel moves by 2 entries": lambda t: (
        t.steps("stride") == 2 and t.lays_kernels()
    ),
    "Near the border the window may extend beyond": lambda t: (
        t.is_padded() and not t.lays_kernels()
    ),
    "moves by 2 entries, the dilation": lambda tried: tried.steps("dilation") == 2,
    "a weight is multiplied by padding": lambda t: t.is_padded() and not t.lays_kernels(),
    "Padding is no entry": lambda t: not t.lays_kernels(),
    "Whatever was cropped": lambda t: not isinstance(t.layer, (sc.Conv1D, sc.AvgPool1D)),
    "the limits are rounded because": lambda _: False,
    "as usual": lambda _: False,
    "height": lambda t: len(t.problem.network.input_shape) == 3,
}
"""Parts of sentences, and what must be so where they are said."""


tried_out = cache(Tried)
DRAWN = CASES if MANY else CASES[::3]


@pytest.mark.parametrize(("layer", "shape"), DRAWN, ids=repr)
def test_what_is_said_of_a_layer_is_true(layer, shape):
    tried = tried_out(layer, shape)
    said = [sentence for sentence in TRUE_IF if sentence in tried.text]
    assert [sentence for sentence in said if not TRUE_IF[sentence](tried)] == []


SAID = {
    Swish(): "The same function is applied to every entry",
    sc.Tanh(): "The hyperbolic tangent squeezes each entry of $x$ into the interval",
    sc.Flatten(): "The entries of $x$ are written one after another, row by row",
    Turned(): "Each entry of $y$ is an entry of $x$",
    Repeated(): "Each entry of $y$ is an entry of $x$",
    Overlapped(): "Each entry of $y$ is a sum of entries of $x$",
    sc.BatchNorm(): "Each entry is then scaled by the learned $\\gamma$",
    sc.BatchNorm(affine=False): "is divided by the square root of the variance plus a constant",
    sc.Softmax(): "The exponentials of $x$ are divided by their sum along $c$, which gives",
    sc.LogSoftmax(): "gives the logarithm of the softmax of $x$",
    sc.AvgPool1D(2, 1, 1, count_include_pad=False): "takes no part in the mean",
    sc.AvgPool1D(
        2, 1, 1, count_include_pad=True
    ): "zero padding; these terms vanish and are omitted",
    sc.Conv1D(2, 2, groups=2): "channel 1 from channels 1 and 2, channel 2 from channels 3 and 4",
    sc.Conv1D(6, 2, groups=2): "channels 1 to 3 from channels 1 and 2, channels 4 to 6 from "
    "channels 3 and 4.",
    sc.Conv1D(4, 2, groups=4): "a depthwise convolution: channel 1 from channel 1, and so on.",
    sc.Conv1D(2, 1): "Each filter covers one position of $x$ at a time",
    sc.MaxPool1D(2, 2, 0): "It equals the length of the window, so the windows do not overlap.",
}


@pytest.mark.parametrize("layer", SAID, ids=repr)
def test_what_a_layer_does_is_said(layer):
    assert SAID[layer] in tried_out(layer, dict(CASES)[layer]).text


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (sc.MaxPool2D(2), "maximum, pool size 2, stride 2"),
        (sc.AvgPool2D(2), "mean, pool size 2, stride 2"),
        (
            sc.AvgPool2D(2, 1, padding=1, count_include_pad=False),
            "mean, pool size 2, stride 1, padding 1, padding not counted",
        ),
        (sc.PReLU(shared=True), "shared"),
        (
            sc.Upsample2D(2, mode="bilinear", align_corners=True),
            "factor 2, mode bilinear, corners aligned",
        ),
        (sc.GlobalAvgPool2D(), "mean"),
        (
            sc.MaxPool2D((2, 1), (1, 2)),
            "maximum, pool 2\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}1, "
            "stride (1, 2)",
        ),
        (sc.BatchNorm(), "epsilon 0.00001"),
        (sc.BatchNorm(affine=False), "epsilon 0.00001, not affine"),
        (sc.BatchNorm(mode="inference"), "epsilon 0.00001, mode inference"),
        (sc.LayerNorm(), "over the last axis, epsilon 0.00001"),
        (sc.RMSNorm(3, epsilon=1), "over the last 3 axes, epsilon 1"),
        (sc.GELU(), "\N{EN DASH}"),
        (sc.GELU(approximate="tanh"), "approximate tanh"),
        (sc.Softmax(), "along the last axis"),
        (sc.Softmax(0), "along axis 0"),
        (sc.ReduceSum(axis=(0, 1)), "along axes (0, 1)"),
        (sc.Tanh(), "\N{EN DASH}"),
    ],
)
def test_the_settings_of_a_layer_are_those_that_a_reader_needs(layer, said):
    text = document_of((4, 4, 2), layer)
    assert re.search(rf"^\| [\w\\]+1 \| {re.escape(said)} \|", text, re.MULTILINE)


def test_the_stride_that_a_pool_takes_by_default_is_stated():
    text = document_of((4, 1), sc.MaxPool1D(2))
    assert "| maximum, pool size 2, stride 2 |" in text
    assert "| maximum, pool size 2, stride 1 |" in document_of((4, 1), sc.MaxPool1D(2, 1))


@pytest.mark.parametrize("ties", ["first", "split"])
def test_a_window_goes_back_to_what_gets_its_derivative(ties):
    """Three of four entries are the largest: the first gets all, or each gets a third."""
    network = sc.Network((2, 2, 1), [sc.MaxPool2D(2, ties=ties)], sc.HalfSquaredError())
    stated = sc.Problem(network, {"x": [3, 3, 1, 3], "target": [0]})
    shares = sc.evaluate(stated).gradients["x"].ravel().tolist()
    text = sc.explain(stated).to_markdown()
    (row,) = (line for line in text.splitlines() if line.startswith("| $`p`$ | $`x_{11} = 3`$"))
    takes = row.split(" | ")[2]
    if ties == "first":
        assert (shares, takes) == ([3, 0, 0, 0], "$`x_{11}`$")
        assert "The error signal of a window goes to its winner, and to it alone." in text
        return
    assert (shares, takes) == ([1, 1, 0, 1], "$`x_{11}`$, $`x_{12}`$, $`x_{22}`$")
    assert "The error signal of a window is shared equally among its largest entries." in text
    assert "its winner" not in text


def document_of(shape, *layers):
    network = sc.Network(shape, list(layers), sc.HalfSquaredError())
    drawn = {t.name: [0.1 * (n + 1) for n in range(t.size)] for t in network.given}
    return sc.explain(sc.Problem(network, drawn)).to_markdown()


@pytest.mark.parametrize(("stride", "several"), [(2, False), (1, True)])
def test_an_entry_that_wins_several_windows_is_spoken_of_where_windows_overlap(stride, several):
    text = document_of((4, 1), sc.Tanh(), sc.MaxPool1D(2, stride))
    assert ("an entry collects the error signals of all windows that it won" in text) == several


@slow
def test_a_kernel_that_is_laid_down_is_used_for_every_entry_that_it_multiplies():
    text = document_of((2, 2, 1), sc.ConvTranspose2D(1, 2, stride=2))
    assert (
        "is used for every entry $`x_{rs}`$ of $`x`$, so its derivative is a sum over all these "
        "uses: the error signal there, times $`x_{rs}`$, the number that it met."
    ) in text
    assert "means cross-correlation" not in text
    for shape, layer in {(3, 3, 1): sc.Conv2D(1, 2), (3, 3, 2): sc.Conv2D(2, 2, groups=2)}.items():
        assert "is used at every position $`i, j`$ of $`z`$" in document_of(shape, layer)


def test_a_single_number_is_not_called_an_entry_nor_is_its_derivative_given_twice():
    text = document_of((2,), sc.Dense(2), sc.Tanh(), sc.Dense(1), sc.Sigmoid())
    assert "squeezes $`z^{(2)}`$ into the interval between 0 and 1" in text
    assert "The error signal is multiplied by the slope of the sigmoid at $`z^{(2)}`$," in text
    assert "$`b^{(2)}`$ is added once, too." in text
    text = text.split("Closed forms")[0]
    assert text.count(r"\frac{\partial L}{\partial b^{(2)}} &= ") == 1


@pytest.mark.parametrize("units", [2, 3])
def test_a_theorem_is_not_stated_again_for_another_letter_of_the_same_index(units):
    text = document_of((2,), sc.Dense(2), sc.Tanh(), sc.Dense(units))
    assert text.count("(dense layer: derivative with respect to the input") == 1
    assert text.count("By Theorem 2:") == 2


def test_constant_error_signals_are_said_to_be_substituted():
    network = sc.Network((3, 3, 1), [sc.Conv2D(1, 2, bias=False)], sc.SumOfOutputs())
    text = sc.explain(problem_of(network, "constant")).to_markdown()
    assert text.count(r"Here every entry of $`\delta^{z}`$ is $`1`$.") == 1
    assert "Here every" not in document_of((3, 3, 1), sc.Conv2D(1, 2, bias=False))
    softmax = sc.Network((2,), [sc.Dense(2)], sc.SoftmaxCrossEntropy(l2=0.1))
    given = {"x": [1, 2], "dense1.weight": [1, 2, 3, 4], "dense1.bias": [0, 0], "target": [0, 1]}
    text = sc.explain(sc.Problem(softmax, given), detail="full").to_markdown()
    assert text.count(r"Here $`\delta^{\ell}`$ is $`1`$.") == 1
    assert r"\ell" not in sc.explain(sc.Problem(softmax, given)).to_markdown()


@pytest.mark.parametrize(("bias", "number"), [(True, "parameter"), (False, "weight")])
def test_biases_are_not_called_weights(bias, number):
    network = sc.Network((2,), [sc.Dense(2, bias=bias)], sc.HalfSquaredError())
    text = sc.explain(problem_of(network, "dense")).to_markdown()
    assert f"Every {number}'s derivative" in text
    assert f"subtracts from every {number} $`\\eta`$ times its derivative, with" in text
    recomputed = "In fact, it falls to .*"
    assert re.search(recomputed, text)


def test_indices_run_in_the_order_of_the_tensor_that_is_flattened():
    text = document_of((2, 2, 2), sc.Tanh(), sc.Flatten())
    assert r"= a_{ijc}\quad \left(i, j, c = 1, 2\right)" in text


def test_the_shares_of_ties_are_said_for_every_maximum():
    """What one R is says nothing of another one, though the reason is the same."""
    pools = [sc.MaxPool1D(2, 1, ties="split"), sc.MaxPool1D(2, 1, ties="split")]
    text = document_of((4, 1), *pools)
    shared = re.findall(r"\$`(R\^\{\S+\})_\{\w+\}`\$ is 1 over the number of largest entries", text)
    assert shared == ["R^{p(2)}", "R^{p}"]


def test_settings_are_counted_and_negated_as_words_are():
    """An embedding has 4 entries, and attention has 1 head."""
    attention = sc.Attention(1, inputs=("x", "x", "x"))
    assert "| 1 head |" in document_of((2, 3), attention)
    network = sc.Network((2,), [sc.Embedding(4, 2)], sc.SumOfOutputs())
    drawn = {"x": [0, 3], "embedding1.weight": [1, 2, 3, 4, 5, 6, 7, 8]}
    assert "| 4 entries, 2 units |" in sc.explain(sc.Problem(network, drawn)).to_markdown()
