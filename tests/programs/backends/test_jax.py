"""The program on JAX arrays: against jax.grad, against NumPy, on one device and on two."""

import ast
import copy
import os
import pickle
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import symcnn as sc
from symcnn import SymcnnError, derive, lambdify
from symcnn.programs.export.module import exported
from tests.draws import one_of, seeds, slow
from tests.programs import unusual_layers as unusual
from tests.programs.random_networks import example

jax = pytest.importorskip("jax")
jnp, lax = jax.numpy, jax.lax

LAYERS = [
    *(sc.Conv2D(4, 3, stride=2, padding=1), sc.Tanh(), sc.MaxPool2D(2)),
    *(sc.Flatten(), sc.Dense(5), sc.GELU(), sc.Dense(3)),
]
NETWORK = sc.Network((9, 8, 2), LAYERS, sc.SoftmaxCrossEntropy(l2=0.01), batch=4)


def numbers(network, dtype="float64"):
    drawn = np.random.default_rng(1)
    given = [t for t in network.tensors.values() if t.is_given]
    return {t.name: drawn.normal(size=t.shape).astype(dtype) for t in given} | {
        "target": np.eye(3)[[0, 2, 1, 1]].astype(dtype)
    }


def loss(parameters, x, target):
    """The same network, written by hand for jax.grad."""
    kernel, form = parameters["conv1.weight"], ("NHWC", "HWIO", "NHWC")
    z = lax.conv_general_dilated(x, kernel, (2, 2), [(1, 1), (1, 1)], dimension_numbers=form)
    a = jnp.tanh(z + parameters["conv1.bias"])
    p = lax.reduce_window(a, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    f = p.reshape(4, -1) @ parameters["dense1.weight"].T + parameters["dense1.bias"]
    y = (
        jax.nn.gelu(f, approximate=False) @ parameters["dense2.weight"].T
        + parameters["dense2.bias"]
    )
    weights = [p for name, p in parameters.items() if name.endswith("weight")]
    penalty = 0.01 * sum((w**2).sum() for w in weights)
    return -(target * jax.nn.log_softmax(y)).sum() / 4 + penalty


@cache
def program(dtype="float64", results="all"):
    return lambdify(derive(NETWORK), "jax", dtype=dtype, results=results)


def in_64_bits():
    home = jax if hasattr(jax, "enable_x64") else import_module("jax.experimental")
    return home.enable_x64(True)


def by_autodiff(values):
    parameters = {name: v for name, v in values.items() if "." in name}
    value, gradients = jax.jit(jax.value_and_grad(loss))(parameters, values["x"], values["target"])
    return float(value), {name: np.asarray(g) for name, g in gradients.items()}


def assert_close(ours, theirs, tolerance):
    assert ours.dtype == theirs.dtype
    assert np.abs(ours - theirs).max() <= tolerance * np.abs(theirs).max()


@pytest.mark.parametrize("results", one_of(["all", "training"]))
def test_equals_jax_grad_in_64_bits(results):
    values = numbers(NETWORK)
    evaluation = program(results=results)(values)
    with in_64_bits():
        value, gradients = by_autodiff(values)
    assert float(evaluation.loss) == pytest.approx(value, rel=1e-12)
    assert gradients.keys() <= evaluation.gradients.keys()
    for name, gradient in gradients.items():
        assert_close(np.asarray(evaluation.gradients[name]), gradient, 1e-12)


def test_what_is_added_to_all_logits_goes_out():
    """Of logits z and z + 1 the loss by the first is log(1 + e), whatever is added to both."""
    network = sc.Network((2,), [sc.LeakyReLU(alpha=1)], sc.SoftmaxCrossEntropy())
    program = lambdify(derive(network), "jax", dtype="float32", results="all")
    evaluation = program({"x": [1e4, 1e4 + 1], "target": [1, 0]})
    assert float(evaluation.loss) == pytest.approx(np.log1p(np.e), rel=1e-6)
    assert np.asarray(evaluation.gradients["x"]) == pytest.approx(
        np.array([-1, 1]) / (1 + np.exp(-1)), rel=1e-6
    )


@slow
def test_equals_jax_grad_in_32_bits():
    values = numbers(NETWORK, "float32")
    function = program("float32", "training").function
    value, gradients = function(*(jnp.asarray(v) for v in values.values()))
    expected, expected_gradients = by_autodiff(values)
    assert float(value) == pytest.approx(expected, rel=1e-5)
    assert [*gradients] == [t.name for t in NETWORK.parameters]
    for name, gradient in expected_gradients.items():
        assert_close(np.asarray(gradients[name]), gradient, 1e-5)


def assert_equals_numpy(network, *several):
    programs = [lambdify(derive(network), backend) for backend in ("jax", "array")]
    for values in several:
        assert_equal(*(made(values) for made in programs))


def assert_equal(ours, numpys):
    largest = max(np.abs(gradient).max() for gradient in numpys.gradients.values())
    assert float(ours.loss) == pytest.approx(numpys.loss, rel=1e-12, abs=1e-14)
    for mine, theirs in ((ours.outputs, numpys.outputs), (ours.gradients, numpys.gradients)):
        assert [*mine] == [*theirs]
        for name, array in theirs.items():
            assert mine[name].dtype == array.dtype, name
            np.testing.assert_allclose(mine[name], array, rtol=1e-12, atol=1e-13 * max(largest, 1))


@pytest.mark.parametrize("number", one_of(seeds(9000, 0.1)))
def test_equals_numpy_on_random_networks(number):
    assert_equals_numpy(*example(number))


USERS = {
    "values that padding does not make 0": ((5,), [unusual.LocalEnergy(), sc.Tanh()]),
    "one tensor several times": ((4,), [unusual.Autocorrelation()]),
    "scattered forward": ((4,), [unusual.Spread(), sc.Dense(2)]),
    "maxima with common entries": ((4,), [sc.Dense(4), unusual.MaxSpread()]),
    "split maxima with common entries": ((4,), [unusual.MaxSpread("split"), sc.Tanh()]),
    "maxima of expressions": ((4,), [unusual.MaxOfDifferences(), sc.Tanh()]),
    "a diagonal backwards": ((3, 4, 2), [sc.Tanh(), unusual.Trace()]),
    "an input without part": ((3,), [unusual.Constant()]),
    "windows along three axes": ((3, 3, 2, 2), [unusual.Volume(), sc.Tanh()]),
    "windows along three axes, apart": ((4, 3, 2, 1), [unusual.Volume(2)]),
    "three factors": ((3,), [unusual.Bilinear()]),
}


@pytest.mark.parametrize("case", one_of(USERS))
def test_equals_numpy_on_layers_of_users(case):
    """With drawn numbers, and with few different ones so that maxima are tied."""
    network = sc.Network(*USERS[case], sc.HalfSquaredError(), batch=2)
    drawn = np.random.default_rng(2)
    given = [t for t in network.tensors.values() if t.is_given]
    normal = {t.name: drawn.normal(size=t.shape) for t in given}
    assert_equals_numpy(network, normal, {t.name: drawn.integers(-1, 2, t.shape) for t in given})


@pytest.mark.parametrize(
    ("shape", "layer", "count"),
    [
        ((3, 3, 2, 2), unusual.Volume(), 2),  # forward, and by the weight
        ((6, 6, 2), sc.Conv2D(4, 3, stride=2, padding=1, dilation=2), 2),
        ((6, 6, 2), sc.Conv2D(4, 3, groups=2), 0),  # a matrix product for each group
        ((6,), sc.Dense(4), 0),
        ((5,), unusual.LocalEnergy(), 0),  # its value is not 0 outside of the input
    ],
    ids=["three axes", "convolution", "groups", "dense", "no product of entries"],
)
def test_sliding_windows_are_convolutions_whatever_the_layer(shape, layer, count):
    network = sc.Network(shape, [layer], sc.HalfSquaredError(), batch=2)
    body = lambdify(derive(network), "jax").source.partition("def loss_and_gradients")[2]
    assert body.count(" correlate(") == count


def test_the_first_of_equal_maxima_takes_all():
    network = sc.Network((4, 1), [sc.MaxPool1D(2)], sc.SumOfOutputs())
    evaluation = lambdify(derive(network), "jax")({"x": [3, 3, 1, 2]})
    assert evaluation.gradients["x"].ravel().tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_exponents_stay_within_floats(dtype):
    network = sc.Network((2,), [sc.Softmax()], sc.CrossEntropy())
    softmax = lambdify(derive(network), "jax", dtype=dtype)
    gradients = softmax({"x": [1000, -1000], "target": [0, 1]}).gradients
    assert np.isfinite(gradients["softmax1"]).all()
    assert gradients["x"].tolist() == [1, -1]


@slow
def test_the_user_s_precision_stays_as_it_was():
    assert program()(numbers(NETWORK)).gradients["x"].dtype == np.float64
    assert jnp.ones(1).dtype == np.float32
    with in_64_bits():
        small = program("float32", "training").function(*numbers(NETWORK).values())
        assert {g.dtype for g in small[1].values()} == {np.dtype("float32")}


def test_results_are_jax_arrays():
    evaluation = program()(numbers(NETWORK))
    results = [evaluation.loss, *evaluation.outputs.values(), *evaluation.gradients.values()]
    assert all(isinstance(result, jax.Array) for result in results)


def test_the_text_imports_jax_alone():
    source = program().source
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or node.names[0].name for node in nodes}
    assert names == {"jax", "jax.numpy", "jax.scipy.special", "functools", "math"}
    assert "# z[n, i, j, k] = sum over c, u, v of" in source


