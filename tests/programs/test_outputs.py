"""results="outputs": the forward pass alone, which needs neither target nor loss."""

import math
import pickle

import numpy as np
import pytest

import symcnn as sc
from symcnn.programs.plans.plan import plan_of
from tests.draws import seeds
from tests.programs.backends.javascript.node import NODE, node
from tests.programs.random_networks import example, tiny_example


def given(network, values):
    """Return the numbers without the target."""
    return {name: array for name, array in values.items() if name != "target"}


@pytest.mark.parametrize("seed", seeds(5000))
@pytest.mark.parametrize("backend", ["scalar", "array"])
def test_outputs_are_those_of_all_results(seed, backend):
    network, values = tiny_example(seed) if backend == "scalar" else example(seed)
    derivation = sc.derive(network)
    alone = sc.lambdify(derivation, backend, results="outputs")
    made, expected = alone(given(network, values)), sc.lambdify(derivation, backend)(values)
    assert made.gradients == {}
    assert math.isnan(made.loss)
    assert [*made.outputs] == [*expected.outputs]
    for name, output in expected.outputs.items():
        assert made.outputs[name] == pytest.approx(output, rel=1e-12, abs=1e-14)
    whole = alone(values)  # what the loss alone needs may be given
    assert all(np.array_equal(whole.outputs[name], made.outputs[name]) for name in made.outputs)


def test_neither_target_nor_weights_of_samples_are_taken():
    layers = [sc.Dense(2), sc.Sigmoid()]
    network = sc.Network((3,), layers, sc.BinaryCrossEntropy(weighted=True), batch=2)
    program = sc.lambdify(sc.derive(network), results="outputs")
    assert [tensor.name for tensor in program.given] == ["x", "dense1.weight", "dense1.bias"]
    values = {"x": np.ones((2, 3)), "dense1.weight": np.zeros((2, 3)), "dense1.bias": [0, 0]}
    assert program(values).outputs["sigmoid1"].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    copied = pickle.loads(pickle.dumps(program))
    assert copied(values).outputs["dense1"].tolist() == [[0, 0], [0, 0]]
    with pytest.raises(sc.SymcnnError, match="takes no numbers for 'y'"):
        program({**values, "y": 1})


def test_there_is_no_backward_pass():
    derivation = sc.derive(sc.Network((3,), [sc.Dense(2)], sc.HalfSquaredError()))
    plan = plan_of(derivation, "outputs")
    assert plan.loss is None
    assert plan.backward == plan.routings == ()
    assert [tensor.name for tensor, _ in plan.forward] == ["dense1"]


def test_of_a_part():
    problem = sc.examples.cnn_by_hand()
    part = sc.part(problem, ["conv1", "pool1"])
    program = sc.lambdify(part.problem.derivation, results="outputs")
    assert [tensor.name for tensor in program.given] == ["x", "conv1.weight"]
    outputs = program(part.problem.values).outputs
    assert outputs["pool1"].ravel().tolist() == pytest.approx([0.24, 0.26, 0.1], rel=1e-14)


def test_jax():
    pytest.importorskip("jax")
    problem = sc.examples.cnn_by_hand()
    made = sc.lambdify(problem.derivation, "jax", results="outputs")(problem.values)
    assert float(made.outputs["sigmoid1"][0]) == pytest.approx(0.5532967568881029, rel=1e-6)


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_a_module_of_javascript(tmp_path):
    from symcnn.programs.export.module import exported

    problem = sc.examples.cnn_by_hand()
    values = {name: row for name, row in problem.values.items() if name != "target"}
    text = exported(problem.derivation, values, "forward", "javascript", results="outputs")
    (tmp_path / "m.mjs").write_text(text, encoding="utf-8")
    script = """import * as model from "./m.mjs";
      console.log(Object.keys(model), Object.keys(model.VALUES));
      console.log(model.outputs(model.VALUES).sigmoid1[0]);"""
    names, output = node(script, tmp_path).strip().rsplit("\n", 1)
    assert "lossAndGradients" not in names
    assert "target" not in names
    assert float(output) == pytest.approx(0.5532967568881029, rel=1e-15)
