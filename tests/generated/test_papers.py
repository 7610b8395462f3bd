"""What is printed is read back from its LaTeX by a stranger, and compared with PyTorch."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

import symcnn as sc
from symcnn.document.outline import DETAILS, Detail
from tests.draws import CELLS, spread
from tests.generated import cells
from tests.generated.outside.paper import Known
from tests.generated.outside.reading import judged
from tests.programs.random_networks import tiny_example

torch_reference = pytest.importorskip("tests.programs.torch_reference")

RATE = 0.125


def known(problem: sc.Problem) -> Known:
    """Return what PyTorch computes of a problem."""
    values = {
        name: np.array([float(entry) for entry in entries]).reshape(tensor.shape)
        for name, entries in problem.values.items()
        for tensor in [problem.network.tensors[name]]
    }
    reference = torch_reference.Reference(problem.network, values)
    made = Known({**values, **reference.outputs}, reference.gradients, reference.loss.item())
    learned = {t.name: values[t.name] - RATE * made.gradients[t.name] for t in parameters(problem)}

    def loss(changed) -> float:
        return torch_reference.Reference(problem.network, values | changed).loss.item()

    def tried(name: str, position: tuple[int, ...], number: float) -> float:
        moved = values[name].copy()
        moved[position] = number
        return loss({name: moved})

    return made._replace(after=loss(learned), tried=tried)


def parameters(problem: sc.Problem):
    return problem.network.parameters


def assert_true(
    problem: sc.Problem, detail: Detail = "standard", weight: str | None = None
) -> None:
    moving = replace(problem, learning_rate=RATE)
    paper = judged(sc.explain(moving, weight=weight, detail=detail).to_latex(), known(problem))
    assert paper.faults == []
    assert paper.rows > 2
    assert paper.figures > 0


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("cell", spread(cells.CELLS), ids=str)
def test_every_layer_with_every_loss(cell, detail):
    assert_true(cells.problem(cell), detail)


PADDED = sc.Network((3, 1), [sc.Conv1D(1, 3, padding=1)], sc.HalfSquaredError())
MANY_CLASSES = sc.Network((2, 3, 2), [sc.Flatten()], sc.SoftmaxCrossEntropy())
SIMPLIFIED = sc.Network((3, 1), [sc.Conv1D(1, 1), sc.Sigmoid()], sc.BinaryCrossEntropy())


@pytest.mark.parametrize("network", [PADDED, MANY_CLASSES])
def test_a_brief_document_says_all_that_its_formulas_need(network):
    """It says which terms are omitted, and writes all terms of a normaliser as one sum."""
    assert_true(sc.Problem(network, cells.numbers(network, Random(1))), "brief")


def test_a_single_number_that_is_only_renamed_has_its_formulas():
    network = sc.Network((2,), [sc.Dense(1), sc.Flatten()], sc.HalfSquaredError())
    problem = sc.Problem(network, cells.numbers(network, Random(1)))
    assert_true(problem, "standard")
    assert r"\delta^{z} &= \delta^{f}" in sc.explain(problem).to_latex()


def test_a_constant_has_its_formula_for_all_entries():
    """The formula 0 of one entry, which reads padding alone, does not stand for that of all."""
    layers = [sc.Conv1D(2, 2, stride=2, padding="same", dilation=3, bias=False)]
    network = sc.Network((2, 1), layers, sc.HalfSquaredError())
    assert_true(sc.Problem(network, cells.numbers(network, Random(1))), "standard")


def test_error_signals_of_statistics_that_cancel_are_0():
    network = sc.Network((3, 2), [sc.BatchNorm(affine=False)], sc.SumOfOutputs())
    problem = sc.Problem(network, cells.numbers(network, Random(1)))
    assert_true(problem, "standard")
    assert "\\delta^{x}_{ic} &= 0\\quad \\left(i" in sc.explain(problem).to_latex()


def test_the_simplified_error_signal_on_the_way_to_a_weight_has_its_ranges():
    problem = sc.Problem(SIMPLIFIED, cells.numbers(SIMPLIFIED, Random(1)))
    assert_true(problem, weight="conv1.weight[0, 0, 0]")


@pytest.mark.parametrize("seed", range(min(300, CELLS // 2)))
def test_random_networks(seed):
    network, values = tiny_example(20_000 + seed, 150)
    assert_true(sc.Problem(network, values), DETAILS[seed % 3])


@pytest.mark.parametrize("seed", range(min(300, CELLS // 2)))
def test_the_derivative_with_respect_to_one_weight(seed):
    network, values = tiny_example(30_000 + seed, 150)
    problem = sc.Problem(network, values)
    if learned := parameters(problem):
        tensor = learned[seed % len(learned)]
        position = [*tensor.positions()][seed % tensor.size]
        assert_true(problem, weight=f"{tensor.name}{[*position]}")


def test_derivatives_that_are_0_are_counted_and_have_a_reason():
    layers = [sc.Dense(2, bias=False), sc.ReLU(), sc.Dense(1, bias=False)]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    given = {"x": [1, 2], "target": [1], "dense1.weight": [1, 1, -1, -1], "dense2.weight": [1, 1]}
    moving = replace(sc.Problem(network, given), learning_rate=RATE)
    tex, truth = sc.explain(moving).to_latex(), known(moving)
    assert judged(tex, truth).faults == []
    said = r"The derivatives with respect to $w_{21}$ and $w_{22}$ are 0, because these weights"
    for right, wrong in (
        (said, said.replace("$w_{21}$", "$w_{11}$")),
        (said, said.replace("s with respect to $w_{21}$ and", " with respect to")),
        ("where relu1 has slope 0", "where relu1 has no slope"),
        ("matters most is", "matters least is"),
    ):
        assert right in tex
        assert judged(tex.replace(right, wrong, 1), truth).faults
