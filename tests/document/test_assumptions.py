"""Every theorem says under which assumptions it holds, and for which indices."""

import re

import pytest

import symcnn as sc
from symcnn.document.blocks import Note
from symcnn.writing.formula.latex import latex
from tests.document.networks import NETWORKS, problem_of
from tests.document.shared import explained
from tests.document.test_theorems import words
from tests.draws import one_of


def theorems(document):
    return [block for block in document.blocks if isinstance(block, Note) and block.theorem]


def test_of_the_seed():
    text = " ".join(map(words, theorems(explained(detail="standard"))))
    for assumed in (
        "Suppose that $a_{m} = \\varphi\\left(z^{(2)}_{m}\\right)$ for all indices, that "
        "$\\varphi$ is differentiable at the entries of $z^{(2)}$, and that $L$ depends on "
        "$z^{(2)}$ only through $a$. Then",
        "Suppose that each window has a single largest entry, that $p$ is given by\n"
        "and that $L$ depends on $z$ only through $p$. Then",
        "Suppose that $z$ is given by\nand that $L$ depends on $w$ only through $z$. Then",
    ):
        assert assumed in text
    full = " ".join(map(words, theorems(explained())))
    assert re.search(
        r"Suppose that \$z\$ is computed as in Theorem \d and that \$L\$ depends on \$w\$ only "
        r"through \$z\$. Then",
        full,
    )


@pytest.mark.parametrize("name", one_of(NETWORKS))
def test_a_theorem_supposes_first_and_then_concludes(name):
    for note in theorems(explained(name, "standard")):
        said = words(note)
        assert not re.search(r"\n(Since|If) ", said)
        assert re.search(r"Suppose that .*Then|Let .*Then", said, re.DOTALL), said
        assert not re.search(r"\$L\$ depends on .* through .*\$L\$", said)


def test_a_mean_says_what_it_is_of():
    network = sc.Network((2, 2, 3), [sc.GlobalAvgPool2D()], sc.HalfSquaredError())
    values = {"x": [*range(12)], "target": [1, 2, 3]}
    (mean,) = [n for n in theorems(sc.explain(sc.Problem(network, values))) if "(mean)" in words(n)]
    rows = [row for block in mean.blocks for row in getattr(block, "rows", ())]
    forward, backward = (latex(row.sides[0].formula) for row in rows)
    assert forward == r"= \sum_{i, j} \frac{x_{ijc}}{N_{i} N_{j}}"
    assert backward == r"= \frac{\delta^{p}_{c}}{N_{i} N_{j}}"
    assert "Let $i$ run over $N_{i}$ values and $j$ over $N_{j}$." in words(mean)


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_no_theorem_is_without_an_assumption(detail):
    """Where a theorem has no letters of its own, its formula is that of the network."""
    layers = [sc.Dense(2), sc.Sigmoid(), sc.Dense(2), sc.Sigmoid()]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    made = theorems(sc.explain(problem_of(network, "assumed"), detail=detail))
    assert all(re.search(r"Suppose that|Let \$", words(note)) for note in made), detail
    assert len(made) > 1 or detail == "brief"
