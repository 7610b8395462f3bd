"""Recurrent layers and cells, unrolled: derivatives are sums over steps, and equal PyTorch's."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import some

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from tests.imports.modules import given, settled  # noqa: E402 - it needs PyTorch


class Last(nn.Module):
    """What a layer returns last, of an input whose first axis counts the samples."""

    def __init__(self, layer, of=lambda made: made[0][:, -1]):
        super().__init__()
        self.layer, self.of = layer, of

    def forward(self, x):
        return self.of(self.layer(x if self.layer.batch_first else x.transpose(0, 1)))


class Loop(nn.Module):
    """Cells in a loop; the LSTM begins with what is computed of the input."""

    def __init__(self):
        super().__init__()
        self.gru, self.lstm = nn.GRUCell(2, 3), nn.LSTMCell(3, 2)
        self.plain, self.first = nn.RNNCell(2, 3, bias=False), nn.Linear(2, 2)

    def forward(self, x):
        h, q = x.new_zeros(x.shape[0], 3), None
        c = (self.first(x[:, 0]), self.first(x[:, 1]).tanh())
        for t in range(2):
            h, q = self.gru(x[:, t], h), self.plain(x[:, t], q)
            c = self.lstm(h, c)
        return torch.cat([q, *c], 1)


class Windows(nn.Module):
    """A layer and a cell whose samples are merged with windows of two steps."""

    def __init__(self):
        super().__init__()
        self.layer = nn.LSTM(2, 2, bidirectional=True, batch_first=True)
        self.cell = nn.GRUCell(4, 2)

    def forward(self, x):
        made, _ = self.layer(x.unfold(1, 2, 1).transpose(2, 3).reshape(-1, 2, 2))
        return self.cell(made[:, 0], made[:, 1, :2]).reshape(2, -1)


class Begun(nn.Module):
    """A layer whose first state is learned."""

    def __init__(self):
        super().__init__()
        self.layer, self.h = nn.GRU(2, 3, batch_first=True), nn.Parameter(torch.zeros(1, 1, 3))

    def forward(self, x):
        return self.layer(x, self.h.expand(-1, x.shape[0], -1).contiguous())[0]


CASES = {
    "plain": Last(nn.RNN(2, 3, batch_first=True)),
    "plain, relu, steps first": Last(
        nn.RNN(2, 3, nonlinearity="relu", bias=False), lambda made: made[1][0]
    ),
    "LSTM": Last(nn.LSTM(2, 3, batch_first=True)),
    "LSTM, both ways, its cell": Last(
        nn.LSTM(2, 2, num_layers=2, bidirectional=True), lambda made: made[1][1][2]
    ),
    "GRU, both ways": Last(nn.GRU(2, 2, bidirectional=True, batch_first=True), lambda m: m[0]),
    "cells": Loop(),
    "a first state": Begun(),
    "windows": Windows(),
}


@pytest.mark.parametrize("name", some(CASES, every=2))
def test_it_is_pytorchs(name):
    """The import compares as well; here, the gradients are those of the sum of all outputs."""
    module, x = settled(CASES[name]), given((2, 3, 2))
    reports = []
    problem = sc.from_torch(module, x, report=reports.append)
    assert not reports[0].uncompared
    assert not reports[0].copies
    y = module.double()(x)
    theirs = torch.autograd.grad(y.sum(), [*module.parameters()], allow_unused=True)
    made = sc.evaluate(problem)
    assert made.loss == pytest.approx(y.sum().item(), rel=1e-12)
    sums = sorted(float(g.abs().sum()) for g in theirs if g is not None)
    own = sorted(float(abs(made.gradients[t.name]).sum()) for t in problem.network.parameters)
    assert own == pytest.approx(sums, rel=1e-9, abs=1e-12)


def test_a_step_has_its_names_and_all_steps_share_their_weights():
    module = Last(nn.RNN(1, 1, batch_first=True))
    problem = sc.from_torch(settled(module), given((1, 2, 1)))
    learned = [tensor.name for tensor in problem.network.parameters]
    assert learned == [
        f"layer.step1.{part}.{name}" for part in ("input", "state") for name in ("weight", "bias")
    ]
    owners = {stage.layer.name: stage.layer.weight_from for stage in problem.network.stages}
    assert owners["layer.step2.input"] == "layer.step1.input"
    text = sc.explain(problem).to_text()
    assert "layer.step2.output" in text


def test_a_cell_that_is_written_by_hand_is_pytorchs():
    """h' = tanh(W x + U h + b), two steps in a row, by layers that share weights."""
    steps = [
        sc.Slice(0, 0, 1, name="x1", inputs=("x",)),
        sc.Flatten(name="v1"),
        sc.Dense(2, name="in1"),
        sc.Tanh(name="h1"),
        sc.Slice(0, 1, 2, name="x2", inputs=("x",)),
        sc.Flatten(name="v2"),
        sc.Dense(2, name="in2", weight_from="in1"),
        sc.Dense(2, bias=False, name="state2", inputs=("h1",)),
        sc.Add(name="sum2", inputs=("in2", "state2")),
        sc.Tanh(name="h2"),
    ]
    cell = settled(nn.RNNCell(3, 2)).double()
    x, rows = given((2, 3)), dict(cell.named_parameters())
    numbers = {
        "x": x.numpy(),
        "in1.weight": rows["weight_ih"].detach().numpy(),
        "in1.bias": (rows["bias_ih"] + rows["bias_hh"]).detach().numpy(),
        "state2.weight": rows["weight_hh"].detach().numpy(),
    }
    made = sc.evaluate(sc.Problem(sc.Network((2, 3), steps, sc.SumOfOutputs()), numbers))
    h = cell(x[1:], cell(x[:1]))
    theirs = torch.autograd.grad(h.sum(), [rows[n] for n in ("weight_ih", "weight_hh", "bias_ih")])
    for name, slope in zip(("in1.weight", "state2.weight", "in1.bias"), theirs, strict=True):
        assert np.allclose(made.gradients[name], slope.numpy(), rtol=1e-12, atol=1e-15)


