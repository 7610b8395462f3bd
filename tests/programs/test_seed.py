"""The seed's published numbers, by both backends, the exported module and the check."""

import ast
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from symcnn import Network, Sigmoid, SymcnnError, derive, lambdify
from symcnn.programs.export.module import exported
from tests.programs import seed

BACKENDS = pytest.mark.parametrize("backend", ["scalar", "array"])


def module(title="CNN by hand"):
    return exported(derive(seed.NETWORK), seed.VALUES, title)


def imported(text):
    namespace = {"__name__": "imported"}
    exec(text, namespace)
    return namespace


@BACKENDS
def test_published_outputs(backend):
    evaluation = lambdify(derive(seed.NETWORK), backend)(seed.VALUES)
    assert evaluation.loss == pytest.approx(seed.LOSS, abs=1e-15, rel=0)
    assert evaluation.outputs["sigmoid1"] == pytest.approx([seed.OUTPUT], abs=1e-15, rel=0)
    assert evaluation.outputs["conv1"].ravel() == pytest.approx(seed.CONV, abs=1e-15, rel=0)
    assert evaluation.outputs["pool1"].ravel() == pytest.approx(seed.POOL, abs=1e-15, rel=0)


@BACKENDS
def test_published_gradients(backend):
    gradients = lambdify(derive(seed.NETWORK), backend)(seed.VALUES).gradients
    assert gradients["dense1"] == pytest.approx([seed.DELTA], abs=1e-15, rel=0)
    for name, published in seed.PUBLISHED.items():
        assert gradients[name].ravel() == pytest.approx(published, abs=6e-12, rel=0)
    for name, exact in seed.GRADIENTS.items():
        assert gradients[name].ravel() == pytest.approx(exact, abs=1e-15, rel=0)


@BACKENDS
def test_the_layouts_are_those_of_the_tensors(backend):
    evaluation = lambdify(derive(seed.NETWORK), backend)(seed.VALUES)
    shapes = {name: gradient.shape for name, gradient in evaluation.gradients.items()}
    assert shapes == {
        "x": (3, 1, 1),
        "conv1.weight": (2, 1, 1, 3),
        "conv1": (2, 1, 3),
        "pool1": (1, 1, 3),
        "flatten1": (3,),
        "dense1.weight": (1, 3),
        "dense1": (1,),
        "sigmoid1": (1,),
    }
    assert list(evaluation.outputs) == ["conv1", "pool1", "flatten1", "dense1", "sigmoid1"]


def test_exact_fractions_and_nested_lists_give_the_same():
    exact = {name: [Fraction(str(v)) for v in numbers] for name, numbers in seed.VALUES.items()}
    nested = {**seed.VALUES, "x": [[[1]], [[0.4]], [[0.7]]]}
    program = lambdify(derive(seed.NETWORK))
    assert program(exact).loss == program(nested).loss == program(seed.VALUES).loss


def test_the_module_computes_the_published_numbers():
    namespace = imported(module())
    loss, gradients = namespace["loss_and_gradients"](**namespace["VALUES"])
    assert loss == pytest.approx(seed.LOSS, abs=1e-15, rel=0)
    for name, exact in seed.GRADIENTS.items():
        assert gradients[name].ravel() == pytest.approx(exact, abs=1e-15, rel=0)


def test_the_module_hands_out_the_outputs_on_request():
    namespace, outputs = imported(module()), {}
    namespace["loss_and_gradients"](**namespace["VALUES"], outputs=outputs)
    assert outputs["sigmoid1"] == pytest.approx([seed.OUTPUT], abs=1e-15, rel=0)


@BACKENDS
def test_programs_import_numpy_and_python_s_own_math_alone(backend):
    tree = ast.parse(lambdify(derive(seed.NETWORK), backend).source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    math = {"scalar": ["from math import exp"], "array": []}[backend]
    assert [ast.unparse(node) for node in imports] == [*math, "import numpy as np"]


def test_the_module_runs_by_itself(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(module(), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", "-W", "error", path], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("loss 0.0304312450809639")
    assert "-0.02560952" in run.stdout


@BACKENDS
def test_the_same_bytes_each_time(backend):
    assert lambdify(derive(seed.NETWORK), backend).source == (
        lambdify(derive(seed.NETWORK), backend).source
    )
    assert module() == module()


@pytest.mark.parametrize(
    "title",
    ['"""', "\\", '\\"""\nimport os', "tail\\", 'x"', "\0\x0c\u2028raise", "ü {braces} %s", ""],
)
def test_a_title_is_text_whatever_it_holds(title):
    tree = ast.parse(module(title))
    kinds = [type(node).__name__ for node in tree.body]
    functions = ["FunctionDef", "FunctionDef"]
    assert kinds == ["Expr", "ImportFrom", "Import", *functions, "Assign", "If"]


def test_single_floats_give_the_published_numbers():
    program = lambdify(derive(seed.NETWORK), "scalar", results="training")
    assert [t.name for t in program.given] == [*seed.VALUES]
    numbers = [float(number) for numbers in seed.VALUES.values() for number in numbers]
    loss, gradients, outputs = program.on_floats(*numbers)
    assert loss == pytest.approx(seed.LOSS, rel=1e-15)
    published = [*seed.GRADIENTS["conv1.weight"], *seed.GRADIENTS["dense1.weight"]]
    assert gradients == pytest.approx(published, abs=6e-12, rel=0)
    assert outputs == pytest.approx((seed.OUTPUT,), rel=1e-15)
    assert {type(number) for number in (loss, *gradients, *outputs)} == {float}


def test_a_program_of_arrays_has_no_function_of_single_floats():
    with pytest.raises(SymcnnError, match='computes with arrays: use backend="scalar"'):
        _ = lambdify(derive(seed.NETWORK), "array").on_floats


def test_names_of_layers_are_text_whatever_they_hold():
    nasty = 'import os"; \\ np {0} %s'
    network = Network((2,), [Sigmoid(name=nasty)], seed.NETWORK.loss)
    values = {"x": [0, 0], "target": [1, 1]}
    for backend in ("scalar", "array"):
        assert lambdify(derive(network), backend)(values).outputs[nasty].tolist() == [0.5, 0.5]


def test_operations_are_few():
    operations = lambdify(derive(seed.NETWORK), "scalar", results="training").operations
    # 18 of the convolution, 3 maxima, 5 of the dense layer, 5 of the sigmoid, 4 of the loss
    assert operations.forward == 18 + 3 + 5 + 5 + 4
    assert operations.ratio <= 2.3


def test_a_float_array_is_taken_in_any_layout():
    values = {name: np.array(numbers) for name, numbers in seed.VALUES.items()}
    values["conv1.weight"] = np.asfortranarray(values["conv1.weight"].reshape(2, 1, 1, 3))
    assert lambdify(derive(seed.NETWORK))(values).loss == pytest.approx(seed.LOSS, rel=1e-15)
