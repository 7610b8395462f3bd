"""A number that is none, or that no float holds: one line names the entry, the number, a remedy."""

import re
from dataclasses import dataclass

import pytest
from sympy import Integer, Rational, exp, sqrt

import symcnn as sc
from symcnn.cli.results import evaluated
from symcnn.errors import NotFiniteError
from tests.draws import slow

SIGMOID = "binary_cross_entropy needs probabilities between 0 and 1: add a sigmoid layer before it"
SOFTMAX = (
    "cross_entropy needs positive probabilities: add a softmax layer before it, or use "
    "softmax_cross_entropy"
)
LOSSES = {
    "half": sc.HalfSquaredError(),
    "binary": sc.BinaryCrossEntropy(),
    "cross": sc.CrossEntropy(),
}
OUTPUTS = {
    "0": (0, "0"),
    "negative": (-0.5, "-0.5"),
    "above 1": (1.5, "1.5"),
    "1": (1, "1"),
    "huge": (1e299, "1e+299"),
}
UNDEFINED = {
    "binary": {"0": "log({y})", "negative": "log({y})", "1": "log(1 - {y})"}
    | dict.fromkeys(("above 1", "huge"), "log(1 - {y})"),
    "cross": {"0": "log({y})", "negative": "log({y})"},
}
"""The logarithm that has no value, by loss and output; the target is (1, 0)."""