_COMPILED = """
    arrays = {name: jax.numpy.asarray(values) for name, values in VALUES.items()}
    print(jax.jit(loss_and_gradients)(**arrays)[0])
"""


@slow
def test_the_exported_module_runs_by_itself(tmp_path):
    values = numbers(NETWORK)
    text = exported(derive(NETWORK), values, "convolution", "jax") + _COMPILED
    (tmp_path / "module.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", tmp_path / "module.py"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    with in_64_bits():
        expected, gradients = by_autodiff(values)
    assert lines[0].startswith("loss ")
    assert [float(lines[0][5:]), float(lines[-2])] == pytest.approx([expected] * 2, rel=1e-12)
    assert {f"dL/d{name}" for name in gradients} <= {*lines}


@slow
@pytest.mark.parametrize(
    ("x", "weight", "loss", "what"),
    [
        (0, 1, sc.CrossEntropy(), "loss"),
        (1e200, 1e-50, sc.HalfSquaredError(), "dL/ddense1.weight"),
    ],
)
def test_a_module_without_finite_results_is_one_line(x, weight, loss, what, tmp_path):
    """The logarithm of 0; and L = y^2/2 with y = w x = 1e150, whose dL/dw is 1e350."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], loss)
    values = {"x": [x], "dense1.weight": [weight], "target": [1]}
    text = exported(derive(network), values, "one number", "jax")
    (tmp_path / "module.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", tmp_path / "module.py"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    said = f"There is no finite result at these numbers: {what} is not finite.\n"
    assert (made.returncode, made.stdout, made.stderr) == (1, "", said)


def test_wrong_shapes_of_jax_arrays():
    values = {**numbers(NETWORK), "x": jnp.ones((4, 9, 8, 1))}
    with pytest.raises(SymcnnError, match=r"x has the shape 4x9x8x1, but 4x9x8x2"):
        program()(values)


def test_without_jax_one_line_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(
        SymcnnError, match=r"^backend = 'jax' needs jax: pip install 'symcnn\[jax\]'$"
    ):
        lambdify(derive(NETWORK), "jax")


ON_TWO_DEVICES = """
import jax, numpy as np, symcnn as sc
from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
from tests.programs.backends.test_jax import NETWORK, numbers
from symcnn import derive, lambdify

values, mesh = numbers(NETWORK, "float32"), Mesh(np.array(jax.devices()), ("samples",))
split, copied = NamedSharding(mesh, P("samples")), NamedSharding(mesh, P())
placed = {n: jax.device_put(v, copied if "." in n else split) for n, v in values.items()}
derivation = derive(NETWORK)
ours = lambdify(derivation, "jax", dtype="float32")(placed)
whole = lambdify(derivation, "array", dtype="float32")(values)
assert {len(v.addressable_shards[0].data) for n, v in placed.items() if n in ("x", "target")} == {2}
assert len(ours.gradients["x"].sharding.device_set) == 2
for name, gradient in whole.gradients.items():
    assert abs(ours.gradients[name] - gradient).max() <= 1e-5 * abs(gradient).max(), name
print(len(jax.devices()), float(ours.loss) - whole.loss)
"""


@slow
def test_a_batch_on_two_devices():
    two = f"{os.environ['XLA_FLAGS']} --xla_force_host_platform_device_count=2"
    command = [sys.executable, "-W", "error", "-c", ON_TWO_DEVICES]
    run = subprocess.run(
        command,
        **{"capture_output": True, "text": True, "cwd": Path(__file__).parents[3]},
        env={**os.environ, "XLA_FLAGS": two, "JAX_PLATFORMS": "cpu"},
    )
    assert run.returncode == 0, run.stderr
    devices, difference = run.stdout.split()
    assert devices == "2"
    assert abs(float(difference)) < 1e-5


def test_evaluations_and_programs_compare_are_copied_and_pickled():
    """An array of JAX that is unpickled has 32 bits unless JAX was told otherwise."""
    values = numbers(NETWORK)
    made, again = program(), pickle.loads(pickle.dumps(program()))
    assert again == made != program("float32")
    first, other = made(values), made({**values, "x": values["x"] + 1})
    assert first == again(values) != other
    for copied in (copy.copy(first), copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert copied == first
        assert copied.gradients["x"].dtype == "float64"
    assert isinstance(copy.deepcopy(first).gradients["x"], jax.Array)
    in_numpy = lambdify(derive(NETWORK))(values)
    assert in_numpy == pickle.loads(pickle.dumps(in_numpy)) != first
    with pytest.raises(TypeError, match="unhashable"):
        hash(first)
