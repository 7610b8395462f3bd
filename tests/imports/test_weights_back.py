"""Weights go back to their source: the same names, layouts and bits, and the same loss there."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli import main

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional


class NormAct(nn.BatchNorm2d):
    """A normalisation that computes itself, so that its layer has another name than it has."""

    def forward(self, x):
        given = self.running_mean, self.running_var, self.weight, self.bias
        return functional.batch_norm(x, *given).relu()


class Stem(nn.Module):
    """A kernel, a normalisation, a bare parameter, a buffer, and parts that nothing reads."""

    def __init__(self):
        super().__init__()
        self.conv_kxk = nn.Sequential(nn.Conv2d(2, 4, (3, 2), groups=2, bias=False), NormAct(4))
        self.up = nn.ConvTranspose2d(4, 6, 2, groups=2)
        self.scale = nn.Parameter(torch.rand(6, 1, 1))
        self.table = nn.Parameter(torch.rand(9, 3))
        self.register_buffer("shift", torch.rand(3))
        self.head, self.auxiliary = nn.Linear(150, 3), nn.Linear(2, 2)

    def forward(self, x):
        y = self.up(self.conv_kxk(x)) * self.scale
        return self.head(y.flatten(1)) + self.table[4:5] + self.shift


class Words(nn.Module):
    """Attention with the weights of queries, keys and values in one, and a tied table."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(6, 4)
        self.mixed = nn.TransformerEncoderLayer(4, 2, 8, dropout=0, batch_first=True)
        self.head = nn.Linear(4, 6, bias=False)
        self.head.weight = self.words.weight

    def forward(self, x):
        return self.head(self.mixed(self.words(x)))


def drawn(made, seed=0):
    """Return a module with statistics that are not 0 and 1."""
    torch.manual_seed(seed)
    module = made().eval()
    for name, buffer in module.named_buffers():
        if name.endswith(("mean", "var")):
            buffer.uniform_(0.5, 1.5)
    return module


CASES = {
    "stem": (Stem, lambda: torch.rand(2, 2, 6, 5)),
    "words": (Words, lambda: torch.tensor([[1, 5, 2]])),
}


