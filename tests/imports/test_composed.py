"""Layers that a network states by their formulas: GELU, layer and RMS normalisation."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import slow, some

torch = pytest.importorskip("torch")

from tests.imports.modules import settled  # noqa: E402 - it needs PyTorch

nn = torch.nn
WIDTH = 6


def gelu(x):
    return 0.5 * x * (1 + torch.erf(x / 2**0.5))


def gelu_in_another_order(x):
    return x * (torch.erf(x * 0.5**0.5) + 1) * 0.5


def layer_norm(x, axes=-1):
    centred = x - x.mean(axes, keepdim=True)
    return centred / torch.sqrt(centred.pow(2).mean(axes, keepdim=True) + 1e-6)


def layer_norm_computed_twice(x):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) * (x - mean)).mean(-1, keepdim=True)
    return (x - mean) * torch.rsqrt(1e-6 + variance)


def layer_norm_of_positions(x):
    return layer_norm(x, 1)


def layer_norm_of_all(x):
    return layer_norm(x, (2, 1))


def rms_norm(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)


def rms_norm_of_all(x):
    return x / torch.sqrt((x * x).mean((-2, -1), keepdim=True) + 1e-5)


class Within(nn.Module):
    """A function behind a dense layer, and a factor and a summand behind it."""

    def __init__(self, function):
        super().__init__()
        self.function, self.dense = function, nn.Linear(WIDTH, WIDTH)
        self.factor, self.summand = (nn.Parameter(torch.rand(WIDTH)) for _ in range(2))

    def forward(self, x):
        return self.function(self.dense(x)) * self.factor + self.summand


FORMULAS = {
    gelu: ["GELU", "MultiplyParameter", "AddParameter"],
    layer_norm: ["LayerNorm"],
    layer_norm_of_positions: ["LayerNorm", "MultiplyParameter", "AddParameter"],
    rms_norm: ["RMSNorm", "AddParameter"],
    gelu_in_another_order: ["GELU", "MultiplyParameter", "AddParameter"],
    layer_norm_computed_twice: ["LayerNorm"],
    layer_norm_of_all: ["LayerNorm", "MultiplyParameter", "AddParameter"],
    rms_norm_of_all: ["RMSNorm", "MultiplyParameter", "AddParameter"],
}


@pytest.mark.parametrize("formula", some(FORMULAS, every=2), ids=lambda f: f.__name__)
def test_a_formula_becomes_a_layer(formula):
    reports, module = [], settled(Within(formula))
    problem = sc.from_torch(module, torch.rand(2, 5, WIDTH), report=reports.append)
    made = [type(layer).__name__ for layer in problem.network.layers]
    assert [kind for kind in made if kind not in ("Transpose", "Conv1D")] == FORMULAS[formula]
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()
    assert reports[0].uncompared == reports[0].zeros == ()


def _read_elsewhere(x):
    phi = 1 + torch.erf(x / 2**0.5)
    return x * phi * 0.5 + phi


def _of_another_mean(x):
    centred = x - x.mean(1, keepdim=True)
    return centred / torch.sqrt(centred.pow(2).mean(-1, keepdim=True) + 1e-6)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * (1 + torch.erf(x / 2**0.5)) * 0.4,
        lambda x: x * (1 + torch.erf(x)) * 0.5,
        lambda x: x.relu() * (1 + torch.erf(x / 2**0.5)) * 0.5,
        _read_elsewhere,
        lambda x: x.mean(-1, keepdim=True) / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6),
        lambda x: torch.sqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) / x,
        lambda x: x / torch.sqrt(x.pow(4).mean(-1, keepdim=True) + 1e-6),
        lambda x: x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + x.mean(-1, keepdim=True)),
    ],
)
def test_another_formula_is_not_taken_for_a_layer(function):
    problem = sc.from_torch(settled(Within(function)), torch.rand(2, 5, WIDTH))
    found = {type(layer).__name__ for layer in problem.network.layers}
    assert found.isdisjoint({"GELU", "LayerNorm", "RMSNorm"})


def test_what_is_not_centred_by_its_mean_is_divided_by_its_root_mean_square():
    reports, x = [], torch.rand(2, 5, WIDTH)
    problem = sc.from_torch(settled(Within(_of_another_mean)), x, report=reports.append)
    assert "RMSNorm" in {type(layer).__name__ for layer in problem.network.layers}


@slow
def test_a_transformer_of_an_old_set_of_onnx(tmp_path):
    """Normalisation and GELU as PyTorch wrote them for sets of operators before 17."""
    onnx = pytest.importorskip("onnx")
    from tests.imports.models import model, saved

    nodes = [
        onnx.helper.make_node(kind, inputs, [output], name=f"/act/{kind}_{output}", **settings)
        for kind, inputs, output, settings in (
            ("ReduceMean", ["x"], "mean", {"axes": [-1]}),
            ("Sub", ["x", "mean"], "centred", {}),
            ("Pow", ["centred", "two"], "square", {}),
            ("ReduceMean", ["square"], "variance", {"axes": [-1]}),
            ("Add", ["variance", "epsilon"], "sum", {}),
            ("Sqrt", ["sum"], "deviation", {}),
            ("Div", ["centred", "deviation"], "normal", {}),
            ("Mul", ["normal", "norm.weight"], "scaled", {}),
            ("Add", ["scaled", "norm.bias"], "normed", {}),
            ("Div", ["normed", "root"], "divided", {}),
            ("Erf", ["divided"], "erf", {}),
            ("Add", ["erf", "one"], "more", {}),
            ("Mul", ["normed", "more"], "double", {}),
            ("Mul", ["double", "half"], "y", {}),
        )
    ]
    random = np.random.default_rng(0)
    learned = {name: random.normal(size=4) for name in ("norm.weight", "norm.bias")}
    numbers = {"two": 2, "epsilon": 1e-5, "root": 2**0.5, "one": 1, "half": 0.5}
    given = {name: np.float32(number) for name, number in {**learned, **numbers}.items()}
    path = saved(model(nodes, (2, 3, 4), 13, **given), tmp_path)
    x, reports = random.normal(size=(2, 3, 4)), []
    problem = sc.from_onnx(path, x, report=reports.append)
    made = [(type(layer).__name__, layer.name) for layer in problem.network.layers[-2:]]
    assert made == [("LayerNorm", "norm"), ("GELU", "act")]
    assert {tensor.name for tensor in problem.network.parameters} == {"norm.weight", "norm.bias"}
    weight, bias = (torch.from_numpy(given[name].astype(float)) for name in learned)
    theirs = nn.functional.layer_norm(torch.from_numpy(x), (4,), weight, bias, 1e-5)
    expected = nn.functional.gelu(theirs).sum().item()
    assert float(sc.evaluate(problem).loss) == pytest.approx(expected, rel=1e-12)
