"""What a file of test vectors holds, and that it is the same everywhere."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from math import prod

import numpy as np
import pytest

import symcnn as sc
from symcnn.classroom.checks.vectors import SCHEMA
from symcnn.classroom.marking.mistakes import CATALOGUE
from symcnn.problems.catalog import LAYERS
from tests.classroom.checks.vectors.made import text, vectors
from tests.draws import slow

FEW = [sc.Conv2D, sc.ReLU, sc.Dense, sc.Softmax, sc.Add]


def schema():
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def check(file):
    """Check what the schema says, and what it cannot say, without a package for schemata."""
    assert list(file) == schema()["required"]
    names = {mistake.name for mistake in CATALOGUE}
    assert file["mistakes"].keys() <= names
    for number, case in enumerate(file["cases"], 1):
        assert list(case) == schema()["$defs"]["case"]["required"]
        assert case["number"] == number
        assert case["covers"]
        tables = (case["inputs"], case["outputs"], case["gradients"])
        arrays = [case["error_signal"], *(a for table in tables for a in table.values())]
        for array in arrays:
            assert list(array) == schema()["$defs"]["array"]["required"]
            assert len(array["axes"]) == len(set(array["axes"])) == len(array["shape"])
            assert len(array["values"]) == prod(array["shape"])
            assert array["absolute_error"] == 0 or not case["exact"]
        for name, array in case["gradients"].items():
            assert array["shape"] == case["inputs"][name]["shape"]
            assert array["axes"] == case["inputs"][name]["axes"]
        assert case["error_signal"]["shape"] == case["outputs"]["y"]["shape"]
        returned = {"y", *(f"gradient of {name}" for name in case["gradients"])}
        for mistake in case["mistakes"]:
            assert set(mistake["shows_in"]) <= returned
            assert mistake["name"] in file["mistakes"]
    axes = {tuple(a["axes"]) for c in file["cases"] for a in c["inputs"].values()}
    assert not any(name.startswith("axis") for names in axes for name in names)


@pytest.mark.parametrize("layer", FEW)
def test_a_file_holds_what_its_schema_says(layer):
    check(json.loads(text(layer)))


@slow
@pytest.mark.parametrize("name", LAYERS)
def test_all_files_do(name):
    made = text(LAYERS[name].made)
    check(json.loads(made))
    assert 2_000 < len(made.encode()) < 160_000


def test_files_are_valid_by_their_schema():
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    for layer in FEW:
        validator.validate(json.loads(text(layer)))
    file = json.loads(text(sc.ReLU))
    del file["cases"][0]["exact"]
    assert not validator.is_valid(file)


def test_the_settings_of_a_convolution_are_covered():
    made = vectors(sc.Conv2D)
    covered = {words for case in made for words in case.covers}
    assert covered >= {
        *("default settings", "one sample", "two samples", "stride = [2, 1]", "stride = [1, 3]"),
        *("padding = [[1, 1], [1, 1]]", "padding = [[0, 2], [1, 0]]", "groups = 2"),
        *("bias = false", "dilation = [1, 2]", "overlapping windows"),
        *("unlike padding on both sides", "entries outside of all windows"),
    }
    given = dict.fromkeys(("stride", "padding", "dilation"), 0)
    assert all(case.settings.keys() >= given.keys() for case in made)


def test_settings_of_windows_have_numbers_for_each_axis():
    (case, _) = sc.vectors(sc.ConvTranspose1D(2, 3, stride=2, padding=1, output_padding=1)).cases
    assert case.settings["stride"] == [2]
    assert case.settings["padding"] == [[1, 1]]
    (case, _) = sc.vectors(sc.MaxPool1D(2, stride=3, padding="same"), input_shape=(5, 1)).cases
    assert case.settings["padding"] == [[0, 0]]
    assert case.settings["pool_size"] == [2]


def test_arrays_name_their_axes():
    case = vectors(sc.Conv2D).cases[0]
    assert case.inputs["x"].axes == ("sample", "row", "column", "channel")
    assert case.inputs["weight"].axes == ("kernel row", "kernel column", "input channel", "filter")
    case = vectors(sc.Dense).cases[0]
    assert case.inputs["weight"].axes == ("output feature", "input feature")
    assert case.inputs["weight"].shape == (3, 4)
    case = vectors(sc.Embedding).cases[0]
    assert case.inputs["weight"].axes == ("index", "channel")
    case = sc.vectors(sc.BatchNorm(mode="inference"), input_shape=(2, 3)).cases[0]
    assert case.inputs["variance"].axes == case.inputs["bias"].axes == ("channel",)


def test_a_layout_orders_axes():
    made, other = vectors(sc.Conv2D), vectors(sc.Conv2D).placed("NCHW", "OIHW")
    assert (other.layout, other.kernel_layout) == ("NCHW", "OIHW")
    for case, moved in zip(made, other, strict=True):
        assert moved.inputs["weight"].axes[:2] == ("filter", "input channel")
        for before, after, order in [
            (case.inputs["x"], moved.inputs["x"], (0, 3, 1, 2)),
            (case.gradients["weight"], moved.gradients["weight"], (3, 2, 0, 1)),
            (case.error_signal, moved.error_signal, (0, 3, 1, 2)),
        ]:
            np.testing.assert_array_equal(before.numpy().transpose(order), after.numpy())
    with pytest.raises(sc.SymcnnError, match="place them once"):
        other.placed()
    dense = vectors(sc.Dense)
    assert dense.placed("NCHW").cases == dense.cases


@slow
def test_a_file_is_the_same_in_another_process():
    code = "import symcnn as sc; print(sc.vectors(sc.Dense).to_json(), end='')"
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert ended.stdout == text(sc.Dense).encode()


def test_the_numbers_of_a_file_stay():
    """A file that users committed does not change but by intention."""
    first = vectors(sc.Dense).cases[0]
    assert first.inputs["x"].numpy().tolist() == [[-0.5, 0.75, 1, 0.25]]


def test_numbers_are_written_as_json_has_them():
    number = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?(E[+-]?\d+)?")
    for layer in (sc.Softmax, sc.Conv2D):
        for row in re.findall(r'"values": \[(.*)\]', text(layer)):
            assert all(number.fullmatch(written) for written in row.split(", "))


@dataclass(frozen=True)
class Twice(sc.Layer):
    """A layer of somebody else's, y = n x."""

    times: int = 2

    def forward(self, y, x, **tensors):
        return (sc.define(y[y.indices], self.times * x[x.indices]),)