@dataclass(frozen=True)
class Root(sc.Layer):
    """y = the root of x."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], sqrt(x[x.indices])),)


def problem(loss, x, *layers, rate=None):
    network = sc.Network((2,), [sc.Dense(2, bias=False), *layers], loss)
    values = {"x": x, "dense1.weight": [1, 0, 0, 1]}
    if loss.given:
        values[loss.given] = [1, 0]
    return sc.Problem(network, values, learning_rate=rate)


def evaluated_exactly(stated):
    return evaluated(stated, exact=True)


def updated(stated):
    return stated.quantity("gradient of x"), stated.quantity("loss")


def descended(stated):
    return sc.train(stated, steps=1, rate=1e-3)


def told(stated, *calls):
    """Return what is said by each of some functions, without what may stand before it."""
    lines = []
    for call in calls:
        with pytest.raises(NotFiniteError) as caught:
            call(stated)
        lines.append(str(caught.value))
    assert all(len(line) < 184 and "\n" not in line for line in lines)
    return lines


CALLS = sc.evaluate, evaluated, evaluated_exactly, sc.explain


@pytest.mark.parametrize(
    ("loss", "output"), [(loss, output) for loss in UNDEFINED for output in UNDEFINED[loss]]
)
def test_a_logarithm_without_a_value_is_named_by_everything(loss, output):
    x, written = OUTPUTS[output]
    stated = problem(LOSSES[loss], [x, 0.5])
    remedy = SIGMOID if loss == "binary" else SOFTMAX
    formula = UNDEFINED[loss][output].format(y="dense1[0]")
    said = f"loss: {formula} is undefined where dense1[0] = {written}: {remedy}"
    calls = (*CALLS, updated, descended, sc.gradcheck)
    assert told(stated, *calls) == [said] * len(calls)


FINITE = [
    (loss, output)
    for loss in LOSSES
    for output in OUTPUTS
    if output not in UNDEFINED.get(loss, ()) and (output != "huge" or loss == "cross")
]


@pytest.mark.parametrize(("loss", "output"), FINITE)
def test_all_others_have_a_value(loss, output):
    evaluated(problem(LOSSES[loss], [OUTPUTS[output][0], 0.5]))


def test_what_is_beyond_floats_is_told_with_its_size():
    stated = problem(LOSSES["half"], [1e299, 0.5])
    said = (
        "loss is 5e+597, beyond the range of floating point (1e308): use smaller values or weights"
    )
    assert told(stated, sc.evaluate, evaluated) == [said, said]
    (exactly,) = told(stated, evaluated_exactly)
    assert exactly == f"{said}, or evaluate(problem, exact=True) in Python"
    assert sc.evaluate(stated, exact=True).loss == (10**299 - 1) ** 2 / Integer(2) + Rational(1, 8)


@pytest.mark.parametrize("layers", [[], [sc.Scale(-1, 1), sc.Scale(-1, 1)]], ids=["near", "far"])
def test_what_rounding_makes_0_is_told_apart_from_what_is_0(layers):
    """1 - p is e^-80 on paper: -2 dL/dp is 2 p there, and L is 2 log(1 + e^80).

    Programs know that behind a softmax; between other layers they have 1 - p = 0.
    """
    stated = problem(sc.BinaryCrossEntropy(), [-40, 40], sc.Softmax(), *layers)
    if layers:
        (said,) = told(stated, evaluated)
        assert said == (
            "loss: log(scale2[0]) is undefined where scale2[0] = 0: this is a rounding "
            "error: use smaller values or weights, or evaluate exactly"
        )
    else:
        results = evaluated(stated)
        assert results.evaluation.loss == pytest.approx(160, rel=1e-15)
        assert results.evaluation.gradients["x"] == pytest.approx([-2, 2], rel=1e-15)
        assert results.imprecise == ()
    exact = evaluated_exactly(stated)
    assert exact.evaluation.loss == pytest.approx(160, abs=1e-12)
    assert exact.evaluation.gradients["x"] == pytest.approx([-2, 2], abs=1e-12)
    assert exact.check.max_abs_error == 0
    assert exact.check.method.startswith("dual numbers in exact arithmetic") == bool(layers)


@pytest.mark.parametrize("format", ["tex", "md", "html", "txt"])
def test_a_softmax_that_floats_saturate_is_explained(format, saturated):
    if format == "txt":
        pytest.importorskip("rich")
    (text,) = (
        content
        for name, content in saturated.files(format, "paper").items()
        if name.endswith(format)
    )
    assert "dual numbers in exact arithmetic" in re.sub(r"\s+", " ", text)
    assert text.count("2.000000000000") >= 4


@pytest.fixture(scope="module")
def saturated():
    turned = sc.Scale(-1, 1), sc.Scale(-1, 1)
    stated = problem(sc.BinaryCrossEntropy(), [-40, 40], sc.Softmax(), *turned)
    return sc.explain(stated, detail="full")


@pytest.mark.parametrize("call", [sc.explain, lambda p: sc.train(p, steps=2), "loss after 2 steps"])
def test_a_step_that_was_too_long_asks_for_a_shorter_one(call):
    stated = problem(sc.BinaryCrossEntropy(), [0.5, 0.5], rate=10)
    if isinstance(call, str):
        name, call = call, lambda stated: stated.quantity(name)
    (said,) = told(stated, call)
    assert re.fullmatch(
        r"(after (1|one) step: )?loss: log\(dense1\[1\]\) is undefined where dense1\[1\] = -\S+: "
        "use a smaller learning rate",
        said,
    )


def test_a_step_into_saturation_is_explained():
    """After it the output is 1 in floats, and the loss is infinite there."""
    stated = problem(sc.BinaryCrossEntropy(), [0.5, 0.4], sc.Softmax(), rate=60)
    assert "Loss after the step" in sc.explain(stated, detail="full").to_markdown()
    assert "it falls to $`\\approx 9.074 \\times 10^{-21}`$" in sc.explain(stated).to_markdown()


def test_a_layer_that_no_loss_explains_is_named():
    network = sc.Network((2,), [Root()], sc.SumOfOutputs())
    stated = sc.Problem(network, {"x": [-1, 4]})
    assert (
        told(stated, sc.evaluate, evaluated_exactly, sc.explain)
        == [
            "layer1[0]: sqrt(x[0]) is undefined where x[0] = -1: choose values or weights at "
            "which it is defined"
        ]
        * 3
    )


def test_a_slope_without_a_value_is_named_too():
    network = sc.Network((2,), [Root()], sc.SumOfOutputs())
    stated = sc.Problem(network, {"x": [0, 4]})
    assert (
        told(stated, sc.evaluate, evaluated_exactly, sc.gradcheck)
        == [
            "dL/d x[0]: 1/sqrt(x[0]) is undefined where x[0] = 0: choose values or weights at "
            "which it is defined"
        ]
        * 3
    )


def test_a_program_says_that_numbers_are_not_finite():
    stated = problem(sc.HalfSquaredError(), [1e200, 0.5])
    program = sc.lambdify(stated.derivation, "scalar")
    with pytest.raises(NotFiniteError, match=r"evaluate\(problem\) names the entry"):
        program(stated.values)


@pytest.mark.parametrize(
    ("weight", "loss", "end"),
    [(-3e6, sc.CrossEntropy(), 0), (3e6, sc.BinaryCrossEntropy(), 1)],
)
def test_a_probability_that_is_not_told_from_0_or_1(weight, loss, end):
    """The sigmoid of 3,000,000 is 1 - 10^(-1,302,883): the logarithm of the rest has a value."""
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.Sigmoid()], loss)
    values = {"x": [1], "dense1.weight": [[weight]], "target": [1 - end]}
    near = f"sigmoid1[0] is too close to {end} to be distinguished from it"
    for asked in (lambda p: sc.evaluate(p, exact=True), sc.explain):
        with pytest.raises(
            NotFiniteError, match=f"^loss: {re.escape(near)}: use smaller values or"
        ):
            asked(sc.Problem(network, values))


@dataclass(frozen=True)
class Inverse(sc.Layer):
    """y = 1/x."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], 1 / x[x.indices]),)


