"""What is due where figures were not written: 0 where it is 0, not what rounding leaves of it."""

import pytest

import symcnn as sc
from symcnn.classroom.marking.pages.report import report
from tests.draws import seeds


def pooled():
    """A network with overlapping windows whose error signals cancel for the first bias."""
    layers = [sc.Conv1D(2, 3), sc.ReLU(), sc.MaxPool1D(3, 1)]
    layers += [sc.Flatten(), sc.Dense(1), sc.Sigmoid()]
    network = sc.Network((8, 1), layers, sc.BinaryCrossEntropy())
    values = {
        "x": [-0.3, 0.7, -0.4, 0.1, 0.5, 0.6, -0.2, 0.1],
        "conv1.weight": [0.1, 0.5, -0.1, -0.2, 0.5, 0.1],
        "conv1.bias": [-0.1, -0.1],
        "dense1.weight": [0.1, -0.2, 0.4, 0, -0.2, -0.3, -0.3, 0.2],
        "dense1.bias": [0],
        "target": [1],
    }
    return sc.Problem(network, values)


def test_a_due_value_that_is_0_is_printed_as_0():
    pytest.importorskip("rich")
    problem = pooled()
    assert problem.quantity("gradient of conv1.bias")[0] == 0
    marking = sc.mark(problem, {"gradient of conv1.bias": ["9.00000", "9.00000"]})
    lines = [line.split() for line in report(marking).to_text().splitlines()]
    assert ["∂L/∂b₁", "9.00000", "wrong", "0", "0"] in [line[:5] for line in lines]


@pytest.mark.parametrize("seed", seeds(1, 0.3))
def test_derivatives_that_are_0_are_due_as_0(seed):
    for package in ("rich", "torch"):
        pytest.importorskip(package)
    from tests.generated.walk_networks import walked  # it needs torch

    problem = walked(5 * seed + 2).problem  # numbers that are tied cancel
    zeros = {
        name: problem.quantity(f"gradient of {name}")
        for name in (t.name for t in problem.network.parameters)
    }
    for name, numbers in zeros.items():
        if any(numbers) and not all(numbers):
            answers = {f"gradient of {name}": [9] * len(numbers)}
            text = report(sc.mark(problem, answers)).to_text()
            assert "10⁻⁴" not in text