def test_a_layer_of_ones_own_has_vectors():
    made = sc.vectors(Twice)
    assert made.layer == "twice"
    case = made.cases[0]
    np.testing.assert_array_equal(2 * case.inputs["x"].numpy(), case.outputs["y"].numpy())
    np.testing.assert_array_equal(2 * case.error_signal.numpy(), case.gradients["x"].numpy())
    assert [c.settings["times"] for c in sc.vectors(Twice(3))] == [3, 3, 3]


def test_a_layer_of_ones_own_settings_has_vectors_at_its_shape():
    made = sc.vectors(sc.Conv2D(2, 3, stride=2, padding=1), input_shape=(6, 5, 1))
    assert [case.inputs["x"].shape for case in made] == [(1, 6, 5, 1), (2, 6, 5, 1)]
    assert repr(made) == "<Vectors of conv2d: 2 cases>"
    assert len(made) == 2


@pytest.mark.parametrize(
    ("layer", "options", "message"),
    [
        (3, {}, "test vectors are of a layer, not of '3': give a class"),
        (sc.Upstream, {}, "test vectors are of a layer"),
        (sc.Conv2D(10**6, 3), {}, r"has 145,000,040 terms and entries, more than the 20,000"),
        (sc.Embedding(10**9, 3), {}, "test vectors are small, choose smaller settings"),
        (sc.Conv2D(1, 50), {}, r"give one, such as input_shape=\(9, 8, 2\), with an instance"),
        (sc.Conv2D(1, 50), {"input_shape": (4, 4, 1)}, "the window spans 50 entries"),
        (sc.Conv2D, {"input_shape": (4, 4, 1)}, "give an instance, such as Conv2D"),
        (sc.ReLU, {"layout": "CHW"}, "there is no layout 'CHW': choose NHWC"),
        (sc.ReLU, {"kernel_layout": "OHIW"}, "there is no layout of kernels 'OHIW'"),
    ],
)
def test_what_is_wrong_is_one_line(layer, options, message):
    with pytest.raises(sc.SymcnnError, match=message) as raised:
        sc.vectors(layer, **options)
    assert "\n" not in str(raised.value)


def test_decimals_of_twenty_digits_are_rounded_rightly():
    from sympy import Rational, sqrt

    from symcnn.classroom.checks.vectors.arrays import written

    made = written(("feature",), (3,), [Rational(2, 3), sqrt(2), Rational(1, 8)])
    assert [str(value) for value in made.values[:2]] == [
        "0.66666666666666666667",
        "1.4142135623730950488",
    ]
    assert made.values[2] == Decimal("0.125")
    assert made.absolute_error == Decimal("1E-19")