@dataclass(frozen=True)
class Exponential(sc.Layer):
    """y = e^x."""

    def forward(self, y, x):
        return (sc.define(y[y.indices], exp(x[x.indices])),)


def of_one_layer(layer, x):
    return sc.Problem(sc.Network((2,), [layer], sc.SumOfOutputs()), {"x": x})


def exactly(stated):
    return sc.evaluate(stated, exact=True)


def test_a_division_by_0_is_named_by_everything():
    calls = (*CALLS, exactly, sc.gradcheck)
    where = "layer1[1]: 1/x[1] is undefined where x[1] = 0"
    said = f"{where}: choose values or weights at which it is defined"
    assert told(of_one_layer(Inverse(), [2, 0]), *calls) == [said] * len(calls)


def test_what_is_beyond_decimals_is_named_as_python_does():
    said = "layer1[1] is a number above 10^1,000,000: use smaller values or weights"
    stated = of_one_layer(Exponential(), [1, 10**7])
    assert told(stated, exactly, sc.explain) == [said] * 2


TOO_LONG = {
    evaluated: "updated dense1.weight exceeds the range of floating point (1e308)",
    evaluated_exactly: (
        "updated dense1.weight[0, 0] is -1e+330, beyond the range of floating point (1e308)"
    ),
    sc.explain: "updated dense1.weight exceeds the range of floating point (1e308)",
    "loss after 2 steps": "updated dense1.weight exceeds the range of floating point (1e308)",
    "float64": "after 1 step: updated dense1.weight exceeds the range of floating point (1e308)",
    "float32": "after 1 step: updated dense1.weight exceeds the range of float32 (3e+38)",
}


@pytest.mark.parametrize("call", TOO_LONG)
def test_a_step_beyond_floats_asks_for_a_shorter_one(call):
    """dL/dw = x^2 w = 1e230 is a float, 1e100 times as much is none; 1e40 is none in float32."""
    x, w, rate = (1e10, 1, 1e20) if call == "float32" else (1e80, 1e70, 1e100)
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [x], "dense1.weight": [w], "target": [0]}
    stated = sc.Problem(network, values, learning_rate=rate)
    does = {
        "loss after 2 steps": lambda stated: stated.quantity(call),
        **{kind: lambda stated: sc.train(stated, 3, dtype=call) for kind in ("float32", "float64")},
    }
    assert told(stated, does.get(call, call)) == [f"{TOO_LONG[call]}: use a smaller learning rate"]


@slow
def test_a_step_to_what_is_not_told_from_1_asks_for_a_shorter_one():
    stated = problem(sc.BinaryCrossEntropy(), [0.1, 0.2], sc.Softmax(), rate=300_000)
    (said,) = told(stated, sc.explain)
    assert said.startswith("after one step: loss: softmax1[")
    assert said.endswith(": use a smaller learning rate")


def test_a_finite_number_that_floats_do_not_reach_is_not_said_to_be_too_large():
    """1e200 1e200 - 1e200 1e200 is 0."""
    network = sc.Network((2,), [sc.Dense(1, bias=False)], sc.SumOfOutputs())
    stated = sc.Problem(network, {"x": [1e200, -1e200], "dense1.weight": [1e200, 1e200]})
    said = (
        "dense1[0] is 0, but an intermediate result exceeds the range of floating point "
        "(1e308): use smaller values or weights, or evaluate --exact"
    )
    assert told(stated, sc.evaluate, evaluated, sc.gradcheck) == [said] * 3
    assert told(stated, descended) == [said.removesuffix(", or evaluate --exact")]


def test_nothing_that_trains_speaks_of_exact_numbers():
    """There is no exact training."""
    turned = sc.Scale(-1, 1), sc.Scale(-1, 1)
    stated = problem(sc.BinaryCrossEntropy(), [-40, 40], sc.Softmax(), *turned)
    (said,) = told(stated, descended)
    assert said.endswith(": this is a rounding error: use smaller values or weights")
