"""Functions of PyTorch, JAX and C: their own backward passes are the ones that are called."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

from symcnn.classroom.checks.code.callee import Call
from symcnn.errors import SymcnnError
from tests.classroom.checks.code.asked import DENSE, callee, dense_call

CALL = dense_call()
FORWARD = {"kind": "forward", "wanted": ("y",), "names": ("x", "weight", "bias")}


def check_scaled(made, factors, call=CALL):
    (found,) = made.run([call])
    assert found.failure == ""
    for name, (factor, of) in factors.items():
        assert np.array_equal(found.arrays[name], factor * call.inputs[of]), name


FACTORS = {"x": (2, "x"), "weight": (3, "weight"), "bias": (4, "bias")}


@pytest.fixture
def scaling():
    torch = pytest.importorskip("torch")

    class Scaling(torch.autograd.Function):
        """A forward pass with a backward pass that is not its derivative."""

        @staticmethod
        def forward(ctx, x, w, b):
            ctx.save_for_backward(x, w, b)
            return x @ w.T + b

        @staticmethod
        def backward(ctx, grad):
            x, w, b = ctx.saved_tensors
            return 2 * x, 3 * w, 4 * b

    return Scaling


def test_functions_of_pytorch_have_their_own_backward_pass(scaling):
    made = callee(scaling, **DENSE)
    assert made.notes == ("Guessed from the signature of Scaling: w is weight, b is bias.",)
    check_scaled(made, FACTORS)


def test_modules_of_pytorch_are_given_the_parameters(scaling):
    torch = pytest.importorskip("torch")

    class Module(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(2, 3))
            self.bias = torch.nn.Parameter(torch.zeros(2))

        def forward(self, input):
            return scaling.apply(input, self.weight, self.bias)

    module = Module()
    check_scaled(callee(module, **DENSE), FACTORS)
    assert float(module.weight.detach().sum()) == 0
    (found,) = callee(module, **FORWARD).run([CALL])
    x, w, b = (CALL.inputs[name] for name in ("x", "weight", "bias"))
    due = [[sum(p * q for p, q in zip(row, unit, strict=True)) for unit in w] for row in x] + b
    assert np.array_equal(found.arrays["y"], due)


def test_a_module_without_the_parameter_is_refused():
    torch = pytest.importorskip("torch")
    with pytest.raises(SymcnnError, match="Linear has no parameter for bias: it has weight"):
        callee(torch.nn.Linear(3, 2, bias=False), **DENSE)


def test_modules_have_the_type_of_the_numbers():
    torch = pytest.importorskip("torch")
    made = callee(torch.nn.Linear(3, 2), **DENSE)
    (found,) = made.run([CALL])
    assert found.arrays["x"].dtype == np.float64
    assert found.arrays["bias"].tolist() == [sum(row) for row in CALL.inputs["dout"].T.tolist()]


def test_functions_on_tensors_are_given_tensors():
    torch = pytest.importorskip("torch")

    def backward(dout, x, w, b):
        return torch.mul(x, 2), w.mul(3), b.mul(4)

    check_scaled(callee(backward, **DENSE), FACTORS)


def test_functions_on_arrays_may_use_tensors_inside():
    torch = pytest.importorskip("torch")
    (torch.ones(300, 300, requires_grad=True) @ torch.ones(300, 300)).sum().backward()

    def backward(dout, x, w, b):
        large = torch.from_numpy(np.ones((300, 300)))
        return (large @ large).numpy()[0, 0] / 150 * x, 3 * w, 4 * b

    check_scaled(callee(backward, **DENSE), FACTORS)


def test_functions_of_jax_have_their_own_backward_pass():
    jax = pytest.importorskip("jax")

    @jax.custom_vjp
    def scaling(x, w, b):
        return x @ w.T + b

    scaling.defvjp(
        lambda x, w, b: (scaling(x, w, b), (x, w, b)),
        lambda kept, grad: (2 * kept[0], 3 * kept[1], 4 * kept[2]),
    )
    made = callee(scaling, **DENSE, seconds=60)
    assert made.notes[1] == "scaling is differentiated by JAX."
    check_scaled(made, FACTORS)
    jax.numpy.ones(1)
    again = callee(scaling, **DENSE)
    assert again.notes[2].endswith("JAX has begun to compute in it, and cannot be forked.")
    check_scaled(again, FACTORS)


C = """
void backward(const double *dout, const double *x, const double *w, int batch, int inputs,
              int units, double *dx, double *dw, double *db) {
  for (int n = 0; n < batch; n++)
    for (int m = 0; m < units; m++) {
      db[m] += dout[n * units + m];
      for (int q = 0; q < inputs; q++) {
        dx[n * inputs + q] += dout[n * units + m] * w[m * inputs + q];
        dw[m * inputs + q] += dout[n * units + m] * x[n * inputs + q];
      }
    }
}
void doubled(const float *x, int entries, float *y) {
  for (int k = 0; k < entries; k++) y[k] = 2 * x[k];
}
void wild(double *dout, double *dx) { *(volatile int *)0 = 1; }
"""

STATED = {"arguments": "dout, x, weight, x.0, x.1, dout.1", "returns": "x, weight, bias"}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    if (compiler := shutil.which("gcc")) is None:
        pytest.skip("needs gcc")
    folder = tmp_path_factory.mktemp("c")
    (folder / "layer.c").write_text(C, encoding="ascii")
    command = [compiler, "-shared", "-fPIC", "-o", "layer.so", "layer.c"]
    subprocess.run(command, cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "layer.so"))


def test_functions_of_c_write_into_arrays(library):
    (found,) = callee(library.backward, **DENSE, **STATED).run([CALL])
    dout, x, w = (CALL.inputs[name].tolist() for name in ("dout", "x", "weight"))
    dx = [[sum(d[m] * w[m][q] for m in range(2)) for q in range(3)] for d in dout]
    dw = [[sum(d[m] * r[q] for d, r in zip(dout, x, strict=True)) for q in range(3)]
          for m in range(2)]  # fmt: skip
    assert found.failure == ""
    assert found.arrays["x"].tolist() == dx
    assert found.arrays["weight"].tolist() == dw
    assert found.arrays["bias"].tolist() == [sum(d[m] for d in dout) for m in range(2)]


def test_declared_types_of_c_take_precedence(library):
    number = np.ctypeslib.ndpointer(np.float32, flags="C")
    function = library.doubled
    function.argtypes = [ctypes.POINTER(ctypes.c_float), ctypes.c_int, number]
    x = CALL.inputs["x"]
    asked = {"kind": "forward", "wanted": ("y",), "names": ("x",)}
    stated = {"arguments": ["x", "x.0"], "returns": ["y"]}
    made = callee(function, **asked, **stated)
    (found,) = made.run([Call({"x": x[:, :1]}, {}, "float64", {"y": (5, 1)})])
    assert found.arrays["y"].dtype == np.float32
    assert np.array_equal(found.arrays["y"], 2 * x[:, :1])
    (unknown,) = made.run([Call({"x": x}, {})])
    assert unknown.failure == "The shape of y, which the function is to write, is not known."


def test_a_crash_in_c_is_one_sentence(library):
    asked = {"kind": "backward", "wanted": ("x",), "names": ("dout", "x")}
    made = callee(library.wild, **asked, arguments="dout", returns="x")
    (found,) = made.run([Call({n: CALL.inputs[n] for n in ("dout", "x")}, {})])
    assert found.failure == "The function crashed its process: segmentation fault (SIGSEGV)."


def test_a_function_of_c_needs_statements(library):
    with pytest.raises(SymcnnError, match="a function of C has no signature: give arguments="):
        callee(library.backward, **DENSE)