def test_a_first_state_of_zeros_needs_no_type():
    class Zeros(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = nn.GRUCell(2, 1)

        def forward(self, x):
            return self.cell(x, torch.zeros(x.shape[0], 1))

    before = torch.get_default_dtype()
    assert sc.from_torch(Zeros(), torch.rand(1, 2)).network.output.shape == (1,)
    assert torch.get_default_dtype() == before


@pytest.mark.parametrize(
    ("layer", "line"),
    [
        (nn.LSTM(2, 3), "the first axis is that of steps: set batch_first=True"),
        (nn.LSTM(2, 3, proj_size=2, batch_first=True), "a projection of the state is not suppor"),
    ],
)
def test_what_is_refused(layer, line):
    class Returned(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def forward(self, x):
            return self.layer(x)[0]

    with pytest.raises(sc.SymcnnError, match=line):
        sc.from_torch(Returned(), torch.rand(2, 3, 2))


@pytest.mark.filterwarnings("ignore::UserWarning")  # of PyTorch about its own layers
def test_a_program_of_32_bits_is_run_in_64(tmp_path):
    class Returned(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.GRU(2, 1, batch_first=True)

        def forward(self, x):
            return self.layer(x)

    program = torch.export.export(Returned().eval(), (torch.rand(1, 2, 2),), strict=False)
    torch.export.save(program, tmp_path / "gru.pt2")
    listed = r"returns 2 tensors, \['getitem', 'getitem_1'\]: choose one, output=\"getitem\"$"
    with pytest.raises(sc.SymcnnError, match=listed):
        sc.from_pt2(tmp_path / "gru.pt2")
    one = sc.evaluate(sc.from_pt2(tmp_path / "gru.pt2", output=0)).outputs
    other = sc.evaluate(sc.from_torch(program, program.example_inputs[0][0], output=0)).outputs
    last = [*one][-1]
    assert np.allclose(one[last], other[last], rtol=1e-14)


def test_training_is_that_of_pytorch():
    class Trained(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.GRU(2, 2, batch_first=True)

        def forward(self, x, classes):
            return nn.functional.cross_entropy(self.layer(x)[0][:, -1], classes)

    module, x, classes = settled(Trained()).double(), given((2, 2, 2)), torch.tensor([1, 0])
    problem = sc.from_torch(module, (x, classes))
    trained = sc.train(problem, steps=3, rate=0.5)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.5)
    for _ in range(3):
        optimiser.zero_grad()
        module(x, classes).backward()
        optimiser.step()
    assert trained.losses[-1] == pytest.approx(module(x, classes).item(), rel=1e-12)
