"""Every operator of PyTorch that is known, beside PyTorch: outputs and gradients."""

import contextlib
from itertools import permutations

import numpy as np
import pytest

import symcnn as sc
from tests.draws import one_of, some

torch = pytest.importorskip("torch")

from tests.imports import modules  # noqa: E402 - it needs PyTorch
from tests.imports.linear import IN_MEMORY  # noqa: E402
from tests.imports.modules import given, settled  # noqa: E402
from tests.imports.operators import OPERATORS  # noqa: E402

CASES = {**modules.CASES, **OPERATORS}


def is_turned(own, theirs):
    """Tell whether an array is another with its axes in some order, the samples first."""
    orders = ((0, *order) for order in permutations(range(1, theirs.ndim)))
    turned = (theirs.transpose(order) for order in orders)
    return any(t.shape == own.shape and np.allclose(own, t, rtol=0, atol=1e-12) for t in turned)


@pytest.mark.filterwarnings("ignore::symcnn.CopiedWarning")
@pytest.mark.parametrize("name", some(CASES, every=13))
def test_a_module_is_the_same_in_symcnn(name):
    """The import compares as well; here, nothing of it is used."""
    module, shape = CASES[name]
    x = given(shape)
    problem = sc.from_torch(settled(module), x)
    y = module.double()(x)
    made = sc.evaluate(problem)
    own = made.outputs[problem.network.output.name]
    own = own if problem.network.batch is not None else own[None]
    assert is_turned(own, y.detach().numpy().reshape(len(y), *y.shape[1:] or (1,)))
    assert made.loss == pytest.approx(y.sum().item(), rel=1e-12)
    parameters = dict(module.named_parameters())
    if not parameters:
        return
    slopes = torch.autograd.grad(y.sum(), [*parameters.values()], allow_unused=True)
    theirs = sorted(float(s.abs().sum()) for s in slopes if s is not None)
    own = sorted(float(abs(made.gradients[t.name]).sum()) for t in problem.network.parameters)
    rounded = ("hard sigmoid", "celu")  # PyTorch's 1/6 and 1/alpha have 32 bits there
    near = 1e-7 if name.startswith(rounded) else 1e-9
    if len(own) == len(theirs):
        assert own == pytest.approx(theirs, rel=near, abs=near)


def test_the_names_are_those_of_the_module():
    class Block(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = torch.nn.Conv2d(2, 2, 3, padding=1, bias=False)
            self.bn1 = torch.nn.BatchNorm2d(2)
            self.relu = torch.nn.ReLU(inplace=True)

        def forward(self, x):
            return self.relu(self.relu(self.bn1(self.conv1(x))) + x)

    module = torch.nn.Sequential()
    module.layer1 = torch.nn.Sequential(Block())
    problem = sc.from_torch(module, torch.rand(1, 2, 4, 4))
    assert [stage.output.name for stage in problem.network.stages] == [
        *("layer1.0.conv1", "layer1.0.bn1", "layer1.0.relu", "layer1.0.add", "layer1.0.relu_1")
    ]
    assert {t.name for t in problem.network.given} == {
        *("x", "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias"),
        *("layer1.0.bn1.mean", "layer1.0.bn1.variance"),
    }
    assert problem.network.batch is None
    assert module.training  # it was not changed
    assert problem.network.layers[1].mode == "inference"
    assert problem.network.layers[3].inputs == ("layer1.0.relu", "x")


def test_the_columns_behind_an_image_follow_its_entries():
    """A dense layer of one weight each, by hand: 2 channels of 1 x 3 pixels."""
    module = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 1), torch.nn.Flatten(), torch.nn.Linear(6, 1)
    )
    with torch.no_grad():
        module[0].weight[:] = torch.tensor([[[[1.0]]], [[[10.0]]]])
        module[0].bias.zero_()
        module[2].weight[:] = torch.tensor([[1.0, 2, 3, 4, 5, 6]])
        module[2].bias.zero_()
    problem = sc.from_torch(module, torch.tensor([[[[1.0, 2.0, 3.0]]]]))
    assert problem.values["2.weight"] == (1, 4, 2, 5, 3, 6)
    assert sc.evaluate(problem).loss == 1 * 1 + 2 * 2 + 3 * 3 + 10 * (4 * 1 + 5 * 2 + 6 * 3)


