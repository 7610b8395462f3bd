"""A part's derivatives are those of the whole network's loss, and its document says so."""

from contextlib import suppress
from random import Random

import numpy as np
import pytest

import symcnn as sc
from symcnn.cli import main
from tests.draws import MANY, one_of, seeds, slow, some
from tests.programs.random_networks import example


def residual(batch=2):
    """Two residual blocks with names as PyTorch has them, and a classifier."""
    layers = [
        sc.Conv2D(2, 3, padding=1, name="conv1"),
        sc.ReLU(name="relu"),
        sc.Conv2D(2, 3, padding=1, name="layer1.0.conv1"),
        sc.BatchNorm(name="layer1.0.bn1"),
        sc.ReLU(name="layer1.0.relu"),
        sc.Add(name="layer1.0.add", inputs=("layer1.0.relu", "relu")),
        sc.Conv2D(2, 3, padding=1, name="layer1.1.conv1"),
        sc.Add(name="layer1.1.add", inputs=("layer1.1.conv1", "layer1.0.add")),
        sc.Flatten(name="flatten"),
        sc.Dense(3, name="fc"),
    ]
    network = sc.Network((4, 4, 1), layers, sc.SoftmaxCrossEntropy(l2=0.01), batch=batch)
    drawn = np.random.default_rng(0)
    values = {t.name: drawn.integers(-8, 9, t.shape) / 8 for t in network.given}
    values["target"] = np.eye(3)[[0, 2]]
    return sc.Problem(network, values, title="A residual network")


def compare(problem, layers):
    whole, made = sc.evaluate(problem), sc.part(problem, layers)
    own = sc.evaluate(made.problem)
    for name, gradient in own.gradients.items():
        if name != "x":
            assert np.allclose(own.outputs.get(name, 0), whole.outputs.get(name, 0), 1e-9, 1e-12)
            assert np.allclose(gradient, whole.gradients[name], 1e-9, 1e-12)
    return made


@slow
def test_the_blocks_of_a_residual_network_have_the_derivatives_of_its_loss():
    problem = residual()
    block = compare(problem, ["layer1.0"])
    assert [s.output.name for s in block.selection.stages] == [
        "layer1.0.conv1",
        "layer1.0.bn1",
        "layer1.0.relu",
        "layer1.0.add",
    ]
    assert (block.selection.arriving.name, block.selection.leaving.name) == ("relu", "layer1.0.add")
    assert compare(problem, ["layer1"]).selection.leaving.name == "layer1.1.add"
    assert compare(problem, ["conv1"]).problem.values["x"] == problem.values["x"]
    assert compare(problem, ["fc", "flatten"]).selection.leaving.name == "fc"


@pytest.mark.parametrize("seed", one_of(seeds(9_000, 0.1)))
def test_parts_of_random_networks_have_the_derivatives_of_the_whole(seed):
    drawn, compared = Random(seed), 0
    for number in range(6 if MANY else 3):
        network, values = example(100 * seed + number, most=5)
        names = [stage.output.name for stage in network.stages]
        first = drawn.randrange(len(names))
        chosen = names[first : drawn.randint(first + 1, len(names))]
        with suppress(sc.SymcnnError):  # what joins paths is no part
            compare(sc.Problem(network, values), chosen)
            compared += 1
    assert compared > 0


REFUSED = {
    ("layer2",): "there is no layer 'layer2': choose from conv1, relu, layer1.0.conv1, ",
    ("layer1.0.add",): "the chosen layers read layer1.0.relu, relu of others, where a part reads "
    "one tensor: add the layers between, or leave out those that join paths",
    ("conv1", "relu", "fc"): "read x, flatten of others, where a part reads one tensor",
    ("layer1.0.conv1", "layer1.0.bn1", "layer1.0.relu", "layer1.0.add", "layer1.1.conv1"): (
        "others read layer1.0.add, layer1.1.conv1 of the chosen layers, where a part ends in one "
        "tensor: add the layers that join them, or leave some out"
    ),
    (): 'layers must be a list of names: give layers=["conv1", ...]',
}


@pytest.mark.parametrize("layers", REFUSED)
def test_what_is_no_part_is_one_line(layers):
    with pytest.raises(sc.SymcnnError) as caught:
        sc.part(residual(), layers)
    assert REFUSED[layers] in str(caught.value)


def test_a_part_keeps_its_author_s_letters():
    letters = {"layer1.0.conv1.weight": "K", "relu": "r", "fc.weight": "M"}
    made = sc.part(residual().with_letters(letters), ["layer1.0"]).problem.network
    assert made.tensors["layer1.0.conv1.weight"].label == "K"
    assert made.input.label == "r"
    assert dict(made.letters) == {"layer1.0.conv1.weight": "K", "x": "r"}


def test_a_name_is_no_list_of_names():
    with pytest.raises(sc.SymcnnError, match="layers must be a list"):
        sc.part(residual(), "conv1")


def test_shared_parameters_are_not_parted():
    layers = [sc.Dense(2, name="one"), sc.Tanh(), sc.Dense(2, name="two", weight_from="one")]
    network = sc.Network((2,), layers, sc.SumOfOutputs())
    values = {t.name: [0.5] * t.size for t in network.given}
    line = "two shares the parameters of one, and only one of them is in the part: take both"
    with pytest.raises(sc.SymcnnError, match=line):
        sc.part(sc.Problem(network, values), ["one"])


@slow
@pytest.mark.parametrize("detail", some(["standard", "full", "brief"]))
def test_a_document_says_what_arrives_and_what_comes_back(detail):
    made = sc.explain(residual(), layers=["layer1.0"], detail=detail).to_markdown()
    assert made.startswith("# A residual network: layer1.0")
    assert "part of a network (A residual network) of 10 layers and" in made.replace("\n", " ")
    assert "is the output of relu, and" in made.replace("\n", " ")
    assert "whole network's loss with respect to layer1.0.add;" in made.replace("\n", " ")
    assert ("The whole network; layer1.0 is the part that is derived here." in made) == (
        detail != "brief"
    )


def test_the_picture_names_the_part_once_and_leaves_out_what_is_far():
    pytest.importorskip("rich")
    made = sc.explain(residual(), layers=["layer1.1"], sections=["problem"]).to_text()
    words = " ".join(made.split())
    assert "layer1.1 of shape 4 by 4 by 2, 38 parameters, reads layer1.0.add;" in words
    assert "flatten of shape 32, reads layer1.1;" in words


def test_the_command_line_explains_a_block(tmp_path):
    sc.save(residual(), tmp_path / "net.toml")
    command = ["derive", str(tmp_path / "net.toml"), "--layer", "layer1.0", "--format", "md"]
    assert main([*command, "-o", str(tmp_path / "out"), "--detail", "brief"]) == 0
    text = (tmp_path / "out" / "derivation.md").read_text(encoding="utf-8")
    assert "layer1.0.conv1" in text
    assert "fc" not in text


def test_a_page_to_play_with_is_of_a_whole_network(tmp_path, capsys):
    sc.save(residual(), tmp_path / "net.toml")
    command = ["derive", str(tmp_path / "net.toml"), "--layer", "layer1.0", "--interactive"]
    assert main([*command, "--format", "html", "-o", str(tmp_path)]) == 2
    assert "--interactive pages have no --layer: omit one of the two" in capsys.readouterr().err
