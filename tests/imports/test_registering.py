"""Layers that users register for operators of PyTorch and ONNX."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import sympy

import symcnn as sc
from symcnn.imports import register, registering


@dataclass(frozen=True)
class Bent(sc.Activation):
    """A power of x, or of a multiple of x where that is negative."""

    slope: float = 1
    power: int = 1
    type_name: ClassVar[str] = ""

    def function(self, z):
        return sc.maximum(z, sympy.nsimplify(self.slope) * z) ** self.power


@dataclass(frozen=True)
class Mixed(sc.Layer):
    """Channels that are mixed at every position of an image."""

    type_name: ClassVar[str] = ""
    prefix: ClassVar[str] = "mixed"

    def output_shape(self, shape):
        return (*shape[:-1], 2)

    def parameters(self, shape):
        return {"mixing": sc.Parameter((1, 1, shape[-1], 2), "m", "ijcd")}

    def forward(self, y, x, mixing):
        (i, j, d), c = y.indices, sc.index("c")
        return (sc.define(y[i, j, d], mixing[0, 0, c, d] * x[i, j, c]),)


@pytest.fixture(autouse=True)
def forgotten():
    """What a test registers is not known to others."""
    kept = {**registering.REGISTERED}
    yield
    registering.REGISTERED.clear()
    registering.REGISTERED.update(kept)


def bent(x, slope, power):
    return np.where(x > 0, x, slope * x) ** power


@pytest.fixture(scope="module")
def module():
    """A module of two operators of its own, with gradients of its own."""
    torch = pytest.importorskip("torch")

    @torch.library.custom_op("symcnn_tests::bent", mutates_args=())
    def bent_of(x: torch.Tensor, slope: float, power: int = 2) -> torch.Tensor:
        return torch.where(x > 0, x, slope * x) ** power

    @torch.library.custom_op("symcnn_tests::mixed", mutates_args=())
    def mixed(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.conv2d(x, weight)

    def slope_of_bent(ctx, g):
        (x,), slope = ctx.saved_tensors, ctx.slope
        return 2 * g * torch.where(x > 0, x, slope**2 * x), None, None

    def keep(ctx, inputs, output):
        ctx.slope = inputs[1]
        ctx.save_for_backward(*(i for i in inputs if isinstance(i, torch.Tensor)))

    def slopes_of_mixed(ctx, g):
        x, weight = ctx.saved_tensors
        back = torch.nn.functional.conv_transpose2d(g, weight)
        return back, torch.einsum("nohw,nihw->oi", g, x)[:, :, None, None]

    bent_of.register_fake(lambda x, slope, power=2: torch.empty_like(x))
    mixed.register_fake(lambda x, w: x.new_empty(x.shape[0], w.shape[0], *x.shape[2:]))
    bent_of.register_autograd(slope_of_bent, setup_context=keep)
    mixed.register_autograd(slopes_of_mixed, setup_context=keep)

    class Own(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = torch.nn.Conv2d(2, 3, 2)
            self.weight = torch.nn.Parameter(torch.rand(2, 3, 1, 1))

        def forward(self, x):
            return mixed(bent_of(self.conv(x), 0.25), self.weight)

    return Own(), torch.rand(2, 2, 3, 4)


def test_an_operator_of_pytorch(module):
    register("symcnn_tests::bent", Bent)

    @register("symcnn_tests::mixed")
    def mixed():
        return Mixed()

    assert mixed() == Mixed()
    reports = []
    problem = sc.from_torch(*module, report=reports.append)
    layers = problem.network.layers
    assert [layer.name for layer in layers] == ["conv", "bent", "mixed"]
    assert (layers[1].slope, layers[1].power) == (sympy.Rational(1, 4), 2)
    assert reports[0].gradients.keys() == {"conv.weight", "conv.bias", "weight"}


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (None, r"node 'mixed' \(symcnn_tests\.mixed\.default, .*: no layer is known for this oper"),
        (lambda: Mixed, r"what the registered function returns is the class Mixed: call it"),
        (lambda missing: Mixed(), r"the registered layer cannot be made \(.*missing 1 required"),
        (lambda: sc.Dense(1), r"node 'mixed' .*: "),
    ],
)
def test_a_layer_that_does_not_fit_is_one_line(module, layer, line):
    register("symcnn_tests::bent", Bent)
    if layer is not None:
        register("symcnn_tests::mixed", layer)
    with pytest.raises(sc.SymcnnError, match=line):
        sc.from_torch(*module)


def test_another_function_is_found_by_the_comparison(module):
    register("symcnn_tests::bent", lambda slope: Bent(slope, 3))
    register("symcnn_tests::mixed", Mixed)
    line = "more than 1e-09: check the layer of symcnn_tests.bent.default, symcnn_tests.mixed.def"
    with pytest.raises(sc.SymcnnError, match=line):
        sc.from_torch(*module)


def test_an_operator_of_onnx(tmp_path):
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper

    own = helper.make_node("Bent", ["x"], ["t"], domain="org.tests", slope=0.25, power=2)
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, (2, 3)) for name in "xy"]
    nodes = [own, helper.make_node("Sign", ["t"], ["y"])]
    graph = helper.make_graph(nodes, "model", value[:1], value[1:])
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("org.tests", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), tmp_path / "own.onnx")
    with pytest.raises(sc.SymcnnError, match=r"\(org\.tests::Bent\): no layer is known"):
        sc.from_onnx(tmp_path / "own.onnx")
    register("org.tests::Bent", Bent, computes=bent)
    register("Sign", lambda: sc.Scale(1))
    with pytest.raises(sc.SymcnnError, match=r"check the layer of Sign, org.tests::Bent$"):
        sc.from_onnx(tmp_path / "own.onnx")
    del graph.node[1]
    graph.node[0].output[0] = "y"
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), tmp_path / "own.onnx")
    problem = sc.from_onnx(tmp_path / "own.onnx", np.array([[1.0, -2, 3], [-1, 2, 0]]))
    assert sc.evaluate(problem).loss == 1 + 0.25 + 9 + 0.0625 + 4


@pytest.mark.parametrize(
    ("operator", "layer", "line"),
    [
        (1, Bent, 'the operator is 1: give its name, such as "mylib::leaky"'),
        ("mylib::", Bent, 'the operator has no name: give one such as "mylib::leaky"'),
        ("mylib::leaky", 3, "the layer is 3: give a class or a function"),
    ],
)
def test_what_cannot_be_registered(operator, layer, line):
    with pytest.raises(sc.SymcnnError) as caught:
        register(operator, layer)
    assert str(caught.value) == line