@pytest.mark.filterwarnings("ignore::symcnn.CopiedWarning")
@pytest.mark.parametrize("name", one_of(name for name in CASES if name not in IN_MEMORY))
def test_a_file_is_read_as_the_module_is(name, tmp_path):
    """The same problem, read without PyTorch's loader from what PyTorch wrote."""
    module, shape = CASES[name]
    x, path = given(shape), tmp_path / "net.pt2"
    torch.export.save(torch.export.export(settled(module).double(), (x,)), path)
    made, expected = sc.from_pt2(path, title="net"), sc.from_torch(module, x, title="net")
    assert [layer.name for layer in made.network.layers] == [
        layer.name for layer in expected.network.layers
    ]
    assert made.values == expected.values


class Cast(torch.nn.Module):
    """tanh(2 (x + 1)) + 2 (x + 1), in two blocks that turn autocasting off, or in none."""

    def __init__(self, *devices):
        super().__init__()
        self.devices = devices

    def forward(self, x):
        with contextlib.ExitStack() as stack:
            for device in self.devices:
                stack.enter_context(torch.autocast(device, enabled=False))
            y = 2 * (x + 1)
            z = y.tanh()
        return y + z


def test_blocks_that_turn_autocasting_off_change_nothing():
    x = torch.rand(2, 4)
    plain, made = sc.from_torch(Cast(), x), sc.from_torch(Cast("cuda", "cpu"), x)
    assert [*map(repr, made.network.layers)] == [*map(repr, plain.network.layers)]
    assert len(made.network.layers) == 4


class Called(torch.nn.Module):
    """A function of the input and of one learned array."""

    def __init__(self, function, *shape):
        super().__init__()
        self.function, self.w = function, torch.nn.Parameter(torch.rand(shape))

    def forward(self, x):
        return self.function(x, self.w)


def masked_by_what_is_computed(x, w):
    scores = x @ w
    mask = scores @ scores.transpose(-1, -2)
    return torch.nn.functional.scaled_dot_product_attention(x, x, x, attn_mask=mask)


def read_by_two_heads(x, w):
    q, k, v = (x @ w).split((8, 4, 4), -1)
    q = q.unflatten(-1, (2, 4)).transpose(1, 2)
    return torch.nn.functional.scaled_dot_product_attention(q, k[:, None], v[:, None]).flatten(1)


def widened_before_a_maximum(x, w):
    wider = torch.nn.functional.pad(x * w - 9, (1, 2, 1, 2), value=float("-inf"))
    return torch.nn.functional.max_pool2d(wider, 3, stride=2)


def turned_by_numbers_of_32_bits(x, w):
    angles = torch.arange(4.0) / torch.tensor([3.0])
    return x * angles.cos().to(x.dtype) + w


OF_W = {
    "subtracted": (lambda x, w: (x - w).tanh(), (4,), (2, 4)),
    "subtracted from rows": (lambda x, w: (x[:, None] - w).pow(2).sum(-1), (3, 4), (2, 4)),
    "times a vector": (lambda x, w: x.tanh() @ w, (4,), (2, 4)),
    "larger than the input": (lambda x, w: x.mean(-1, keepdim=True) * w, (5,), (2, 4)),
    "a computed mask": (masked_by_what_is_computed, (4, 4), (2, 3, 4)),
    "keys of one head": (read_by_two_heads, (4, 16), (2, 3, 4)),
    "infinite padding": (widened_before_a_maximum, (2, 1, 1), (2, 2, 4, 4)),
    "angles": (turned_by_numbers_of_32_bits, (4,), (2, 4)),
}


@pytest.mark.parametrize("name", OF_W)
def test_a_learned_array_stays_itself(name):
    """Beside PyTorch in the import; its numbers go back as they came."""
    function, own, shape = OF_W[name]
    module, reports = Called(function, *own), []
    problem = sc.from_torch(module, given(shape).float(), report=reports.append)
    assert [*reports[0].gradients] == ["w"]
    np.testing.assert_array_equal(problem.state_dict()["w"], module.w.detach().numpy())


NOT_FINITE = {
    "output": (lambda x, w: (x * w - 9).log(), "the output is not finite, as after a division by"),
    "gradient": (
        lambda x, w: (x * 0 * w).sqrt(),
        "the gradient of 'w' is not finite at the exampl",
    ),
}


@pytest.mark.parametrize("name", NOT_FINITE)
def test_what_is_not_finite_is_refused_in_one_line(name):
    function, line = NOT_FINITE[name]
    with pytest.raises(sc.SymcnnError, match=f"^{line}.*: give another input$"):
        sc.from_torch(Called(function, 4), given((2, 4)).float())
