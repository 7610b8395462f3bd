"""What a source prints is marked, and its mistakes are named in the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from sympy import Rational

import symcnn as sc
from symcnn.errors import UnverifiedError
from symcnn.problems.problem import Fault, Quoted, Reconciliation
from tests.document.shared import explained
from tests.draws import one_of, slow

DERIVATIONS = Path(__file__).parents[2] / "derivations"
SEED = [
    "The source computes $`z_{11} = \\left(w_{11} + w_{21}\\right) \\left(x_{1} + x_{2}\\right) = "
    "\\left(0.2 + 0.1\\right) \\cdot \\left(1 + 0.4\\right) = 0.42`$.",
    "maxima are at position 1. This conceals the mistake.\n",
    r"3. Here $`\frac{\partial L}{\partial w^{(2)}}`$ was used instead of $`\delta^{p}`$.",
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
    "apurvaa18-conv-dense": "The notebook prints the updated dense1.weight. The derivative of",
    "yrgo-cnn-by-hand": "prints the updated conv1.bias. This is only the change.",
}


@pytest.mark.parametrize("name", one_of(NAMED))
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


@slow
def test_the_work_of_each_source_is_cited_where_its_figures_stand():
    problem = sc.load(DERIVATIONS / "yrgo-cnn-by-hand" / "problem.toml")
    made = sc.explain(problem, sections=["reconciliation", "references"]).to_markdown()
    assert made.count("lecture 24, README.md at 020a945b") == 1
    assert "add up to 16 and 0. See \\[2\\]." in made
    assert "first version, README.md at e6bbd07a" in made


@slow
def test_the_digits_of_comparisons_are_those_that_are_announced():
    """The notebook prints 16 digits of sigmoid1: 1/(1 + e^-0.214) = 0.553296756888 to 12."""
    text = explained(detail="standard").to_markdown()
    assert "four significant digits, or to more beside longer figures of the source." in text
    assert "rounded to as many, but to no more than twelve." in text
    assert r"\approx 0.553296756888`$" in text
    alone = sc.explain(sc.examples.cnn_by_hand(), sections=["forward"]).to_markdown()
    assert "four significant digits. Only" in alone
