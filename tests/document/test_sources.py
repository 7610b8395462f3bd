"""What a source prints is marked, and its mistakes are named in the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.errors import UnverifiedError
from symcnn.problems.problem import Fault, Quoted, Reconciliation

DERIVATIONS = Path(__file__).parents[2] / "derivations"
SEED = [
    "The source computes $`z_{11} = \\left(w_{11} + w_{21}\\right) \\left(x_{1} + x_{2}\\right) = "
    "\\left(0.2 + 0.1\\right) \\cdot \\left(1 + 0.4\\right) = 0.42`$.",
    "This conceals the mistake. The winners of one channel, or of one position, were used for the",
    "3. Another quantity was taken in place of the right one",
    "4. The notebook ends without the gradient of the convolution.",
]


def section(problem):
    return sc.explain(problem, sections=["reconciliation"]).to_markdown()


@pytest.mark.parametrize("base", [0, 1])
def test_the_notebook_is_reconciled_by_marking_it(base):
    problem = sc.examples.cnn_by_hand()
    text = sc.explain(problem, sections=["reconciliation"], index_base=base).to_markdown()
    for said in SEED[base == 0 :]:
        assert said in text
    assert ("z_{00} = " in text) == (base == 0)


def test_it_is_the_same_where_the_mistakes_are_kept():
    one, other = map(section, (sc.examples.cnn_by_hand(), sc.examples.cnn_by_hand_as_published()))
    assert one.partition("\n")[2] == other.partition("\n")[2]


NAMED = {
    "apurvaa18-conv-dense": "Slope at the output: The derivative of the function was taken at its",
    "yrgo-cnn-by-hand": "Step alone: This is the change alone.",
}


@pytest.mark.parametrize("name", NAMED)
def test_published_mistakes_are_named(name):
    assert NAMED[name] in section(sc.load(DERIVATIONS / name / "problem.toml"))


def test_no_mistake_is_named_that_does_not_yield_all_figures():
    """Twice the first figure is 0.48, and nothing known gives 0.123 in the place of 0.26."""
    problem = sc.examples.cnn_by_hand()
    figures = tuple(map(Rational, ("0.48", "0.123", "-0.02", "0.15", "0.05", "0.1")))
    fault = Fault("It prints this.", Quoted("conv1", figures), Quoted("conv1"))
    made = Reconciliation("What the source prints", (), (fault,))
    text = section(sc.Problem(problem.network, problem.values, reconciliation=made))
    assert "1. It prints this.\n" in text


def test_a_mistake_that_is_not_concealed_is_refused():
    problem = sc.examples.cnn_by_hand()
    fault = Fault("", Quoted("conv1", (Rational(1),) * 6), Quoted("conv1"), conceals="conv1")
    made = Reconciliation("What the source prints", (), (fault,))
    with pytest.raises(UnverifiedError, match="conceal no mistake"):
        section(sc.Problem(problem.network, problem.values, reconciliation=made))
