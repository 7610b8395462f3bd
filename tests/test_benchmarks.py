"""The peers that the benchmarks time compute what symcnn computes."""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import large
from benchmarks.growth import exponent, plot
from benchmarks.specs import SPECS
from benchmarks.table import PEERS, ROWS, TINY
from tests.draws import slow


def computed(peer, name):
    loss, gradients = import_module(f"benchmarks.peers.{peer}").step(SPECS[name], 1)()
    return loss, [float(np.square(np.asarray(g)).sum()) for g in gradients]


CASES = [
    (peer, name)
    for peer in PEERS
    for name in ("seed", "S")
    if peer != "symcnn_" and (name == "seed" or peer not in TINY)
]


@pytest.mark.parametrize(("peer", "name"), CASES)
def test_a_peer_has_the_same_loss_and_gradients(peer, name):
    if find_spec(PEERS[peer]) is None:
        pytest.skip(f"{PEERS[peer]} is not installed")
    loss, squares = computed(peer, name)
    expected, ours = computed("symcnn_", name)
    assert loss == pytest.approx(expected, rel=1e-5)
    if peer in TINY:  # single numbers, not arrays
        squares, ours = [sum(squares)], [sum(ours)]
    assert squares == pytest.approx(ours, rel=1e-4)


def test_every_row_is_of_a_network_that_is_there():
    assert {row.network for row in ROWS} == set(SPECS)


def test_multiplications_of_lenet_are_those_of_its_layers():
    convolutions = 28 * 28 * 6 * 25 + 10 * 10 * 16 * 150
    assert SPECS["LeNet-5"].multiplications == convolutions + 400 * 120 + 120 * 84 + 84 * 10


def test_the_exponent_is_that_of_the_power_law():
    assert exponent([8, 16, 64], [3 * 8**1.5, 3 * 16**1.5, 3 * 64**1.5]) == pytest.approx(1.5)


def test_linear_growth_is_a_line_at_45_degrees():
    picture = plot("title", [1, 2, 4], {"symcnn_": [3.0, 6.0, 12.0]}, ["1", "2", "4"])
    assert 'points="80.0,420.0 135.0,365.0 190.0,310.0"' in picture


def test_an_option_of_a_table_that_is_unknown_begins_no_measurement(monkeypatch, capsys):
    begun = []
    monkeypatch.setattr(large, "show", lambda *asked: begun.append(asked))
    for words in ["--hlep"], ["resnet"], ["--help"]:
        with pytest.raises(SystemExit):
            large.main(words)
    assert "resnet is neither a number nor one of alexnet, " in capsys.readouterr().err
    assert begun == []
    large.main(["--native", "--one-thread", "5", "vgg16"])
    assert begun == [(5, ["vgg16"], "native", 1)]


@slow
def test_a_network_of_torchvision_is_prepared_and_measured_as_it_is(monkeypatch, tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    parts = torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(8, 9)
    module, x = torch.nn.Sequential(*parts), torch.randn(8, 1, 4, 4)
    loss = torch.nn.functional.cross_entropy(module(x), torch.arange(8))
    loss.backward()
    squares = sum(float(p.grad.square().sum()) for p in module.parameters())
    monkeypatch.setattr(large, "module", lambda name: (module.eval(), x))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    large.prepare("own", str(tmp_path), "")
    made = large.ours("own", str(tmp_path), "auto")
    assert made["loss"] == pytest.approx(loss.item(), rel=1e-5)
    assert made["squares"] == pytest.approx(squares, rel=1e-4)
