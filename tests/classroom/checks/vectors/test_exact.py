"""The numbers of test vectors, against plain loops in exact numbers and against PyTorch."""

import json
from decimal import Decimal

import mpmath
import numpy as np
import pytest

import symcnn as sc
from symcnn.problems.catalog import LAYERS
from tests.classroom.checks.vectors import by_hand
from tests.classroom.checks.vectors.made import OVERLAPPING, cases, exact, floats, vectors
from tests.draws import slow

RATIONAL = [sc.Dense, sc.ReLU, sc.LeakyReLU, sc.AvgPool1D, sc.Concatenate, sc.Embedding]


@pytest.mark.parametrize(
    ("layer", "plain"),
    [
        (sc.Conv2D, by_hand.conv2d),
        (OVERLAPPING, by_hand.max_pool2d),
        pytest.param(sc.MaxPool2D, by_hand.max_pool2d, marks=slow),
    ],
)
def test_all_arrays_are_those_of_plain_loops(layer, plain):
    for case in cases(layer):
        made, due = plain(case), by_hand.due(case)
        assert made.keys() == due.keys()
        assert all((made[name] == due[name]).all() for name in made), case["layer"]


@pytest.mark.parametrize("layer", [sc.Conv2D, OVERLAPPING, *RATIONAL])
def test_float64_holds_the_results_of_rational_layers(layer):
    for case in cases(layer):
        arrays = [case["error_signal"]]
        arrays += [a for key in ("inputs", "outputs", "gradients") for a in case[key].values()]
        numbers = [number for array in arrays for number in array["values"]]
        assert case["exact"]
        assert all(array["absolute_error"] == 0 for array in arrays)
        assert all(Decimal(float(number)) == Decimal(number) for number in numbers)


def test_float64_makes_no_rounding_error_in_any_order():
    for case in cases(sc.Conv2D):
        x, w = floats(case["inputs"]["x"]), floats(case["inputs"]["weight"])
        dy = floats(case["error_signal"])
        # A sum of n products of numbers k/4 stays below 2^53 sixteenths.
        assert x.size * w.size * np.abs(x).max() * np.abs(w).max() * np.abs(dy).max() * 16 < 2**53


def test_irrational_results_are_certain_to_their_error():
    for case in cases(sc.Softmax):
        axis = -1 if case["settings"]["axis"] == -1 else 1 + case["settings"]["axis"]
        x, dy = exact(case["inputs"]["x"]), exact(case["error_signal"])
        with mpmath.workdps(40):
            powers = np.vectorize(lambda n: mpmath.exp(mpmath.mpf(n.numerator) / n.denominator))(x)
            y = powers / powers.sum(axis=axis, keepdims=True)
            signal = np.vectorize(lambda n: mpmath.mpf(n.numerator) / n.denominator)(dy)
            dx = y * (signal - (signal * y).sum(axis=axis, keepdims=True))
            for due, array in ((y, case["outputs"]["y"]), (dx, case["gradients"]["x"])):
                written = [mpmath.mpf(str(number)) for number in array["values"]]
                error = max(abs(a - b) for a, b in zip(due.ravel(), written, strict=True))
                assert error <= mpmath.mpf(str(array["absolute_error"])) <= mpmath.mpf("1e-18")
        assert not case["exact"]


def test_ties_and_kinks_have_a_case():
    (tie,) = (case for case in cases(OVERLAPPING) if "ties" in case["covers"])
    x = floats(tie["inputs"]["x"])[0]
    windows = [x[i : i + 2, j : j + 2, c].ravel() for i, j, c in np.ndindex(3, 4, 2)]
    assert any(list(window).count(max(window)) > 1 for window in windows)
    (kink,) = (case for case in cases(sc.ReLU) if "kinks" in case["covers"])
    at_zero = floats(kink["inputs"]["x"]) == 0
    assert at_zero.any()
    assert not floats(kink["gradients"]["x"])[at_zero].any()