def arrays(module):
    """Return what a module stores, in NumPy, which has no numbers of 16 bits like PyTorch's."""
    return {
        name: (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
        for name, tensor in module.state_dict().items()
    }


def stored(arrays):
    return {name: (array.dtype, array.shape, array.tobytes()) for name, array in arrays.items()}


@pytest.mark.parametrize("kind", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("name", CASES)
def test_what_came_in_goes_back_bit_for_bit(name, kind, tmp_path):
    made, x = CASES[name]
    module = drawn(made).to(kind)
    problem = sc.from_torch(module, x())
    sc.save(problem, tmp_path / "saved.toml", arrays="saved.npz")
    for imported in (problem, sc.load(tmp_path / "saved.toml")):
        found, wanted = imported.state_dict(), arrays(module)
        assert [*stored(found).items()] == [*stored(wanted).items()]
        other = drawn(made, seed=1).to(kind)
        assert sc.to_torch(imported, other) is other
        assert stored(arrays(other)) == stored(wanted)


@pytest.mark.parametrize("name", CASES)
def test_pytorch_computes_the_same_loss_with_the_trained_weights(name):
    made, draw = CASES[name]
    module, x = drawn(made).double(), draw()
    x = x.double() if x.is_floating_point() else x
    problem = sc.from_torch(module, x)
    trained = sc.train(problem, steps=5, rate=1e-3)
    y = sc.to_torch(trained.problem, module)(x)
    assert y.sum().item() == pytest.approx(trained.losses[-1], rel=1e-12)
    assert abs(trained.losses[-1] - trained.losses[0]) > 1e-3


def test_a_resnet_goes_there_and_back():
    """20 steps of SGD with symcnn's gradients, and the same with PyTorch's."""
    torchvision = pytest.importorskip("torchvision")
    torch.manual_seed(0)
    module = torchvision.models.resnet18(num_classes=10).eval()
    x, classes = torch.rand(2, 3, 32, 32), [3, 7]
    problem = sc.from_torch(module, x, loss=sc.SoftmaxCrossEntropy(), target=classes)
    trained = sc.train(problem, steps=20, rate=0.01)
    back = sc.to_torch(trained.problem, torchvision.models.resnet18(num_classes=10).eval().double())
    loss = functional.cross_entropy(back(x.double()), torch.tensor(classes))
    assert loss.item() == pytest.approx(trained.losses[-1], rel=1e-10)
    optimiser = torch.optim.SGD(module.double().parameters(), lr=0.01)
    for _ in range(20):
        optimiser.zero_grad()
        functional.cross_entropy(module(x.double()), torch.tensor(classes)).backward()
        optimiser.step()
    for name, array in trained.problem.state_dict("float64").items():
        np.testing.assert_allclose(array, module.state_dict()[name].numpy(), rtol=1e-7, atol=1e-10)


def test_files_of_weights(tmp_path, monkeypatch, capsys):
    safetensors = pytest.importorskip("safetensors.torch")
    monkeypatch.chdir(tmp_path)
    module = drawn(Stem)
    problem = sc.from_torch(module, torch.rand(1, 2, 6, 5))
    trained = sc.train(problem, steps=2, rate=1e-3)
    trained.save("weights.safetensors")
    trained.save("weights.npz")
    held = trained.problem.state_dict()
    with np.load("weights.npz") as archive:
        assert stored(archive) == stored(held)
    module.load_state_dict(safetensors.load_file("weights.safetensors"))
    assert stored(arrays(module)) == stored(held)
    again = sc.with_safetensors(problem, "weights.safetensors").state_dict()
    assert all(np.array_equal(again[name], array) for name, array in held.items())
    with pytest.raises(sc.SymcnnError, match=r"'weights.pt' ends in neither \.safetensors nor"):
        trained.save("weights.pt")
    sc.save(problem, "stem.toml", arrays="stem.npz")
    command = ["train", "stem.toml", "--steps", "2", "--rate", "0.001", "-o", "out"]
    assert main([*command, "--weights", "again.npz"]) == 0
    assert capsys.readouterr().out.endswith("wrote again.npz\n")
    with np.load("again.npz") as archive:
        assert all(np.array_equal(archive[name], array) for name, array in held.items())
    assert main([*command, "--weights", "again.pt"]) == 2


def test_programs_know_what_their_module_stores(tmp_path):
    module = drawn(Words)
    program = torch.export.export(module, (CASES["words"][1](),))
    torch.export.save(program, tmp_path / "words.pt2")
    ours = [sc.from_torch(program, CASES["words"][1]()), sc.from_pt2(tmp_path / "words.pt2")]
    assert [stored(problem.state_dict()) for problem in ours] == [stored(arrays(module))] * 2


def test_a_module_that_is_another_is_refused():
    problem = sc.from_torch(nn.Sequential(nn.Linear(3, 2)), torch.rand(1, 3))
    with pytest.raises(sc.SymcnnError) as caught:
        sc.to_torch(problem, nn.Sequential(nn.Linear(4, 2, bias=False), nn.Linear(2, 2)))
    assert str(caught.value).split("\n") == [
        "the module has no '0.bias': did you mean '1.bias'? choose from 1.weight, 1.bias",
        "the network has no '1.weight': did you mean '0.weight'? choose from 0.weight, 0.bias",
        "the network has no '1.bias': did you mean '0.bias'? choose from 0.weight, 0.bias",
        "'0.weight' has the shape 2x3, but in the module 2x4: give the module that was imported",
    ]


def test_what_no_parameter_holds_is_refused_once_it_was_changed():
    normed = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
    problem = sc.from_torch(normed, torch.rand(1, 3))
    assert [*problem.state_dict()] == [*normed.state_dict()]
    with pytest.raises(sc.SymcnnError) as caught:
        sc.train(problem, steps=1, rate=0.1).problem.state_dict()
    assert str(caught.value) == (
        "'linear.weight' was changed, and no array of the source holds it, since the source "
        "computes it: import the network without what computes it"
    )


def test_copies_go_back_while_they_are_equal():
    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([1.0, 2.0]))

        def forward(self, x):
            return x * self.w + self.w

    with pytest.warns(sc.CopiedWarning):
        problem = sc.from_torch(Both(), torch.rand(1, 2))
    assert problem.state_dict()["w"].tolist() == [1, 2]
    with pytest.raises(sc.SymcnnError, match=r"^'w' is one weight of the source and several here"):
        sc.train(problem, steps=1, rate=0.1).problem.state_dict()


def test_large_parts_that_nothing_reads_are_not_in_problem_files(tmp_path):
    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.idle = nn.Parameter(torch.rand(700, 2)), nn.Linear(40, 40)

        def forward(self, x):
            return x + self.table[:1]

    module = Wide()
    sc.save(sc.from_torch(module, torch.rand(1, 2)), tmp_path / "wide.toml")
    problem = sc.load(tmp_path / "wide.toml")
    with pytest.raises(sc.SymcnnError) as caught:
        problem.state_dict()
    assert str(caught.value) == (
        "the problem file does not hold 1,398 entries of 'table', which the network does not use: "
        "import it again, or use to_torch or to_onnx"
    )
    other = Wide()
    rest = other.table[1:].clone()
    sc.to_torch(problem, other)
    assert torch.equal(other.table[:1], module.table[:1])
    assert torch.equal(other.table[1:], rest)


def test_a_network_that_was_written_here_has_the_layouts_of_pytorch():
    layers = [
        sc.Conv2D(2, (2, 1), name="features.0"),
        sc.BatchNorm(mode="inference", name="features.1"),
        sc.Flatten(),
        sc.Dense(3, name="fc"),
    ]
    network = sc.Network((3, 2, 2), layers, sc.SumOfOutputs())
    numbers = {t.name: [n / 4 + 1 for n in range(t.size)] for t in network.given}
    problem = sc.Problem(network, numbers)
    module = nn.Sequential()
    module.features = nn.Sequential(nn.Conv2d(2, 2, (2, 1)), nn.BatchNorm2d(2))
    module.fc = nn.Linear(8, 3)
    sc.to_torch(problem, module.double().eval())
    x = torch.tensor([float(n) for n in problem.values["x"]]).double().reshape(1, 3, 2, 2)
    y = module.fc(module.features(x.permute(0, 3, 1, 2)).flatten(1))
    np.testing.assert_allclose(sc.evaluate(problem).outputs["fc"], y[0].detach(), rtol=1e-12)
