"""Helpers: modules hold those that they call alone, and helpers say what they need."""

import ast
import builtins

import pytest

import symcnn as sc
from symcnn import derive, lambdify
from symcnn.programs.backends.jax import library as jax
from symcnn.programs.backends.python import printing as python
from tests.draws import seeds
from tests.programs.random_networks import example, tiny_example

LIBRARIES = {"np", "jnp"}


def names(text, context):
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))
    return {node.id for node in found if isinstance(node.ctx, context)}


def free(text):
    """Return the names that a text reads and gives no value."""
    arguments = {node.arg for node in ast.walk(ast.parse(text)) if isinstance(node, ast.arg)}
    return names(text, ast.Load) - names(text, ast.Store) - arguments - {*dir(builtins)}


@pytest.mark.parametrize("backend", [python, jax])
def test_helpers_say_what_they_need(backend):
    for name, text in backend.HELPERS.items():
        assert free(text) - LIBRARIES - {name} == {*backend.NEEDS.get(name, ())}, name


GATES = sc.Network((3,), [sc.Dense(3), sc.GELU(), sc.Sigmoid(), sc.ELU()], sc.SumOfOutputs())
TIES = sc.Network((6, 6, 1), [sc.MaxPool2D(3, stride=2)], sc.SoftmaxCrossEntropy())


NETWORKS = {
    "array": [GATES, TIES, *(example(n).network for n in seeds(0, 0.1))],
    "scalar": [GATES, TIES, *(tiny_example(n).network for n in seeds(0, 0.1))],
}
NETWORKS["jax"] = NETWORKS["array"]


CASES = [(backend, network) for backend, networks in NETWORKS.items() for network in networks]


@pytest.mark.parametrize(("backend", "network"), CASES)
def test_modules_hold_what_they_call_and_nothing_else(backend, network):
    if backend == "jax":
        pytest.importorskip("jax")
    source = lambdify(derive(network), backend).source
    body, read = ast.parse(source).body, names(source, ast.Load)
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    imports = (node.names for node in body if isinstance(node, ast.Import | ast.ImportFrom))
    held = functions | {name.asname or name.name for every in imports for name in every}
    assert free(source) <= held
    assert held - LIBRARIES - {"loss_and_gradients"} <= read
    assert ("most_exponent" in names(source, ast.Store)) == ("most_exponent" in read)