def torch_conv2d(functional, case, x, weight, bias=None):
    settings, padding = case["settings"], case["settings"]["padding"]
    (top, bottom), (left, right) = padding
    x = functional.pad(x, (left, right, top, bottom))
    options = {key: settings[key] for key in ("stride", "dilation", "groups")}
    return functional.conv2d(x, weight, bias, **options)


def torch_conv_transpose2d(functional, case, x, weight, bias=None):
    settings = case["settings"]
    if settings["groups"] > 1 or any(before != after for before, after in settings["padding"]):
        return None  # PyTorch orders the kernels of groups otherwise, and crops alike on both sides
    options = {key: settings[key] for key in ("stride", "output_padding", "dilation")}
    crop = [before for before, _ in settings["padding"]]
    return functional.conv_transpose2d(x, weight, bias, padding=crop, **options)


def torch_batch_norm(functional, case, x, weight=None, bias=None, mean=None, variance=None):
    if x.ndim < 3 or x.numel() == x.shape[1]:
        return None
    training, epsilon = case["settings"]["mode"] == "training", float(case["settings"]["epsilon"])
    return functional.batch_norm(x, mean, variance, weight, bias, training, eps=epsilon)


def torch_gelu(functional, case, x):
    return functional.gelu(x, approximate=case["settings"]["approximate"])


@pytest.mark.parametrize(
    ("layer", "kernel", "made"),
    [
        (sc.Conv2D, "OIHW", torch_conv2d),
        (sc.ConvTranspose2D, "IOHW", torch_conv_transpose2d),
        (sc.GELU, None, torch_gelu),
        (sc.BatchNorm, None, torch_batch_norm),
    ],
)
def test_they_are_those_of_pytorch_in_its_layout(layer, kernel, made):
    torch = pytest.importorskip("torch")
    tried = 0
    file = json.loads(vectors(layer).placed("NCHW", kernel).to_json())
    for case in file["cases"]:
        given = {name: torch.tensor(floats(array)) for name, array in case["inputs"].items()}
        for name in case["gradients"]:
            given[name].requires_grad_()
        y = made(torch.nn.functional, case, **given)
        if y is None:
            continue
        tried += 1
        y.backward(torch.tensor(floats(case["error_signal"])))
        got = {"y": y, **{name: given[name].grad for name in case["gradients"]}}
        for name, array in {**case["outputs"], **case["gradients"]}.items():
            np.testing.assert_allclose(got[name].detach(), floats(array), rtol=1e-12, atol=1e-12)
    assert tried >= 4


@slow
@pytest.mark.parametrize("name", LAYERS)
def test_all_layers_agree_with_the_reference(name):
    """Compare with one forward pass in exact numbers that adds up the paths to the loss."""
    from symcnn.classroom.checks.vectors.due import due
    from symcnn.classroom.checks.vectors.specimens import NAME, specimens
    from symcnn.reference import ExactForward
    from symcnn.reference.enclosures.functions import to_sympy

    for number, specimen in enumerate(specimens(LAYERS[name].made)):
        found = due(specimen, name, number)
        passed = ExactForward(specimen.network, found.problem.values)
        for tensor in (*specimen.inputs.values(), *specimen.parameters.values()):
            slopes = found.slope(tensor)
            for at, slope in zip(tensor.positions(), slopes or ()):  # noqa: B905
                other = to_sympy(passed.derivative(tensor.name, at), 40)
                assert abs(slope - other) <= abs(other) * Decimal("1e-30")
        output = specimen.output
        assert output.name == NAME
        for at, value in zip(output.positions(), found.value(output), strict=True):
            assert abs(value - to_sympy(passed.value(NAME, at), 40)) <= 1e-30 * abs(value)


def test_every_layer_takes_a_small_input():
    from symcnn.classroom.checks.vectors.specimens import _simplest

    assert [name for name, layer in LAYERS.items() if _simplest(layer.made) is None] == []
