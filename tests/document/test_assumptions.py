"""Every theorem says under which assumptions it holds, and for which indices."""

import re

import pytest

import symcnn as sc
from symcnn.document.blocks import Note
from symcnn.writing.formula.latex import latex
from tests.document.networks import NETWORKS, problem, problem_of
from tests.document.test_theorems import words
from tests.draws import one_of


def theorems(stated, detail="standard"):
    blocks = sc.explain(stated, detail=detail).blocks
    return [block for block in blocks if isinstance(block, Note) and block.theorem]


def test_of_the_seed():
    text = " ".join(map(words, theorems(sc.examples.cnn_by_hand())))
    for assumed in (
        "If $a_{m} = \\varphi\\left(z^{(2)}_{m}\\right)$ for every entry, and $L$ depends on "
        "$z^{(2)}$ through $a$ alone, then",
        "If the first formula holds for all $m$, and $L$ depends on $f$ through $z^{(2)}$ alone, "
        "the second holds for all $k$.",
        "If $z$ is computed as in Theorem 5, and $L$ depends on $w$ through $z$ alone, then, for "
        "all $u$, $v$, $c$ and $k$,",
    ):
        assert assumed in text


@pytest.mark.parametrize("name", one_of(NETWORKS))
def test_the_named_indices_are_those_of_the_formulas(name):
    for note in theorems(problem(name)):
        rows = [row for block in note.blocks for row in getattr(block, "rows", ())]
        text = words(note)
        found = re.search(r"the second holds for all (.*?)\.", text)
        if found is None:
            continue
        _, second = (str(row.left) for row in rows)
        for letter in re.findall(r"\$(\w)\$", found[1]):
            assert f"'{letter}'" in second


def test_a_mean_says_what_it_is_of():
    network = sc.Network((2, 2, 3), [sc.GlobalAvgPool2D()], sc.HalfSquaredError())
    values = {"x": [*range(12)], "target": [1, 2, 3]}
    (mean,) = [n for n in theorems(sc.Problem(network, values)) if "(mean)" in words(n)]
    rows = [row for block in mean.blocks for row in getattr(block, "rows", ())]
    forward, backward = (latex(row.sides[0].formula) for row in rows)
    assert forward == r"= \sum_{r, s} \frac{x_{rsc}}{N_{r} N_{s}}"
    assert backward == r"= \frac{\delta^{p}_{c}}{N_{r} N_{s}}"
    assert "the second holds for all $r$, $s$ and $c$." in words(mean)


@pytest.mark.parametrize("detail", one_of(["brief", "standard", "full"]))
def test_no_theorem_is_without_an_assumption(detail):
    """Where a theorem has no letters of its own, its formula is that of the network."""
    layers = [sc.Dense(2), sc.Sigmoid(), sc.Dense(2), sc.Sigmoid()]
    network = sc.Network((2,), layers, sc.HalfSquaredError())
    made = theorems(problem_of(network, "assumed"), detail)
    assert all(re.search(r" alone\b|^Let |Let \$Y", words(note)) for note in made), detail
    assert len(made) > 1 or detail == "brief"
