"""Everything on the way: intermediate tensors, error signals, routings and winners."""

import numpy as np
import pytest

import symcnn as sc
from tests.draws import seeds, slow
from tests.programs.backends.javascript.node import module, needs_node, run
from tests.programs.random_networks import tiny_example

pytestmark = needs_node


def made(network, values, folder):
    derivation = sc.derive(network)
    return run([module(derivation, values, way) for way in ("entries", "loops")], folder)


@slow
def test_every_stage_of_random_networks_is_the_exact_one(tmp_path):
    drawn = [*map(tiny_example, seeds(3000, 0.7))]
    texts = [
        module(sc.derive(network), values, way)
        for network, values in drawn
        for way in ("entries", "loops")
    ]
    results = run(texts, tmp_path)
    for number, (network, values) in enumerate(drawn):
        derivation = sc.derive(network)
        point = derivation.at(values, 30)

        def exact(tensor, point=point):
            return [float(point.value(tensor.symbol(p))) for p in tensor.positions()]

        for result in results[2 * number : 2 * number + 2]:
            stages = result["stages"]
            assert stages["values"].keys() >= network.tensors.keys() - {"target"}
            assert stages["derivatives"].keys() == derivation.adjoints.keys()
            for name in stages["values"].keys() & network.tensors.keys():
                expected = exact(network.tensors[name])
                assert stages["values"][name] == pytest.approx(expected, rel=1e-11, abs=1e-13)
                assert result["shapes"][name] == [*network.tensors[name].shape]
            for name, adjoint in derivation.adjoints.items():
                expected = exact(adjoint)
                assert stages["derivatives"][name] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("ties", "routing"), [("first", [0, 1, 0, 1, 0, 0]), ("split", [0, 0.5, 0.5, 0.5, 0.5, 0])]
)
def test_the_routing_and_the_winners_of_windows_with_ties(ties, routing, tmp_path):
    """max(1, 3, 3) and max(3, 3, 2): the second and the first of three entries."""
    network = sc.Network((4, 1), [sc.MaxPool1D(3, stride=1, ties=ties)], sc.SumOfOutputs())
    for result in made(network, {"x": [1, 3, 3, 2]}, tmp_path):
        assert result["stages"]["routings"] == {"pool1": routing}
        assert result["stages"]["winners"] == {"pool1": [1, 3]}


def test_a_winner_at_the_border_of_padding(tmp_path):
    """Windows of two at (-1, 0), (1, 2): padding has no entry, and is never taken."""
    network = sc.Network((3, 1), [sc.MaxPool1D(2, padding=(1, 0))], sc.SumOfOutputs())
    for result in made(network, {"x": [-5, -1, -2]}, tmp_path):
        assert result["stages"]["values"]["pool1"] == [-5, -1]
        assert result["stages"]["routings"] == {"pool1": [0, 1, 1, 0]}
        assert result["stages"]["winners"] == {"pool1": [1, 2]}


def test_the_error_signals_of_the_seed(tmp_path):
    problem = sc.examples.cnn_by_hand()
    for result in made(problem.network, problem.values, tmp_path):
        stages = result["stages"]
        signal = 0.5532967568881029 - 0.8
        assert stages["derivatives"]["sigmoid1"] == pytest.approx([signal], rel=1e-15)
        assert np.flatnonzero(stages["derivatives"]["conv1"]).tolist() == [0, 1, 5]
        assert stages["winners"]["pool1"] == [0, 2, 5]
