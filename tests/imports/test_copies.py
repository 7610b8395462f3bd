"""A weight of the source that is several weights of the network is named by the import."""

import warnings

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli import main

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional


class Called(nn.Module):
    """A function of the input and of one weight."""

    def __init__(self, function, *shape):
        super().__init__()
        torch.manual_seed(0)
        self.function, self.w = function, nn.Parameter(torch.rand(shape))

    def forward(self, x):
        return self.function(x, self.w)


def shifted(x, table):
    places = torch.arange(4)[:, None] - torch.arange(4) + 3
    return (x @ x.transpose(1, 2) + table[places]) @ x


COPIED = {
    "rows in common": (
        lambda x, w: functional.linear(x, w[:4]) + functional.linear(x, w[2:]),
        (6, 3),
        (2, 3),
        2,
    ),
    "scale and shift": (lambda x, w: (x * w).tanh() + w, (3,), (2, 3), 2),
    "a table": (shifted, (7,), (2, 4, 3), 1),
}
"""A function, the shape of its weight, that of the input, and how many tensors the weight is in."""

SHARED = {
    "a layer twice": (lambda x, w: functional.linear(functional.linear(x, w).tanh(), w), (3, 3)),
    "other rows": (lambda x, w: functional.linear(x, w[:2]) @ torch.ones(2, 1).to(x), (4, 3)),
    "halves": (lambda x, w: functional.linear(x, w[:2]) + functional.linear(x, w[2:]), (4, 3)),
}


@pytest.mark.parametrize("name", COPIED)
def test_a_weight_in_several_places_is_named(name):
    function, shape, given, count = COPIED[name]
    reports = []
    with pytest.warns(sc.CopiedWarning) as warned:
        sc.from_torch(Called(function, *shape), torch.rand(given), report=reports.append)
    (warning,) = warned
    assert warning.filename == __file__  # where the import is called, not within it
    ((parameter, tensors),) = reports[0].copies.items()
    assert (parameter, len(tensors)) == ("w", count)
    places = " and ".join(map(repr, tensors))
    assert str(warning.message) == (
        f"'w' is one weight of the source and several here, in {places}: training changes each "
        "on its own"
    )
    assert str(reports[0]).endswith("; several weights each: w")


@pytest.mark.parametrize("name", SHARED)
def test_a_weight_that_is_one_weight_is_not(name):
    function, shape = SHARED[name]
    reports = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sc.from_torch(Called(function, *shape), torch.rand(2, 3), report=reports.append)
    assert reports[0].copies == {}


def test_what_is_said_is_so():
    """Each copy has a slope of its own, and PyTorch moves the weight by their sum."""
    function, shape, given, _ = COPIED["scale and shift"]
    module, x = Called(function, *shape).double(), torch.rand(given).double()
    with pytest.warns(sc.CopiedWarning):
        problem = sc.from_torch(module, x)
    made = sc.evaluate(problem).gradients
    module(x).sum().backward()
    first, second = (made[name] for name in ("mul.weight", "add.bias"))
    theirs = module.w.grad.numpy()
    assert abs(first - theirs).max() > 0.1
    np.testing.assert_allclose(first + second, theirs, rtol=1e-12)


def test_the_command_says_it_and_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    function, shape, given, _ = COPIED["rows in common"]
    program = torch.export.export(Called(function, *shape), (torch.rand(given),))
    torch.export.save(program, "tied.pt2")
    assert main(["import", "tied.pt2"]) == 0
    line = capsys.readouterr().err
    said = line.removeprefix("symcnn: warning: ")
    assert said != line
    assert said.startswith("'w' is one weight of the source and several here, in ")
    assert (tmp_path / "tied.toml").read_text().startswith(f"# {said}")
    assert sc.load("tied.toml").title == "tied"


def test_of_many_weights_the_first_are_named(monkeypatch):
    monkeypatch.setattr(sc.limits, "WARNINGS", 1)

    class Crossed(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Parameter(torch.rand(3)), nn.Parameter(torch.rand(3))

        def forward(self, x):
            return ((x * self.a + self.a) * self.b + self.b).tanh()

    with pytest.warns(sc.CopiedWarning) as warned:
        sc.from_torch(Crossed(), torch.rand(2, 3))
    first, rest = (str(warning.message) for warning in warned)
    assert first.startswith("'a' is one weight of the source and several here, in ")
    assert rest == "1 more of the source's weights are several here"
