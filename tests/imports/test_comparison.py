"""An import that is wrong is an error, and a report says how far it is from its source."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.imports.placed import Folded
from tests.draws import some

torch = pytest.importorskip("torch")
nn = torch.nn


def lenet():
    torch.manual_seed(0)
    parts = nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 4)
    return nn.Sequential(*parts)


X = torch.rand(2, 1, 8, 6, generator=torch.Generator().manual_seed(3))


def test_the_report_has_every_parameter(capsys):
    reports = []
    sc.from_torch(lenet(), X, report=reports.append)
    (report,) = reports
    assert report.outputs < 1e-12
    assert {*report.gradients} == {"0.weight", "0.bias", "4.weight", "4.bias"}
    assert report.largest == max(report.gradients.values()) < 1e-12
    assert (report.numbers, report.layers, report.uncompared) == (30 + 76, 5, ())
    sc.from_torch(lenet(), X, report=print)
    assert capsys.readouterr().out.startswith("5 layers, 106 parameters: outputs differ from the ")


def test_the_report_says_which_gradients_are_zero():
    module = lenet()
    module[0].bias.data.fill_(-1e3)  # no unit is active
    reports = []
    sc.from_torch(module, X, report=reports.append)
    assert reports[0].zeros == ("0.weight", "0.bias", "4.weight")
    assert "those of 4 gradients by 0.0e+00, of which 3 are 0 on both sides" in str(reports[0])


def test_columns_in_the_wrong_order_are_found(monkeypatch):
    monkeypatch.setattr(Folded, "columns", lambda self: np.arange(np.prod(self.shape)))
    with pytest.raises(sc.SymcnnError, match=r"^outputs differ from the source by"):
        sc.from_torch(lenet(), X)


def test_gradients_alone_can_be_wrong(monkeypatch):
    """The mean of a dropped-in function is right, and its slope is not."""
    import torch.nn.functional as F  # noqa: N812

    class Detached(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 2, 3)

        def forward(self, x):
            y = self.conv(x)
            return y.detach() + F.relu(y) - F.relu(y)

    with pytest.raises(
        sc.SymcnnError, match=r"^the gradient of conv\.weight differs from the sour"
    ):
        sc.from_torch(Detached(), X)


def test_a_problem_file_holds_what_was_imported(tmp_path):
    module = nn.Sequential(nn.BatchNorm2d(1), nn.LeakyReLU(0.2), *lenet(), nn.Hardtanh(0, 3))
    problem = sc.from_torch(module, X, loss=sc.SoftmaxCrossEntropy(), target=[1, 2])
    sc.save(problem, tmp_path / "my.toml", "my.npz")
    assert sc.load(tmp_path / "my.toml") == problem


def test_the_loss_and_its_target():
    module, classes = lenet().double(), torch.tensor([3, 0])
    theirs = nn.functional.cross_entropy(module(X.double()), classes)
    problem = sc.from_torch(module, X, loss=sc.SoftmaxCrossEntropy(), target=classes)
    assert problem.values["target"] == (0, 0, 0, 1, 1, 0, 0, 0)
    made = sc.evaluate(problem)
    assert made.loss == pytest.approx(theirs.item(), rel=1e-14)
    theirs.backward()
    kernel = module[0].weight.grad.permute(2, 3, 1, 0)
    np.testing.assert_allclose(made.gradients["0.weight"], kernel, rtol=0, atol=1e-15)


def test_a_target_has_the_layout_of_the_output():
    module = nn.Conv2d(1, 2, 3)
    target = torch.arange(2 * 2 * 6 * 4.0).reshape(2, 2, 6, 4)
    problem = sc.from_torch(module, X, loss=sc.MeanSquaredError(), target=target)
    theirs = nn.functional.mse_loss(module.double()(X.double()), target.double())
    assert sc.evaluate(problem).loss == pytest.approx(theirs.item(), rel=1e-14)


def test_a_parameter_that_is_computed_with_is_named():
    class Normalised(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.rand(2, 1, 3, 3))

        def forward(self, x):
            return nn.functional.conv2d(x, self.weight / self.weight.sum())

    reports = []
    sc.from_torch(Normalised(), X, report=reports.append)
    assert reports[0].uncompared == ("weight",)
    assert str(reports[0]).endswith("; not compared: weight")


class Read(nn.Module):
    """A weight that is read, and a number that is computed of it."""

    def __init__(self, function):
        super().__init__()
        self.weight, self.function = nn.Parameter(torch.rand(3, 7)), function

    def forward(self, x):
        return nn.functional.linear(x, self.weight) * self.function(self.weight)


def test_a_weight_of_which_numbers_are_computed_is_refused():
    with pytest.raises(sc.SymcnnError) as caught:
        sc.from_torch(Read(torch.sum), torch.rand(2, 7))
    assert str(caught.value) == (
        "node 'mul' (aten.mul.Tensor, output 2x3): it reads numbers computed of 'weight', which "
        "is also a weight itself: detach them, .detach(), or compute them of another parameter"
    )


@pytest.mark.parametrize(
    "function", some([lambda w: w.detach().sum(), lambda w: w.detach()[0, 0], torch.round])
)
def test_numbers_that_have_no_slope_are_constants(function):
    reports = []
    module, x = Read(lambda w: function(w).sum()), torch.rand(2, 7)
    problem = sc.from_torch(module, x, report=reports.append)
    assert reports[0].uncompared == ()
    y = module.double()(x.double()).sum()
    assert sc.evaluate(problem).loss == pytest.approx(y.item(), rel=1e-12)


def test_tensors_that_a_module_keeps_beside_its_parameters():
    """They have 32 bits, and what is computed of them has 64; the module is not changed."""
    matrix, angles = torch.rand(7, 4), torch.rand(4)

    class Kept(nn.Module):
        def forward(self, x):
            return (x.float() @ matrix) * angles.sin() + torch.tensor([0.1], dtype=torch.float32)

    x = torch.rand(2, 7)
    made = sc.evaluate(sc.from_torch(Kept(), x)).loss
    y = x.double() @ matrix.double() * angles.double().sin() + 0.1
    assert made == pytest.approx(y.sum().item(), rel=1e-12)
    assert (matrix.dtype, torch.get_default_dtype()) == (torch.float32, torch.float32)


@pytest.mark.parametrize("seed", some(range(6), every=6))
def test_random_modules(seed):
    """What is drawn has odd sizes, so that no two axes are taken for each other."""
    random = np.random.default_rng(seed)
    channels, parts, x = 3, [], torch.rand(2, 3, 11, 13)
    for _ in range(5):
        after = int(random.integers(2, 6))
        kind = random.integers(5)
        if kind == 0:
            parts.append(nn.Conv2d(channels, after, (3, 2), stride=(1, 2), padding=1))
        elif kind == 1:
            parts += [nn.Conv2d(channels, after, 1), nn.BatchNorm2d(after), nn.SiLU()]
        elif kind == 2:
            parts += [nn.Conv2d(channels, 2 * channels, 3, padding=1, groups=channels)]
            after = 2 * channels
        else:
            parts.append([nn.MaxPool2d(2, 1), nn.AvgPool2d((1, 2), 1, ceil_mode=True)][kind - 3])
            after = channels
        channels = after
    module = nn.Sequential(*parts, nn.Flatten()).eval()
    module.append(nn.Linear(module(x).shape[1], 3))
    reports = []
    sc.from_torch(module, x, report=reports.append)
    assert reports[0].gradients.keys() == dict(module.named_parameters()).keys()
