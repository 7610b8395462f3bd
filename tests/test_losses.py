"""Every loss, against its textbook formula in mpmath and differences of that."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Rational

from symcnn import (
    BatchNorm,
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Dice,
    Focal,
    HalfSquaredError,
    Hinge,
    Huber,
    KLDivergence,
    Layer,
    MeanSquaredError,
    Network,
    Parameter,
    Problem,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    SquaredError,
    SumOfOutputs,
    SymcnnError,
    Tanh,
    Upstream,
    define,
    derive,
    lambdify,
    load,
)
from tests.network.layers.check import assert_gradients, random_values

log = np.vectorize(mpmath.log, otypes=[object])
exp = np.vectorize(mpmath.exp, otypes=[object])


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softmax(x):
    return exp(x) / exp(x).sum(axis=-1, keepdims=True)


def huber(error):
    return (
        error**2 / 2
        if abs(error) <= 0.3
        else mpmath.mpf(3) / 10 * (abs(error) - mpmath.mpf(15) / 100)
    )


# loss, layer before it and its function, the loss of one sample by its output y and t
CASES = [
    (HalfSquaredError(), Sigmoid(), sigmoid, lambda y, t: ((t - y) ** 2).sum() / 2),
    (SquaredError(), Sigmoid(), sigmoid, lambda y, t: ((t - y) ** 2).sum()),
    (MeanSquaredError(), Sigmoid(), sigmoid, lambda y, t: ((t - y) ** 2).sum() / y.size),
    (
        BinaryCrossEntropy(),
        Sigmoid(),
        sigmoid,
        lambda y, t: -(t * log(y) + (1 - t) * log(1 - y)).sum(),
    ),
    (CrossEntropy(), Softmax(), softmax, lambda y, t: -(t * log(y)).sum()),
    (
        SoftmaxCrossEntropy(),
        Tanh(),
        np.vectorize(mpmath.tanh, otypes=[object]),
        lambda y, t: -(t * log(softmax(y))).sum(),
    ),
    (
        Huber(delta=Rational(3, 10)),
        Sigmoid(),
        sigmoid,
        lambda y, t: sum(map(huber, (y - t).ravel())),
    ),
    (Hinge(), Sigmoid(), sigmoid, lambda y, t: sum(max(0, 1 - v) for v in (t * y).ravel())),
    (KLDivergence(), Softmax(), softmax, lambda y, t: (t * log(t) - t * log(y)).sum()),
    (
        Focal(gamma=3, alpha=0.25),
        Sigmoid(),
        sigmoid,
        lambda y, t: -(t * (1 - y) ** 3 * log(y) + 3 * (1 - t) * y**3 * log(1 - y)).sum() / 4,
    ),
    (
        Dice(smooth=0.5),
        Sigmoid(),
        sigmoid,
        lambda y, t: 1 - (2 * (t * y).sum() + 0.5) / (t.sum() + y.sum() + 0.5),
    ),
    (
        CrossEntropy(label_smoothing=0.5),
        Softmax(),
        softmax,
        lambda y, t: -((t / 2 + mpmath.mpf(1) / (2 * y.shape[-1])) * log(y)).sum(),
    ),
    (
        BinaryCrossEntropy(label_smoothing=0.5),
        Sigmoid(),
        sigmoid,
        lambda y, t: -((t / 2 + 0.25) * log(y) + (0.75 - t / 2) * log(1 - y)).sum(),
    ),
    (
        SoftmaxCrossEntropy(label_smoothing=0.5),
        Tanh(),
        np.vectorize(mpmath.tanh, otypes=[object]),
        lambda y, t: -((t / 2 + mpmath.mpf(1) / (2 * y.shape[-1])) * log(softmax(y))).sum(),
    ),
    (SumOfOutputs(), Sigmoid(), sigmoid, lambda y, t: y.sum()),
    (Upstream(), Sigmoid(), sigmoid, lambda y, g: (g * y).sum()),
]
NAMES = [repr(case[0]) for case in CASES]
each_case = pytest.mark.parametrize(("loss", "layer", "function", "formula"), CASES, ids=NAMES)


def values_for(net, seed):
    values = random_values(net, seed)
    if isinstance(net.loss, SoftmaxCrossEntropy):  # the last class takes what is left to 1
        values["target"][..., -1] = 1 - values["target"][..., :-1].sum(axis=-1)
    if isinstance(net.loss, Hinge):
        values["target"] = np.where(values["target"] > 0, Fraction(1), Fraction(-1))
    if isinstance(net.loss, KLDivergence):
        values["target"] = abs(values["target"])
    return values


@each_case
@pytest.mark.parametrize("shape", [(3,), (2, 2)])
def test_one_sample(loss, layer, function, formula, shape):
    net = Network(shape, [layer], loss)

    def by_hand(v):
        return formula(function(v["x"]), v.get(loss.given))

    assert_gradients(net, values_for(net, seed=5), by_hand)


@each_case
def test_a_batch(loss, layer, function, formula):
    net = Network((2,), [layer], loss, batch=3)

    def by_hand(v):
        given = v.get(loss.given, [None] * 3)
        total = sum(formula(function(x), t) for x, t in zip(v["x"], given, strict=True))
        return total / 3 if loss.given == "target" else total

    assert_gradients(net, values_for(net, seed=6), by_hand)


@pytest.mark.parametrize(("loss", "layer", "function", "formula"), CASES[:14], ids=NAMES[:14])
def test_a_sum_over_the_batch(loss, layer, function, formula):
    net = Network((2,), [layer], replace(loss, reduction="sum"), batch=2)

    def by_hand(v):
        pairs = zip(v["x"], v["target"], strict=True)
        return sum(formula(function(x), t) for x, t in pairs)

    assert_gradients(net, values_for(net, seed=7), by_hand)


@pytest.mark.parametrize("batch", [None, 2])
def test_l2_adds_the_squares_of_every_weight_once(batch):
    layers = [Dense(2), Tanh(), Dense(2, weight_from="dense1"), Dense(1)]
    net = Network((2,), layers, SumOfOutputs(l2=Rational(3, 10)), batch)

    def by_hand(v):
        w, b = v["dense1.weight"], v["dense1.bias"]
        total = 0
        for x in v["x"] if batch else [v["x"]]:
            hidden = w @ np.vectorize(mpmath.tanh, otypes=[object])(w @ x + b) + b
            total += (v["dense3.weight"] @ hidden + v["dense3.bias"])[0]
        return total + mpmath.mpf(3) / 10 * ((w**2).sum() + (v["dense3.weight"] ** 2).sum())

    assert_gradients(net, random_values(net, seed=8), by_hand)


@dataclass(frozen=True)
class Ramp(Layer):
    """y[m] = a[m] x[m] + c[m], of which the shift c is not penalised."""

    def parameters(self, shape):
        return {
            "slope": Parameter(shape, "a", "m"),
            "shift": Parameter(shape, "c", "m", penalised=False),
        }

    def forward(self, y, x, *, slope, shift):
        (m,) = y.indices
        return (define(y[m], slope[m] * x[m] + shift[m]),)


def test_l2_takes_in_parameters_of_ones_own_and_no_scale_of_batch_norm():
    """At outputs of 0 the loss is l2 times the squares: of a, and of the dense weights."""
    network = Network((2,), [Ramp(), Dense(1), BatchNorm()], SumOfOutputs(l2=2), batch=3)
    numbers = {"layer1.slope": [3, 4], "layer1.shift": [5, 6], "dense1.weight": [7, 8]}
    numbers |= {"dense1.bias": [9], "batch_norm1.weight": [10], "batch_norm1.bias": [0]}
    made = lambdify(derive(network))({"x": [[1, 2], [3, 4], [6, 5]], **numbers})
    assert made.loss == pytest.approx(2 * (9 + 16 + 49 + 64), rel=1e-12)
    assert made.gradients["batch_norm1.weight"] == pytest.approx(0, abs=1e-12)


def test_softmax_with_cross_entropy_gives_p_minus_t():
    net = Network((2,), [Dense(3)], SoftmaxCrossEntropy())
    d = derive(net)
    (m,) = d.indices("dense1")
    p, t = net.tensors["loss.probabilities"], net.target
    assert d.partial("dense1") == p[m] - t[m]
    assert str(d.partial("dense1")) == "p[m] - t[m]"


def test_over_a_batch_it_gives_the_mean_share():
    net = Network((2,), [Dense(3)], SoftmaxCrossEntropy(), batch=4)
    d = derive(net)
    n, m = d.indices("dense1")
    p, t = net.tensors["loss.probabilities"], net.target
    assert (d.partial("dense1") - (p[n, m] - t[n, m]) / 4).expand() == 0


def test_upstream_is_the_gradient_that_is_given():
    d = derive(Network((2,), [Dense(3)], Upstream()))
    assert str(d.partial("dense1")) == "g[m]"


@pytest.mark.parametrize(
    ("l2", "line"),
    [
        (-1, "l2 is -1: give a non-negative number"),
        ("1", "l2 is '1': a finite number is needed"),
        (float("nan"), "l2 is nan: a finite number is needed"),
        (True, "l2 is True: a finite number is needed"),
    ],
)
def test_an_l2_that_is_none(l2, line):
    with pytest.raises(SymcnnError) as refused:
        Network((2,), [Dense(3)], HalfSquaredError(l2=l2))
    assert str(refused.value) == f"loss: {line}"


def test_a_target_that_is_no_distribution():
    net = Network((2,), [Tanh()], SoftmaxCrossEntropy(), batch=2)
    with pytest.raises(SymcnnError) as refused:
        Problem(net, {"x": [0] * 4, "target": [0.25, 0.75, 0.5, 0.6]})
    assert str(refused.value) == (
        "loss: the target's numbers 3 to 4 sum to 11/10: give a probability "
        "distribution over the classes, which sums to 1"
    )


@pytest.mark.parametrize(("off", "fits"), [("1e-9", True), ("1.1e-9", False), ("5e-4", False)])
def test_a_distribution_sums_to_1_but_for_its_rounding(off, fits):
    net = Network((2,), [Tanh()], SoftmaxCrossEntropy())
    values = {"x": [0, 0], "target": [Decimal("0.25"), Decimal("0.75") + Decimal(off)]}
    with nullcontext() if fits else pytest.raises(SymcnnError, match="to 1"):
        Problem(net, values)


SHARES = [BinaryCrossEntropy(), CrossEntropy(), Focal(), Dice()]


@pytest.mark.parametrize("loss", SHARES, ids=repr)
@pytest.mark.parametrize("wrong", [2, -0.5, Decimal("1.0000001"), 1e30])
def test_a_target_that_is_no_probability_is_refused(loss, wrong):
    net = Network((2,), [Sigmoid()], loss)
    with pytest.raises(SymcnnError) as refused:
        Problem(net, {"x": [0, 0], "target": [0, wrong]})
    assert str(refused.value) == (
        f"loss: the target's number 2 is {float(wrong):.10g}: give numbers from 0 to 1"
    )


def test_a_distribution_has_no_negative_number():
    net = Network((2,), [Tanh()], SoftmaxCrossEntropy())
    with pytest.raises(SymcnnError, match=r"the target's number 1 is -0\.5: give numbers"):
        Problem(net, {"x": [0, 0], "target": [-0.5, 1.5]})


@pytest.mark.parametrize("loss", [*SHARES, SoftmaxCrossEntropy()], ids=repr)
@pytest.mark.parametrize("target", [[0, 1], [0.3, 0.7], [1 / 3, 2 / 3]])
def test_probabilities_and_shares_are_targets(loss, target):
    Problem(Network((2,), [Sigmoid()], loss), {"x": [0, 0], "target": target})


def test_a_single_output_has_no_class_4():
    with pytest.raises(SymcnnError, match="the target's number 1 is 4: give numbers from 0 to 1"):
        Problem(Network((1,), [Sigmoid()], CrossEntropy()), {"x": [0], "target": 4})


def test_of_a_million_targets_the_wrong_one_is_found():
    target = np.zeros(10**6)
    target[-1] = 7
    net = Network((10**6,), [Sigmoid()], BinaryCrossEntropy())
    with pytest.raises(SymcnnError, match="the target's number 1000000 is 7"):
        Problem(net, {"x": np.zeros(10**6), "target": target})


CLASSES = (SoftmaxCrossEntropy(), CrossEntropy())


@pytest.mark.parametrize("loss", CLASSES, ids=repr)
@pytest.mark.parametrize(
    ("shape", "batch", "numbers", "distributions"),
    [
        ((3,), None, 2, [0, 0, 1]),
        ((3,), 1, 0, [[1, 0, 0]]),
        ((3,), 2, [1, 2], [[0, 1, 0], [0, 0, 1]]),
        ((2, 3), None, np.array([2, 0]), [[0, 0, 1], [1, 0, 0]]),
    ],
)
def test_numbers_of_classes_stand_for_distributions(loss, shape, batch, numbers, distributions):
    net = Network(shape, [Softmax()], loss, batch)
    x = list(range(net.input.size))
    made, meant = (Problem(net, {"x": x, "target": t}) for t in (numbers, distributions))
    assert made == meant


@pytest.mark.parametrize("number", [-1, 3])
def test_a_number_of_no_class(number):
    net = Network((3,), [Tanh()], SoftmaxCrossEntropy())
    with pytest.raises(
        SymcnnError, match=f"target has the class {number}: give numbers from 0 to 2"
    ):
        Problem(net, {"x": [1, 2, 3], "target": number})


def test_a_file_gives_the_number_of_a_class(tmp_path):
    path = tmp_path / "classes.toml"
    path.write_text(
        'input = {shape = [3], values = [1, 2, 3]}\nlayers = [{type = "tanh"}]\n'
        'loss = {type = "softmax_cross_entropy", target = 1}\n'
    )
    assert load(path).values["target"] == (0, 1, 0)


@pytest.mark.parametrize(
    ("loss", "target", "message"),
    [
        (Huber(delta=0), [1, 1], "delta is 0: give a positive number"),
        (Hinge(), [1, 0], "the target's number 2 is 0: the hinge loss takes -1 and 1"),
        (KLDivergence(), [1, 0], "the target's number 2 is 0, which has no logarithm"),
        (Focal(gamma=-1), [1, 1], "gamma is -1: give 0 or a positive number"),
        (Focal(alpha=2), [1, 1], "alpha is 2: give a number from 0 to 1"),
        (Dice(smooth=0), [1, 1], "smooth is 0: give a positive number"),
        (CrossEntropy(label_smoothing=1), [1, 0], "give a number from 0 to below 1"),
    ],
)
def test_settings_and_targets_that_are_refused(loss, target, message):
    with pytest.raises(SymcnnError, match=message) as refused:
        Problem(Network((2,), [Sigmoid()], loss), {"x": [1, 2], "target": target})
    assert "\n" not in str(refused.value)
