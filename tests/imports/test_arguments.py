"""Modules with several inputs or outputs, and those that compute their loss."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import some

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812 - its usual name

from tests.imports.modules import given, settled  # noqa: E402 - it needs PyTorch


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.image, self.row = nn.Conv2d(2, 3, 1), nn.Linear(2, 3)

    def forward(self, x, z, mask=None, *, times=2.0):
        y = self.image(x) + times * self.row(z)[:, :, None, None]
        return {"y": y if mask is None else y * mask, "rest": (y.mean((2, 3)), None)}


@pytest.mark.parametrize("inputs", ["by place", "by name"])
def test_further_inputs_are_given_tensors(inputs):
    module, x, z = settled(Two()), given((2, 2, 3, 4)), given((2, 2))
    example = (x, z) if inputs == "by place" else {"z": z, "x": x}
    problem = sc.from_torch(module, example, output="y")
    assert [*map(float, problem.values["z.value"])] == z.flatten().tolist()
    learned = [tensor.name for tensor in problem.network.parameters]
    assert learned == ["image.weight", "image.bias", "row.weight", "row.bias"]
    y = module.double()(x, z)["y"]
    assert sc.evaluate(problem).loss == pytest.approx(y.sum().item(), rel=1e-12)


def test_one_of_several_outputs_is_chosen_by_name_or_number():
    module, example = settled(Two()), (given((1, 2, 3, 4)), given((1, 2)))
    mean = module.double()(*example)["rest"][0].sum().item()
    for output in ("rest.0", 1):
        problem = sc.from_torch(module, example, output=output)
        assert sc.evaluate(problem).loss == pytest.approx(mean, rel=1e-12)
    listed = r"\['y', 'rest\.0'\]: choose one, output=\"y\"$"
    with pytest.raises(sc.SymcnnError, match=rf"^the module returns 2 tensors, {listed}"):
        sc.from_torch(module, example)
    with pytest.raises(sc.SymcnnError, match=rf"^the module returns no 'z', but {listed}"):
        sc.from_torch(module, example, output="z")


def test_an_example_without_a_tensor():
    with pytest.raises(sc.SymcnnError, match=r"^the example input has no tensor: give one"):
        sc.from_torch(Two(), (1, 2))


class Lossy(nn.Module):
    """A dense layer and a loss."""

    def __init__(self, loss, units=3):
        super().__init__()
        self.fc, self.loss = nn.Linear(2, units), loss

    def forward(self, x, *target):
        return self.loss(self.fc(x), *target or [x])


def by(loss, **settings):
    return lambda y, t: loss(y, t, **settings)


def of_logarithms(loss, **settings):
    return lambda y, t: loss(F.log_softmax(y, 1), t, **settings)


CLASSES = torch.tensor([0, 2])
SHARES = torch.tensor([[0.5, 0.25, 0.25], [0.125, 0.375, 0.5]], dtype=torch.float64)
LOSSES = {
    "squared, mean": (by(F.mse_loss), SHARES),
    "classes, mean": (by(F.cross_entropy, label_smoothing=0.25), CLASSES),
    "smooth l1, mean": (by(F.smooth_l1_loss, beta=0.5), SHARES),
    "logits, mean": (by(F.binary_cross_entropy_with_logits), SHARES),
    "divergence by samples": (of_logarithms(F.kl_div, reduction="batchmean"), SHARES),
    "squared, sum": (by(F.mse_loss, reduction="sum"), SHARES),
    "shares, sum": (by(F.cross_entropy, reduction="sum"), SHARES),
    "Huber, sum": (by(F.huber_loss, reduction="sum", delta=0.25), SHARES),
    "probabilities": (lambda y, t: F.binary_cross_entropy(y.sigmoid(), t), SHARES),
    "logarithms, mean": (of_logarithms(F.nll_loss), CLASSES),
    "logarithms, sum": (of_logarithms(F.nll_loss, reduction="sum"), CLASSES),
    "divergence, sum": (of_logarithms(F.kl_div, reduction="sum"), SHARES),
    "a single output": (lambda y, t: F.mse_loss(y.squeeze(-1), t), SHARES[:, 0]),
    "the input": (by(F.mse_loss), None),
}


@pytest.mark.parametrize("name", some(LOSSES, every=3))
def test_a_loss_inside_is_that_of_the_network(name):
    loss, target = LOSSES[name]
    units = {"a single output": 1, "the input": 2}.get(name, 3)
    module, x = settled(Lossy(loss, units)), given((2, 2))
    example = x if target is None else (x, target)
    reports = []
    problem = sc.from_torch(module, example, report=reports.append)
    module = module.double()
    value = module(*example) if isinstance(example, tuple) else module(example)
    made = sc.evaluate(problem)
    assert made.loss == pytest.approx(value.item(), rel=1e-12)
    theirs = torch.autograd.grad(value, [module.fc.weight, module.fc.bias])
    for key, slope in zip(("fc.weight", "fc.bias"), theirs, strict=True):
        assert np.allclose(made.gradients[key], slope.numpy(), rtol=1e-10, atol=1e-14)
    assert reports[0].gradients.keys() == {"fc.weight", "fc.bias"}


@pytest.mark.parametrize(
    ("loss", "target", "line"),
    [
        (by(F.mse_loss, reduction="none"), SHARES, "is not one number: set reduction to mean or"),
        (by(F.cross_entropy, weight=torch.ones(3).double()), CLASSES, "weight is given: leave it"),
        (by(F.cross_entropy, ignore_index=2), CLASSES, "targets are ignored: leave these samples"),
        (lambda y, t: F.mse_loss(y, t.exp()), SHARES, "target is computed in the module: give it"),
        (by(F.nll_loss), CLASSES, "does not read a log_softmax: put F.log_softmax before it"),
    ],
)
def test_losses_that_are_refused(loss, target, line):
    with pytest.raises(sc.SymcnnError, match=line):
        sc.from_torch(Lossy(loss), (given((2, 2)), target))


def test_a_module_with_a_loss_is_given_no_other():
    module, example = Lossy(by(F.mse_loss)), (given((2, 2)), SHARES)
    with pytest.raises(sc.SymcnnError, match=r"^the module computes its loss itself: leave loss"):
        sc.from_torch(module, example, loss=sc.HalfSquaredError())
