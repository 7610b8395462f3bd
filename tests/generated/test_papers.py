"""What is printed is read back from its LaTeX by a stranger, and compared with PyTorch."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.outline import Detail
from tests.draws import CELLS, spread
from tests.generated import cells
from tests.generated.outside.paper import Known
from tests.generated.outside.reading import judged
from tests.programs.random_networks import tiny_example

torch_reference = pytest.importorskip("tests.programs.torch_reference")


def known(problem: sc.Problem) -> Known:
    """Return what PyTorch computes of a problem."""
    values = {
        name: np.array([float(entry) for entry in entries]).reshape(tensor.shape)
        for name, entries in problem.values.items()
        for tensor in [problem.network.tensors[name]]
    }
    reference = torch_reference.Reference(problem.network, values)
    return Known({**values, **reference.outputs}, reference.gradients, reference.loss.item())


def assert_true(problem: sc.Problem, digits: int = 6, detail: Detail = "full") -> None:
    tex = sc.explain(problem, digits=digits, detail=detail).to_latex()
    paper = judged(tex, known(problem), digits)
    assert paper.faults == []
    assert paper.rows > 5
    assert paper.figures > 0


@pytest.mark.parametrize("detail", ["standard", "full"])
@pytest.mark.parametrize("cell", spread(cells.CELLS), ids=str)
def test_every_layer_with_every_loss(cell, detail):
    assert_true(cells.problem(cell), detail=detail)


@pytest.mark.parametrize("seed", range(min(300, CELLS // 2)))
def test_random_networks(seed):
    network, values = tiny_example(20_000 + seed, 150)
    assert_true(sc.Problem(network, values))
